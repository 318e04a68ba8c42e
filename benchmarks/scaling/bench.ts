// Does the cost per resource stay the same as a stack grows? And does splitting a fleet into stacks bound its memory?
import { join } from "node:path";
import { median, option, report, runJson } from "../lib/run";
import type { Figures } from "./measure";

const sizes = [10, 50, 200] as const;
const limit = 1.15;
// The stacks of a fleet know nothing of each other: these stand for all two hundred.
const sampled = [0, 99, 199] as const;

function measure(...args: string[]): Figures {
  process.stderr.write(`${args.slice(0, 2).join(" ")}\n`);
  return runJson<Figures>(join(__dirname, "measure.js"), ...args);
}

/** One platform and models in stacks of their own, as the sum of their work and the greatest of their memories. */
function split(): Figures {
  const platform = measure("platform");
  const models = sampled.map((index) => measure("model", String(index), platform.binding ?? ""));
  const all = [platform, ...models];
  const sum = (figure: (figures: Figures) => number) => all.reduce((total, figures) => total + figure(figures), 0);
  return {
    resources: sum(({ resources }) => resources),
    construction: { cpu: sum(({ construction }) => construction.cpu), wall: sum(({ construction }) => construction.wall) },
    memory: Math.max(...all.map(({ memory }) => memory)),
  };
}

function main(): void {
  const rounds = Array.from({ length: option("rounds", 3) }, () => ({
    stacks: sizes.map((models) => measure("stack", String(models))),
    split: split(),
  }));
  const perResource = ({ construction, resources }: Figures): number => construction.cpu / resources;
  const show = (what: string, all: readonly Figures[]) => {
    const time = median(all.map(perResource)).toFixed(2);
    const memory = Math.round(median(all.map((run) => run.memory)));
    process.stdout.write(`${what}: ${all[0]?.resources} resources, ${time} ms of CPU time each, peak ${memory} MB\n`);
  };
  const stack = (size: (typeof sizes)[number]) => rounds.flatMap(({ stacks }) => stacks[sizes.indexOf(size)] ?? []);
  const fleet = rounds.map((round) => round.split);
  for (const size of sizes) show(`one stack of ${size} models`, stack(size));
  show(`platform and ${sampled.length} of 200 model stacks, each a process`, fleet);

  const ratio = (one: readonly Figures[], other: readonly Figures[], figure: (figures: Figures) => number): number =>
    median(one.map((run, index) => figure(run) / figure(other[index] ?? run)));
  report([
    { what: "time per resource, 50 models / 10 models", ratio: ratio(stack(50), stack(10), perResource), limit },
    { what: "time per resource, 200 models / 10 models", ratio: ratio(stack(200), stack(10), perResource), limit },
    { what: "peak memory, split / one stack of 200 models", ratio: ratio(fleet, stack(200), ({ memory }) => memory) },
    { what: "peak memory, split / one stack of 10 models", ratio: ratio(fleet, stack(10), ({ memory }) => memory), limit },
  ]);
}

main();
