import { type EffectiveThreshold, type Kpi, type KpiId, kpiCatalogue } from "@cyclops/core";
import type { Options as BarOptions } from "@grafana/grafana-foundation-sdk/bargauge";
import type { GraphFieldConfig, TableFieldOptions } from "@grafana/grafana-foundation-sdk/common";
import type * as grafana from "@grafana/grafana-foundation-sdk/dashboard";
import type { Dataquery } from "@grafana/grafana-foundation-sdk/prometheus";
import type { Options as StatOptions } from "@grafana/grafana-foundation-sdk/stat";
import type { Options as TableOptions } from "@grafana/grafana-foundation-sdk/table";
import type { Options as SeriesOptions } from "@grafana/grafana-foundation-sdk/timeseries";
import { alertsOf, judgedSeries, type MonitoredModel, pushed, pushTime, runbookUrl, served } from "./monitored-model";
import { recorded } from "./recording-rules";

/**
 * Grafana's own types, as the JSON that they become: enums are their values. Only types are taken from its SDK: its builders would be 241
 * more modules to load, a sixth of a second, in every program that declares a stack.
 */
export type Json<T> = T extends string
  ? `${T}`
  : T extends readonly (infer Item)[]
    ? readonly Json<Item>[]
    : T extends object
      ? { readonly [Key in keyof T as Key extends "_implementsDataqueryVariant" ? never : Key]: Json<T[Key]> }
      : T;

/** A query of a panel. */
type Query = Json<Dataquery>;

/** A panel without its place. */
export type Panel = Omit<Json<grafana.Panel>, "targets"> & { readonly title: string; readonly targets: readonly Query[] };

/** The data source that the person who looks has chosen. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of Grafana.
export const datasource = { type: "prometheus", uid: "${datasource}" } as const;

const units: Readonly<Record<Kpi["unit"], string>> = {
  ratio: "percentunit",
  score: "none",
  s: "s",
  ms: "ms",
  "requests/min": "reqpm",
  USD: "currencyUSD",
  PSI: "none",
  JSD: "none",
};

const colors = { good: "green", warn: "orange", critical: "red", unjudged: "blue" } as const;

/** Colours from the thresholds that alerts have. */
export function thresholdSteps({ direction, warn, critical }: Pick<EffectiveThreshold, "direction" | "warn" | "critical">) {
  const steps = (...list: (readonly [number | null, string])[]) => list.map(([value, color]) => ({ value, color }));
  if (warn === null && critical === null) return steps([null, colors.unjudged]);
  if (direction === "down") {
    const first = steps([null, colors.good]);
    if (warn !== null && warn !== critical) first.push({ value: warn, color: colors.warn });
    if (critical !== null) first.push({ value: critical, color: colors.critical });
    return first;
  }
  const first = steps([null, critical === null ? colors.warn : colors.critical]);
  if (critical !== null && warn !== null && warn !== critical) first.push({ value: critical, color: colors.warn });
  first.push({ value: warn ?? critical ?? 0, color: colors.good });
  return first;
}

const query = (expr: string, more: Partial<Query> = {}): Query => ({ refId: "A", datasource, expr, ...more });
const now = (expr: string, more: Partial<Query> = {}) => query(expr, { instant: true, range: false, ...more });

const last = { calcs: ["lastNotNull"], values: false, fields: "" } as const;

const statOptions = {
  graphMode: "none",
  colorMode: "background",
  justifyMode: "center",
  textMode: "value",
  wideLayout: true,
  showPercentChange: false,
  percentChangeColorMode: "standard",
  orientation: "auto",
  reduceOptions: last,
} satisfies Json<StatOptions>;

const seriesOptions = {
  legend: { displayMode: "list", placement: "bottom", showLegend: true, calcs: [] },
  tooltip: { mode: "multi", sort: "none" },
} satisfies Json<SeriesOptions>;

// KPIs ------------------------------------------------------------------------------------------------------------------------

const isLive = (id: KpiId, { endpoint }: MonitoredModel): id is keyof typeof recorded => endpoint && id in recorded;

/** Name of what is judged of a value that chance may explain. */
const beyondChance = "beyond chance";

