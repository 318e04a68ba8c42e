/** The monitor against Evidently on a million rows, its time over more rows, and its memory over fifty million. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { root } from "../lib/root";
import { alternate, median, option, type Ratio, report } from "../lib/run";

interface Figures {
  readonly rows: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
  readonly drifted: number;
}

/** Evidently's preset takes 33 s on two cores; a monitor that runs every hour must not. */
const leastSpeedup = 40;
/** Time of a row among many against that of a row among a million. */
const mostGrowth = 1.15;
const memoryBytes = 1.5 * 1024 ** 3;
const bytesPerMillion = 130e6;
const gibibyte = 1024 ** 3;

const python = path.join(root, "runtime/.venv/bin/python");
const script = (name: string) => path.join(root, "benchmarks/monitoring", name);
const said = (command: string, ...args: string[]) =>
  execFileSync(command, args, { encoding: "utf8", maxBuffer: 1e9, env: { ...process.env, DO_NOT_TRACK: "1" } });
const figuresOf = (command: string, ...args: string[]): Figures =>
  JSON.parse(
    said(command, ...args)
      .trim()
      .split("\n")
      .at(-1) ?? "",
  );
const mebibytes = (bytes: number) => `${Math.round(bytes / 1024 ** 2)} MiB`;
const note = (text: string) => process.stderr.write(`${text}\n`);

function main(): void {
  if (!existsSync(python)) throw new Error(`${python} is not there: run npm run setup first.`);
  const large = option("millions", 50);
  const folder = mkdtempSync(path.join(tmpdir(), "cyclops-monitoring-"));
  try {
    needDisk(folder, (large + 10) * bytesPerMillion);
    report(benchmark(folder, large));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function benchmark(folder: string, large: number): Ratio[] {
  const place = (name: string) => path.join(folder, name);
  const rowsOf = (name: string, millions: number, seed: number, shift: number) => {
    note(`writing ${millions} million rows`);
    said(python, script("make_rows.py"), place(name), String(millions), String(seed), String(shift));
    return place(name);
  };
  const reference = rowsOf("reference.parquet", 1, 1, 0);
  const current = rowsOf("current.parquet", 1, 50, 0.4);
  const profile = place("profile.json");
  const made = figuresOf(python, script("measure.py"), "profile", reference, profile);
  const window = (file: string, ...more: string[]) => figuresOf(python, script("measure.py"), "window", file, profile, ...more);
  return [
    ...againstEvidently({ reference, current, made, ours: () => middleOf(Array.from({ length: 5 }, () => window(current))) }),
    ...growthOf([2, 4, 8], current, rowsOf, window),
    memoryOf(large, rowsOf, window),
  ];
}

function againstEvidently(input: { reference: string; current: string; made: Figures; ours: () => Figures }): Ratio[] {
  note("making the peers' environment");
  const peers = said(python, path.join(root, "runtime/peers/environment.py")).trim();
  const pairs = alternate(option("pairs", 3), input.ours, () =>
    figuresOf(peers, script("measure_evidently.py"), input.reference, input.current),
  );
  const both = (value: (figures: Figures) => number) => median(pairs.map(([ours, theirs]) => value(theirs) / value(ours)));
  const each = (value: (figures: Figures) => number, side: 0 | 1) => median(pairs.map((pair) => value(pair[side])));
  const shown = (value: (figures: Figures) => number) => `${each(value, 0).toFixed(2)} s against ${each(value, 1).toFixed(1)} s`;
  const clock = ({ seconds }: Figures) => seconds;
  const cpu = ({ cpuSeconds }: Figures) => cpuSeconds;
  const peak = ({ peakBytes }: Figures) => peakBytes;
  const withProfile = ({ cpuSeconds }: Figures) => cpuSeconds + input.made.cpuSeconds;
  return [
    { what: "Evidently / monitor, 1M x 20, clock", ratio: both(clock), least: leastSpeedup, detail: shown(clock) },
    { what: "Evidently / monitor, 1M x 20, CPU time", ratio: both(cpu), least: leastSpeedup, detail: shown(cpu) },
    {
      what: "the same, with making the profile each time",
      ratio: median(pairs.map(([ours, theirs]) => cpu(theirs) / withProfile(ours))),
      detail: `making it takes ${input.made.cpuSeconds.toFixed(2)} s, once at training`,
    },
    {
      what: "Evidently / monitor, peak memory of the process",
      ratio: both(peak),
      detail: `${mebibytes(each(peak, 0))} against ${mebibytes(each(peak, 1))}`,
    },
  ];
}

/** The middle one by the clock: a process that lasts a third of a second may wait longer than that for its turn. */
function middleOf(runs: readonly Figures[]): Figures {
  const middle = [...runs].sort((one, other) => one.seconds - other.seconds)[Math.floor(runs.length / 2)];
  if (middle === undefined) throw new Error("nothing was measured");
  return middle;
}

function growthOf(
  sizes: readonly number[],
  current: string,
  rowsOf: (name: string, millions: number, seed: number, shift: number) => string,
  window: (file: string, times: string, warmUp: string) => Figures,
): Ratio[] {
  const files = sizes.map((millions) => ({ millions, file: rowsOf(`${millions}.parquet`, millions, 50, 0.4) }));
  const sized = [{ millions: 1, file: current }, ...files];
  const rounds = option("rounds", 9);
  // Each process counts as many rows as the largest file has, a smaller file several times: of short and long runs on a busy machine the
  // short ones would have better luck. The least of the rounds counts, as how long the kernel takes to clear a page is the machine's affair.
  const most = Math.max(...sizes);
  const perRow = new Map(sized.map(({ millions }) => [millions, Number.POSITIVE_INFINITY]));
  for (let round = 0; round < rounds; round++) {
    note(`growth, round ${round + 1} of ${rounds}`);
    for (const { millions, file } of sized) {
      const { cpuSeconds } = window(file, String(most / millions), current);
      perRow.set(millions, Math.min(perRow.get(millions) ?? Number.POSITIVE_INFINITY, cpuSeconds / (most * 1e6)));
    }
  }
  const of = (millions: number) => perRow.get(millions) ?? Number.NaN;
  for (const { file } of files) rmSync(file);
  return files.map(({ millions }) => ({
    what: `CPU time per row, ${millions}M / 1M rows`,
    ratio: of(millions) / of(1),
    limit: mostGrowth,
    detail: `${(of(millions) * 1e9).toFixed(0)} ns against ${(of(1) * 1e9).toFixed(0)} ns`,
  }));
}

function memoryOf(
  millions: number,
  rowsOf: (name: string, millions: number, seed: number, shift: number) => string,
  window: (file: string) => Figures,
): Ratio {
  const { peakBytes, rows, seconds } = window(rowsOf("large.parquet", millions, 50, 0.4));
  if (rows !== millions * 1e6) throw new Error(`${rows} rows were counted of ${millions} million`);
  return {
    what: `peak memory of the process, ${millions}M x 20, in GiB`,
    ratio: peakBytes / gibibyte,
    limit: memoryBytes / gibibyte,
    detail: `${mebibytes(peakBytes)}, ${seconds.toFixed(1)} s`,
  };
}

function needDisk(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const gigabytes = (value: number) => (value / 1e9).toFixed(1);
  if (bavail * bsize < bytes) {
    throw new Error(
      `${folder}: ${gigabytes(bavail * bsize)} GB are free and ${gigabytes(bytes)} GB needed: set TMPDIR, or pass --millions.`,
    );
  }
}

main();
