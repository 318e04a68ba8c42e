import type { StackSpec } from "@cyclops/core";
import { MlopsStack, type MlopsStackArgs } from "../../src";
import { isObject, type Recorded, record } from "./recorded";
import { fullModel, fullStack, withTraining } from "./specs";

const heavySpec: StackSpec = {
  ...fullStack,
  models: {
    // Everything that changes the documents of pipelines and endpoints.
    tuned: {
      ...withTraining({
        tune: { trials: 4, parallelism: 2 },
        approval: { timeout: "1d" },
        steps: { tune: { spot: true, gpu: 1 }, curate: { retries: 0 } },
      }),
      batch: { instances: 3, spot: true, size: "M" },
      endpoint: { gpu: 1, size: "L", rollout: { strategy: "shadow" } },
    },
    distributed: withTraining({
      steps: {
        train: {
          instances: 4,
          gpu: 2,
          command: ["python", "-m", "train"],
          image: "registry.example.com/team/train:3",
          environment: { EPOCHS: "3" },
        },
      },
    }),
    "no-endpoint": {
      task: fullModel.task,
      data: { path: "raw/x/", target: "y", positive: "1" },
      training: { gate: { metric: "roc_auc", min: 0.5 } },
    },
  },
};

const gateway = {
  name: "public",
  namespace: "gateways",
  sectionName: "https",
  hostnames: ["models.example.com"],
  url: "https://models.example.com/",
};

const smtp = { host: "mail.example.com", from: "mlops@example.com", secretName: "smtp" };

/** Stacks that between them emit every kind of object in every form. */
export const variants: Readonly<Record<string, MlopsStackArgs>> = {
  "the full stack": { spec: { ...fullStack, alerts: { email: ["oncall@example.com"] } }, smtp },
  "a production stack behind a gateway": {
    spec: { ...heavySpec, environment: "prod", alerts: { webhook: ["https://hooks.example.com/mlops"] } },
    webhooks: { secretNames: ["slack"], authorities: "company" },
    dashboards: { kind: "grafana", url: "https://grafana.example.com" },
    gateway,
    imagePullSecrets: ["registry"],
    storageClass: "fast",
    scheduling: {
      gpuResource: "amd.com/gpu",
      spot: { nodeSelector: { pool: "spot" }, tolerations: [{ key: "spot", operator: "Exists" }] },
    },
  },
  "a stack on services that exist": {
    spec: { ...heavySpec, alerts: { email: ["oncall@example.com"], webhook: ["https://hooks.example.com/mlops"] } },
    smtp,
    webhooks: { secretNames: ["slack"], authorities: "company" },
    objectStore: { kind: "external", endpoint: "https://s3.example.com", secretName: "s3" },
    database: { kind: "external", secretName: "database" },
    argo: { kind: "existing" },
    workbench: { kind: "jupyterhub" },
    monitoring: {
      kind: "operator",
      namespace: "monitoring",
      url: "http://prometheus-operated.monitoring.svc:9090",
      labels: { release: "kube-prometheus-stack" },
    },
    dashboards: { kind: "existing", url: "https://grafana.example.com" },
    egress: ["10.0.0.0/8"],
  },
};

/** The recorded stack of each variant. */
export async function recordVariants(): Promise<Readonly<Record<string, Recorded>>> {
  const recorded: Record<string, Recorded> = {};
  for (const [title, args] of Object.entries(variants)) recorded[title] = await record(() => new MlopsStack("churn", args));
  return recorded;
}

/** The objects of the API server in a recording, by name. */
export const objectsOf = ({ resources }: Recorded) =>
  Object.fromEntries(resources.filter(isObject).map(({ name, inputs }) => [name, inputs]));
