import {
  type FallbackRule,
  type KpiId,
  kpiCatalogue,
  kpiIds,
  type ResolvedEndpointSpec,
  type RolloutSpec,
  runbook,
} from "@cyclops/core";
import { shadowVariant } from "./endpoint-config";
import { judgedMetric, kpiMetric, type MetricQuery, type MonitoredEndpoint, type MonitoredModel } from "./monitored-model";
import { type Silence, silenceOf } from "./silence";

export type Severity = "warn" | "critical";

/** A query of an alarm, as CloudWatch has it. */
interface AlarmQuery {
  readonly id: string;
  readonly expression?: string;
  readonly label?: string;
  readonly returnData: boolean;
  readonly metric?: {
    readonly namespace: string;
    readonly metricName: string;
    readonly dimensions: Readonly<Record<string, string>>;
    readonly period: number;
    readonly stat: string;
  };
}

/** An alarm of CloudWatch without its name and its actions. */
export interface Alarm {
  /** Part of its name, e.g. `feature-psi-max-critical`. */
  readonly key: string;
  readonly severity: Severity;
  readonly args: {
    readonly alarmDescription: string;
    readonly comparisonOperator: string;
    readonly evaluationPeriods: number;
    readonly datapointsToAlarm: number;
    readonly threshold?: number;
    /** Id of the band of an anomaly alarm. */
    readonly thresholdMetricId?: string;
    readonly treatMissingData: "ignore" | "notBreaching" | "breaching" | "missing";
    /** For how long it judges nothing after it was made. @default - it judges at once */
    readonly warmUpConfiguration?: Silence["args"]["warmUpConfiguration"];
    readonly metricQueries: readonly AlarmQuery[];
  };
}

/** Period of the metrics that SageMaker measures, in seconds: long enough for the samples that a judgement needs. */
const livePeriod = 300;
/** A day: reports that are further apart are looked at one by one. */
const longestPeriod = 86_400;
/** Width of the band of an anomaly alarm, in standard deviations: wide, as there is no threshold that somebody has set. */
const bandWidth = 4;

const operators = {
  "<": "LessThanThreshold",
  ">": "GreaterThanThreshold",
  ">=": "GreaterThanOrEqualToThreshold",
} as const;

/**
 * Alarms of one model: for every KPI one at least, with the thresholds that the monitor judges by. A value behind fewer than `minSamples`
 * rows or requests is none. Between two reports an alarm stays as it is; that reports come is watched by an alarm of its own.
 */
export function kpiAlarms(model: MonitoredModel): Alarm[] {
  return [...kpiIds.flatMap((id) => alarmsOf(id, model)), ...overdueAlarm(model)];
}

function alarmsOf(id: KpiId, model: MonitoredModel): Alarm[] {
  const { warn, critical, operator } = model.thresholds[id];
  const bounds = [["warn", warn] as const, ["critical", critical] as const].flatMap(([severity, bound]) =>
    bound === null ? [] : [alarm(id, model, severity, { operator: operators[operator], threshold: bound })],
  );
  const { fallback } = kpiCatalogue[id];
  return bounds.length === 0 && fallback ? [fallbackAlarm(id, model, fallback)] : bounds;
}

interface Condition {
  readonly operator: string;
  readonly threshold: number;
}

function alarm(id: KpiId, model: MonitoredModel, severity: Severity, { operator, threshold }: Condition): Alarm {
  const { live } = judgedMetric(id, model);
  const kpi = kpiCatalogue[id];
  return {
    key: `${dashed(id)}-${severity}`,
    severity,
    args: {
      alarmDescription: description(id, model, `${severity} at ${threshold} ${kpi.unit}`),
      comparisonOperator: operator,
      // An autoscaler needs minutes to answer load with replicas: a warning is about what lasts longer.
      evaluationPeriods: live && severity === "warn" ? 2 : 1,
      datapointsToAlarm: live && severity === "warn" ? 2 : 1,
      threshold,
      treatMissingData: live ? "notBreaching" : "ignore",
      metricQueries: gated(id, model),
    },
  };
}

/** The KPI's metrics, and its value where enough is behind it. */
function gated(id: KpiId, model: MonitoredModel): AlarmQuery[] {
  const { queries, samples, live } = judgedMetric(id, model);
  const { minSamples } = model.thresholds[id];
  const period = live ? livePeriod : reportPeriod(model);
  const value = queries.at(-1);
  if (minSamples === 0)
    return withResult(
      queries.filter((query) => query === value || query.id !== samples || uses(value, samples)),
      period,
    );
  return withResult([...queries, { id: "judged", expression: `IF(${samples} >= ${minSamples}, ${id})` }], period);
}

const uses = (query: MetricQuery | undefined, id: string): boolean =>
  query !== undefined && "expression" in query && new RegExp(`\\b${id}\\b`).test(query.expression);

/** Whole hours, as the monitor runs: one report in each period. */
const reportPeriod = ({ interval }: MonitoredModel): number => Math.min(Math.ceil(interval / 3600) * 3600, longestPeriod);

function withResult(queries: readonly MetricQuery[], period: number): AlarmQuery[] {
  return queries.map((query, index) => {
    const returnData = index === queries.length - 1;
    if ("expression" in query) return { id: query.id, expression: query.expression, label: query.id, returnData };
    const { id, ...metric } = query;
    return { id, returnData, metric: { ...metric, period } };
  });
}

