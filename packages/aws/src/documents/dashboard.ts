import { type KpiId, kpiCatalogue } from "@cyclops/core";
import { judgedMetric, kpiMetric, type MetricQuery, type MonitoredModel } from "./monitored-model";

/** A widget of a dashboard of CloudWatch. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
interface Widget {
  readonly type: "text" | "metric" | "alarm";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The body of a dashboard. */
export interface DashboardBody {
  readonly start: string;
  readonly periodOverride: "inherit";
  readonly widgets: readonly Widget[];
}

/** The KPIs of each concern, in the order of who is asked: a data scientist, an engineer, the business. */
const concerns: Readonly<Record<string, readonly KpiId[]>> = {
  Quality: ["model_quality", "quality_degradation"],
  Data: ["missing_rate", "constraint_violation_rate", "data_freshness"],
  Drift: ["drifted_feature_share", "feature_psi_max", "prediction_drift"],
  Serving: ["latency_p95", "error_rate", "throughput", "saturation"],
  Fairness: ["fairness_gap"],
  Money: ["cost_per_1k_predictions", "roi"],
};

const columns = 24;
const heights = { alarms: 4, title: 1, now: 3, course: 6 } as const;
const colors = { warn: "#ff7f0e", critical: "#d62728" } as const;

/**
 * Dashboard of one model: the state of its alarms, then a row per concern, in which every KPI has its value of now and its course with the
 * thresholds of the alarms. The same model gives the same text.
 */
export function modelDashboard(model: MonitoredModel, alarmArns: readonly string[]): DashboardBody {
  const widgets: Widget[] = [];
  let y = 0;
  /** A line of widgets, side by side. */
  const line = (height: number, content: readonly Pick<Widget, "type" | "properties">[]) => {
    const width = Math.floor(columns / content.length);
    for (const [index, widget] of content.entries()) widgets.push({ ...widget, x: index * width, y, width, height });
    y += height;
  };
  line(heights.alarms, [
    {
      type: "alarm",
      properties: {
        title: `${model.model} (${model.stack}/${model.environment})`,
        alarms: alarmArns,
        sortBy: "stateUpdatedTimestamp",
      },
    },
  ]);
  for (const [title, ids] of Object.entries(concerns)) {
    line(heights.title, [{ type: "text", properties: { markdown: `## ${title}`, background: "transparent" } }]);
    line(
      heights.now,
      ids.map((id) => now(id, model)),
    );
    line(
      heights.course,
      ids.map((id) => course(id, model)),
    );
  }
  return { start: "-P7D", periodOverride: "inherit", widgets };
}

/** The value of now. */
function now(id: KpiId, model: MonitoredModel): Pick<Widget, "type" | "properties"> {
  return {
    type: "metric",
    properties: { ...shared(id, model), title: kpiCatalogue[id].title, view: "singleValue", sparkline: false },
  };
}

/** The value over time, with its thresholds as lines. */
function course(id: KpiId, model: MonitoredModel): Pick<Widget, "type" | "properties"> {
  const { title, unit } = kpiCatalogue[id];
  const { warn, critical } = model.thresholds[id];
  const horizontal = Object.entries({ warn, critical }).flatMap(([label, value]) =>
    value === null ? [] : [{ label, value, color: label === "warn" ? colors.warn : colors.critical }],
  );
  return {
    type: "metric",
    properties: {
      ...shared(id, model),
      title: `${title} over time`,
      view: "timeSeries",
      stacked: false,
      yAxis: { left: { label: unit, showUnits: false } },
      ...(horizontal.length > 0 ? { annotations: { horizontal } } : {}),
    },
  };
}

function shared(id: KpiId, model: MonitoredModel) {
  const { queries, live } = kpiMetric(id, model);
  const value = queries.at(-1);
  const metrics = queries.flatMap((query): unknown[] => {
    const visible = query === value;
    if (!("expression" in query) && !visible && !(value && "expression" in value)) return [];
    return [metricOf(query, id, visible)];
  });
  const judged = kpiCatalogue[id].beyondChance ? judgedMetric(id, model).queries.at(-1) : undefined;
  if (judged) metrics.push(metricOf({ ...judged, id: "beyond_chance" }, "beyond chance", true));
  return { region: model.region, period: live ? 60 : 3600, metrics };
}

/** A metric as a widget has it. */
function metricOf(query: MetricQuery, label: string, visible: boolean): unknown[] {
  if ("expression" in query) return [{ id: query.id, expression: query.expression, label, visible }];
  const { namespace, metricName, dimensions, id, stat } = query;
  return [namespace, metricName, ...Object.entries(dimensions).flat(), { id, stat, label, visible }];
}
