import type { StackSpec } from "../../spec/stack";

/**
 * The stack that changes are tried on: the churn example, with a second model that only trains, and a second user. No alerts and no CI yet, so
 * that their first channel is a change as well.
 */
export const baseSpec: StackSpec = {
  name: "churn",
  environment: "dev",
  models: {
    churn: {
      task: "binary-classification",
      data: {
        path: "raw/telco/",
        target: "Churn",
        positive: "Yes",
        id: "customerID",
        schema: {
          customerID: { type: "string", unique: true },
          gender: { type: "string", allowed: ["Female", "Male"] },
          Contract: { type: "string", allowed: ["Month-to-month", "One year", "Two year"] },
          tenure: { type: "integer", min: 0, max: 120 },
          MonthlyCharges: { type: "number", min: 0, max: 500 },
          Churn: { type: "string", allowed: ["No", "Yes"] },
        },
      },
      training: {
        schedule: "0 3 * * 1",
        retrainOn: ["drift"],
        hyperparameters: { learning_rate: 0.05 },
        gate: { metric: "roc_auc", min: 0.8, beatChampion: true, tolerance: 0.01 },
      },
      batch: { schedule: "0 5 * * *" },
      endpoint: {
        size: "S",
        replicas: { min: 1, max: 4 },
        rollout: { strategy: "canary", percent: 10, bake: "10m" },
      },
      monitoring: {
        schedule: "0 * * * *",
        window: "24h",
        segments: ["gender"],
        valuePerPrediction: 0.02,
        costPerHour: 0.05,
        thresholds: { latency_p95: { warn: 250, critical: 500 } },
      },
    },
    upsell: {
      task: "regression",
      data: { path: "raw/upsell/", target: "revenue" },
      training: { gate: { metric: "rmse", max: 20 } },
      batch: {},
    },
  },
  workbench: { users: ["ana@example.com", "ben@example.com"], storage: "10Gi" },
};
