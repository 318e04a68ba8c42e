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

/** Rule of a KPI that has no threshold, because no number is right for every model; it only ever warns. */
export type FallbackRule =
  /** The value reaches `warn`. */
  | { readonly kind: "value"; readonly warn: number }
  /** The value is worse than its average over `over` by `by`, as a share of it; told after a day of values. */
  | { readonly kind: "change"; readonly by: number; readonly over: string }
  /** There has been none for the time `for`, where there was some within `after`. */
  | { readonly kind: "stopped"; readonly for: string; readonly after: string };

/** One KPI. A threshold of `null` means that it follows from the model's spec, or that the spec must give one. */
export interface Kpi {
  /** Title on dashboards. */
  readonly title: string;
  /** Unit of the value. */
  readonly unit: "ratio" | "score" | "s" | "ms" | "requests/min" | "USD" | "PSI" | "JSD";
  /** Whether more is better (`up`) or less is better (`down`). */
  readonly direction: "up" | "down";
  /** Value from which on a warning is sent; for `up`, below which. */
  readonly warn: number | null;
  /** Value from which on a critical alert is sent; for `up`, below which. */
  readonly critical: number | null;
  /** Least number of rows or requests behind a value that may alert. */
  readonly minSamples: number;
  /** Least time between two alerts of the same severity. */
  readonly cooldown: string;
  /** Least and greatest value; `null`: none, or as the gate's metric. A threshold outside of it alerts never, or always. */
  readonly range: readonly [number | null, number | null];
  /** What it measures. */
  readonly description: string;
  /** How it is computed. */
  readonly formula: string;
  /** Page that the formula or its thresholds come from; `null` where they are our own choice. */
  readonly reference: string | null;
  /**
   * Whether thresholds are compared with what chance does not explain of the value, which the monitor tells beside it.
   * @default - with the value
   */
  readonly beyondChance?: true;
  /** What warns while both thresholds are null. @default - nothing does: there always are thresholds */
  readonly fallback?: FallbackRule;
}

const perHundredRows = { minSamples: 100, cooldown: "24h" } as const;
const perRequest = { minSamples: 50, cooldown: "1h" } as const;

