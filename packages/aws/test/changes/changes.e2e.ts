import path from "node:path";
import {
  type BindingChange,
  baseSpec,
  changesTable,
  documentProblems,
  type ResourceChange,
  resourceChanges,
  supportedChanges,
  type TableRow,
  unnamedLosses,
} from "@cyclops/core/testing";
import { StandInStack, whyNoEngine } from "@cyclops/core/testing/stand-in";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { capabilities } from "../../src";
import { bindingChanges } from "./bindings";

const root = path.resolve(__dirname, "../../../..");
const document = path.join(root, "docs/changes.md");
const command = "npx vitest run --config vitest.e2e.config.mts packages/aws/test/changes";

const specChanges = supportedChanges(baseSpec, capabilities);

/** What holds data, keys or an address that people use: no change may make one of them anew, or delete it. */
const lasting = [
  "aws:s3/bucket:Bucket",
  "aws:kms/key:Key",
  "aws:sagemaker/endpoint:Endpoint",
  "aws:sagemaker/domain:Domain",
  "aws:sagemaker/mlflowApp:MlflowApp",
  "aws:ecr/repository:Repository",
];

describe.skipIf(whyNoEngine() !== undefined)("changes of a running stack on AWS, previewed by the real engine", () => {
  const stack = new StandInStack({
    program: path.join(root, "examples/churn/aws"),
    beside: ["../mlops.yaml"],
    package: "aws",
    modules: path.join(root, "node_modules"),
    // The environment changes below, and the names are to stay.
    config: { "cyclops-aws:instance": "dev" },
    env: { PULUMI_NODEJS_TRANSPILE_ONLY: "true" }, // the program is type-checked with the examples
  });
  const write = (spec: object) => stack.edit("../mlops.yaml", () => JSON.stringify(spec)); // JSON is YAML
  const bind = ({ bindings }: BindingChange) =>
    stack.configure(Object.fromEntries(Object.entries(bindings).map(([key, value]) => [`cyclops-aws:${key}`, value])));
  const rows: TableRow[] = [];

  /** The plan of a change, for its row of the table. */
  async function plan(title: string): Promise<ResourceChange[]> {
    const made = resourceChanges(await stack.preview());
    rows.push({ title, made });
    return made;
  }
  const lost = (made: readonly ResourceChange[]) =>
    made.filter(({ op, type }) => (op === "replace" || op === "delete") && lasting.includes(type));

  beforeAll(async () => {
    write(baseSpec);
    await stack.init();
    await stack.up();
  });
  afterAll(() => stack.clean());

  it("changes nothing without a change", async () => {
    expect(resourceChanges(await stack.preview())).toEqual([]);
  });

  it.each(specChanges)("$title", async (change) => {
    write(change.apply(baseSpec));
    const made = await plan(change.title);
    expect(made).not.toEqual([]);
    expect(unnamedLosses(change, baseSpec, made)).toEqual([]);
    if (!change.mayRemove) expect(lost(made)).toEqual([]);
  });

  it.each(bindingChanges)("$title", async (change) => {
    write(baseSpec);
    await stack.configure(
      Object.fromEntries(Object.entries(change.bindings).map(([key, value]) => [`cyclops-aws:${key}`, value])),
    );
    try {
      const made = await plan(change.title);
      expect(unnamedLosses(change, baseSpec, made)).toEqual([]);
      expect(lost(made)).toEqual([]);
    } finally {
      for (const key of new Set(Object.keys(change.bindings).map((binding) => binding.split(/[.[]/)[0])))
        await stack.pulumi("config", "rm", `cyclops-aws:${key}`);
    }
  });

  it("keep the key that data was written with, and all that holds data, also when they are applied", async () => {
    const held = () =>
      stack.store
        .read()
        .filter(({ type }) => lasting.includes(type))
        .map(({ type, id }) => `${type} ${id}`);
    const before = held();
    expect(before.filter((resource) => resource.startsWith("aws:kms/key:Key")).length).toBe(1);
    const production = specChanges.find(({ id }) => id === "production");
    const key = bindingChanges.find(({ id }) => id === "key");
    if (!production || !key) throw new Error("the list has lost a change");
    write(production.apply(baseSpec));
    await bind(key);
    await stack.up();
    expect(held()).toEqual(before);
    expect(resourceChanges(await stack.preview())).toEqual([]);
    // In production the owner's word alone does not delete the key either: it is protected.
    await stack.configure({ "cyclops-aws:key.ownKey": "none" });
    const { code, output } = await stack.attempt("up", "--yes", "--skip-preview");
    expect(code).not.toBe(0);
    expect(output).toContain("protect");
    expect(held()).toEqual(before);
  });

  it("are told in docs/changes.md", () => {
    expect(rows.length).toBe(specChanges.length + bindingChanges.length);
    expect(documentProblems(document, "aws", changesTable(rows), command)).toEqual([]);
  });
});
