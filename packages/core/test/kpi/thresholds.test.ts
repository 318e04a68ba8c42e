import { describe, expect, it } from "vitest";
import { effectiveThresholds, kpiCatalogue, kpiIds, parseDuration, parseStackSpec, type StackSpec } from "../../src";

type ModelSpec = NonNullable<StackSpec["models"]>[string];

function thresholdsOf(changes: Partial<ModelSpec> = {}) {
  const base: ModelSpec = {
    task: "binary-classification",
    data: { path: "raw/telco/", target: "Churn", positive: "Yes" },
    training: { gate: { metric: "roc_auc", min: 0.75 } },
  };
  const model = parseStackSpec({ name: "churn", models: { churn: { ...base, ...changes } } }).models.churn;
  if (!model) throw new Error("the model is missing from its own spec");
  return effectiveThresholds(model);
}
const day = 86_400;

describe("effective thresholds", () => {
  it("are the catalogue's where nothing says otherwise, with or without monitoring", () => {
    for (const thresholds of [thresholdsOf(), thresholdsOf({ monitoring: {} })]) {
      expect(Object.keys(thresholds)).toEqual([...kpiIds]);
      for (const id of kpiIds.filter((each) => each !== "model_quality")) {
        const { direction, warn, critical, minSamples, cooldown } = kpiCatalogue[id];
        expect(thresholds[id]).toEqual({
          direction,
          operator: direction === "up" ? "<" : ">=",
          warn,
          critical,
          minSamples,
          cooldown,
        });
      }
    }
  });

  it("take the gate's bound for quality; exactly the bound is no alert", () => {
    expect(thresholdsOf().model_quality).toMatchObject({ direction: "up", operator: "<", warn: 0.75, critical: 0.75 });
    const errors = { task: "regression", data: { path: "raw/a/", target: "a" } } as const;
    expect(thresholdsOf({ ...errors, training: { gate: { metric: "rmse", max: 2 } } }).model_quality).toMatchObject({
      direction: "down",
      operator: ">",
      warn: 2,
      critical: 2,
    });
    expect(thresholdsOf({ training: { gate: { metric: "f1", beatChampion: true } } }).model_quality).toMatchObject({
      warn: null,
      critical: null,
    });
  });

  it("judge the age of data by the longest time between two trainings", () => {
    const training = { schedule: "0 3 * * mon-fri", gate: { metric: "roc_auc", min: 0.75 } } as const;
    expect(thresholdsOf({ training }).data_freshness).toMatchObject({ warn: 3 * day, critical: 6 * day });
  });

  it("give way to those of the spec, each by itself", () => {
    const training = { schedule: "0 3 * * *", gate: { metric: "roc_auc", min: 0.75 } } as const;
    const thresholds = thresholdsOf({
      training,
      monitoring: {
        thresholds: {
          model_quality: { critical: 0.7 },
          data_freshness: { critical: 5 * day },
          missing_rate: { warn: 0, minSamples: 0 },
          feature_psi_max: { cooldown: "2h" },
        },
      },
    });
    expect(thresholds.model_quality).toMatchObject({ warn: 0.75, critical: 0.7 });
    expect(thresholds.data_freshness).toMatchObject({ warn: day, critical: 5 * day });
    expect(thresholds.missing_rate).toMatchObject({ warn: 0, critical: 0.05, minSamples: 0, cooldown: "24h" });
    expect(thresholds.feature_psi_max).toMatchObject({ warn: 0.1, minSamples: 100, cooldown: "2h" });
  });
});

describe("the catalogue", () => {
  it.each(kpiIds)("%s has thresholds, or a rule for where there are none", (id) => {
    const { warn, critical, fallback, direction, cooldown, minSamples, reference, formula, description } = kpiCatalogue[id];
    expect(fallback === undefined).toBe(warn !== null && critical !== null);
    if (warn !== null && critical !== null) expect(direction === "up" ? warn - critical : critical - warn).toBeGreaterThan(0);
    expect(parseDuration(cooldown)).toBeGreaterThan(0);
    expect(minSamples).toBeGreaterThanOrEqual(0);
    expect(reference ?? "https://").toMatch(/^https:\/\//);
    expect(formula).not.toBe("");
    expect(description).toMatch(/\.$/);
  });
});
