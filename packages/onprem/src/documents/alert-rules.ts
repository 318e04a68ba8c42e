import {
  durationSeconds,
  type FallbackRule,
  type Kpi,
  type KpiId,
  kpiCatalogue,
  kpiIds,
  scheduleGraceSeconds,
} from "@cyclops/core";
import { judgedSeries, type MonitoredModel, pushed, pushTime, runbookUrl, served } from "./monitored-model";
import { type AlertRule, type RuleFile, recorded, recordedHourly, requestsIn } from "./recording-rules";

export type Severity = "warn" | "critical";

/**
 * Values of the label `repeat` of every alert: how often Alertmanager may repeat it while it goes on, as `repeat_interval` of a route each.
 * A cooldown of the spec becomes the next longer one.
 */
export const repeatIntervals = ["1h", "6h", "24h", "7d"] as const;

/** Values of the label `kpi` of the alerts that are about no KPI, but about the monitor or the scorers. */
const alertTopics = { monitor: "monitor", scorers: "scorers" } as const;

/**
 * Alert rules of one model. Every KPI has at least one.
 *
 * - A KPI of the monitor alerts on one report: each rests on a whole window of rows, and where chance may explain a value, what it does
 *   not explain is compared. A KPI that is served live alerts when it has been bad
 *   for minutes, judged over the shortest window, five minutes or an hour, that holds `minSamples` requests.
 * - Nothing alerts on missing data as if it were a bad value: a monitor that is overdue, and a KPI that has lost its value, have rules of
 *   their own.
 * - `keep_firing_for` is the KPI's cooldown: a value that comes and goes alerts once, not each time.
 * - Labels: `severity`, `kpi`, `model`, `stack`, `environment`, `repeat`; a critical alert inhibits the warning with equal `stack`,
 *   `environment`, `model` and `kpi` (Alertmanager's part).
 */
export function alertRules(model: MonitoredModel): RuleFile<AlertRule> {
  const name = `cyclops-${model.stack}-${model.environment}-${model.model}`;
  const groups = [
    { name: `${name}-kpis`, rules: kpiIds.flatMap((id) => kpiRules(id, model)) },
    { name: `${name}-monitor`, rules: monitorRules(model) },
    ...(model.endpoint ? [{ name: `${name}-scorers`, rules: scorerRules(model) }] : []),
  ];
  return { groups };
}

function kpiRules(id: KpiId, model: MonitoredModel): AlertRule[] {
  const kpi = kpiCatalogue[id];
  const threshold = model.thresholds[id];
  const bounds = [["warn", threshold.warn] as const, ["critical", threshold.critical] as const].flatMap(([severity, bound]) =>
    bound === null ? [] : [{ severity, bound }],
  );
  const rules = bounds.map(({ severity, bound }) =>
    kpiRule(id, model, severity, {
      expr: isLive(id, model) ? liveExpression(id, model, bound) : monitorExpression(id, model, String(bound)),
      for: isLive(id, model) ? liveDelays[id][severity] : undefined,
      found: `is ${shownValue(kpi)}: ${severity} ${words[threshold.operator]} ${shownBound(kpi, bound)}`,
    }),
  );
  return rules.length === 0 && kpi.fallback ? [kpiRule(id, model, "warn", fallback(id, model, kpi.fallback))] : rules;
}

const words = { "<": "below", ">": "above", ">=": "at or above" } as const;

interface Condition {
  readonly expr: string;
  readonly for?: string | undefined;
  /** What has been found, as the middle of a sentence that begins with the KPI. */
  readonly found: string;
}

function kpiRule(id: KpiId, model: MonitoredModel, severity: Severity, { expr, for: duration, found }: Condition): AlertRule {
  const kpi = kpiCatalogue[id];
  const { cooldown } = model.thresholds[id];
  return {
    alert: `Cyclops${id.replace(/(^|_)(\w)/g, (_all, _before, letter: string) => letter.toUpperCase())}`,
    expr,
    ...(duration === undefined ? {} : { for: duration }),
    keep_firing_for: cooldown,
    labels: { kpi: id, ...labelsOf(model, severity, cooldown) },
    annotations: annotationsOf(model, `${kpi.title} of ${model.model}: ${severity}`, `${id} ${found}. ${kpi.description}`, id),
  };
}

// KPIs of the monitor ----------------------------------------------------------------------------------------------------------

/** The newest value; one series without the version, so that a new version of the model is not a new alert. */
const value = (id: KpiId, model: MonitoredModel) => `max by (kpi) (${pushed(judgedSeries(id), model, id)})`;

