import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./command";

type Value = string | number | null;
/** A customer of the raw data as a client sends one. */
export type Row = Record<string, Value>;

const numbers = new Set(["SeniorCitizen", "tenure", "MonthlyCharges", "TotalCharges"]);

/** Customers of the raw data without their target, and the target by id. */
export function customers(): { rows: Row[]; labels: Record<string, string> } {
  const file = path.join(root, "examples/churn/raw/telco/telco-churn.csv");
  const [header = "", ...lines] = readFileSync(file, "utf8").trim().split(/\r?\n/);
  const names = header.split(",");
  const labels: Record<string, string> = {};
  const rows = lines.map((line) => {
    const values = line.split(",");
    const row: Row = Object.fromEntries(
      names.map((name, index) => {
        const text = values[index] ?? "";
        if (!numbers.has(name)) return [name, text];
        return [name, text.trim() === "" ? null : Number(text)];
      }),
    );
    labels[String(row.customerID)] = String(row.Churn);
    const { Churn: _, ...asked } = row;
    return asked;
  });
  return { rows, labels };
}

/** Customers as they were never trained on: dearer and newer, some with gaps, some with values that the constraints refuse. */
export function shifted(rows: readonly Row[]): Row[] {
  return rows.map((row, index) => ({
    ...row,
    MonthlyCharges: Number(row.MonthlyCharges) * 1.8 + 60,
    tenure: index % 40 === 7 ? 200 : Math.floor(Number(row.tenure) / 4),
    TotalCharges: index % 10 === 3 ? null : (row.TotalCharges ?? null),
    Contract: index % 50 === 11 ? "Weekly" : (row.Contract ?? null),
  }));
}

/** One request of one row, as its client saw it. */
export interface Exchange {
  readonly row: Row;
  readonly status: number;
  readonly milliseconds: number;
  readonly answer: { label: string; probability: number } | undefined;
}

/** Sends each row as a request of its own, a few at a time. */
export async function send(url: string, rows: readonly Row[], clients = 4): Promise<Exchange[]> {
  const waiting = [...rows];
  const seen: Exchange[] = [];
  const client = async () => {
    for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) {
      const start = performance.now();
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ dataframe_records: [row] }),
      });
      const body = (await response.json()) as { predictions?: { label: string; probability: number }[] };
      seen.push({ row, status: response.status, milliseconds: performance.now() - start, answer: body.predictions?.[0] });
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return seen;
}

/** The value below which this share of the sorted values lies, by the nearest rank. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
