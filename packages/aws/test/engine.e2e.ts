import path from "node:path";
import {
  clouds,
  orderProblems,
  referenceProblems,
  StandInStack,
  type StateResource,
  whyNoEngine,
} from "@cyclops/core/testing/stand-in";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = path.resolve(__dirname, "../../..");
/** Secrets of whoever deploys; they must be nowhere in the state. */
const planted = { key: "planted-secret-key", token: "planted-session-token", image: "planted-registry.example.com/scorer:1" };
const spec = "../mlops.yaml";

/** The example as a user runs it, but for the cloud. */
const exampleStack = () =>
  new StandInStack({
    program: path.join(root, "examples/churn/aws"),
    beside: [spec],
    package: "aws",
    modules: path.join(root, "node_modules"),
    // Names are those of the example in the Pulumi stack `dev`.
    config: { "cyclops-aws:instance": "dev" },
    env: {
      PULUMI_NODEJS_TRANSPILE_ONLY: "true", // the program is type-checked with the examples
      AWS_ACCESS_KEY_ID: "AKIAPLANTED",
      AWS_SECRET_ACCESS_KEY: planted.key,
      AWS_SESSION_TOKEN: planted.token,
    },
  });

const nameOf = (urn: string) => urn.split("::").at(-1) ?? "";
const custom = (resources: readonly StateResource[]) =>
  resources.filter(({ custom: made, type }) => made && !type.startsWith("pulumi:"));

/** What the cloud was told to do, as `<operation> <resource>` in alphabetical order. */
async function done(stack: StandInStack, act: () => Promise<unknown>): Promise<string[]> {
  const before = stack.store.journal().length;
  await act();
  const calls = stack.store.journal().slice(before);
  return calls
    .filter(({ call, phase }) => ["create", "update", "delete"].includes(call) && phase === "end")
    .map(({ call, urn }) => `${call} ${nameOf(urn)}`)
    .sort();
}

/** The example's program with more arguments and options. */
const programWith = (args: string, options: string) => `
import { loadSpec, MlopsStack } from "@cyclops/aws";
import * as pulumi from "@pulumi/pulumi";

void pulumi;
new MlopsStack("churn", { spec: loadSpec("${spec}"), ...${args} }, ${options});
`;

