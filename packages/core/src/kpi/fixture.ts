import { resolveSpec } from "../spec/resolve";
import type { StackSpec } from "../spec/stack";
import { kpiCatalogue, kpiIds } from "./catalogue";
import { longestInterval } from "./interval";
import { effectiveThresholds } from "./thresholds";

const schedules = [
  "0 3 * * 1",
  "0 * * * *",
  "*/15 * * * *",
  "30 2,14 * * *",
  "0 5 * * mon-fri",
  "*/5 9-17 * * 1-5",
  "0 0 31 * *",
  "0 0 1 1 *",
  "0 0 */2 * *",
  "0 0 1,15 jan-jun *",
  "0 9 * * 5-7",
  "0 9 * * fri-sun",
  "0 9 * * 0,5-6",
  "0 0 * * 1-7/2",
  "0 3 */2 * 1",
  "0 12 */1 * 1",
  "0 0 31 4,6,9,11 *",
  "5/10 * * * *",
  "*/90 * * * *",
  "10-40/10 4 * * *",
  "0 0 29 2 *",
  "0 0 31 2 *",
];

const data = { path: "raw/a/", target: "a" };
const models: NonNullable<StackSpec["models"]> = {
  scheduled: {
    task: "multiclass-classification",
    data,
    training: { schedule: "0 3 * * 1", gate: { metric: "f1", min: 0.75 } },
    monitoring: {},
  },
  "less-is-better": { task: "regression", data, training: { gate: { metric: "rmse", max: 2 } }, monitoring: {} },
  "no-bound": { task: "regression", data, training: { gate: { metric: "r2", beatChampion: true } }, monitoring: {} },
  overridden: {
    task: "regression",
    data,
    training: { schedule: "0 3 * * *", gate: { metric: "mae", max: 2 } },
    endpoint: {},
    monitoring: {
      valuePerPrediction: 1,
      thresholds: {
        model_quality: { warn: 1.5, critical: 3 },
        data_freshness: { critical: 200_000 },
        throughput: { warn: 5, critical: 1, minSamples: 10 },
        feature_psi_max: { minSamples: 0 },
        roi: { warn: 0, critical: -0.5, cooldown: "7d" },
      },
    },
  },
};

/** What the runtime's monitor must agree with: the table of thresholds, intervals of schedules, and the thresholds of some models. */
export function kpiFixture() {
  const unitOf = (id: (typeof kpiIds)[number]) => kpiCatalogue[id].unit;
  const resolved = resolveSpec({ name: "kpis", models }).models;
  return {
    thresholds: Object.fromEntries(
      kpiIds.map((id) => {
        const { unit, direction, warn, critical, minSamples } = kpiCatalogue[id];
        return [id, { unit, direction, warn, critical, minSamples }];
      }),
    ),
    beyondChance: kpiIds.filter((id) => kpiCatalogue[id].beyondChance),
    intervals: Object.fromEntries(schedules.map((schedule) => [schedule, longestInterval(schedule) ?? null])),
    effective: Object.entries(resolved).map(([name, spec]) => ({
      name,
      gate: spec.training.gate,
      schedule: spec.training.schedule ?? null,
      thresholds: spec.monitoring?.thresholds ?? {},
      effective: Object.fromEntries(
        Object.entries(effectiveThresholds(spec)).map(([id, { direction, warn, critical, minSamples }]) => [
          id,
          { unit: unitOf(id as (typeof kpiIds)[number]), direction, warn, critical, minSamples },
        ]),
      ),
    })),
  };
}
