import { type Kpi, kpiCatalogue } from "@cyclops/core";
import { displayPath, quoted } from "../terminal/paths";
import type { Style } from "../terminal/style";
import { type Cell, renderTable } from "../terminal/table";
import type { KpiValue } from "./results";
import type { ModelRun } from "./run-model";

const exampleColumns = 6;

/** What came out of one model's run, for people. */
export function renderRun(run: ModelRun, style: Style): string {
  return [
    renderVerdict(run, style),
    renderFindings(run, style),
    renderMetrics(run, style),
    renderPrediction(run, style),
    renderKpis(run.kpis, style),
  ]
    .filter(Boolean)
    .join("\n\n");
}

function renderVerdict({ model, outcome, version, served, reason, evaluation }: ModelRun, style: Style): string {
  if (outcome === "deployed") {
    const why = evaluation?.reason ? ` The gate passed: ${evaluation.reason}` : " The gate passed.";
    return `${style.green("✓")} ${style.bold(model)}: version ${version ?? "?"} is deployed.${why}`;
  }
  const goesOn =
    served === undefined ? "There is no earlier version: the endpoint goes on without a model." : `Version ${served} goes on.`;
  const words = {
    refused: "the gate refused the new version; it is not deployed.",
    "not-approved": "the new version was not approved; it is not deployed.",
    "rolled-back": `version ${version ?? "?"} was rolled back.`,
  }[outcome];
  return `${style.red("✗")} ${style.bold(model)}: ${words} ${goesOn}\n  Reason: ${reason ?? "unknown"}`;
}

function renderFindings({ findings = [] }: ModelRun, style: Style): string {
  if (findings.length === 0) return "";
  const lines = findings.map(
    ({ column, reason, mend }) => `  ${style.yellow("!")} column ${JSON.stringify(column)}: ${reason}\n    Mend (data): ${mend}`,
  );
  return [style.bold("Columns worth a look"), ...lines].join("\n");
}

function renderMetrics({ evaluation }: ModelRun, style: Style): string {
  if (!evaluation || Object.keys(evaluation.metrics).length === 0) return "";
  const { metrics, champion } = evaluation;
  const head: Cell[] = ["metric", "new version", ...(champion ? [`champion (version ${champion.version})`] : [])].map((text) => ({
    text,
    paint: style.dim,
  }));
  const rows = Object.entries(metrics).map(([name, value]) => [
    name,
    value.toFixed(4),
    ...(champion ? [champion.metrics[name]?.toFixed(4) ?? "-"] : []),
  ]);
  return `${style.bold("Metrics on the held-out rows")}\n${renderTable([head, ...rows], { indent: "  ", right: [1, 2] })}`;
}

function renderPrediction({ predictions }: ModelRun, style: Style): string {
  const example = predictions?.example;
  if (!example) return "";
  const entries = Object.entries(example.row).filter(([, value]) => value !== null);
  const shown = entries.slice(0, exampleColumns).map(([name, value]) => `${name}=${String(value)}`);
  const rest = entries.length > exampleColumns ? `, and ${entries.length - exampleColumns} more columns` : "";
  return [
    style.bold("A prediction"),
    `  ${style.dim(`${shown.join(", ")}${rest}`)}`,
    `  → ${style.bold(formatPrediction(example.prediction))} ${style.dim(`(version ${example.version ?? "?"}, ${example.milliseconds.toFixed(0)} ms)`)}`,
  ].join("\n");
}

/** `label Yes, probability 0.734`: the fields of a prediction, or the value itself. */
export function formatPrediction(prediction: unknown): string {
  const one = (value: unknown) =>
    typeof value === "number" ? String(Number(value.toPrecision(4))) : typeof value === "string" ? value : JSON.stringify(value);
  if (typeof prediction !== "object" || prediction === null || Array.isArray(prediction)) return one(prediction) ?? "nothing";
  return Object.entries(prediction)
    .map(([name, value]) => `${name} ${one(value)}`)
    .join(", ");
}

/** The fifteen KPIs as a table; nothing where there is no report. */
export function renderKpis(kpis: readonly KpiValue[] | undefined, style: Style): string {
  if (!kpis) return "";
  const head: Cell[] = ["KPI", "value", "warn", "critical", "samples", "status"].map((text) => ({ text, paint: style.dim }));
  const rows = kpis.map((row): Cell[] => {
    const kpi = kpiCatalogue[row.kpi];
    const note = row.reason ? `${row.status}: ${row.reason}` : row.status;
    return [
      kpi.title,
      formatKpi(row.value, kpi),
      formatBound(row.warn ?? kpi.warn, kpi),
      formatBound(row.critical ?? kpi.critical, kpi),
      row.samples === null ? "" : String(row.samples),
      { text: note, paint: paintOf(row, style) },
    ];
  });
  return `${style.bold("KPIs")}\n${renderTable([head, ...rows], { indent: "  ", right: [1, 2, 3, 4] })}`;
}

function paintOf({ status }: KpiValue, style: Style): (text: string) => string {
  const paints: Record<string, (text: string) => string> = { ok: style.green, warn: style.yellow, critical: style.red };
  return paints[status] ?? style.dim;
}

/** A KPI's value with its unit. */
export function formatKpi(value: number | null, { unit }: Pick<Kpi, "unit">): string {
  if (value === null) return "-";
  switch (unit) {
    case "ratio":
      return Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(4);
    case "s":
      return value < 120
        ? `${value.toFixed(1)} s`
        : value < 7200
          ? `${(value / 60).toFixed(1)} min`
          : value < 172_800
            ? `${(value / 3600).toFixed(1)} h`
            : `${(value / 86_400).toFixed(1)} d`;
    case "ms":
      return `${value.toFixed(1)} ms`;
    case "USD":
      return `${value.toFixed(4)} USD`;
    case "requests/min":
      return `${value.toFixed(1)} /min`;
    default:
      return value.toFixed(4);
  }
}

const formatBound = (value: number | null, kpi: Kpi): string =>
  value === null
    ? ""
    : formatKpi(value, kpi)
        .replace(/(\.\d*?)0+(?= |$)/, "$1")
        .replace(/\.(?= |$)/, "");

/** What to look at, and where to go from here. */
export function renderNext(runs: readonly ModelRun[], specFile: string, mlflow: string, style: Style): string {
  const files = runs.flatMap(({ model, files: found }) =>
    Object.entries(found).map(([name, path]): [string, string] => [`${name} of ${model}`, displayPath(path)]),
  );
  const spec = specFile === "mlops.yaml" ? "" : ` --spec ${quoted(specFile)}`;
  const rows: [string, string][] = [
    ...files,
    ["runs and versions", mlflow],
    ["the same on a cluster", `cyclops plan${spec} --target onprem --html plan.html, then pulumi up in the program's folder`],
  ];
  return `${style.bold("Next")}\n${renderTable(rows, { indent: "  " })}`;
}

/** How to ask a model that goes on being served. */
export function renderServing(runs: readonly ModelRun[], style: Style): string {
  const lines = runs.flatMap(({ endpoint, served, predictions }) => {
    if (endpoint === undefined || served === undefined) return [];
    const row = JSON.stringify({ dataframe_records: [predictions?.example?.row ?? {}] });
    return [`  curl -s ${endpoint}/invocations -H 'content-type: application/json' -d '${row.replaceAll("'", "'\\''")}'`];
  });
  return `${style.bold("Serving until Ctrl-C")}\n${lines.join("\n")}`;
}
