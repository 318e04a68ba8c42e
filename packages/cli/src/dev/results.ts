import { type KpiId, kpiIds } from "@cyclops/core";

// The runtime's result documents, as far as they are shown. A custom step may write others: every field may be missing.

/** Metrics of a version and of the champion, with the gate's verdict. */
export interface Evaluation {
  readonly metrics: Readonly<Record<string, number>>;
  /** The champion before this run; null where there was none. */
  readonly champion: { readonly version: string; readonly metrics: Readonly<Record<string, number>> } | null;
  /** The gate's reason, e.g. `roc_auc is 0.84, at least 0.8`. */
  readonly reason: string;
}

/** One KPI with its value and what the thresholds say. */
export interface KpiValue {
  readonly kpi: KpiId;
  /** Null where it could not be computed: `reason` says why. */
  readonly value: number | null;
  readonly status: string;
  readonly warn: number | null;
  readonly critical: number | null;
  readonly samples: number | null;
  readonly reason: string;
}

/** What training found strange in a column, and the mend: a line for the spec, or what to do about the files. */
export interface DataFinding {
  readonly column: string;
  readonly reason: string;
  readonly mend: string;
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields => (typeof value === "object" && value !== null ? (value as Fields) : {});
const numberOf = (value: unknown): number | null => (typeof value === "number" ? value : null);
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
/** Versions are text or whole numbers. */
const versionText = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" ? String(value) : undefined;
const numbersOf = (value: unknown): Record<string, number> =>
  Object.fromEntries(Object.entries(fieldsOf(value)).filter((entry): entry is [string, number] => typeof entry[1] === "number"));

/** The last JSON document on a command's stdout; an empty one where there is none. */
export function parseResult(stdout: string): Fields {
  const line = stdout.trim().split("\n").at(-1) ?? "";
  try {
    return fieldsOf(JSON.parse(line));
  } catch {
    return {};
  }
}

/** What `evaluate` says. */
export function evaluationOf(result: Fields): Evaluation {
  const champion = fieldsOf(result.champion);
  const version = versionText(champion.version);
  return {
    metrics: numbersOf(result.metrics),
    champion: version === undefined ? null : { version, metrics: numbersOf(champion.metrics) },
    reason: textOf(result.reason),
  };
}

/** The version that `register` made. */
export const versionOf = (result: Fields): string | undefined => versionText(result.version);

/** The fifteen rows of a `monitor` result, in the catalogue's order. */
export function kpisOf(result: Fields): KpiValue[] {
  const listed = Array.isArray(result.kpis) ? result.kpis.map(fieldsOf) : [];
  return kpiIds.map((kpi) => {
    const found = listed.find(({ id }) => id === kpi) ?? {};
    return {
      kpi,
      value: numberOf(found.value),
      status: textOf(found.status) || "unknown",
      warn: numberOf(found.warn),
      critical: numberOf(found.critical),
      samples: numberOf(found.n),
      reason: textOf(found.reason),
    };
  });
}

/** Which trigger of `training.retrainOn` would have started a training on a cluster; undefined for none. */
export function retrainingTriggerOf(result: Fields): string | undefined {
  return textOf(fieldsOf(result.retraining).trigger) || undefined;
}

/** What `curate` found strange: columns that became text although nearly all of their values are numbers, or dates. */
export function findingsOf(result: Fields): DataFinding[] {
  const listed = Array.isArray(result.findings) ? result.findings.map(fieldsOf) : [];
  return listed.map(({ column, reason, mend }) => ({ column: textOf(column), reason: textOf(reason), mend: textOf(mend) }));
}

/** A few words about what a step has done, for its progress line. */
export function noteOf(step: string, result: Fields): string {
  const cached = textOf(result.cachedFrom) ? ", taken over from an earlier run" : "";
  const number = (value: unknown) => (typeof value === "number" ? value.toLocaleString("en-US") : "?");
  const rows = fieldsOf(result.rows);
  switch (step) {
    case "ingest":
      return Array.isArray(result.files)
        ? `${result.files.length === 1 ? "1 file" : `${result.files.length} files`}${cached}`
        : "";
    case "curate":
      return typeof result.rows === "number"
        ? `${number(result.rows)} rows, ${number(result.rowsSetAside)} set aside${cached}`
        : "";
    case "preprocess":
      return typeof rows.train === "number" ? `${number(rows.train)} rows to train, ${number(rows.test)} to test${cached}` : "";
    case "register":
      return `version ${versionText(result.version) ?? "?"}`;
    case "deploy":
      return textOf(result.outcome);
    case "batch":
      return typeof result.rows === "number"
        ? `${number(result.rows)} predictions${result.rowsSetAside ? `, ${number(result.rowsSetAside)} rows set aside` : ""}`
        : "";
    default:
      return cached.replace(/^, /, "");
  }
}
