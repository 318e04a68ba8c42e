import path from "node:path";
import { orderProblems, StandInStack, type StateResource, whyNoEngine } from "@cyclops/core/testing/stand-in";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const missing = whyNoEngine();
const planted = "planted-secret-value";
const last = <T>(items: readonly T[]) => items.at(-1);

describe.skipIf(missing !== undefined)("the stand-in of AWS under the real engine", () => {
  const stack = new StandInStack({
    program: path.join(__dirname, "program"),
    package: "aws",
    modules: path.resolve(__dirname, "../../../../node_modules"),
    env: { PULUMI_NODEJS_TRANSPILE_ONLY: "true" }, // the program is type-checked with the tests
  });
  const change = (config: Record<string, string>) =>
    stack.configure(Object.fromEntries(Object.entries(config).map(([key, value]) => [`stand-in:${key}`, value])));
  /** What an `up` has done, as `<operation> <resource>`. */
  async function done(act: () => Promise<unknown>): Promise<string[]> {
    const before = stack.store.journal().length;
    await act();
    const calls = stack.store.journal().slice(before);
    return calls
      .filter(({ call, phase }) => ["create", "update", "delete"].includes(call) && phase === "end")
      .map(({ call, urn }) => `${call} ${last(urn.split("::"))}`);
  }

  beforeAll(() => stack.init());
  afterAll(() => stack.clean());

  it("makes nothing in a preview", async () => {
    const steps = await stack.preview();
    expect(steps.map(({ op }) => op)).toEqual(steps.map(() => "create"));
    expect(steps.length).toBe(10); // nine resources and the stack
    expect(stack.store.read()).toEqual([]);
  });

  let resources: readonly StateResource[] = [];
  it("makes in the order of dependencies, and answers functions", async () => {
    await stack.up();
    resources = await stack.resources();
    expect(orderProblems(stack.store.journal(), resources)).toEqual([]);
    expect(stack.store.read().length).toBe(9);
    expect(await stack.outputs()).toEqual({
      accountId: "123456789012",
      bucketArn: "arn:aws:s3:::stand-in-data",
      endpoint: "arn:aws:sagemaker:eu-central-1:123456789012:endpoint/stand-in",
    });
  });

  it("has its secrets encrypted in the state", async () => {
    expect(JSON.stringify(stack.store.read())).toContain(planted);
    expect(await stack.export()).not.toContain(planted);
  });

  it("changes nothing at the second up", async () => {
    await stack.up("--expect-no-changes");
  });

  it("keeps what a rollout has changed outside of Pulumi, and repairs what it should not have", async () => {
    stack.store.drift("aws:sagemaker/endpoint:Endpoint", "stand-in", { endpointConfigName: "rolled-out" });
    stack.store.drift("aws:s3/bucket:Bucket", "stand-in-data", { tags: { stage: "wrong" } });
    await stack.refresh();
    expect(await done(() => stack.up())).toEqual(["update data"]);
    expect(stack.store.find("aws:sagemaker/endpoint:Endpoint", "stand-in")?.inputs.endpointConfigName).toBe("rolled-out");
  });

  it("replaces what cannot be changed, the old one first where it keeps its name", async () => {
    await change({ image: "scorer:2" });
    // The model keeps its name, and what stands on it goes first; the configuration gets a new name by the provider.
    expect(await done(() => stack.up())).toEqual([
      "delete configuration",
      "delete model",
      "create model",
      "create configuration",
    ]);
  });

  it.each([
    ["missing", "endpointConfigName", "missing required input of aws:sagemaker/endpoint:Endpoint"],
    ["unknown", "buckett", "unknown input of aws:s3/bucket:Bucket; did you mean bucket?"],
    ["nested", "primaryContainer.imag", "unknown input of sagemaker.ModelPrimaryContainer; did you mean image?"],
    ["type", "quantum", "has no resource aws:sagemaker/quantum:Quantum"],
  ])("refuses at preview: %s", async (fault, property, reason) => {
    await change({ fault });
    const { code, output } = await stack.attempt("preview");
    expect(code).not.toBe(0);
    expect(output).toContain(property);
    expect(output).toContain(reason);
  });

  it("refuses a second resource of one name", async () => {
    await change({ fault: "twin" });
    const { code, output } = await stack.attempt("up", "--yes", "--skip-preview");
    expect(code).not.toBe(0);
    expect(output).toContain("aws:s3/bucket:Bucket stand-in-data exists already");
    await change({ fault: "none" });
  });

  it("leaves alone what is protected, and deletes in the opposite order otherwise", async () => {
    await change({ protect: "true" });
    await stack.up();
    const refused = await stack.attempt("destroy", "--yes", "--skip-preview");
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain("protect");
    expect(stack.store.find("aws:sagemaker/endpoint:Endpoint", "stand-in")).toBeDefined();
    await change({ protect: "false" });
    await stack.up();
    const before = stack.store.journal().length;
    const standing = await stack.resources();
    await stack.destroy();
    expect(orderProblems(stack.store.journal().slice(before), standing)).toEqual([]);
    expect(stack.store.read()).toEqual([]);
  });
});
