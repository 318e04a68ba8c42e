// How fast does the scorer answer? Against `mlflow models serve` and MLServer with the same model, and with capture against two without,
// whose difference shows what part of it is the machine's.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { alternate, median, option, type Ratio, report, runJson } from "../lib/run";
import type { Figures } from "./measure";
import { captureSeconds, install, type Server, withServers } from "./servers";

const clients = process.argv.includes("--clients") ? [option("clients", 64)] : [1, 8, 64];
const seconds = option("seconds", 4);
const pairs = option("pairs", 5);
const captureOnly = process.argv.includes("--capture-only");

async function main(): Promise<void> {
  install();
  const folder = mkdtempSync(join(tmpdir(), "cyclops-serving-"));
  try {
    await withServers(folder, ({ scorer, capturing, control, mlflow, mlserver }) => {
      const measure = ({ invocations, infer }: Server, protocol: "invocations" | "infer", count: number): Figures => {
        const address = { invocations, infer }[protocol] ?? "";
        const body = join(folder, `${protocol}.json`);
        return runJson<Figures>(join(__dirname, "measure.js"), address, body, String(count), String(seconds));
      };
      const pause = (): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, (captureSeconds + 0.5) * 1000);
      const compare = (one: Server, other: Server, protocol: "invocations" | "infer", count: number): Comparison => {
        process.stderr.write(`${one.name} and ${other.name}, ${plural(count)}\n`);
        const run = (server: Server) => () => measure(server, protocol, count);
        return summed(`${one.name} / ${other.name}, ${plural(count)}`, alternate(pairs, run(one), run(other)));
      };
      const compareCapture = (count: number): Ratio[] => {
        process.stderr.write(`${capturing.name} and ${scorer.name} twice, ${plural(count)}\n`);
        const ask = (server: Server) => () => measure(server, "invocations", count);
        const askCapturing = (): Figures => {
          const figures = ask(capturing)();
          pause(); // until it has written all that it captured, which is not the others' burden
          return figures;
        };
        const rounds = rotate(pairs, [ask(scorer), askCapturing, ask(control)]);
        // Two processes that are alike differ, each for as long as it lives: capture is held against the middle of two.
        const captured = summed(
          `${capturing.name} / the two that do not, ${plural(count)}`,
          rounds.map(([plain, captures, again]) => [captures, middle(plain, again)]),
        );
        const again = summed(
          `${control.name} / ${scorer.name}, ${plural(count)}`,
          rounds.map((round) => [round[2], round[0]]),
        );
        return [rate(captured), beside({ ...p99(captured), limit: 1.05 }, again), rate(again), p99(again)];
      };
      const compareOthers = (count: number): Ratio[] => {
        const toMlflow = compare(scorer, mlflow, "invocations", count);
        const toMlserver = compare(scorer, mlserver, "infer", count);
        return [rate(toMlflow, 3), p99(toMlflow), rate(toMlserver, 1.5), p99(toMlserver, 1)];
      };
      report(clients.flatMap((count) => [...(captureOnly ? [] : compareOthers(count)), ...compareCapture(count)]));
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Figures of the scorer, the capturing one, and the control. */
type Round = readonly [Figures, Figures, Figures];
type Ask = () => Figures;

/** Asks three servers in turn, another one first in each round. The first round is not counted. */
function rotate(count: number, [first, second, third]: readonly [Ask, Ask, Ask]): Round[] {
  const rounds: Round[] = [];
  for (let round = 0; round <= count; round++) {
    process.stderr.write(round === 0 ? "warming up\n" : `round ${round} of ${count}\n`);
    const figures = inTurn(round % 3, first, second, third);
    if (round > 0) rounds.push(figures);
  }
  return rounds;
}

function inTurn(start: number, first: Ask, second: Ask, third: Ask): Round {
  if (start === 0) {
    const [a, b, c] = [first(), second(), third()];
    return [a, b, c];
  }
  if (start === 1) {
    const [b, c, a] = [second(), third(), first()];
    return [a, b, c];
  }
  const [c, a, b] = [third(), first(), second()];
  return [a, b, c];
}

const middle = (one: Figures, other: Figures): Figures => ({
  rate: (one.rate + other.rate) / 2,
  p50: (one.p50 + other.p50) / 2,
  p99: (one.p99 + other.p99) / 2,
  client: Math.max(one.client, other.client),
});

/** The ratio beside that of two equal servers: by as much as those differ, the limit is exceeded without capture, too. */
function beside(ratio: Ratio & { limit: number }, control: Comparison): Ratio {
  const single = control.pairs.map(([one, other]) => one.p99 / other.p99);
  const [least, most] = [Math.min(...single), Math.max(...single)].map((value) => value.toFixed(2));
  const equal = median(single);
  const limit = Number((ratio.limit * Math.max(equal, 1 / equal)).toFixed(3));
  const detail = `${ratio.detail}; ${ratio.limit} and what two equal ones differ by, ${equal.toFixed(2)}, single rounds ${least} to ${most}`;
  return { ...ratio, limit, detail };
}

interface Comparison {
  readonly what: string;
  readonly pairs: readonly [Figures, Figures][];
  readonly client: number;
}

const summed = (what: string, all: [Figures, Figures][]): Comparison => ({
  what,
  pairs: all,
  client: Math.max(...all.flat().map(({ client }) => client)),
});

/** Requests per second, which must be `least` times the other's. */
function rate({ what, pairs, client }: Comparison, least?: number): Ratio {
  const detail = `${medians(pairs, "rate", 0)} requests/s; client ≤ ${client.toFixed(2)} cores`;
  return { what: `${what}: requests/s`, ratio: median(pairs.map(([one, other]) => one.rate / other.rate)), least, detail };
}

/** The time within which 99 of 100 requests are answered, which must be at most `limit` times the other's. */
function p99({ what, pairs }: Comparison, limit?: number): Ratio {
  const detail = `${medians(pairs, "p99", 1)} ms; medians ${medians(pairs, "p50", 2)} ms`;
  return { what: `${what}: p99`, ratio: median(pairs.map(([one, other]) => one.p99 / other.p99)), limit, detail };
}

function medians(pairs: readonly [Figures, Figures][], figure: "rate" | "p50" | "p99", digits: number): string {
  const of = (side: 0 | 1) => median(pairs.map((pair) => pair[side][figure])).toFixed(digits);
  return `${of(0)} and ${of(1)}`;
}

const plural = (count: number): string => `${count} client${count === 1 ? "" : "s"}`;

void main();
