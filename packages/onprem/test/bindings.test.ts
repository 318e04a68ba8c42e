import { UnsupportedFeatureError } from "@cyclops/core";
import { beforeAll, describe, expect, it } from "vitest";
import { MlopsStack, type MlopsStackArgs, Model, Platform } from "../src";
import { podsOf } from "./support/pods";
import { kindOf, type Plain, type Recorded, record, texts } from "./support/recorded";
import { fullModel, fullStack } from "./support/specs";

const stack = (args: Partial<MlopsStackArgs> = {}, opts?: Plain) =>
  record(() => new MlopsStack("churn", { spec: fullStack, ...args }, opts));

describe("an external object store", () => {
  let recorded: Recorded;
  beforeAll(async () => {
    recorded = await stack({
      objectStore: { kind: "external", endpoint: "https://s3.example.com", region: "eu-west-1", secretName: "store" },
    });
  });

  it("takes the place of the server and of its keys", () => {
    const names = recorded.resources.map(({ name }) => name);
    expect(names.filter((name) => name.startsWith("churn-platform-storage-")).sort()).toEqual([
      "churn-platform-storage-account",
      "churn-platform-storage-buckets",
      "churn-platform-storage-config",
    ]);
  });

  it("is what every pod talks to, with the Secret that was given", () => {
    const environment = podsOf(recorded.resources).flatMap(
      ({ where, spec }) => spec.containers[0].env?.map((each: Plain) => ({ where, ...each })) ?? [],
    );
    const endpoints = environment.filter(({ name }) => name === "AWS_ENDPOINT_URL");
    expect(new Set(endpoints.map(({ value }) => value))).toEqual(new Set(["https://s3.example.com"]));
    expect(new Set(environment.filter(({ name }) => name === "AWS_REGION").map(({ value }) => value))).toEqual(
      new Set(["eu-west-1"]),
    );
    expect(
      new Set(environment.filter(({ name }) => name === "AWS_ACCESS_KEY_ID").map(({ valueFrom }) => valueFrom.secretKeyRef.name)),
    ).toEqual(new Set(["store"]));
    expect(endpoints.length).toBeGreaterThan(10);
  });

  it("has its buckets made by the stack", () => {
    const { buckets } = JSON.parse(recorded.object("churn-platform-storage-config").data["config.json"]);
    expect(buckets.map(({ name }: Plain) => name)).toEqual([
      "churn-dev-raw",
      "churn-dev-curated",
      "churn-dev-features",
      "churn-dev-models",
      "churn-dev-predictions",
    ]);
    expect(buckets.every(({ versioning }: Plain) => versioning === true)).toBe(true);
  });

  it("may be reached by its clients", () => {
    expect(
      recorded.object("churn-platform-network-policy-external-object-store").spec.podSelector.matchExpressions[0].values,
    ).toContain("tracking");
    expect(recorded.resources.map(({ name }) => name)).not.toContain("churn-platform-network-policy-external-database");
  });
});

describe("an external database", () => {
  it("takes the place of the server and its password, and MLflow reads its address", async () => {
    const recorded = await stack({ database: { kind: "external", secretName: "postgres" } });
    expect(
      recorded.resources
        .map(({ name }) => name)
        .filter((name) => /tracking-(database|credentials-secret-(password|url))/.test(name)),
    ).toEqual([]);
    expect(recorded.object("churn-platform-tracking-server").spec.template.spec.containers[0].env[0]).toEqual({
      name: "MLFLOW_BACKEND_STORE_URI",
      valueFrom: { secretKeyRef: { name: "postgres", key: "url" } },
    });
  });

  it("is referred to as an existing Secret, which is read and neither made nor written", async () => {
    const recorded = await stack({ database: { kind: "external", secretName: "postgres" } });
    const { secrets } = JSON.parse(recorded.object("churn-platform-tracking-credentials-config").data["config.json"]);
    const names = secrets.map(({ name }: Plain) => name);
    expect(secrets[0]).toEqual({ name: "postgres", kind: "existing" });
    // The command refuses a reference to a Secret that is not earlier in its file.
    const { adminSecret, databaseUrlSecret } = secrets.at(-1);
    expect(databaseUrlSecret).toBe("postgres");
    expect(names.slice(0, -1)).toContain(adminSecret);
    const made = recorded.ofKind("Secret").map(({ inputs }) => (inputs.metadata as Plain).name);
    expect(made).not.toContain("postgres");
    expect(recorded.object("churn-platform-tracking-credentials-role").rules).toEqual([
      { apiGroups: [""], resources: ["secrets"], resourceNames: names.slice(1), verbs: ["get", "patch"] },
      { apiGroups: [""], resources: ["secrets"], resourceNames: ["postgres"], verbs: ["get"] },
    ]);
    expect(made).toEqual(expect.arrayContaining(names.slice(1)));
  });
});

describe("Argo", () => {
  // A release would be Helm's own, and one that was killed half-way could not be installed again.
  it("is installed for the stack's namespace as objects of the stack", async () => {
    const chart = (await stack()).named("churn-platform-orchestration-chart");
    expect(chart.type).toBe("kubernetes:helm.sh/v4:Chart");
    expect(chart.inputs).toMatchObject({ chart: "argo-workflows", namespace: "churn-dev" });
    expect(chart.inputs.values).toMatchObject({ singleNamespace: true, fullnameOverride: "churn-platform-orchestration" });
  });

  it("that exists already is left alone", async () => {
    const recorded = await stack({ argo: { kind: "existing" } });
    expect(recorded.ofKind("Chart")).toEqual([]);
    expect(recorded.ofKind("WorkflowTemplate")).toHaveLength(3);
  });

  it("takes the user's values over the library's", async () => {
    const recorded = await stack({ argo: { kind: "install", definitions: false, values: { images: { pullPolicy: "Always" } } } });
    expect(recorded.named("churn-platform-orchestration-chart").inputs.values).toMatchObject({
      crds: { install: false, keep: true },
      images: { pullPolicy: "Always" },
    });
  });
});