/** The value of now, in the colour of its thresholds; where chance may explain it, beside what it does not explain, which has the colour. */
export function kpiStat(id: KpiId, model: MonitoredModel): Panel {
  const kpi = kpiCatalogue[id];
  const reported = (metric: string) => `max by (kpi) (${pushed(metric, model, id)})`;
  const expr = isLive(id, model) ? served(recorded[id], model) : reported("mlops_kpi");
  const panel = { ...kpiPanel(id, model), type: "stat", title: kpi.title } as const;
  const config = fieldConfig(kpi, model.thresholds[id], {});
  if (!kpi.beyondChance) return { ...panel, targets: [now(expr)], options: statOptions, fieldConfig: config };
  return {
    ...panel,
    targets: [now(reported(judgedSeries(id)), { legendFormat: beyondChance }), now(expr, { refId: "B", legendFormat: "value" })],
    options: { ...statOptions, textMode: "value_and_name" } satisfies Json<StatOptions>,
    fieldConfig: { ...config, overrides: [unjudged("B")] },
  };
}

/** The series of a query in a colour that says nothing. */
const unjudged = (refId: string): Json<grafana.FieldConfigSource>["overrides"][number] => ({
  matcher: { id: "byFrameRefID", options: refId },
  properties: [{ id: "color", value: { mode: "fixed", fixedColor: colors.unjudged } }],
});

/** The value over time, with its thresholds as lines. */
export function kpiSeries(id: KpiId, model: MonitoredModel): Panel {
  const kpi = kpiCatalogue[id];
  const threshold = model.thresholds[id];
  const reported = `max by (version) (${pushed("mlops_kpi", model, id)})`;
  const live = isLive(id, model);
  const targets = live
    ? [
        query(served(recorded[id], model), { legendFormat: "now" }),
        query(reported, { refId: "B", legendFormat: "report, version {{version}}" }),
      ]
    : [
        query(reported, { legendFormat: "version {{version}}" }),
        ...(kpi.beyondChance
          ? [
              query(`max by (version) (${pushed(judgedSeries(id), model, id)})`, {
                refId: "B",
                legendFormat: `version {{version}}, ${beyondChance}`,
              }),
            ]
          : []),
      ];
  const judged = threshold.warn !== null || threshold.critical !== null;
  const custom: Json<Partial<GraphFieldConfig>> = {
    drawStyle: "line",
    // Between two reports the last one counts.
    lineInterpolation: live ? "linear" : "stepAfter",
    lineWidth: 2,
    fillOpacity: 0,
    showPoints: "never",
    thresholdsStyle: { mode: judged ? "dashed" : "off" },
  };
  return {
    ...kpiPanel(id, model),
    type: "timeseries",
    title: `${kpi.title} over time`,
    targets,
    options: seriesOptions,
    fieldConfig: fieldConfig(kpi, threshold, custom),
  };
}

function kpiPanel(id: KpiId, model: MonitoredModel): Pick<Panel, "description" | "datasource" | "links"> {
  const { description, formula, unit, beyondChance: apart } = kpiCatalogue[id];
  const { warn, critical, operator, minSamples } = model.thresholds[id];
  const bounds = Object.entries({ warn, critical }).flatMap(([name, bound]) =>
    bound === null ? [] : [`${name} ${operator} ${bound}`],
  );
  const judged =
    bounds.length === 0 ? "no thresholds" : `${bounds.join(", ")}${minSamples > 0 ? ` from ${minSamples} samples on` : ""}`;
  const chance = apart ? `, of what is ${beyondChance}: the rest may differ as much without any change` : "";
  const url = runbookUrl(model, id);
  return {
    datasource,
    description: `${id}, ${unit}: ${description} Formula: ${formula}. Alerts: ${judged}${chance}. What to do: ${url}`,
    links: /^https?:/.test(url) ? [link("What to do", url)] : [],
  };
}

const link = (title: string, url: string): Json<grafana.DashboardLink> => ({
  title,
  url,
  type: "link",
  icon: "doc",
  tooltip: "",
  tags: [],
  asDropdown: false,
  targetBlank: true,
  includeVars: false,
  keepTime: false,
});

function fieldConfig(
  { unit }: Pick<Kpi, "unit">,
  threshold: Pick<EffectiveThreshold, "direction" | "warn" | "critical">,
  custom: Json<Partial<GraphFieldConfig>>,
): Json<grafana.FieldConfigSource> {
  return {
    defaults: {
      unit: units[unit],
      noValue: "no data",
      color: { mode: custom.drawStyle === undefined ? "thresholds" : "palette-classic" },
      thresholds: { mode: "absolute", steps: thresholdSteps(threshold) },
      custom,
    },
    overrides: [],
  };
}

// The rest --------------------------------------------------------------------------------------------------------------------

