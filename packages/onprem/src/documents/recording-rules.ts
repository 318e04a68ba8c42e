import type { KpiId } from "@cyclops/core";
import { selector } from "./monitored-model";

/** A file of rules of Prometheus; also the `spec` of a PrometheusRule of its operator. */
export interface RuleFile<Rule = RecordingRule | AlertRule> {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  /** How long the expression must hold. @default - one evaluation */
  readonly for?: string;
  /** How long the alert goes on after the expression has ceased to hold (Prometheus 2.42 or newer). */
  readonly keep_firing_for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Names of the recorded series; labels: `model`, and `namespace` where the scrape configuration sets it. */
export const recorded = {
  latency_p95: "cyclops:latency_p95:milliseconds",
  error_rate: "cyclops:error_rate:ratio",
  throughput: "cyclops:throughput:per_minute",
  saturation: "cyclops:saturation:ratio",
} as const satisfies Partial<Record<KpiId, string>>;

/** The same over an hour, for models with so few requests that five minutes say nothing. */
export const recordedHourly = {
  latency_p95: "cyclops:latency_p95_1h:milliseconds",
  error_rate: "cyclops:error_rate_1h:ratio",
} as const;

/** Requests within a window: what a value over it rests on. */
export const requestsIn = { "5m": "cyclops:requests:increase5m", "1h": "cyclops:requests:increase1h" } as const;

/** Use of a resource against its limit, of the replica that uses most. */
const resourceUse = { cpu: "cyclops:cpu_use:ratio", memory: "cyclops:memory_use:ratio" } as const;

const by = "by (namespace, model)";

/**
 * The KPIs of serving, live, from the series of the scorers (`serving/metrics.py` of the runtime). One document for all models that a
 * Prometheus scrapes. Answers without a model (`version="none"`) are left out, as in the monitor's report.
 *
 * @param namespace only scorers of this namespace. @default - all scorers, told apart by their label `namespace`
 */
export function recordingRules({ namespace }: { namespace?: string } = {}): RuleFile<RecordingRule> {
  const of = (metric: string, ...others: string[]) => selector(metric, { namespace }, ...others);
  const answered = 'version!="none"';
  const requests = (window: string) => `sum ${by} (rate(${of("cyclops_requests_total", answered)}[${window}]))`;
  const latency = (window: string) =>
    `1000 * histogram_quantile(0.95, sum by (namespace, model, le) (rate(${of("cyclops_request_seconds_bucket", answered)}[${window}])))`;
  // Without a failure there is no series of failures: the rate is then zero, and not unknown. Without requests it is unknown.
  const errors = (window: string) =>
    `(sum ${by} (rate(${of("cyclops_requests_total", answered, 'code=~"5.."')}[${window}])) or 0 * ${requests(window)}) / (${requests(window)} > 0)`;
  // Series of the process do not say which model it serves; this one, which every scorer has, does.
  const ofScorer = `on (instance) group_left (namespace, model) (0 * max by (instance, namespace, model) (${of("cyclops_inflight_requests")}) + 1)`;
  const use = (value: string, limit: string) => `max ${by} (max by (instance) (${value} / ${of(limit)}) * ${ofScorer})`;
  const rules: RecordingRule[] = [
    { record: requestsIn["5m"], expr: `sum ${by} (increase(${of("cyclops_requests_total", answered)}[5m]))` },
    { record: requestsIn["1h"], expr: `sum ${by} (increase(${of("cyclops_requests_total", answered)}[1h]))` },
    { record: recorded.throughput, expr: `60 * ${requests("5m")}` },
    { record: recorded.latency_p95, expr: `${latency("5m")} >= 0` },
    { record: recordedHourly.latency_p95, expr: `${latency("1h")} >= 0` },
    { record: recorded.error_rate, expr: errors("5m") },
    { record: recordedHourly.error_rate, expr: errors("1h") },
    { record: resourceUse.cpu, expr: use(`rate(${of("process_cpu_seconds_total")}[5m])`, "cyclops_cpu_limit_cores") },
    { record: resourceUse.memory, expr: use(of("process_resident_memory_bytes"), "cyclops_memory_limit_bytes") },
    // Rules of a group are evaluated in order, so this sees what the two before it have just written.
    {
      record: recorded.saturation,
      expr: `max ${by} (${selector("", { namespace }, `__name__=~"${resourceUse.cpu}|${resourceUse.memory}"`)})`,
    },
  ];
  return { groups: [{ name: "cyclops-serving", rules }] };
}
