import type { Size } from "./stack";

/** Steps of the training pipeline, in order; `tune` takes the place of `train` where tuning is asked for. */
export const trainingSteps = [
  "ingest",
  "curate",
  "preprocess",
  "train",
  "tune",
  "evaluate",
  "gate",
  "register",
  "deploy",
] as const;
export type TrainingStep = (typeof trainingSteps)[number];

/** Built-in tabular algorithms of the runtime. */
export const algorithms = ["linear", "random-forest", "gradient-boosting"] as const;
export type Algorithm = (typeof algorithms)[number];

/** Metrics of classification; more is better for all of them but log_loss. */
export const classificationMetrics = [
  "roc_auc",
  "average_precision",
  "f1",
  "accuracy",
  "precision",
  "recall",
  "log_loss",
] as const;
/** Metrics of regression; less is better for all of them but r2. */
export const regressionMetrics = ["rmse", "mae", "mape", "r2"] as const;
export const metrics = [...classificationMetrics, ...regressionMetrics] as const;
export type Metric = (typeof metrics)[number];
/** Least and greatest value of each metric; `null`: none. mape is a share of the truth. */
export const metricRanges: Readonly<Record<Metric, readonly [number | null, number | null]>> = {
  roc_auc: [0, 1],
  average_precision: [0, 1],
  f1: [0, 1],
  accuracy: [0, 1],
  precision: [0, 1],
  recall: [0, 1],
  log_loss: [0, null],
  rmse: [0, null],
  mae: [0, null],
  mape: [0, null],
  r2: [null, 1],
};

/** What starts a training run besides a person. */
export const retrainTriggers = ["drift", "new-data", "quality", "schedule"] as const;
export type RetrainTrigger = (typeof retrainTriggers)[number];

/** How one step runs. */
export interface StepSpec {
  /** Size of one instance. @default "S" */
  size?: Size;
  /** Number of GPUs of one instance, 0 to 8. @default 0 */
  gpu?: number;
  /** Whether interruptible capacity may be used. @default false */
  spot?: boolean;
  /** Number of instances; more than one is distributed training (`train` only). @default 1 */
  instances?: number;
  /** How often a failed attempt is repeated, 0 to 10. @default 2 (gate and deploy: 0) */
  retries?: number;
  /** Time limit of one attempt. @default "1h" */
  timeout?: string;
  /** Whether the outputs of an earlier run with equal inputs are taken over. @default false */
  cache?: boolean;
  /** Container image with your own code. @default - the runtime image */
  image?: string;
  /** Command in place of the runtime's. Excludes `entrypoint`. @default - the runtime's step */
  command?: string[];
  /** Python function `package.module:function` in place of the runtime's; gets the step's context. @default - the runtime's step */
  entrypoint?: string;
  /** Environment variables. Values are public: put secrets into secrets. @default {} */
  environment?: Record<string, string>;
}

/** The condition a new version must meet to be registered and deployed. */
export interface GateSpec {
  /** Metric on the held-out rows. */
  metric: Metric;
  /** Least value that passes; for metrics where more is better. */
  min?: number;
  /** Greatest value that passes; for metrics where less is better. */
  max?: number;
  /** Whether the version must also be at least as good as the current champion, less `tolerance`. @default false */
  beatChampion?: boolean;
  /** How much worse than the champion is still accepted, in units of the metric. @default 0 */
  tolerance?: number;
}

/** Hyper-parameter search in place of a single training. */
export interface TuneSpec {
  /** Number of trials, 2 to 500. @default 20 */
  trials?: number;
  /** Trials at the same time, 1 to 32. @default 1 */
  parallelism?: number;
}

/** Approval by a person between gate and registration. */
export interface ApprovalSpec {
  /** How long a version waits before it counts as refused. @default "7d" */
  timeout?: string;
}

/** Training pipeline: ingest, curate, preprocess, train or tune, evaluate, gate, approve, register, deploy. */
export interface TrainingSpec {
  /** Cron expression of five fields; days of the month or of the week, not both. @default - no schedule */
  schedule?: string;
  /** IANA time zone of the schedule, e.g. `Europe/Rome`. @default "UTC" */
  timezone?: string;
  /** What else starts a run. @default [] */
  retrainOn?: RetrainTrigger[];
  /** Least time between two runs that triggers have started. @default "24h" */
  cooldown?: string;
  /** Quality a version must have to go on. */
  gate: GateSpec;
  /** Built-in algorithm. @default "gradient-boosting" */
  algorithm?: Algorithm;
  /** Hyper-parameters handed to the algorithm. @default {} */
  hyperparameters?: Record<string, string | number | boolean>;
  /** Hyper-parameter search. @default - none: one training with `hyperparameters` */
  tune?: TuneSpec;
  /** Manual approval. @default - none */
  approval?: ApprovalSpec;
  /** Share of the rows held out for evaluation, in (0, 0.5]. @default 0.2 */
  testShare?: number;
  /** Seed of every random choice. @default 42 */
  seed?: number;
  /** How single steps run. @default {} */
  steps?: Partial<Record<TrainingStep, StepSpec>>;
}

/** Batch inference with the champion. */
export interface BatchSpec {
  /** Cron expression of five fields; days of the month or of the week, not both. @default - on demand only */
  schedule?: string;
  /** IANA time zone of the schedule, e.g. `Europe/Rome`. @default "UTC" */
  timezone?: string;
  /** Place of the input: a prefix in the raw or curated zone. @default - the training data's `path` */
  input?: string;
  /** Size of one instance. @default "S" */
  size?: Size;
  /** Number of instances that share the input files. @default 1 */
  instances?: number;
  /** Whether interruptible capacity may be used. @default false */
  spot?: boolean;
  /** How often a failed attempt is repeated, 0 to 10. @default 2 */
  retries?: number;
  /** Time limit of one attempt. @default "1h" */
  timeout?: string;
}
