// How fast does the scorer answer? Against `mlflow models serve` and MLServer with the same model, and against itself with capture.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { alternate, median, option, type Ratio, report, runJson } from "../lib/run";
import type { Figures } from "./measure";
import { captureSeconds, install, type Server, withServers } from "./servers";

const clients = [1, 8, 64] as const;
const seconds = option("seconds", 4);
const pairs = option("pairs", 5);

async function main(): Promise<void> {
  install();
  const folder = mkdtempSync(join(tmpdir(), "cyclops-serving-"));
  try {
    await withServers(folder, ({ scorer, capturing, mlflow, mlserver }) => {
      const measure = ({ invocations, infer }: Server, protocol: "invocations" | "infer", count: number): Figures => {
        const address = { invocations, infer }[protocol] ?? "";
        const body = join(folder, `${protocol}.json`);
        return runJson<Figures>(join(__dirname, "measure.js"), address, body, String(count), String(seconds));
      };
      const pause = (): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, (captureSeconds + 0.5) * 1000);
      const compare = (one: Server, other: Server, protocol: "invocations" | "infer", count: number): Comparison => {
        process.stderr.write(`${one.name} and ${other.name}, ${plural(count)}\n`);
        const run = (server: Server) => (): Figures => {
          const figures = measure(server, protocol, count);
          if (server === capturing) pause(); // until it has written all that it captured, which is not the other's burden
          return figures;
        };
        return summed(`${one.name} / ${other.name}, ${plural(count)}`, alternate(pairs, run(one), run(other)));
      };
      report(
        clients.flatMap((count) => {
          const toMlflow = compare(scorer, mlflow, "invocations", count);
          const toMlserver = compare(scorer, mlserver, "infer", count);
          const captured = compare(capturing, scorer, "invocations", count);
          return [
            rate(toMlflow, 3),
            p99(toMlflow),
            rate(toMlserver, 1.5),
            p99(toMlserver, 1),
            rate(captured),
            p99(captured, 1.05),
          ];
        }),
      );
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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
