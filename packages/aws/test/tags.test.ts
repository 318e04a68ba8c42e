import { type ModelSpec, resolveSpec } from "@cyclops/core";
import { expect, it } from "vitest";
import { MlopsStack } from "../src";
import { record } from "./support/recorded";

const numbered = (count: number, start = "key") =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${start}-${index}`, "value"]));
const stack = (tags: number, defaults = 0) => {
  const model = {
    task: "regression",
    data: { path: "raw/a/", target: "y" },
    training: { schedule: "0 3 * * 1", gate: { metric: "r2", min: 0 } },
    batch: {},
    endpoint: {},
    monitoring: {},
  } satisfies ModelSpec;
  const spec = { name: "churn", models: { churn: model }, workbench: { users: ["ana"] }, tags: numbered(tags) };
  const config = { "aws:defaultTags": JSON.stringify({ tags: numbered(defaults, "default") }) };
  return record(() => new MlopsStack("stack", { spec }), defaults ? { config } : {});
};
const tagsOf = (inputs: Record<string, unknown>) => Object.keys(inputs.tags ?? {});

it("carries as many tags as a spec may have", async () => {
  const { resources, ofKind } = await stack(40);
  const tagged = resources.filter(({ inputs }) => tagsOf(inputs).length > 0);
  expect(tagged.length).toBeGreaterThan(50);
  // https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
  expect(tagged.filter(({ inputs }) => tagsOf(inputs).length > 50)).toEqual([]);
  expect(tagged.filter(({ type, inputs }) => !tagsOf(inputs).includes("key-39") && !type.includes("bucketObjectv2"))).toEqual([]);
  // Jobs and endpoint configurations that machines make.
  const machines = ofKind("StateMachine").map(({ inputs }) => String(inputs.definition));
  const lists = machines.flatMap((definition) =>
    [...definition.matchAll(/"Tags":\s*(\[[^\]]*\])/g)].map(([, list = "[]"]) => list),
  );
  expect(lists.length).toBeGreaterThan(5);
  for (const list of lists) expect(JSON.parse(list).length).toBeLessThanOrEqual(50);
});

it("gives objects the library's tags alone, as they carry ten", async () => {
  const { ofKind } = await stack(40);
  const objects = ofKind("BucketObjectv2");
  expect(objects.length).toBeGreaterThan(2);
  for (const { inputs } of objects) {
    expect(tagsOf(inputs).sort()).toEqual(["cyclops:environment", "cyclops:managed-by", "cyclops:platform", "cyclops:stack"]);
    expect(inputs.overrideProvider).toEqual({ defaultTags: { tags: {} } });
  }
});

it("refuses at plan what the tags of the configuration make too many", async () => {
  await expect(stack(40, 5)).resolves.toBeDefined();
  await expect(stack(40, 6)).rejects.toThrow(
    "configuration aws:defaultTags: with the tags of the spec there are 46, and a resource takes 50, of which 5 are the library's. " +
      "Give at most 45 in both together.",
  );
  expect(() => resolveSpec({ name: "churn", tags: numbered(41) })).toThrow("tags: has 41 entries.");
});
