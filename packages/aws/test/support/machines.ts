import { loadSpec, parseStackSpec, type ResolvedModelSpec, type StackSpec, workloads } from "@cyclops/core";
import { validFixtures } from "@cyclops/core/testing";

import type { PlatformBinding } from "../../src/args";
import type { StateMachine } from "../../src/documents/asl";
import { batchMachine } from "../../src/documents/batch-machine";
import type { MachineContext } from "../../src/documents/context";
import { deployMachine } from "../../src/documents/deploy-machine";
import { type MachineKind, machineKindsOf } from "../../src/documents/machine-identity";
import { monitorMachine } from "../../src/documents/monitor-machine";
import { trainingMachine } from "../../src/documents/training-machine";

type ModelSpec = NonNullable<StackSpec["models"]>[string];

const account = "123456789012";
const arn = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:${account}:${resource}`;

/** A platform as a model sees it. */
export const binding: PlatformBinding = {
  partition: "aws",
  region: "eu-west-1",
  accountId: account,
  stack: "churn",
  instance: "dev",
  zones: {
    raw: "s3://churn-dev-raw",
    curated: "s3://churn-dev-curated",
    features: "s3://churn-dev-features",
    models: "s3://churn-dev-models",
    predictions: "s3://churn-dev-predictions",
  },
  keyArn: arn("kms", "key/11111111-2222-3333-4444-555555555555"),
  formerKeyArns: [],
  trackingUri: arn("sagemaker", "mlflow-app/app-ABCDEF"),
  images: { runtime: `${account}.dkr.ecr.eu-west-1.amazonaws.com/churn-dev-runtime:0.1.0` },
  network: { subnetIds: ["subnet-0a1b2c3d"], securityGroupIds: ["sg-0a1b2c3d"] },
  alertTopicArn: arn("sns", "churn-dev-alerts"),
  starterRoleArn: `arn:aws:iam::${account}:role/churn-dev-starter`,
};

/** ARN of a state machine of the model under test. */
export const machineArn = (kind: MachineKind): string => arn("states", `stateMachine:churn-dev-churn-${kind}`);

/** What the machines of a model are made of. */
export const machineContext = (spec: ResolvedModelSpec, changes: Partial<MachineContext> = {}): MachineContext => ({
  model: "churn",
  spec,
  binding,
  configUri: "s3://churn-dev-models/churn/config/churn-training.json",
  roles: Object.fromEntries(workloads.map((name) => [name, `arn:aws:iam::${account}:role/churn-dev-churn-${name}`])),
  jobPrefix: "churn-dev-churn-1a2b3c",
  packageGroup: "churn-dev-churn",
  endpoint: spec.endpoint
    ? {
        endpoint: "churn-dev-churn",
        configUri: "s3://churn-dev-models/churn/config/churn-endpoint.json",
        variant: "AllTraffic",
        rollbackAlarms: ["churn-dev-churn-rollback"],
        shadowAlarms: ["churn-dev-churn-shadow"],
        bootstrapConfig: "churn-dev-churn-bootstrap",
      }
    : null,
  trainingArn: machineArn("training"),
  deployArn: machineArn("deploy"),
  tags: { "cyclops:stack": "churn", "cyclops:environment": "dev" },
  account: {},
  ...changes,
});

const emitters: Readonly<Record<MachineKind, (context: MachineContext) => StateMachine>> = {
  training: trainingMachine,
  deploy: deployMachine,
  batch: batchMachine,
  monitor: monitorMachine,
};

/** One machine of a model. */
export const machineOf = (kind: MachineKind, context: MachineContext): StateMachine => emitters[kind](context);

/** A model with every part, each as short as it can be. */
export const fullModel = {
  task: "binary-classification",
  data: {
    path: "raw/telco/",
    target: "Churn",
    positive: "Yes",
    id: "customerID",
    source: { kind: "http", url: "https://data.example.com/telco.csv", secret: "telco-source" },
  },
  training: { schedule: "0 3 * * 1", retrainOn: ["drift", "new-data"], gate: { metric: "roc_auc", min: 0.75 } },
  batch: { schedule: "0 5 * * *" },
  endpoint: { rollout: { strategy: "canary", percent: 10, bake: "10m" } },
  monitoring: { segments: ["gender"], valuePerPrediction: 0.02, costPerHour: 0.115 },
} as const satisfies ModelSpec;

/** The resolved form of a model. */
export function resolveModel(model: ModelSpec): ResolvedModelSpec {
  const resolved = parseStackSpec({ name: "churn", models: { churn: model } }).models.churn;
  if (!resolved) throw new Error("the model is missing from its own spec");
  return resolved;
}

/** The full model with other parts. */
export const modelWith = (changes: Partial<ModelSpec>): ResolvedModelSpec => resolveModel({ ...fullModel, ...changes });

const gate = fullModel.training.gate;

/** Models that between them have every state that there is, by what is special about them. */
export const variants: Readonly<Record<string, ResolvedModelSpec>> = {
  full: resolveModel(fullModel),
  "without an endpoint": modelWith({ endpoint: undefined }),
  approval: modelWith({ training: { gate, approval: { timeout: "7d" } } }),
  tuned: modelWith({ training: { gate, tune: { trials: 5, parallelism: 2 } } }),
  "spot and distributed": modelWith({
    training: { gate, steps: { train: { spot: true, instances: 2, gpu: 4, timeout: "12h" }, curate: { spot: true } } },
    batch: { instances: 3, spot: true },
  }),
  "own code": modelWith({
    training: {
      gate,
      steps: {
        gate: { command: ["python", "-m", "gate"] },
        deploy: { command: ["./deploy.sh"], image: `${account}.dkr.ecr.eu-west-1.amazonaws.com/team/deploy:1` },
      },
    },
  }),
  "monitored by several": modelWith({ monitoring: { instances: 4 } }),
  shadow: modelWith({ endpoint: { rollout: { strategy: "shadow", percent: 20, bake: "30m" } } }),
  "all at once": modelWith({ endpoint: { gpu: 1, rollout: { strategy: "all-at-once" } } }),
  serverless: modelWith({ endpoint: { kind: "serverless", replicas: { min: 0, max: 20 } } }),
  async: modelWith({ endpoint: { kind: "async", replicas: { min: 0, max: 2 }, rollout: { strategy: "all-at-once" } } }),
  "long bake": modelWith({ endpoint: { rollout: { strategy: "canary", percent: 50, bake: "24h" } } }),
  "source in another bucket": modelWith({
    data: { path: "raw/telco/", target: "Churn", positive: "Yes", source: { kind: "object", uri: "s3://partner/telco/" } },
  }),
};

/** Every model of the corpus of valid specs, besides the variants. */
export function everyModel(): Readonly<Record<string, ResolvedModelSpec>> {
  const corpus = validFixtures().flatMap(({ name, file }) =>
    Object.entries(loadSpec(file).models).map(([model, spec]) => [`${name}/${model}`, spec] as const),
  );
  return { ...Object.fromEntries(corpus), ...variants };
}

/** Every machine of a model. */
export const machinesOf = (spec: ResolvedModelSpec): [MachineKind, StateMachine][] =>
  machineKindsOf(spec).map((kind) => [kind, machineOf(kind, machineContext(spec))]);
