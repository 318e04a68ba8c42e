import { type Capabilities, type FeatureId, featureIds, resolveSpec, type StackSpec } from "@cyclops/core";
import { baseSpec, specChanges, supportedChanges } from "@cyclops/core/testing";
import { describe, expect, it } from "vitest";

const changeOf = (id: string) => {
  const found = specChanges.find((change) => change.id === id);
  if (!found) throw new Error(`no change ${id}`);
  return found;
};

/** Names as targets give them. */
const named = (name: string) => ({ type: "any:index:Thing", name: `churn-${name}` });

describe("the changes of a spec", () => {
  it("are two dozen at the least, each with a name of its own", () => {
    expect(specChanges.length).toBeGreaterThanOrEqual(24);
    expect(new Set(specChanges.map(({ id }) => id)).size).toBe(specChanges.length);
    expect(new Set(specChanges.map(({ title }) => title)).size).toBe(specChanges.length);
  });

  it.each(specChanges)("$id makes another valid spec, and leaves the given one as it is", ({ apply }) => {
    const before = structuredClone(baseSpec);
    const after = apply(baseSpec);
    expect(resolveSpec(after)).not.toEqual(resolveSpec(baseSpec));
    expect(baseSpec).toEqual(before);
  });

  it.each(specChanges)("$id does the same on a second model and user", ({ apply }) => {
    const { models, workbench } = baseSpec;
    const other: StackSpec = {
      ...baseSpec,
      models: { ...models, later: { ...models?.upsell } as NonNullable<typeof models>[string] },
      workbench: { ...workbench, users: [...(workbench?.users ?? []), "dora"] },
    };
    expect(resolveSpec(apply(other))).not.toEqual(resolveSpec(other));
  });

  it("say what the spec lacks", () => {
    expect(() => changeOf("size").apply({ ...baseSpec, models: { upsell: baseSpec.models?.upsell as never } })).toThrow(
      "the spec has no endpoint to change",
    );
    expect(() => changeOf("model-removed").apply({ name: "churn", models: {} })).toThrow("no second model");
    expect(() => changeOf("production").apply({ ...baseSpec, environment: "prod" })).toThrow("in prod already");
  });

  it("are those that the target can make", () => {
    const without = (...missing: FeatureId[]) =>
      Object.fromEntries(
        featureIds.map((id) => [
          id,
          missing.includes(id) ? { support: "unsupported", note: "", alternative: "" } : { support: "native", note: "" },
        ]),
      ) as Capabilities;
    expect(supportedChanges(baseSpec, without())).toEqual(specChanges);
    const left = supportedChanges(baseSpec, without("budget.alert", "alerts.email"));
    expect(specChanges.filter((change) => !left.includes(change)).map(({ id }) => id)).toEqual(["alert-mail", "budget"]);
  });

  it("name what goes with a user, and nothing of another one", () => {
    const { mayRemove } = changeOf("user-removed");
    const removes = (name: string) => mayRemove?.(named(name), baseSpec);
    expect(removes("platform-workbench-profile-ben-1a2b3")).toBe(true);
    expect(removes("platform-workbench-server-ben-1a2b3")).toBe(true);
    expect(removes("platform-workbench-home-ben-1a2b3-claim")).toBe(true);
    expect(removes("platform-workbench-profile-ana-1a2b3")).toBe(false);
    expect(removes("platform-workbench-domain")).toBe(false);
    expect(removes("model-ben-1a2b3")).toBe(false);
  });

  it("name what goes with a model, and nothing of one whose name goes on", () => {
    const { mayRemove } = changeOf("model-removed");
    const spec = { ...baseSpec, models: { "churn-eu": {}, churn: {} } } as unknown as StackSpec;
    const removes = (name: string) => mayRemove?.(named(name), spec);
    expect(removes("model-churn-training-machine")).toBe(true);
    expect(removes("model-churn")).toBe(true);
    expect(removes("model-churn-eu-training-machine")).toBe(false);
    expect(removes("platform-storage-raw-bucket")).toBe(false);
  });

  it("name the schedule that is taken away", () => {
    const { mayRemove } = changeOf("schedule-off");
    expect(mayRemove?.(named("model-churn-training-schedule"), baseSpec)).toBe(true);
    expect(mayRemove?.(named("model-churn-batch-schedule"), baseSpec)).toBe(false);
  });
});