function fallbackAlarm(id: KpiId, model: MonitoredModel, rule: FallbackRule): Alarm {
  const { direction } = model.thresholds[id];
  switch (rule.kind) {
    case "value":
      return alarm(id, model, "warn", { operator: operators[direction === "up" ? "<" : ">="], threshold: rule.warn });
    case "change": {
      const queries = gated(id, model).map((query) => ({ ...query, returnData: query.id === "judged" || query.id === id }));
      const last = queries.at(-1)?.id ?? id;
      return {
        key: `${dashed(id)}-warn`,
        severity: "warn",
        args: {
          alarmDescription: description(id, model, "warn when it leaves what it usually is"),
          comparisonOperator: direction === "up" ? "LessThanLowerThreshold" : "GreaterThanUpperThreshold",
          evaluationPeriods: 1,
          datapointsToAlarm: 1,
          thresholdMetricId: "band",
          treatMissingData: "ignore",
          metricQueries: [
            ...queries.map((query) => ({ ...query, returnData: query.id === last })),
            // CloudWatch learns what is usual from two weeks of values.
            { id: "band", expression: `ANOMALY_DETECTION_BAND(${last}, ${bandWidth})`, label: "usual", returnData: true },
          ],
        },
      };
    }
    case "stopped":
      return stoppedAlarm(id, model);
  }
}

/** No request for an hour where there were some. Where there never were any, FILL has nothing to fill, and the alarm stays as it is. */
function stoppedAlarm(id: KpiId, model: MonitoredModel): Alarm {
  const { queries } = kpiMetric(id, model);
  const period = model.endpoint ? 3600 : reportPeriod(model);
  const used = queries.filter((query) => query.id !== "samples");
  return {
    key: `${dashed(id)}-warn`,
    severity: "warn",
    args: {
      alarmDescription: description(id, model, "warn when it stops"),
      comparisonOperator: "LessThanOrEqualToThreshold",
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      threshold: 0,
      treatMissingData: "ignore",
      metricQueries: withResult([...used, { id: "stopped", expression: `FILL(${id}, 0)` }], period),
    },
  };
}

/**
 * The monitor has not reported: no number of samples, which every report has, for more than an interval. None where reports are further
 * apart than an alarm looks back: there, starts that fail are watched.
 */
function overdueAlarm(model: MonitoredModel): Alarm[] {
  const silence = silenceOf(model.interval);
  if (!silence) return [];
  const { queries } = kpiMetric("data_freshness", model);
  const args: Alarm["args"] = {
    ...silence.args,
    alarmDescription: `The monitor of ${model.model} is overdue (${model.stack}/${model.environment}): KPIs are those of its last report. What to do: ${runbook("concepts/kpis.md", "monitor", model.runbooks)}`,
    comparisonOperator: "LessThanThreshold",
    threshold: 0,
    metricQueries: withResult(queries.slice(0, 1), silence.period),
  };
  return [{ key: "monitor-overdue", severity: "warn", args }];
}

/** Anything critical: one thing to look at, and to hold deployments by. */
export const criticalRule = (alarmNames: readonly string[]): string => alarmNames.map((name) => `ALARM("${name}")`).join(" OR ");

/**
 * The alarm that rolls a deployment back. SageMaker counts the requests of a variant, not of its old and new fleet: during a canary all
 * failures are taken for the new version's, so that the bound is its share of the version's bound.
 */
export const rollbackAlarm = (
  endpoint: Pick<MonitoredEndpoint, "name" | "variant">,
  { rollout }: Pick<ResolvedEndpointSpec, "rollout">,
): Alarm =>
  failures("rollback", endpoint, rollout.maxErrorRate * shareOf(rollout), `A new version of ${endpoint.name} fails too often`);

/** The alarm that takes a new version away that gets copies of requests. */
export const shadowAlarm = (
  endpoint: Pick<MonitoredEndpoint, "name">,
  { rollout }: Pick<ResolvedEndpointSpec, "rollout">,
): Alarm =>
  failures(
    "shadow",
    { name: endpoint.name, variant: shadowVariant },
    rollout.maxErrorRate,
    `A new version of ${endpoint.name} fails on copies of requests`,
  );

const shareOf = ({ strategy, percent }: Pick<Required<RolloutSpec>, "strategy" | "percent">): number =>
  strategy === "canary" ? percent / 100 : 1;

function failures(key: string, endpoint: Pick<MonitoredEndpoint, "name" | "variant">, bound: number, text: string): Alarm {
  const dimensions = { EndpointName: endpoint.name, VariantName: endpoint.variant };
  const common = { namespace: "AWS/SageMaker", stat: "Sum", dimensions };
  return {
    key,
    severity: "critical",
    args: {
      alarmDescription: `${text}: more than ${+(bound * 100).toPrecision(4)}% of the requests of a minute.`,
      comparisonOperator: "GreaterThanThreshold",
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      threshold: bound,
      treatMissingData: "notBreaching",
      metricQueries: withResult(
        [
          { id: "requests", metricName: "Invocations", ...common },
          { id: "errors", metricName: "Invocation5XXErrors", ...common },
          { id: "failed", expression: "errors / requests" },
        ],
        60,
      ),
    },
  };
}

const dashed = (id: KpiId): string => id.replaceAll("_", "-");

function description(id: KpiId, { model, stack, environment, runbooks }: MonitoredModel, found: string): string {
  const kpi = kpiCatalogue[id];
  return `${kpi.title} of ${model} (${stack}/${environment}): ${found}. ${kpi.description} What to do: ${runbook("concepts/kpis.md", id, runbooks)}`;
}
