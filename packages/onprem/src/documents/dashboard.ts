import { createHash } from "node:crypto";
import type { KpiId } from "@cyclops/core";
import type * as grafana from "@grafana/grafana-foundation-sdk/dashboard";
import {
  alertList,
  capacity,
  champion,
  datasource,
  driftedFeatures,
  type Json,
  kpiSeries,
  kpiStat,
  lastReport,
  type Panel,
  servedVersion,
} from "./dashboard-panels";
import type { MonitoredModel } from "./monitored-model";

interface Placed {
  readonly id: number;
  readonly gridPos: Json<grafana.GridPos>;
}
type Row = Json<Omit<grafana.RowPanel, "panels">> & { readonly title: string; readonly panels: readonly [] };

/** A dashboard of Grafana as plain JSON, as far as others look into it. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly ((Panel | Row) & Placed)[];
  readonly annotations: { readonly list: readonly Json<grafana.AnnotationQuery>[] };
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

/** Width of Grafana's grid. */
const columns = 24;
const heights = { header: 7, row: 1, stat: 3, series: 7, bars: 8 } as const;

/**
 * Dashboard of one model: what fires, then a row per concern, in which every KPI has its value of now and its course with the thresholds of
 * the alerts. The same model gives the same text.
 */
export function modelDashboard(model: MonitoredModel): Dashboard {
  const { stack, environment, instance, model: name } = model;
  const dashboard = {
    uid: `cyclops-${createHash("sha256").update(`${stack}/${instance}/${name}`).digest("hex").slice(0, 16)}`,
    title: `${name} (${stack}/${instance})`,
    description: `The fifteen KPIs of the model ${name}, and what alerts.`,
    tags: [...new Set(["cyclops", stack, environment, instance, name])],
    timezone: "browser",
    editable: true,
    graphTooltip: 1, // the same moment in all panels
    time: { from: "now-7d", to: "now" },
    refresh: "1m",
    schemaVersion: 42,
    templating: {
      list: [
        { type: "datasource", name: "datasource", label: "Data source", query: "prometheus", hide: 0, multi: false, refresh: 1 },
      ],
    },
    annotations: { list: [versions(model)] },
    links: [],
    panels: place(model),
  } satisfies Json<Omit<grafana.Dashboard, "panels">> & Dashboard;
  return dashboard;
}

/** Every query of a dashboard, for whoever wants to run them. They have no variables. */
export function dashboardQueries({ panels, annotations }: Dashboard): string[] {
  return [
    ...panels.flatMap((panel) => ("targets" in panel ? panel.targets.map(({ expr }) => expr) : [])),
    ...annotations.list.flatMap(({ expr }) => (expr === undefined ? [] : [expr])),
  ];
}

/** Marks where another version has become the champion. */
const versions = (model: MonitoredModel): Json<grafana.AnnotationQuery> => ({
  name: "Versions",
  datasource,
  enable: true,
  iconColor: "purple",
  expr: `${champion(model)} unless ${champion(model, " offset 15m")}`,
  step: "60s",
  titleFormat: "version {{version}}",
  tagKeys: "version",
});

/** All panels, from top to bottom, with their numbers and places. */
function place(model: MonitoredModel): Dashboard["panels"] {
  const panels: ((Panel | Row) & Placed)[] = [];
  let y = 0;
  /** A line of panels, side by side. */
  const line = (height: number, widths: readonly number[], content: readonly (Panel | Row)[]) => {
    let x = 0;
    for (const [index, panel] of content.entries()) {
      const w = widths[index] ?? columns / content.length;
      panels.push({ ...panel, id: panels.length + 1, gridPos: { x, y, w, h: height } });
      x += w;
    }
    y += height;
  };
  line(heights.header, [12, 4, 4, 4], [alertList(model), lastReport(model), servedVersion(model), capacity(model)]);
  for (const [title, ids] of Object.entries(concerns)) {
    line(heights.row, [columns], [{ type: "row", id: 0, title, collapsed: false, panels: [] }]);
    line(
      heights.stat,
      [],
      ids.map((id) => kpiStat(id, model)),
    );
    line(
      heights.series,
      [],
      ids.map((id) => kpiSeries(id, model)),
    );
    if (ids.includes("feature_psi_max")) line(heights.bars, [columns], [driftedFeatures(model)]);
  }
  return panels;
}