function monitorExpression(id: KpiId, model: MonitoredModel, bound: string, operator: string = model.thresholds[id].operator) {
  const { minSamples } = model.thresholds[id];
  const enough = minSamples > 0 ? ` and on (kpi) max by (kpi) (${pushed("mlops_kpi_samples", model, id)}) >= ${minSamples}` : "";
  return `${value(id, model)} ${operator} ${bound}${enough}`;
}

function fallback(id: KpiId, model: MonitoredModel, rule: FallbackRule): Condition {
  const kpi = kpiCatalogue[id];
  switch (rule.kind) {
    case "value":
      return {
        expr: monitorExpression(id, model, String(rule.warn)),
        found: `is ${shownValue(kpi)}: warn from ${shownBound(kpi, rule.warn)} on`,
      };
    case "change": {
      const series = pushed("mlops_kpi", model, id);
      const average = `avg by (kpi) (avg_over_time(${series}[${rule.over}]))`;
      const [operator, sign] = model.thresholds[id].direction === "up" ? ["<", "-"] : [">", "+"];
      const worse = `(${average} ${sign} ${rule.by} * abs(${average}))`;
      return {
        expr: `${monitorExpression(id, model, worse, operator)} and on (kpi) max by (kpi) (${series} offset 1d)`,
        found: `is ${shownValue(kpi)}: ${Math.round(rule.by * 100)}% worse than its average of ${rule.over}`,
      };
    }
    case "stopped":
      return { ...stopped(id, model, rule), for: rule.for, found: `is zero for ${rule.for}, and was not within ${rule.after}` };
  }
}

function stopped(id: KpiId, model: MonitoredModel, { after }: { readonly after: string }): { expr: string } {
  if (!isLive(id, model)) {
    const before = `max by (kpi) (max_over_time(${pushed("mlops_kpi", model, id)}[${after}]))`;
    return { expr: `${value(id, model)} == 0 and on (kpi) ${before} > 0` };
  }
  // Scorers without a model answer nothing, and that is told otherwise; nor is a series there before the first request.
  const ready = `count ${sameModel} (${served("cyclops_model_info", model, 'role="champion"')})`;
  const throughput = served(recorded[id], model);
  return { expr: `${ready} unless ${onModel} ${throughput} > 0 and ${onModel} max_over_time(${throughput}[${after}]) > 0` };
}

// KPIs of serving, live ----------------------------------------------------------------------------------------------------------

type LiveKpi = keyof typeof recorded;

const sameModel = "by (namespace, model)";
const onModel = "on (namespace, model)";

/** Whether the scorers' own series tell the KPI; without an endpoint it is what the monitor reports. */
function isLive(id: KpiId, { endpoint }: MonitoredModel): id is LiveKpi {
  return endpoint && id in recorded;
}

// An autoscaler needs minutes to answer load with replicas: only what lasts longer is worth a person's time.
const liveDelays: Readonly<Record<LiveKpi, Readonly<Record<Severity, string>>>> = {
  latency_p95: { warn: "5m", critical: "2m" },
  error_rate: { warn: "5m", critical: "2m" },
  throughput: { warn: "15m", critical: "15m" },
  saturation: { warn: "15m", critical: "5m" },
};

function liveExpression(id: LiveKpi, model: MonitoredModel, bound: number): string {
  const { operator, minSamples } = model.thresholds[id];
  const short = `${served(recorded[id], model)} ${operator} ${bound}`;
  if (minSamples === 0) return short;
  const enough = (samples: string) => `${onModel} ${samples} >= ${minSamples}`;
  if (id === "saturation") return `${short} and ${enough(`count ${sameModel} (${served("cyclops_inflight_requests", model)})`)}`;
  const [inFive, inHour] = [served(requestsIn["5m"], model), served(requestsIn["1h"], model)];
  if (id === "throughput") return `${short} and ${enough(inHour)}`;
  const long = `${served(recordedHourly[id], model)} ${operator} ${bound}`;
  return `${short} and ${enough(inFive)} or ${long} and ${enough(inHour)} unless ${enough(inFive)}`;
}

// Monitor and scorers ------------------------------------------------------------------------------------------------------------

/** KPIs that every report has once it had them: they need neither labels nor requests in the window. */
const steadyKpis: readonly KpiId[] = [
  "missing_rate",
  "constraint_violation_rate",
  "data_freshness",
  "drifted_feature_share",
  "feature_psi_max",
  "prediction_drift",
];

