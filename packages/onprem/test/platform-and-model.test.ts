import { revealValue } from "@cyclops/core/plan";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { MlopsStack, Model, Platform } from "../src";
import { podsOf } from "./support/pods";
import { documentOf, type Plain, type Recorded, record } from "./support/recorded";
import { fullStack, withTraining } from "./support/specs";

/** The program of a model in a stack of its own, which finds its platform by name. */
const modelProgram =
  (spec: typeof fullStack = fullStack) =>
  () => {
    const platform = new pulumi.StackReference("example/platform/dev");
    const { trainingId, batchId, endpointUrl, dashboardUrl } = new Model("churn", {
      spec,
      model: "churn",
      platform: Platform.reference(platform),
    });
    return { trainingId, batchId, endpointUrl, dashboardUrl };
  };

describe("a platform and a model in two stacks", () => {
  let platform: Recorded;
  let model: Recorded;
  beforeAll(async () => {
    platform = await record(() => {
      const { binding, zones, trackingUri } = new Platform("churn", { spec: fullStack });
      return { binding, zones, trackingUri };
    });
    const outputs = { binding: revealValue(platform.outputs.binding) };
    const reference = { state: { name: "example/platform/dev", outputs, secretOutputNames: [] } };
    model = await record(modelProgram(), {
      mocks: { resource: ({ type }) => (type === "pulumi:pulumi:StackReference" ? reference : undefined) },
    });
  });

  it("share names and addresses, and no secret", () => {
    expect(platform.outputs.binding).toMatchObject({
      namespace: "churn-dev",
      zones: { raw: "s3://churn-dev-raw", models: "s3://churn-dev-models" },
      objectStore: { endpoint: "http://churn-storage-service.churn-dev.svc:8333", region: "us-east-1" },
      trackingUri: "http://churn-tracking-service.churn-dev.svc:5000",
      secrets: { trackingWriter: "churn-tracking-writer", trackingReader: "churn-tracking-reader" },
    });
    expect(JSON.stringify(platform.outputs)).not.toContain("[secret]");
  });

  it("divide the objects between them", () => {
    const components = ({ resources }: Recorded) =>
      resources
        .filter(({ custom }) => !custom)
        .map(({ type }) => type.split(":").at(-1))
        .sort();
    expect(components(platform)).toEqual([
      "Credentials",
      "Credentials",
      "Credentials",
      "Credentials",
      "Credentials",
      "Delivery",
      "Grafana",
      "Network",
      "Observability",
      "Orchestration",
      "Platform",
      "Storage",
      "Tracking",
      "Workbench",
    ]);
    expect(components(model)).toEqual(["BatchInference", "Identity", "Model", "ModelEndpoint", "Monitoring", "TrainingPipeline"]);
  });

  it("put the model's objects into the platform's namespace, with Secrets that the platform makes", () => {
    const secrets = new Set(platform.ofKind("Secret").map(({ inputs }) => (inputs.metadata as Plain).name));
    const objects = model.resources.filter(({ custom, read }) => custom && !read);
    expect(objects.length).toBeGreaterThan(30);
    expect(new Set(objects.map(({ inputs }) => (inputs.metadata as Plain).namespace))).toEqual(new Set(["churn-dev"]));
    const variables = podsOf(model.resources).flatMap(({ spec }) => spec.containers[0].env);
    const used = variables.flatMap(({ valueFrom }: Plain) => (valueFrom ? [valueFrom.secretKeyRef.name] : []));
    expect(new Set(used).size).toBeGreaterThan(8);
    expect(used.filter((name: string) => !secrets.has(name))).toEqual([]);
  });

  it("write the platform's addresses into the model document", () => {
    expect(documentOf(model, "training", "churn")).toMatchObject({
      formatVersion: 1,
      stack: "churn",
      model: "churn",
      target: "onprem",
      zones: { features: "s3://churn-dev-features" },
      serving: {
        url: "http://churn-endpoint-service.churn-dev.svc:8080",
        pods: "churn-endpoint-pods.churn-dev.svc:8080",
        gateway: null,
      },
    });
    expect(model.outputs).toMatchObject({
      trainingId: "churn-dev/churn-training-template",
      batchId: "churn-dev/churn-batch-template",
      endpointUrl: "http://churn-endpoint-service.churn-dev.svc:8080",
    });
  });

  it("may be deployed by the platform's CI identity: it has a right for every kind of object", () => {
    const { rules } = platform.object("churn-delivery-role");
    const plural: Record<string, string> = { NetworkPolicy: "networkpolicies" };
    const kinds = new Set(model.resources.filter(({ custom, read }) => custom && !read).map(({ inputs }) => String(inputs.kind)));
    const missing = [...kinds].filter(
      (kind) =>
        !rules.some(
          ({ resources, verbs }: Plain) =>
            resources.includes(plural[kind] ?? `${kind.toLowerCase()}s`) && verbs.includes("create"),
        ),
    );
    expect(missing).toEqual([]);
  });
});

