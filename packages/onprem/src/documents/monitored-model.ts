import {
  type EffectiveThresholds,
  effectiveThresholds,
  type KpiId,
  kpiCatalogue,
  longestInterval,
  type ResolvedModelSpec,
  runbook,
  type StackContext,
} from "@cyclops/core";

/** What the alert rules and the dashboard of one model depend on. */
export interface MonitoredModel {
  readonly stack: string;
  readonly environment: string;
  /** What tells stacks of one name apart where several are shown. */
  readonly instance: string;
  readonly model: string;
  /** When each KPI alerts. */
  readonly thresholds: EffectiveThresholds;
  /** Greatest time between two runs of the monitor, in seconds. */
  readonly interval: number;
  /** Whether scorers serve it: their series are then watched, else the monitor's values only. */
  readonly endpoint: boolean;
  /** Namespace of the platform, and so of all that is told of the model; needed where one Prometheus scrapes several. @default - whatever the series say */
  readonly namespace?: string | undefined;
  /** Address of the folder with the runbooks. @default - see `runbook` */
  readonly runbooks?: string | undefined;
}

/** A model's part of its spec that monitoring depends on. @throws Error where the model has no monitoring */
export function monitoredModel(input: {
  context: Pick<StackContext, "name" | "environment">;
  instance: string;
  model: string;
  spec: ResolvedModelSpec;
  namespace?: string;
  runbooks?: string;
}): MonitoredModel {
  const { context, instance, model, spec } = input;
  if (!spec.monitoring) throw new Error(`${model} has no monitoring`);
  return {
    stack: context.name,
    environment: context.environment,
    instance,
    model,
    thresholds: effectiveThresholds(spec),
    // A schedule that does not run twice within two years is overdue after one.
    interval: longestInterval(spec.monitoring.schedule) ?? 365 * 86_400,
    endpoint: spec.endpoint !== undefined,
    namespace: input.namespace,
    runbooks: input.runbooks,
  };
}

/** Place of what to do about an alert. */
export const runbookUrl = ({ runbooks }: MonitoredModel, topic: string) => runbook("concepts/kpis.md", topic, runbooks);

/** Selector of PromQL, e.g. `up{job="a"}`; matchers without a value are left out. */
export function selector(metric: string, matchers: Readonly<Record<string, string | undefined>>, ...others: string[]): string {
  const equal = Object.entries(matchers).flatMap(([label, value]) =>
    value === undefined ? [] : [`${label}=${JSON.stringify(value)}`],
  );
  const all = [...equal, ...others];
  return all.length === 0 ? metric : `${metric}{${all.join(",")}}`;
}

/** Labels of what is told of one model by others than its scorers. Instances of one spec differ in the namespace alone. */
const ofModel = ({ namespace, stack, environment, model }: MonitoredModel) => ({ namespace, stack, environment, model });

/**
 * Selector of what the monitor has pushed for a model, of all KPIs or of some. The namespace is that of the Pushgateway, by its target's
 * label: pushed series have none, and the operator labels every target of a ServiceMonitor with it.
 * https://github.com/prometheus-operator/prometheus-operator/blob/002266347d12f6ee0ef0b4a774dfcc613d2d9547/pkg/prometheus/promcfg.go
 */
export function pushed(metric: string, monitored: MonitoredModel, kpis?: KpiId | readonly KpiId[]): string {
  const labels = ofModel(monitored);
  if (typeof kpis === "string") return selector(metric, { ...labels, kpi: kpis });
  return selector(metric, labels, ...(kpis ? [`kpi=~"${kpis.join("|")}"`] : []));
}

/** What the thresholds of a KPI of the monitor are compared with: its value, or what chance does not explain of it. */
export const judgedSeries = (id: KpiId): string => (kpiCatalogue[id].beyondChance ? "mlops_kpi_judged" : "mlops_kpi");

/** Selector of the time of the monitor's last report. The job's name is the runtime's (`monitoring/sinks.py`). */
export const pushTime = (model: MonitoredModel) => selector("push_time_seconds", { job: "cyclops-monitor", ...ofModel(model) });

/** Selector of the series that Prometheus keeps of the alerts about a model. */
export const alertsOf = (model: MonitoredModel) => selector("ALERTS", ofModel(model));

/** Selector of what the scorers of a model tell, or is recorded from it. */
export const served = (metric: string, { namespace, model }: MonitoredModel, ...others: string[]) =>
  selector(metric, { namespace, model }, ...others);
