import { type MonitoredModel, monitoredModel } from "../../src/documents/monitored-model";
import { fullModel, resolveModel } from "./specs";

const context = { name: "shop", environment: "dev" } as const;

/** An endpoint, a training schedule, and the catalogue's thresholds. */
export const churn: MonitoredModel = monitoredModel({
  context,
  instance: "dev",
  model: "churn",
  spec: resolveModel(fullModel),
  namespace: "shop-dev",
});

/** Regression, where less of the metric is better; neither endpoint nor schedule. */
export const prices: MonitoredModel = monitoredModel({
  context,
  instance: "dev",
  model: "prices",
  spec: resolveModel({
    task: "regression",
    data: { path: "raw/houses/", target: "price" },
    training: { gate: { metric: "rmse", max: 0.2 } },
    monitoring: { schedule: "0 6 * * *" },
  }),
});

/** Thresholds of its own, and a gate without a bound. */
export const limits: MonitoredModel = monitoredModel({
  context,
  instance: "dev",
  model: "limits",
  spec: resolveModel({
    ...fullModel,
    training: { gate: { metric: "roc_auc", beatChampion: true } },
    monitoring: {
      valuePerPrediction: 0.02,
      thresholds: {
        latency_p95: { minSamples: 0, cooldown: "30m" },
        throughput: { warn: 5, critical: 1 },
        saturation: { minSamples: 2 },
        cost_per_1k_predictions: { warn: 0.5, critical: 1 },
      },
    },
  }),
  namespace: "shop-dev",
  runbooks: "https://wiki.example.com/cyclops",
});

export const monitoredModels = { churn, prices, limits } as const;