/** Alerts of the model that fire or are about to. */
export function alertList(model: MonitoredModel): Panel {
  const custom: Json<Partial<TableFieldOptions>> = { align: "auto", cellOptions: { type: "auto" } };
  const colored = (value: string, color: string) => ({ type: "value" as const, options: { [value]: { color, index: 0 } } });
  return {
    type: "table",
    title: "Alerts",
    description: "Alerts of this model that fire (firing) or will if it goes on (pending). Empty: none.",
    datasource,
    targets: [now(`max by (alertname, severity, kpi, alertstate) (${alertsOf(model)})`, { format: "table" })],
    options: { frameIndex: 0, showHeader: true, sortBy: [{ displayName: "severity", desc: false }] } satisfies Json<TableOptions>,
    transformations: [{ id: "organize", options: { excludeByName: { Time: true, Value: true } } }],
    fieldConfig: {
      defaults: { custom, noValue: "none" },
      overrides: [
        {
          matcher: { id: "byName", options: "severity" },
          properties: [
            { id: "custom.cellOptions", value: { type: "color-background" } },
            { id: "mappings", value: [colored("warn", colors.warn), colored("critical", colors.critical)] },
          ],
        },
      ],
    },
  };
}

/** Age of the monitor's last report. */
export function lastReport(model: MonitoredModel): Panel {
  const threshold = { direction: "down", warn: model.interval + 3600, critical: 3 * model.interval + 3600 } as const;
  return {
    type: "stat",
    title: "Last report",
    description: "Time since the monitor last reported. KPIs that are not live are those of then.",
    datasource,
    targets: [now(`time() - max by (model) (${pushTime(model)})`)],
    options: statOptions,
    fieldConfig: fieldConfig({ unit: "s" }, threshold, {}),
  };
}

/** Version that serves, else the one that the monitor looked at. */
export function servedVersion(model: MonitoredModel): Panel {
  return {
    type: "stat",
    title: "Version",
    description: "The champion: the version of the model that answers. Changes are marked in every panel.",
    datasource,
    targets: [now(champion(model), { legendFormat: "{{version}}" })],
    options: { ...statOptions, textMode: "name", colorMode: "none" } satisfies Json<StatOptions>,
    fieldConfig: fieldConfig({ unit: "score" }, { direction: "up", warn: null, critical: null }, {}),
  };
}

/** Number of scorers; without an endpoint, of rows behind the last report. */
export function capacity(model: MonitoredModel): Panel {
  const scorers = `count(${served("cyclops_inflight_requests", model)})`;
  const samples = `max(${pushed("mlops_kpi_samples", model)})`;
  return {
    type: "stat",
    title: model.endpoint ? "Scorers" : "Samples",
    description: model.endpoint ? "Scorers that answer Prometheus." : "Greatest number of rows behind a KPI of the last report.",
    datasource,
    targets: [now(model.endpoint ? scorers : samples)],
    options: { ...statOptions, colorMode: "none" } satisfies Json<StatOptions>,
    fieldConfig: fieldConfig({ unit: "score" }, { direction: "up", warn: null, critical: null }, {}),
  };
}

/** The features that have drifted most. */
export function driftedFeatures(model: MonitoredModel): Panel {
  const options = {
    displayMode: "basic",
    valueMode: "color",
    namePlacement: "auto",
    showUnfilled: true,
    sizing: "auto",
    minVizWidth: 8,
    minVizHeight: 16,
    maxVizHeight: 300,
    orientation: "horizontal",
    legend: { displayMode: "list", placement: "bottom", showLegend: false, calcs: [] },
    reduceOptions: last,
  } satisfies Json<BarOptions>;
  const most = `topk(10, max by (feature) (${pushed("mlops_feature_psi", model)}))`;
  const beyond = `max by (feature) (${pushed("mlops_feature_psi_judged", model)}) > 0`;
  return {
    type: "bargauge",
    title: "Features by drift",
    description:
      "PSI of the ten features that differ most from training: where to look first when drift alerts. Blue: within what chance gives.",
    datasource,
    targets: [
      now(`sort_desc(${most} and on (feature) ${beyond})`, { legendFormat: "{{feature}}" }),
      now(`sort_desc(${most} unless on (feature) ${beyond})`, { refId: "B", legendFormat: "{{feature}}, within chance" }),
    ],
    options,
    fieldConfig: { ...fieldConfig({ unit: "PSI" }, model.thresholds.feature_psi_max, {}), overrides: [unjudged("B")] },
  };
}

/** One series per version that is champion. */
export const champion = (model: MonitoredModel, offset = "") =>
  model.endpoint
    ? `max by (version) (${served("cyclops_model_info", model, 'role="champion"')}${offset})`
    : `max by (version) (${pushed("mlops_kpi_samples", model)}${offset})`;
