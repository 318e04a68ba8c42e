import type { DataSpec } from "./data";
import type { EndpointSpec } from "./endpoint";
import type { MonitoringSpec } from "./monitoring";
import type { BatchSpec, TrainingSpec } from "./training";

/** What the model predicts. */
export const tasks = ["binary-classification", "multiclass-classification", "regression"] as const;
export type Task = (typeof tasks)[number];

/** One model: its data, how it is trained, served and watched. */
export interface ModelSpec {
  /** Kind of prediction; decides metrics, templates and KPIs. */
  task: Task;
  /** Training data and its constraints. */
  data: DataSpec;
  /** Training pipeline and its quality gate. */
  training: TrainingSpec;
  /** Scheduled predictions over a data set. @default - none */
  batch?: BatchSpec;
  /** Online predictions. @default - none */
  endpoint?: EndpointSpec;
  /** KPI computation, thresholds and retraining inputs. @default - none */
  monitoring?: MonitoringSpec;
}
