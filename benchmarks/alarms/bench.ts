/** How often KPIs of drift alert without drift, and with it, beside Evidently: the tables of `docs/concepts/kpis.md`. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { root } from "../lib/root";
import { option } from "../lib/run";

type Kpi = "feature_psi_max" | "drifted_feature_share" | "prediction_drift";
type Quiet = Readonly<Record<Kpi, number>>;

interface QuietCase {
  readonly family: string;
  readonly features: number;
  readonly reference: number;
  readonly judged: Quiet;
  readonly value: Quiet;
}

interface PowerCase {
  readonly shift: string;
  readonly rows: number;
  readonly "judged warn": number;
  readonly "judged critical": number;
  readonly "value warn": number;
  readonly "value critical": number;
}

interface PeerCase {
  readonly shift: string;
  readonly reference: number;
  readonly rows: number;
  readonly found: number;
  /** Without a shift: of ten columns one at least. */
  readonly any?: number;
}

const kpis: readonly Kpi[] = ["feature_psi_max", "drifted_feature_share", "prediction_drift"];
/** Least share of windows without drift in which a KPI is quiet. */
const leastQuiet = 0.95;
/** Shifts that must be found nearly always from a number of rows on, and how often at least. */
const mustFind = { shifts: ["mean + 0.5 sd", "mean + 1 sd", "a category of 10 % + 20 points"], rows: 1000, least: 0.95 } as const;

const python = path.join(root, "runtime/.venv/bin/python");
const script = (name: string) => path.join(root, "benchmarks/alarms", name);
const note = (text: string) => process.stderr.write(`${text}\n`);
const said = (command: string, ...args: string[]) =>
  execFileSync(command, args, { encoding: "utf8", maxBuffer: 1e9, env: { ...process.env, DO_NOT_TRACK: "1" } }).trim();
const casesOf = <Case>(command: string, ...args: string[]): Case[] =>
  said(command, ...args)
    .split("\n")
    .map((line) => JSON.parse(line) as Case);

function main(): void {
  if (!existsSync(python)) throw new Error(`${python} is not there: run npm run setup first.`);
  note("windows without drift");
  const quiet = casesOf<QuietCase>(python, script("measure.py"), "quiet", String(option("references", 20)));
  note("windows with drift");
  const power = casesOf<PowerCase>(python, script("measure.py"), "power", String(option("trials", 100)));
  note("Evidently");
  const peers = said(python, path.join(root, "runtime/peers/environment.py"));
  const theirs = casesOf<PeerCase>(peers, script("measure_evidently.py"), String(option("columns", 20)));
  process.stdout.write(`${quietTable(quiet)}\n\n${powerTable(power, theirs)}\n`);
  const missed = [...quiet.flatMap(loud), ...power.flatMap(blind)];
  for (const problem of missed) note(problem);
  if (missed.length > 0 && process.argv.includes("--check")) process.exitCode = 1;
}

const loud = ({ family, features, reference, judged }: QuietCase): string[] =>
  kpis
    .filter((kpi) => !(judged[kpi] >= leastQuiet))
    .map((kpi) => `${features} ${family}, reference of ${reference}: ${kpi} is quiet in ${percent(judged[kpi])} only`);

const blind = ({ shift, rows, "judged warn": found }: PowerCase): string[] =>
  mustFind.shifts.some((name) => name === shift) && rows >= mustFind.rows && !(found >= mustFind.least)
    ? [`${shift}, ${rows} rows: found in ${percent(found)} only`]
    : [];

const percent = (share: number) => `${Math.round(100 * share)} %`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
const distinct = <Item>(items: readonly Item[]): Item[] => [...new Set(items)];

/** Share of quiet windows: as judged, and in brackets by the value alone. */
function quietTable(cases: readonly QuietCase[]): string {
  const head = ["features", "rows of the reference", ...kpis.map((kpi) => `\`${kpi}\``)];
  return table(
    head,
    cases.map(({ family, features, reference, judged, value }) => [
      `${features} ${family}`,
      String(reference),
      ...kpis.map((kpi) => `${percent(judged[kpi])} (${percent(value[kpi])})`),
    ]),
  );
}

/** Share of windows that warn: CyclOps, in brackets by the value alone, then Evidently with either of its defaults. */
function powerTable(cases: readonly PowerCase[], theirs: readonly PeerCase[]): string {
  const rows = distinct(cases.map((found) => found.rows));
  const references = distinct(theirs.map(({ reference }) => reference));
  const peer = (shift: string, size: number, reference: number) => {
    const found = theirs.find((each) => each.shift === shift && each.rows === size && each.reference === reference);
    return found ? percent(found.any ?? found.found) : "-";
  };
  return table(
    ["one of ten features", "alerts", ...rows.map((size) => `n = ${size}`)],
    distinct(cases.map(({ shift }) => shift)).flatMap((shift) => {
      const own = rows.map((size) => cases.find((each) => each.shift === shift && each.rows === size));
      return [
        [
          shift,
          "CyclOps, warn",
          ...own.map((found) => `${percent(found?.["judged warn"] ?? 0)} (${percent(found?.["value warn"] ?? 0)})`),
        ],
        ["", "CyclOps, critical", ...own.map((found) => percent(found?.["judged critical"] ?? 0))],
        ...references.map((reference) => [
          "",
          `Evidently, reference of ${reference}`,
          ...rows.map((size) => peer(shift, size, reference)),
        ]),
      ];
    }),
  );
}

main();