describe("JupyterHub", () => {
  it("takes the place of the single workbenches", async () => {
    const recorded = await stack({ workbench: { kind: "jupyterhub" } });
    const own = recorded.resources.filter(({ name }) => name.startsWith("churn-platform-workbench-"));
    expect(own.map(({ name }) => name)).toEqual(["churn-platform-workbench-release"]);
    const { values } = recorded.object("churn-platform-workbench-release");
    expect(values.singleuser.extraEnv.MLFLOW_TRACKING_URI.value).toBe(
      "http://churn-platform-tracking-service.churn-dev.svc:5000",
    );
  });
});

it("takes every image from a mirror", async () => {
  const recorded = await stack({ registry: "mirror.example.com:5000/c", workbench: { kind: "jupyterlab" } });
  const images = podsOf(recorded.resources).flatMap(({ spec }) => spec.containers.map(({ image }: Plain) => image));
  expect(new Set(images)).toEqual(
    new Set(
      ["cyclops-iac/cyclops-runtime:0.1.0", "cyclops-iac/cyclops-workbench:0.1.0"]
        .map((image) => `mirror.example.com:5000/c/${image}`)
        .concat(
          images.filter((image) =>
            /^mirror\.example\.com:5000\/c\/(library\/postgres|chrislusf\/seaweedfs|prom\/(prometheus|alertmanager|pushgateway)|grafana\/grafana):v?[\d.]+$/.test(
              image,
            ),
          ),
        ),
    ),
  );
  // Nowhere else either: not in a chart's values, a command or a variable.
  const foreign = recorded.resources
    .flatMap(({ inputs }) => texts(inputs))
    .filter(({ text }) => /(docker\.io|quay\.io|ghcr\.io)/.test(text));
  expect(foreign).toEqual([]);
});

describe("a transform", () => {
  it("reaches children of children, and nothing beside them", async () => {
    const plain = await stack();
    const changed = await stack(
      {},
      {
        transform: {
          platform: {
            tracking: {
              server: (args: Plain) => {
                args.metadata = { ...args.metadata, annotations: { owner: "retention" } };
              },
            },
          },
          "model-churn": { endpoint: { disruption: { spec: { minAvailable: 1 } } } },
        },
      },
    );
    expect(changed.object("churn-platform-tracking-server").metadata.annotations).toEqual({ owner: "retention" });
    expect(changed.object("churn-model-churn-endpoint-disruption").spec).toEqual({ minAvailable: 1 });
    const others = (recorded: Recorded) =>
      recorded.resources
        .filter(({ name }) => !/tracking-server$|endpoint-disruption$/.test(name))
        .map(({ name, inputs }) => ({ name, inputs }));
    expect(others(changed)).toEqual(others(plain));
  });

  it("of a child that does not exist is refused by its path", async () => {
    await expect(stack({}, { transform: { platform: { tracking: { sever: {} } } } })).rejects.toThrow(
      /tracking: transform\.sever: there is no such child\. Children: .*server/,
    );
  });
});

describe("what the target cannot do", () => {
  const issues = async (program: () => unknown) => {
    const error: unknown = await record(program).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(UnsupportedFeatureError);
    return (error as UnsupportedFeatureError).issues.map(({ path, fix }) => ({ path, fix }));
  };
  const spec = {
    ...fullStack,
    alerts: { email: ["oncall@example.com"] },
    budget: { monthlyUsd: 10 },
    models: {
      churn: { ...fullModel, endpoint: { kind: "async", rollout: { strategy: "all-at-once" } } },
    },
  } as const satisfies MlopsStackArgs["spec"];

  it("is told all at once, with path and alternative", async () => {
    expect(await issues(() => new MlopsStack("churn", { spec }))).toEqual([
      { path: "budget", fix: "Remove budget; set monitoring.costPerHour for cost KPIs." },
      { path: "models.churn.endpoint.kind", fix: "Use batch." },
    ]);
  });

  it("is told by a platform alone for what is the platform's, and by a model for both", async () => {
    expect((await issues(() => new Platform("churn", { spec }))).map(({ path }) => path)).toEqual(["budget"]);
    const binding: Plain = { namespace: "x" };
    const paths = await issues(() => new Model("churn", { spec, model: "churn", platform: binding }));
    expect(paths.map(({ path }) => path)).toContain("models.churn.endpoint.kind");
  });

  it("is told before anything is registered", async () => {
    const { resources } = await record(() => {
      expect(() => new MlopsStack("churn", { spec })).toThrow(UnsupportedFeatureError);
      expect(() => new Platform("churn", { spec })).toThrow(UnsupportedFeatureError);
    });
    expect(resources).toEqual([]);
  });
});

it("lets two stacks live in one program, and in one cluster", async () => {
  const { resources } = await record(() => {
    new MlopsStack("a", { spec: { ...fullStack, name: "churn" } });
    new MlopsStack("b", { spec: { ...fullStack, name: "fraud", models: { fraud: fullModel } } });
  });
  const objects = resources
    .filter(({ custom, inputs }) => custom && inputs.metadata)
    .map((resource) => {
      const { namespace = "", name } = resource.inputs.metadata as Plain;
      return `${kindOf(resource)} ${namespace}/${name}`;
    });
  expect(objects.length).toBeGreaterThan(200);
  expect(objects.filter((each, index) => objects.indexOf(each) !== index)).toEqual([]);
});
