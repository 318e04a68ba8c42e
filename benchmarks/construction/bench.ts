// What do components cost? The churn stack by `MlopsStack`, against the same resources written out one by one.
import { join } from "node:path";
import { compareDeclarations } from "../lib/declared";
import { alternate, median, option, type Ratio, report, runJson } from "../lib/run";
import type { Usage } from "../lib/usage";
import type { Figures } from "./measure";

// For the whole process, which is what the user of `pulumi up` waits for: the constructors never run without the imports before them, in
// neither program, and the stack's import of the library and reading of its spec count here. The other readings show where time goes.
const limit = 1.15;

/** Proves that both programs declare the same. @throws Error that names the first difference */
function compare(): number {
  const script = join(__dirname, "check.js");
  const [flat, stack] = [runJson<string[]>(script, "flat"), runJson<string[]>(script, "stack")];
  compareDeclarations(flat, stack, "; if the library's resources have changed, run `npm run bench:write-flat`");
  return stack.length;
}

function main(): void {
  const resources = compare();
  const script = join(__dirname, "measure.js");
  const run = (kind: string) => () => runJson<Figures>(script, kind);
  const pairs = alternate(option("pairs", 15), run("flat"), run("stack"));
  const components = (pairs[0]?.[1].resources ?? 0) - resources;
  process.stdout.write(
    `${resources} equal resources; the stack adds ${components} components. Ratio stack / flat, median of ${pairs.length} pairs:\n`,
  );
  report([
    ...times("whole process", (figures) => figures.whole, pairs, limit),
    ...times("construction alone", (figures) => figures.construction, pairs),
    ...times("construction and spec", ({ construction, spec }) => sum(construction, spec), pairs),
    ...times("after the launcher", (figures) => figures.program, pairs),
    {
      what: "peak memory",
      ratio: ratio(pairs, ({ memory }) => memory),
      limit,
      detail: detail(pairs, ({ memory }) => memory, "MB"),
    },
  ]);
}

type Pairs = readonly (readonly [Figures, Figures])[];

/** Processor time, which the limit is for, and the clock, which depends on what else the machine does. */
function times(what: string, figure: (figures: Figures) => Usage, pairs: Pairs, bound?: number): Ratio[] {
  const cpu = (figures: Figures) => figure(figures).cpu;
  const wall = (figures: Figures) => figure(figures).wall;
  return [
    {
      what: `${what}, CPU time`,
      ratio: ratio(pairs, cpu),
      ...(bound === undefined ? {} : { limit: bound }),
      detail: detail(pairs, cpu, "ms"),
    },
    { what: `${what}, clock`, ratio: ratio(pairs, wall), detail: detail(pairs, wall, "ms") },
  ];
}

const sum = (one: Usage, other: Usage): Usage => ({ cpu: one.cpu + other.cpu, wall: one.wall + other.wall });

const ratio = (pairs: Pairs, figure: (figures: Figures) => number): number =>
  median(pairs.map(([flat, stack]) => figure(stack) / figure(flat)));

function detail(pairs: Pairs, figure: (figures: Figures) => number, unit: string): string {
  const [flat, stack] = ([0, 1] as const).map((side) => Math.round(median(pairs.map((pair) => figure(pair[side])))));
  return `flat ${flat} ${unit}, stack ${stack} ${unit}`;
}

main();