function monitorRules(model: MonitoredModel): AlertRule[] {
  const { model: name, interval } = model;
  const limits = { warn: interval + scheduleGraceSeconds, critical: 3 * interval + scheduleGraceSeconds } as const;
  const topic = alertTopics.monitor;
  const overdue = (["warn", "critical"] as const).map((severity) => ({
    alert: "CyclopsMonitorOverdue",
    expr: `time() - max by (model) (${pushTime(model)}) > ${limits[severity]}`,
    labels: { kpi: topic, ...labelsOf(model, severity, "6h") },
    annotations: annotationsOf(
      model,
      `The monitor of ${name} is overdue`,
      "The last report is {{ $value | humanizeDuration }} old: the KPIs that are not live are those of then.",
      topic,
    ),
  }));
  const [samples, values] = ["mlops_kpi_samples", "mlops_kpi"].map(
    (metric) => `max by (kpi) (${pushed(metric, model, steadyKpis)})`,
  );
  const before = `max by (kpi) (last_over_time(${pushed("mlops_kpi", model, steadyKpis)}[7d]))`;
  return [
    ...overdue,
    {
      alert: "CyclopsMonitorSilent",
      expr: `absent(${pushTime(model)})`,
      for: `${limits.warn}s`,
      labels: { kpi: topic, ...labelsOf(model, "warn", "6h") },
      annotations: annotationsOf(
        model,
        `The monitor of ${name} has not reported`,
        "Prometheus knows no report: the monitor has not run, or could not reach the Pushgateway.",
        topic,
      ),
    },
    {
      alert: "CyclopsKpiWithoutValue",
      expr: `${samples} unless on (kpi) ${values} and on (kpi) ${before}`,
      for: `${limits.warn}s`,
      // The label `kpi` comes from the series.
      labels: labelsOf(model, "warn", "24h"),
      annotations: annotationsOf(
        model,
        `{{ $labels.kpi }} of ${name} has no value`,
        "It had one within seven days. The newest report in the predictions zone gives the reason.",
        topic,
      ),
    },
  ];
}

function scorerRules(model: MonitoredModel): AlertRule[] {
  const topic = alertTopics.scorers;
  const labels = { kpi: topic, ...labelsOf(model, "critical", "1h") };
  const scorers = served("cyclops_inflight_requests", model);
  const champions = served("cyclops_model_info", model, 'role="champion"');
  return [
    {
      alert: "CyclopsScorersDown",
      expr: `absent(${scorers})`,
      for: "5m",
      labels,
      annotations: annotationsOf(
        model,
        `No scorer of ${model.model} answers`,
        "Prometheus reaches none of the model's scorers: requests fail.",
        topic,
      ),
    },
    {
      // Not before the first model: until then 503 is the right answer.
      alert: "CyclopsScorersWithoutModel",
      expr: `count ${sameModel} (${scorers}) unless ${onModel} count ${sameModel} (${champions}) and ${onModel} count ${sameModel} (max_over_time(${champions}[1d]))`,
      for: "5m",
      labels,
      annotations: annotationsOf(
        model,
        `The scorers of ${model.model} have lost their model`,
        "{{ $value }} scorers run and none has the champion in memory, which one had within a day: requests are answered with 503.",
        topic,
      ),
    },
  ];
}

// Texts ---------------------------------------------------------------------------------------------------------------------------

/** Labels of an alert besides the KPI. */
function labelsOf({ stack, environment, model }: MonitoredModel, severity: Severity, cooldown: string) {
  const repeat = repeatIntervals.find((interval) => durationSeconds(interval) >= durationSeconds(cooldown)) ?? "7d";
  return { severity, model, stack, environment, repeat };
}

const annotationsOf = (model: MonitoredModel, summary: string, description: string, topic: string) => ({
  summary: `${summary} (${model.stack}/${model.environment})`,
  description,
  runbook_url: runbookUrl(model, topic),
});

/** Template of the value that has fired. */
function shownValue({ unit }: Kpi): string {
  if (unit === "ratio") return "{{ $value | humanizePercentage }}";
  if (unit === "s") return "{{ $value | humanizeDuration }}";
  return `{{ $value | printf "%.4g" }}${unit === "score" ? "" : ` ${unit}`}`;
}

/** A threshold as the value beside it is shown. */
function shownBound({ unit }: Kpi, bound: number): string {
  if (unit === "ratio") return `${+(bound * 100).toPrecision(6)}%`;
  if (unit === "s") return bound % 3600 === 0 ? `${bound / 3600} h` : `${bound} s`;
  return unit === "score" ? `${bound}` : `${bound} ${unit}`;
}
