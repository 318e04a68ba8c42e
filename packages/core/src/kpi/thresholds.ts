import type { ResolvedModelSpec } from "../spec/schema";
import { type KpiId, kpiCatalogue, kpiIds } from "./catalogue";
import { longestInterval } from "./interval";

/** When a KPI of one model alerts. */
export interface EffectiveThreshold {
  /** Whether more is better; for model_quality as the gate's metric says. */
  readonly direction: "up" | "down";
  /** How a value is compared with a threshold that it breaks: `value <operator> threshold`. */
  readonly operator: "<" | ">" | ">=";
  /** Threshold of the warning; `null`: none, see the catalogue's `fallback`. */
  readonly warn: number | null;
  /** Threshold of the critical alert; `null`: none. */
  readonly critical: number | null;
  /** Least number of rows or requests behind a value that may alert. */
  readonly minSamples: number;
  /** Least time between two alerts of the same severity, e.g. `24h`. */
  readonly cooldown: string;
}

/** The thresholds of all KPIs of one model. */
export type EffectiveThresholds = Readonly<Record<KpiId, EffectiveThreshold>>;

const lessIsBetter = new Set<string>(["rmse", "mae", "mape", "log_loss"]);

/** The parts of a model's spec that thresholds follow from; any of them may be missing or wrong. */
interface ThresholdBasis {
  readonly gate?: { readonly metric?: string; readonly min?: number; readonly max?: number } | undefined;
  readonly schedule?: string | undefined;
}

type Bounds = Pick<EffectiveThreshold, "direction" | "warn" | "critical">;

/** Direction and thresholds of a KPI where the spec overrides none: those of the catalogue, the gate or the training schedule. */
export function defaultBounds(id: KpiId, { gate, schedule }: ThresholdBasis): Bounds {
  const { direction, warn, critical } = kpiCatalogue[id];
  if (id === "model_quality") {
    const less = lessIsBetter.has(gate?.metric ?? "");
    const bound = (less ? gate?.max : gate?.min) ?? null;
    return { direction: less ? "down" : "up", warn: bound, critical: bound };
  }
  if (id === "data_freshness") {
    const interval = schedule === undefined ? undefined : longestInterval(schedule);
    if (interval !== undefined) return { direction, warn: interval, critical: 2 * interval };
  }
  return { direction, warn, critical };
}

/**
 * Thresholds of all KPIs of a model: the catalogue's, those that follow from gate and training schedule, and over both those of
 * `monitoring.thresholds`. The runtime's monitor computes the same (`monitoring/kpis.py`).
 */
export function effectiveThresholds({ training, monitoring }: ResolvedModelSpec): EffectiveThresholds {
  const entries = kpiIds.map((id): [KpiId, EffectiveThreshold] => {
    const bounds = defaultBounds(id, training);
    const { minSamples, cooldown } = kpiCatalogue[id];
    const { warn = bounds.warn, critical = bounds.critical, ...others } = monitoring?.thresholds[id] ?? {};
    const sampling = { minSamples: others.minSamples ?? minSamples, cooldown: others.cooldown ?? cooldown };
    return [id, { ...bounds, operator: operatorOf(id, bounds.direction), warn, critical, ...sampling }];
  });
  return Object.fromEntries(entries) as EffectiveThresholds;
}

// A gate lets a version through whose metric is exactly its bound, so that value is no alert either.
function operatorOf(id: KpiId, direction: "up" | "down"): EffectiveThreshold["operator"] {
  if (direction === "up") return "<";
  return id === "model_quality" ? ">" : ">=";
}
