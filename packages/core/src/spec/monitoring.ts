import type { KpiId } from "../kpi/catalogue";

/** Overrides of one KPI's alert. */
export interface ThresholdSpec {
  /** Value from which on a warning is sent; where more is better, below which. @default - the catalogue's */
  warn?: number;
  /** Value from which on a critical alert is sent; where more is better, below which. @default - the catalogue's */
  critical?: number;
  /** Least number of rows or requests behind a value that may alert. @default - the catalogue's */
  minSamples?: number;
  /** Least time between two alerts of the same severity. @default - the catalogue's */
  cooldown?: string;
}

/** Labels that arrive after the prediction. */
export interface LabelsSpec {
  /** Place of the label files: a prefix in the raw zone, with the id column and the target. */
  path: string;
  /** How long after the prediction a label counts as final. @default "0s" */
  delay?: string;
}

/** KPIs of one model. */
export interface MonitoringSpec {
  /** Cron expression of five fields; days of the month or of the week, not both. @default "0 * * * *" */
  schedule?: string;
  /** IANA time zone of the schedule, e.g. `Europe/Rome`. @default "UTC" */
  timezone?: string;
  /** Length of the current window. @default "24h" */
  window?: string;
  /** Number of instances that share the files of the window, 1 to 100; for a window that one cannot read in time. @default 1 */
  instances?: number;
  /** Value of one prediction in USD; the ROI is not computed without it. @default - none */
  valuePerPrediction?: number;
  /** Cost of one replica of the endpoint for one hour in USD; cost and ROI have no value without it. @default - none */
  costPerHour?: number;
  /** Categorical columns whose groups are compared for fairness. @default [] */
  segments?: string[];
  /** Late labels. @default - none: quality is computed from held-out rows only */
  labels?: LabelsSpec;
  /** Alert overrides by KPI. @default {} */
  thresholds?: Partial<Record<KpiId, ThresholdSpec>>;
}
