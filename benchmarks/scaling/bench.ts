// Does the cost per resource stay the same as a stack grows, and near that of a flat program? And does splitting a fleet into stacks bound
// its memory?
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median, option, type Ratio, report, runJson } from "../lib/run";
import type { Figures } from "./measure";

/** Models of a stack, and how often a round measures it: a short run says less. */
const sizes = { 10: 5, 50: 3, 200: 1 } as const;
type Size = 10 | 50 | 200;
const all: readonly Size[] = [10, 50, 200];
const limit = 1.15;
// The stacks of a fleet know nothing of each other: these stand for all two hundred.
const sampled = [0, 99, 199] as const;

/** A stack and the flat program that declares the same, one measured after the other. */
interface Pair {
  readonly flat: Figures;
  readonly stack: Figures;
}

/** What one round has measured. */
interface Round {
  readonly pairs: Readonly<Record<Size, readonly Pair[]>>;
  readonly split: Figures;
}

function measure(...args: string[]): Figures {
  process.stderr.write(`${args.slice(0, 2).join(" ")}\n`);
  return runJson<Figures>(join(__dirname, "measure.js"), ...args);
}

/** One platform and models in stacks of their own, as the sum of their work and the greatest of their memories. */
function split(): Figures {
  const platform = measure("platform");
  const models = sampled.map((index) => measure("model", String(index), platform.binding ?? ""));
  const stacks = [platform, ...models];
  const sum = (figure: (figures: Figures) => number) => stacks.reduce((total, figures) => total + figure(figures), 0);
  return {
    resources: sum(({ resources }) => resources),
    construction: { cpu: sum(({ construction }) => construction.cpu), wall: sum(({ construction }) => construction.wall) },
    memory: Math.max(...stacks.map(({ memory }) => memory)),
  };
}

/** Every second pair the other way round, so that a machine that changes its pace changes both. */
function pairOf(size: Size, file: string, number: number): Pair {
  const flatFirst = number % 2 === 0;
  const early = flatFirst ? measure("flat", file) : measure("stack", String(size));
  const late = flatFirst ? measure("stack", String(size)) : measure("flat", file);
  return flatFirst ? { flat: early, stack: late } : { flat: late, stack: early };
}

function roundOf(number: number, fileOf: (size: Size) => string): Round {
  const pairsOf = (size: Size) => Array.from({ length: sizes[size] }, (_, index) => pairOf(size, fileOf(size), number + index));
  return { pairs: { 10: pairsOf(10), 50: pairsOf(50), 200: pairsOf(200) }, split: split() };
}

function measureRounds(): Round[] {
  const folder = mkdtempSync(join(tmpdir(), "cyclops-scaling-"));
  try {
    const fileOf = (size: Size) => join(folder, `${size}.json`);
    for (const size of all) {
      process.stderr.write(`declarations of ${size} models\n`);
      runJson<number>(join(__dirname, "declare.js"), String(size), fileOf(size));
    }
    return Array.from({ length: option("rounds", 3) }, (_, number) => roundOf(number, fileOf));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function main(): void {
  const rounds = measureRounds();
  const pairs = (size: Size): Pair[] => rounds.flatMap((round) => round.pairs[size]);
  const stacks = (size: Size): Figures[] => pairs(size).map(({ stack }) => stack);
  const flats = (size: Size): Figures[] => pairs(size).map(({ flat }) => flat);
  const fleet = rounds.map((round) => round.split);
  for (const size of all) {
    show(`flat program of ${size} models`, flats(size));
    show(`one stack of ${size} models`, stacks(size));
  }
  show(`platform and ${sampled.length} of 200 model stacks, each a process`, fleet);
  report([
    ...all.flatMap((size) => againstFlat(size, pairs(size))),
    growth("time per resource, 200 models / 50 models", stacks(200), stacks(50), limit),
    ...beside("time per resource, 50 models / 10 models", [stacks(50), stacks(10)], [flats(50), flats(10)]),
    ...beside("time per resource, 200 models / 10 models", [stacks(200), stacks(10)], [flats(200), flats(10)]),
    growth("time per resource, split / one stack of 10 models", fleet, stacks(10), limit),
    { what: "peak memory, split / one stack of 200 models", ratio: memoryOf(fleet) / memoryOf(stacks(200)) },
    { what: "peak memory, split / one stack of 10 models", ratio: memoryOf(fleet) / memoryOf(stacks(10)), limit },
  ]);
}

function show(what: string, runs: readonly Figures[]): void {
  const time = median(runs.map(perResource)).toFixed(2);
  process.stdout.write(
    `${what}: ${runs[0]?.resources} resources, ${time} ms of CPU time each, peak ${Math.round(memoryOf(runs))} MB\n`,
  );
}

const perResource = ({ construction, resources }: Figures): number => construction.cpu / resources;
const memoryOf = (runs: readonly Figures[]): number => median(runs.map(({ memory }) => memory));

/** Components against none: time and memory for the same resources. */
function againstFlat(size: Size, pairs: readonly Pair[]): Ratio[] {
  const ratio = (figure: (figures: Figures) => number) => median(pairs.map(({ flat, stack }) => figure(stack) / figure(flat)));
  return [
    { what: `CPU time, stack / flat, ${size} models`, ratio: ratio(({ construction }) => construction.cpu), limit },
    { what: `peak memory, stack / flat, ${size} models`, ratio: ratio(({ memory }) => memory), limit },
  ];
}

/** By medians: runs of different sizes are no pairs. */
const growth = (what: string, large: readonly Figures[], small: readonly Figures[], most?: number): Ratio => ({
  what,
  ratio: median(large.map(perResource)) / median(small.map(perResource)),
  ...(most === undefined ? {} : { limit: most }),
});

type Sizes = readonly [large: readonly Figures[], small: readonly Figures[]];

/**
 * Growth of the stack beside that of the flat program, which is Pulumi's own: what ten models leave behind is collected while it is young, and
 * that of more is kept first.
 */
function beside(what: string, stack: Sizes, flat: Sizes): Ratio[] {
  const [own, pulumis] = [growth(what, ...stack), growth("the same of the flat program", ...flat)];
  return [own, pulumis, { what: "the former / the latter", ratio: own.ratio / pulumis.ratio, limit }];
}

main();
