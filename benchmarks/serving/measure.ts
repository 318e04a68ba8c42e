// One process: `node measure.js <address> <file of the body> <clients> <seconds>` asks as fast as it is answered, then prints figures.
import { readFileSync } from "node:fs";
import { Client } from "undici";

/** What one measurement saw. Times in milliseconds. */
export interface Figures {
  /** Requests answered per second. */
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  /** Share of one core that this client used: near 1 it, and not the server, would set the rate. */
  readonly client: number;
}

// Connections, and the engine's compiler on both sides, settle before anything counts.
const settlingSeconds = 0.5;

async function main([address = "", file = "", clients = "1", seconds = "1"]: string[]): Promise<void> {
  const { origin, pathname: path } = new URL(address);
  const body = readFileSync(file);
  const headers = { "content-type": "application/json" };
  const times: number[] = [];
  const start = performance.now();
  const from = start + settlingSeconds * 1000;
  const until = from + Number(seconds) * 1000;

  /** One client: a connection of its own, and the next request only after the answer to the last. */
  async function ask(): Promise<void> {
    const connection = new Client(origin, { pipelining: 1 });
    for (let sent = performance.now(); sent < until; ) {
      const answer = await connection.request({ path, method: "POST", body, headers });
      const text = await answer.body.text();
      const now = performance.now();
      if (answer.statusCode !== 200) throw new Error(`${address} answered ${answer.statusCode}: ${text.slice(0, 300)}`);
      if (sent >= from && now < until) times.push(now - sent);
      sent = now;
    }
    await connection.close();
  }

  const before = process.cpuUsage();
  await Promise.all(Array.from({ length: Number(clients) }, ask));
  const { user, system } = process.cpuUsage(before);
  const used = (user + system) / 1000 / (performance.now() - start);

  const sorted = times.sort((a, b) => a - b);
  const quantile = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
  const figures: Figures = { rate: times.length / Number(seconds), p50: quantile(0.5), p99: quantile(0.99), client: used };
  process.stdout.write(JSON.stringify(figures));
}

void main(process.argv.slice(2));
