/** Identifiers of the fifteen KPIs, in the order in which dashboards show them. */
export const kpiIds = [
  "model_quality",
  "quality_degradation",
  "missing_rate",
  "constraint_violation_rate",
  "data_freshness",
  "drifted_feature_share",
  "feature_psi_max",
  "prediction_drift",
  "latency_p95",
  "error_rate",
  "throughput",
  "saturation",
  "fairness_gap",
  "cost_per_1k_predictions",
  "roi",
] as const;
export type KpiId = (typeof kpiIds)[number];

/** One KPI. A threshold of `null` means that the spec must give one before it can alert. */
export interface Kpi {
  /** Title on dashboards. */
  readonly title: string;
  /** Unit of the value. */
  readonly unit: "ratio" | "score" | "s" | "ms" | "requests/min" | "USD" | "PSI" | "JSD";
  /** Whether more is better (`up`), less is better (`down`) or the value only informs (`none`). */
  readonly direction: "up" | "down" | "none";
  /** Value from which on a warning is sent. */
  readonly warn: number | null;
  /** Value from which on a critical alert is sent. */
  readonly critical: number | null;
  /** Least number of rows or requests behind a value that may alert. */
  readonly minSamples: number;
  /** Least time between two alerts of the same severity. */
  readonly cooldown: string;
  /** What it measures, with the source of the formula or convention. */
  readonly description: string;
}

const perHundredRows = { minSamples: 100, cooldown: "24h" } as const;
const perRequest = { minSamples: 50, cooldown: "1h" } as const;

/** The catalogue. Conventions: `docs/concepts/kpis.md`. */
export const kpiCatalogue: Readonly<Record<KpiId, Kpi>> = {
  model_quality: {
    title: "Model quality",
    unit: "score",
    direction: "up",
    warn: null,
    critical: null,
    ...perHundredRows,
    description: "The gate's metric on matured labels, else on held-out rows. Alerts below the gate's bound.",
  },
  quality_degradation: {
    title: "Quality degradation",
    unit: "ratio",
    direction: "down",
    warn: 0.05,
    critical: 0.1,
    ...perHundredRows,
    description: "(champion's held-out metric - live metric) / champion's held-out metric.",
  },
  missing_rate: {
    title: "Missing values",
    unit: "ratio",
    direction: "down",
    warn: 0.01,
    critical: 0.05,
    ...perHundredRows,
    description: "Greatest rise of a feature's share of missing values over the reference.",
  },
  constraint_violation_rate: {
    title: "Constraint violations",
    unit: "ratio",
    direction: "down",
    warn: 0.01,
    critical: 0.05,
    ...perHundredRows,
    description: "Share of rows that break a type, range or set constraint.",
  },
  data_freshness: {
    title: "Data freshness",
    unit: "s",
    direction: "down",
    warn: null,
    critical: null,
    minSamples: 0,
    cooldown: "6h",
    description: "Age of the newest curated data. Alerts after one and two training intervals.",
  },
  drifted_feature_share: {
    title: "Drifted features",
    unit: "ratio",
    direction: "down",
    warn: 0.3,
    critical: 0.5,
    ...perHundredRows,
    description: "Share of features with PSI above 0.1. Critical at Evidently's preset default of one half.",
  },
  feature_psi_max: {
    title: "Greatest feature drift",
    unit: "PSI",
    direction: "down",
    warn: 0.1,
    critical: 0.25,
    ...perHundredRows,
    description: "Greatest population stability index, sum((a - e) * ln(a / e)), over ten quantile bins of the reference.",
  },
  prediction_drift: {
    title: "Prediction drift",
    unit: "JSD",
    direction: "down",
    warn: 0.1,
    critical: 0.2,
    ...perHundredRows,
    description: "Jensen-Shannon distance, base 2, of the predictions to the reference's.",
  },
  latency_p95: {
    title: "Latency, 95th percentile",
    unit: "ms",
    direction: "down",
    warn: 500,
    critical: 1000,
    ...perRequest,
    description: "95th percentile of the time to answer a prediction.",
  },
  error_rate: {
    title: "Error rate",
    unit: "ratio",
    direction: "down",
    warn: 0.01,
    critical: 0.05,
    ...perRequest,
    description: "Share of predictions answered with a 5xx status.",
  },
  throughput: {
    title: "Throughput",
    unit: "requests/min",
    direction: "none",
    warn: null,
    critical: null,
    minSamples: 0,
    cooldown: "6h",
    description: "Predictions answered in a minute.",
  },
  saturation: {
    title: "Saturation",
    unit: "ratio",
    direction: "down",
    warn: 0.7,
    critical: 0.9,
    minSamples: 0,
    cooldown: "1h",
    description: "Greatest use of CPU, memory or GPU against its limit.",
  },
  fairness_gap: {
    title: "Fairness gap",
    unit: "ratio",
    direction: "down",
    warn: 0.1,
    critical: 0.2,
    ...perHundredRows,
    description: "Demographic parity difference: greatest difference of selection rates between the groups of a segment.",
  },
  cost_per_1k_predictions: {
    title: "Cost of 1,000 predictions",
    unit: "USD",
    direction: "down",
    warn: null,
    critical: null,
    minSamples: 100,
    cooldown: "24h",
    description: "Cost of serving in the window / predictions * 1000.",
  },
  roi: {
    title: "Return on investment",
    unit: "ratio",
    direction: "up",
    warn: 0.5,
    critical: 0,
    minSamples: 100,
    cooldown: "24h",
    description: "(predictions * value of one - cost) / cost; needs monitoring.valuePerPrediction.",
  },
};