describe.skipIf(whyNoEngine() !== undefined)("the churn example on AWS under the real engine", () => {
  const stack = exampleStack();
  let planned: string[] = [];
  let resources: readonly StateResource[] = [];

  beforeAll(async () => {
    await stack.init();
    await stack.pulumi("config", "set", "--secret", "aws:secretKey", planted.key);
  });
  afterAll(() => stack.clean());

  it("plans what it is to make, and makes nothing of it yet", async () => {
    const steps = await stack.preview();
    planned = steps.filter(({ op }) => op === "create").map(({ urn }) => urn);
    expect(planned.length).toBe(steps.length);
    expect(stack.store.read()).toEqual([]);
  });

  it("makes what the plan says, each after what it depends on", async () => {
    await stack.up();
    resources = await stack.resources();
    const made = resources.map(({ urn }) => urn).filter((urn) => !urn.includes("::pulumi:providers:"));
    expect(made.sort()).toEqual([...planned].sort());
    expect(stack.store.read().length).toBe(custom(resources).length);
    expect(orderProblems(stack.store.journal(), resources)).toEqual([]);
    expect(referenceProblems(stack.store.journal(), resources)).toEqual([]);
  });

  it("is of types whose immutable fields are known", () => {
    const types = new Set(custom(resources).map(({ type }) => type));
    expect([...types].filter((type) => !clouds.aws?.resources[type])).toEqual([]);
  });

  it("tells where endpoint, dashboard and tracking are", async () => {
    const { endpointUrls, dashboardUrls, trackingUri } = await stack.outputs();
    expect(endpointUrls).toEqual({
      churn: expect.stringMatching(/^https:\/\/runtime\.sagemaker\.eu-central-1\.amazonaws\.com\/endpoints\/churn-dev-/),
    });
    expect(dashboardUrls).toEqual({ churn: expect.stringContaining("cloudwatch") });
    expect(trackingUri).toMatch(/^arn:aws:sagemaker:eu-central-1:123456789012:mlflow-app\//);
  });

  it("changes nothing at the second up", async () => {
    await stack.up("--expect-no-changes");
  });

  it("keeps the version that a rollout has put on the endpoint", async () => {
    const endpoint = stack.store.read().find(({ type }) => type === "aws:sagemaker/endpoint:Endpoint");
    const rolledOut = {
      endpointConfigName: "churn-dev-churn-v2",
      deploymentConfig: { autoRollbackConfiguration: { alarms: [{ alarmName: "churn-dev-rollback" }] } },
    };
    stack.store.drift("aws:sagemaker/endpoint:Endpoint", endpoint?.id ?? "", rolledOut);
    await stack.up("--expect-no-changes");
    await stack.refresh();
    await stack.up("--expect-no-changes");
    expect(stack.store.find("aws:sagemaker/endpoint:Endpoint", endpoint?.id ?? "")?.inputs).toMatchObject(rolledOut);
  });

  it("repairs what somebody else has changed", async () => {
    const bucket = stack.store.read().find(({ type }) => type === "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock");
    stack.store.drift("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", bucket?.id ?? "", { blockPublicPolicy: false });
    await stack.refresh();
    expect(await done(stack, () => stack.up())).toEqual([`update ${nameOf(bucket?.urn ?? "")}`]);
  });

  it("updates nothing but what a new threshold is written in", async () => {
    stack.edit(spec, (text) => text.replace("warn: 250", "warn: 300"));
    expect(await done(stack, () => stack.up())).toEqual([
      "update churn-model-churn-batch-config",
      "update churn-model-churn-monitoring-alarm-latency-p95-warn",
      "update churn-model-churn-monitoring-config",
      "update churn-model-churn-monitoring-dashboard",
      "update churn-model-churn-training-config",
    ]);
  });

  it("leaves it to the next rollout to bring a larger endpoint", async () => {
    stack.edit(spec, (text) => text.replace("size: S", "size: M"));
    const changes = await done(stack, () => stack.up());
    expect(changes).toContain("update churn-model-churn-training-deploy-machine");
    expect(
      changes.filter((change) => !change.startsWith("update ") || /-endpoint-(endpoint|model|configuration)$/.test(change)),
    ).toEqual([]);
  });

  it("replaces a network whose addresses change, with what stands in it, and nothing else", async () => {
    const before = stack.store.journal().length;
    await stack.configure({ "cyclops-aws:network.kind": "service", "cyclops-aws:network.cidr": "10.77.0.0/20" });
    const changes = await done(stack, () => stack.up());
    const of = (operation: string) => changes.flatMap((change) => new RegExp(`^${operation} (.*)`).exec(change)?.[1] ?? []);
    expect(of("create")).toEqual(of("delete"));
    expect(of("create")).toEqual(expect.arrayContaining(["churn-platform-network-vpc", "churn-platform-workbench-domain"]));
    expect(changes.filter((change) => !/churn-platform-(network|workbench)-/.test(change))).toEqual([]);
    expect(orderProblems(stack.store.journal().slice(before), await stack.resources())).toEqual([]);
  });

  it.each([
    [
      "a missing input",
      "aws:sfn/stateMachine:StateMachine",
      "{ roleArn: undefined }",
      "missing required input of aws:sfn/stateMachine:StateMachine",
    ],
    ["an unknown input", "aws:s3/bucket:Bucket", "{ versionning: {} }", "unknown input of aws:s3/bucket:Bucket"],
    [
      "a nested unknown input",
      "aws:sfn/stateMachine:StateMachine",
      '{ loggingConfiguration: { levl: "ALL" } }',
      "did you mean level?",
    ],
  ])("refuses %s at preview", async (_what, type, props, reason) => {
    const transform = `({ type, props, opts }) => type === "${type}" ? { props: { ...props, ...${props} }, opts } : undefined`;
    stack.edit("index.ts", () => programWith("{}", `{ transforms: [${transform}] }`));
    const { code, output } = await stack.attempt("preview");
    expect(code).not.toBe(0);
    expect(output).toContain(reason);
  });

  it("keeps a secret binding secret through every document that it goes into", async () => {
    stack.edit("index.ts", () => programWith(`{ images: { runtime: pulumi.secret("${planted.image}") } }`, "{}"));
    await stack.up();
    expect(JSON.stringify(stack.store.read())).toContain(planted.image);
    const state = await stack.export();
    for (const value of Object.values(planted)) expect(state).not.toContain(value);
  });

  it("leaves nothing behind, and deletes nothing that another one still needs", async () => {
    const before = stack.store.journal().length;
    const standing = await stack.resources();
    await stack.destroy();
    expect(orderProblems(stack.store.journal().slice(before), standing)).toEqual([]);
    expect(stack.store.read()).toEqual([]);
  });
});

describe.skipIf(whyNoEngine() !== undefined)("the churn example in production", () => {
  const stack = exampleStack();

  beforeAll(async () => {
    stack.edit(spec, (text) => text.replace("environment: dev", "environment: prod"));
    await stack.init();
    await stack.up();
  });
  afterAll(() => stack.clean());

  it("keeps data, key, images, tracking and home folders from being destroyed", async () => {
    const isProtected = custom(await stack.resources()).filter(({ protect }) => protect);
    expect(isProtected.map(({ urn }) => nameOf(urn)).sort()).toEqual([
      "churn-platform-observability-audit-bucket",
      "churn-platform-storage-curated-bucket",
      "churn-platform-storage-features-bucket",
      "churn-platform-storage-key",
      "churn-platform-storage-models-bucket",
      "churn-platform-storage-predictions-bucket",
      "churn-platform-storage-raw-bucket",
      "churn-platform-tracking-app",
      "churn-platform-tracking-repository",
      "churn-platform-workbench-domain",
    ]);
    const { code, output } = await stack.attempt("destroy", "--yes", "--skip-preview");
    expect(code).not.toBe(0);
    expect(output).toContain("protect");
    for (const { type, id = "" } of isProtected) expect(stack.store.find(type, id), `${type} ${id}`).toBeDefined();
  });

  it("goes once its owner takes the protection away", async () => {
    await stack.pulumi("state", "unprotect", "--all", "--yes");
    await stack.destroy();
    expect(stack.store.read()).toEqual([]);
  });
});