it("makes the same model in a stack of one program as in one of its own", async () => {
  const whole = await record(() => new MlopsStack("churn", { spec: fullStack }));
  const names = whole.resources
    .map(({ name }) => name)
    .filter((name) => name.startsWith("churn-model-churn-"))
    .map((name) => name.replace("churn-model-churn-", ""));
  const outputs = {
    binding: (await record(() => ({ binding: new Platform("churn", { spec: fullStack }).binding }))).outputs.binding,
  };
  const state = { name: "x", outputs, secretOutputNames: [] };
  const alone = await record(modelProgram(), {
    mocks: { resource: ({ type }) => (type.endsWith("StackReference") ? { state } : undefined) },
  });
  const own = alone.resources
    .map(({ name }) => name)
    .filter((name) => name.startsWith("churn-"))
    .map((name) => name.replace("churn-", ""));
  expect(own.sort()).toEqual(names.sort());
});

it("waits with models until the platform can serve them", async () => {
  const { resources, named } = await record(() => new MlopsStack("churn", { spec: fullStack })).then((recorded) => ({
    resources: recorded.resources,
    named: (name: string) => recorded.named(name),
  }));
  const urn = (name: string) => named(name).urn;
  const { dependencies } = named("churn-model-churn-training-template");
  const reached = new Set<string>();
  const follow = (all: readonly string[]): void => {
    for (const each of all) {
      if (reached.has(each)) continue;
      reached.add(each);
      follow(resources.find((resource) => resource.urn === each)?.dependencies ?? []);
    }
  };
  follow(dependencies);
  for (const name of [
    "churn-platform-storage-buckets",
    "churn-platform-tracking-users",
    "churn-platform-orchestration-chart",
    "churn-platform-storage-credentials-job",
  ]) {
    expect(reached.has(urn(name)), name).toBe(true);
  }
});

it("registers the same in preview and in deployment", async () => {
  const list = async (preview: boolean) => {
    const { resources } = await record(() => new MlopsStack("churn", { spec: fullStack }), { preview });
    return resources.map(({ type, name }) => `${type} ${name}`).sort();
  };
  expect(await list(true)).toEqual(await list(false));
});

it("gives distributed instances a Service to meet at, and other trainings none", async () => {
  const spec = { ...fullStack, models: { churn: withTraining({ steps: { train: { instances: 3 } } }) } };
  const many = await record(() => new MlopsStack("churn", { spec }));
  expect(many.object("churn-model-churn-training-rendezvous").spec).toEqual({
    clusterIP: "None",
    publishNotReadyAddresses: true,
    selector: { "cyclops.dev/role": "step", "cyclops.dev/name": "train", "cyclops.dev/model": "churn" },
  });
  const one = await record(() => new MlopsStack("churn", { spec: fullStack }));
  expect(one.resources.map(({ name }) => name)).not.toContain("churn-model-churn-training-rendezvous");
});
