import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { contextOf, loadSpec, parseStackSpec, resolveSpec, SpecError, type StackSpec } from "../../src";

const fixture = (name: string) => path.join(__dirname, "../../fixtures", name);
const raw = (): StackSpec => ({
  name: "churn",
  models: {
    churn: {
      task: "regression",
      data: { path: "raw/a/", target: "y" },
      training: { gate: { metric: "rmse", max: 1 } },
    },
  },
});

describe("defaults", () => {
  // Defaults are a contract with specs that exist: a change must show in review. UPDATE_GOLDEN=1 writes the file.
  it.each(["minimal"])("of the spec %s are those of the golden file", (name) => {
    const file = fixture(`resolved-${name}.json`);
    const text = `${JSON.stringify(loadSpec(fixture(`valid/${name}.yaml`)), undefined, 2)}\n`;
    if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, text);
    expect(JSON.parse(text)).toEqual(JSON.parse(readFileSync(file, "utf8")));
  });

  it("of a batch's input is the training data, and of a rollout what the kind of endpoint can do", () => {
    const { models } = parseStackSpec({
      ...raw(),
      models: {
        plain: { ...raw().models?.churn, batch: {}, endpoint: {} },
        queued: { ...raw().models?.churn, endpoint: { kind: "async" } },
        asleep: { ...raw().models?.churn, endpoint: { kind: "serverless" } },
      },
    });
    expect(models.plain?.batch?.input).toBe("raw/a/");
    expect(models.plain?.endpoint).toMatchObject({ replicas: { min: 1, max: 3 }, rollout: { strategy: "canary", percent: 10 } });
    expect(models.queued?.endpoint).toMatchObject({
      replicas: { min: 1, max: 3 },
      rollout: { strategy: "all-at-once", percent: 100 },
    });
    expect(models.asleep?.endpoint).toMatchObject({ replicas: { min: 0, max: 3 }, rollout: { strategy: "canary", percent: 10 } });
  });

  it("leave the spec that was given as it was", () => {
    const given = raw();
    parseStackSpec(given);
    expect(given).toEqual(raw());
  });
});

describe("resolveSpec", () => {
  it("checks a raw spec, and hands a resolved one back as it is", () => {
    const once = resolveSpec(raw());
    expect(once.environment).toBe("dev");
    expect(resolveSpec(once)).toBe(once);
    const loaded = loadSpec(fixture("valid/tuning.yaml"));
    expect(resolveSpec(loaded)).toBe(loaded);
    expect(() => resolveSpec({ ...raw(), name: "X" })).toThrow(SpecError);
  });

  it("keeps two specs apart that share nothing but their text", () => {
    const first = resolveSpec(raw());
    const second = resolveSpec(raw());
    expect(second).toEqual(first);
    expect(second.models.churn?.training.hyperparameters).not.toBe(first.models.churn?.training.hyperparameters);
  });

  it("knows the context of a stack", () => {
    expect(contextOf(resolveSpec({ ...raw(), environment: "prod", tags: { team: "risk" } }))).toEqual({
      name: "churn",
      environment: "prod",
      tags: { team: "risk" },
    });
  });
});
