import type { Plain, Recorded } from "./recorded";

/** Where a stack reads and writes metrics of CloudWatch. */
export interface UsedMetrics {
  /** Namespace, name and dimensions of each metric that an alarm looks at. */
  readonly alarms: readonly string[];
  /** The same of dashboards. */
  readonly dashboards: readonly string[];
  /** Namespaces that jobs are told to write to. */
  readonly written: readonly string[];
  /** Namespaces that roles may write to. */
  readonly permitted: readonly string[];
}

const keyOf = (namespace: string, name: string, dimensions: Readonly<Record<string, string>>): string =>
  JSON.stringify([namespace, name, ...Object.entries(dimensions).sort(([a], [b]) => a.localeCompare(b))]);

const unique = (values: readonly string[]): string[] => [...new Set(values)].sort();

/** The metrics of a recorded stack. */
export function metricsOf({ ofKind }: Recorded): UsedMetrics {
  const queries: Plain[] = ofKind("MetricAlarm").flatMap(({ inputs }) => inputs.metricQueries as Plain[]);
  const widgets: Plain[] = ofKind("Dashboard").flatMap(({ inputs }) => JSON.parse(String(inputs.dashboardBody)).widgets);
  const statements: Plain[] = ofKind("RolePolicy").flatMap(({ inputs }) => JSON.parse(String(inputs.policy)).Statement);
  const sinks = ofKind("StateMachine").flatMap(({ inputs }) => String(inputs.definition).match(/(?<="cloudwatch:)[^"]+/g) ?? []);
  return {
    alarms: unique(
      queries.flatMap(({ metric }) => (metric ? [keyOf(metric.namespace, metric.metricName, metric.dimensions)] : [])),
    ),
    dashboards: unique(widgets.flatMap(({ properties }) => (properties.metrics ?? []).flatMap(dashboardMetric))),
    written: unique(sinks),
    permitted: unique(statements.flatMap(({ Condition }) => Condition?.StringEquals?.["cloudwatch:namespace"] ?? [])),
  };
}

/** A metric as dashboards write it: namespace, name, then names and values of dimensions in turn, and how it is drawn. */
function dashboardMetric(row: Plain[]): string[] {
  const [namespace, name, ...rest] = row.filter((part): part is string => typeof part === "string");
  if (namespace === undefined || name === undefined) return [];
  const dimensions = Object.fromEntries(rest.flatMap((part, index) => (index % 2 === 0 ? [[part, rest[index + 1] ?? ""]] : [])));
  return [keyOf(namespace, name, dimensions)];
}
