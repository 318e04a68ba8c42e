import { spawnSync } from "node:child_process";

/** Runs a Node script in a process of its own and returns the JSON it prints. */
export function runJson<Result>(script: string, ...args: string[]): Result {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: "utf8", maxBuffer: 1e9 });
  if (status !== 0) throw new Error(`${script} ${args.join(" ")} failed:\n${stderr}`);
  return JSON.parse(stdout) as Result;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? at(sorted, Math.floor(middle)) : (at(sorted, middle - 1) + at(sorted, middle)) / 2;
}

/** Runs two things in turn (A B, B A, …), so that a machine that changes its pace changes both. The first pair is not counted. */
export function alternate<Result>(pairs: number, first: () => Result, second: () => Result): [Result, Result][] {
  const results: [Result, Result][] = [];
  for (let pair = 0; pair <= pairs; pair++) {
    process.stderr.write(pair === 0 ? "warming up\n" : `pair ${pair} of ${pairs}\n`);
    const even = pair % 2 === 0;
    const early = even ? first() : second();
    const late = even ? second() : first();
    if (pair > 0) results.push(even ? [early, late] : [late, early]);
  }
  return results;
}

/** Option `--name value` of the command line. */
export function option(name: string, fallback: number): number {
  const index = process.argv.indexOf(`--${name}`);
  return index < 0 ? fallback : Number(process.argv[index + 1]);
}

/** One line of the result; `limit` is the greatest ratio allowed, `least` the smallest. */
export interface Ratio {
  readonly what: string;
  readonly ratio: number;
  readonly limit?: number;
  readonly least?: number;
  readonly detail?: string;
}

/** Prints ratios; with `--check` the process fails where one is above its limit or below the least allowed. */
export function report(ratios: readonly Ratio[]): void {
  const width = Math.max(...ratios.map(({ what }) => what.length));
  for (const { what, ratio, limit, least, detail } of ratios) {
    const above = limit === undefined ? "" : `  ${ratio <= limit ? "within" : "ABOVE"} ${limit}`;
    const verdict = least === undefined ? above : `  ${ratio >= least ? "at least" : "BELOW"} ${least}`;
    process.stdout.write(`${what.padEnd(width)}  ${ratio.toFixed(2)}${verdict}${detail ? `  (${detail})` : ""}\n`);
  }
  const missed = ratios.some(
    ({ ratio, limit, least }) => (limit !== undefined && !(ratio <= limit)) || (least !== undefined && !(ratio >= least)),
  );
  if (missed && process.argv.includes("--check")) process.exitCode = 1;
}

function at(values: readonly number[], index: number): number {
  return values[index] ?? Number.NaN;
}
