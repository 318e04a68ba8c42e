import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { Model, Platform } from "../src";
import { asBinding } from "../src/documents/binding";
import { record } from "./support/recorded";
import { fixture } from "./support/specs";

it("makes a model in a stack of its own, with the platform's names", async () => {
  const platform = await record(() => ({
    binding: new Platform("fleet", { spec: { name: "fleet", environment: "prod" } }).binding,
  }));
  const binding = asBinding(platform.outputs.binding, "fleet");
  const { resources, ofKind } = await record(
    () => new Model("risk-churn", { spec: fixture("full"), model: "churn", platform: binding }),
  );
  const machines = ofKind("StateMachine").map(({ inputs }) => inputs.name);
  expect(machines).toContain("fleet-dev-risk-churn-training-machine");
  for (const { inputs } of resources.filter(({ inputs: { tags } }) => tags))
    expect(inputs.tags).toMatchObject({ "cyclops:stack": "churn", "cyclops:platform": "fleet-dev" });
  // What the platform's starter role may start, and its budget may stop.
  const starter = JSON.parse(String(platform.inputs("fleet-orchestration-policy").policy));
  expect(starter.Statement[0].Resource).toBe("arn:aws:states:us-east-1:123456789012:stateMachine:fleet-dev-*");
  expect(machines.every((name) => String(name).startsWith("fleet-dev-"))).toBe(true);
});

it("tells of failures and missing runs of models in other stacks where it tells of its own", async () => {
  const platform = await record(() => ({
    binding: new Platform("fleet", { spec: { name: "fleet", environment: "prod" } }).binding,
  }));
  const recorded = await record(
    () =>
      new Model("risk-churn", { spec: fixture("full"), model: "churn", platform: asBinding(platform.outputs.binding, "fleet") }),
  );
  const rule = platform.document("fleet-observability-failures", "eventPattern").detail;
  expect(rule.status).toEqual(["FAILED", "TIMED_OUT"]);
  const { inputPaths, inputTemplate } = platform.inputs("fleet-observability-failures-target").inputTransformer;
  expect(Object.values(inputPaths)).toContain("$.detail.error");
  for (const field of Object.keys(inputPaths)) expect(inputTemplate).toContain(`<${field}>`);
  const machines = recorded
    .ofKind("StateMachine")
    .map(({ inputs }) => `arn:aws:states:us-east-1:123456789012:stateMachine:${String(inputs.name)}`);
  // A rollout that was taken back is an execution of the rollout's machine that has failed.
  expect(machines.length).toBe(4);
  expect(machines.filter((arn) => arn.endsWith("-deploy-machine")).length).toBe(1);
  for (const arn of machines) expect(arn.startsWith(rule.stateMachineArn[0].prefix), arn).toBe(true);
  const missing = recorded.ofKind("MetricAlarm").filter(({ name }) => name.endsWith("-alarm-missing-run"));
  const watched = missing.map(({ name }) => recorded.inputs(name).metricQueries[0].metric.dimensions.StateMachineArn);
  expect(watched.sort()).toEqual(machines.filter((arn) => /risk-churn-(batch|training)-machine$/.test(arn)).sort());
  const topic = asBinding(platform.outputs.binding, "fleet").alertTopicArn;
  for (const { inputs } of missing) expect([inputs.alarmActions, inputs.okActions]).toEqual([[topic], [topic]]);
});

it("reads a platform's binding from another stack, and says what is missing", async () => {
  const stack = "organization/fleet/prod";
  const refer = (binding: unknown) =>
    record(() => ({ binding: Platform.reference(new pulumi.StackReference(stack)) }), {
      mocks: { resource: () => ({ state: { outputs: { binding }, secretOutputNames: [] } }) },
    });
  await expect(refer({ namespace: "fleet-prod" })).rejects.toThrow(
    /is not the binding of a platform on AWS; missing: partition, region/,
  );
});

it("tells the monitor which training it may start, and nobody else", async () => {
  const recorded = await record(() => {
    const platform = new Platform("stack-platform", { spec: fixture("full") });
    return new Model("stack", { spec: fixture("full"), model: "churn", platform: platform.binding });
  });
  const document = (part: string) => recorded.document(`stack-${part}-config`, "content");
  const [training] = recorded.ofKind("StateMachine").filter(({ name }) => name === "stack-training-machine");
  expect(document("monitoring").orchestration).toEqual({
    kind: "step-functions",
    stateMachine: `arn:aws:states:us-east-1:123456789012:stateMachine:${String(training?.inputs.name)}`,
  });
  for (const part of ["training", "batch"]) expect(document(part).orchestration).toBeNull();
  const allowed = recorded
    .document("stack-identity-policy-monitor", "policy")
    .Statement.find(({ Sid }: { Sid: string }) => Sid === "Retrain");
  expect(allowed.Resource).toBe(document("monitoring").orchestration.stateMachine);
});

it("gives each workload the document that its role may read", async () => {
  const recorded = await record(() => {
    const platform = new Platform("stack-platform", { spec: fixture("full") });
    return new Model("stack", { spec: fixture("full"), model: "churn", platform: platform.binding });
  });
  const read = (workload: string) =>
    recorded
      .document(`stack-identity-policy-${workload}`, "policy")
      .Statement.find(({ Sid }: { Sid: string }) => Sid === "ModelDocument").Resource;
  const states = recorded.document("stack-training-machine", "definition").States;
  const address = (arn: string) => arn.replace("arn:aws:s3:::", "s3://");
  expect(address(read("curate"))).toBe(states.Curate.Parameters.Environment.CYCLOPS_CONFIG);
  expect(address(read("scorer"))).toBe(recorded.inputs("stack-endpoint-model").primaryContainer.environment.CYCLOPS_CONFIG);
  const keys = recorded.ofKind("BucketObjectv2").map(({ inputs }) => `${String(inputs.bucket)}/${String(inputs.key)}`);
  for (const workload of ["curate", "scorer", "batch", "monitor"])
    expect(keys).toContain(read(workload).replace("arn:aws:s3:::", ""));
});