/** The catalogue. Conventions: `docs/concepts/kpis.md`. Where each value is found on a target: `kpiSources`. */
export const kpiCatalogue: Readonly<Record<KpiId, Kpi>> = {
  model_quality: {
    title: "Model quality",
    unit: "score",
    direction: "up",
    warn: null,
    critical: null,
    ...perHundredRows,
    range: [null, null],
    description: "The gate's metric on matured labels, else on held-out rows. Alerts beyond the gate's bound.",
    formula: "the metric of training.gate",
    reference: "https://scikit-learn.org/stable/modules/model_evaluation.html",
    fallback: { kind: "change", by: 0.1, over: "7d" },
  },
  quality_degradation: {
    title: "Quality degradation",
    unit: "ratio",
    direction: "down",
    warn: 0.05,
    critical: 0.1,
    ...perHundredRows,
    range: [null, null],
    description: "How much worse the champion does on live labels than on held-out rows.",
    formula: "(held-out metric - live metric) / held-out metric",
    reference: null,
  },
  missing_rate: {
    title: "Missing values",
    unit: "ratio",
    direction: "down",
    warn: 0.01,
    critical: 0.05,
    ...perHundredRows,
    beyondChance: true,
    range: [0, 1],
    description: "Greatest rise of a feature's share of missing values over the reference.",
    formula: "max over features (missing / rows - reference's share)",
    reference: "https://learn.microsoft.com/azure/machine-learning/concept-model-monitoring",
  },
  constraint_violation_rate: {
    title: "Constraint violations",
    unit: "ratio",
    direction: "down",
    warn: 0.01,
    critical: 0.05,
    ...perHundredRows,
    range: [0, 1],
    description: "Share of rows that break a type, range or set constraint.",
    formula: "violating rows / rows",
    reference: "https://learn.microsoft.com/azure/machine-learning/concept-model-monitoring",
  },
  data_freshness: {
    title: "Data freshness",
    unit: "s",
    direction: "down",
    warn: null,
    critical: null,
    minSamples: 0,
    cooldown: "6h",
    range: [0, null],
    description: "Age of the newest raw file. Alerts after one and two training intervals.",
    formula: "now - time of the newest raw file",
    reference: null,
    // Without a schedule nobody promised new data: a month is when somebody should decide whether that is meant.
    fallback: { kind: "value", warn: 30 * 86_400 },
  },
  drifted_feature_share: {
    title: "Drifted features",
    unit: "ratio",
    direction: "down",
    warn: 0.3,
    critical: 0.5,
    ...perHundredRows,
    beyondChance: true,
    range: [0, 1],
    description: "Share of features with PSI above 0.1. Critical at Evidently's preset default of one half.",
    formula: "features with PSI > 0.1 / features",
    reference: "https://docs.evidentlyai.com/metrics/preset_data_drift",
  },
  feature_psi_max: {
    title: "Greatest feature drift",
    unit: "PSI",
    direction: "down",
    warn: 0.1,
    critical: 0.25,
    ...perHundredRows,
    beyondChance: true,
    range: [0, null],
    description: "Greatest population stability index of a feature, over ten quantile bins of the reference.",
    formula: "max over features sum((a - e) * ln(a / e))",
    reference: "https://scholarworks.wmich.edu/dissertations/3208/",
  },
  prediction_drift: {
    title: "Prediction drift",
    unit: "JSD",
    direction: "down",
    warn: 0.1,
    critical: 0.2,
    ...perHundredRows,
    beyondChance: true,
    range: [0, 1],
    description: "Jensen-Shannon distance, base 2, of the predictions to the reference's.",
    formula: "sqrt((KL(p || m) + KL(q || m)) / 2), m = (p + q) / 2",
    reference: "https://docs.scipy.org/doc/scipy/reference/generated/scipy.spatial.distance.jensenshannon.html",
  },
  latency_p95: {
    title: "Latency, 95th percentile",
    unit: "ms",
    direction: "down",
    warn: 500,
    critical: 1000,
    ...perRequest,
    range: [0, null],
    description: "95th percentile of the time to answer a prediction.",
    formula: "95th percentile of answer times",
    reference: "https://sre.google/sre-book/monitoring-distributed-systems/",
  },
  error_rate: {
    title: "Error rate",
    unit: "ratio",
    direction: "down",
    warn: 0.01,
    critical: 0.05,
    ...perRequest,
    range: [0, 1],
    description: "Share of predictions answered with a 5xx status.",
    formula: "5xx answers / answers",
    reference: "https://sre.google/sre-book/monitoring-distributed-systems/",
  },
  throughput: {
    title: "Throughput",
    unit: "requests/min",
    direction: "up",
    warn: null,
    critical: null,
    minSamples: 0,
    cooldown: "6h",
    range: [0, null],
    description: "Predictions answered in a minute. Warns when requests stop.",
    formula: "answers / minutes",
    reference: "https://sre.google/sre-book/monitoring-distributed-systems/",
    fallback: { kind: "stopped", for: "1h", after: "7d" },
  },
  saturation: {
    title: "Saturation",
    unit: "ratio",
    direction: "down",
    warn: 0.7,
    critical: 0.9,
    minSamples: 0,
    cooldown: "1h",
    range: [0, null],
    description: "Greatest use of CPU, memory or GPU against its limit.",
    formula: "max over replicas and resources (use / limit)",
    reference: "https://sre.google/sre-book/monitoring-distributed-systems/",
  },
  fairness_gap: {
    title: "Fairness gap",
    unit: "ratio",
    direction: "down",
    warn: 0.1,
    critical: 0.2,
    ...perHundredRows,
    beyondChance: true,
    range: [0, 1],
    description: "Demographic parity difference: greatest difference of selection rates between the groups of a segment.",
    formula: "max over groups (selection rate) - min over groups (selection rate)",
    reference: "https://fairlearn.org/main/api_reference/generated/fairlearn.metrics.demographic_parity_difference.html",
  },
  cost_per_1k_predictions: {
    title: "Cost of 1,000 predictions",
    unit: "USD",
    direction: "down",
    warn: null,
    critical: null,
    minSamples: 100,
    cooldown: "24h",
    range: [0, null],
    description: "Cost of serving 1,000 predictions. Warns when it has tripled.",
    formula: "cost of all replicas over the window / predictions * 1000",
    reference: null,
    fallback: { kind: "change", by: 2, over: "7d" },
  },
  roi: {
    title: "Return on investment",
    unit: "ratio",
    direction: "up",
    warn: 0.5,
    critical: 0,
    minSamples: 100,
    cooldown: "24h",
    range: [-1, null],
    description: "What predictions bring in over what they cost; needs monitoring.valuePerPrediction.",
    formula: "(predictions * value of one - cost) / cost",
    reference: null,
  },
};
