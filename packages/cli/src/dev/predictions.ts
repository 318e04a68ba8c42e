import { existsSync } from "node:fs";
import { UserError } from "../errors";

/** Requests of one row each: enough for latency and error KPIs. */
const singleRequests = 100;
/** Rows sent altogether: with fewer, drift KPIs would show the noise of a small sample. */
const sampleRows = 1000;
const rowsPerBatch = 100;
const parallelRequests = 4;

/** A row as JSON. */
export type Row = Readonly<Record<string, unknown>>;

/** What a round of sample predictions has shown. */
export interface PredictionRound {
  readonly rows: number;
  readonly requests: number;
  readonly failed: number;
  /** The first row that was sent, and the answer. */
  readonly example:
    | { readonly row: Row; readonly prediction: unknown; readonly version: string | null; readonly milliseconds: number }
    | undefined;
}

/** The first rows of a Parquet file, without the column of the target; undefined where the file does not exist. */
export async function readSampleRows(file: string, target: string): Promise<Row[] | undefined> {
  if (!existsSync(file)) return undefined;
  const { asyncBufferFromFile, parquetReadObjects } = await import("hyparquet");
  const rows = await parquetReadObjects({ file: await asyncBufferFromFile(file), rowEnd: sampleRows });
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row)
        .filter(([name]) => name !== target)
        .map(([name, value]) => [name, toJson(value)]),
    ),
  );
}

/** Sends rows as a client would: one by one at first, then in batches. */
export async function sendRows(url: string, rows: readonly Row[]): Promise<PredictionRound> {
  const [first, ...singles] = rows.slice(0, singleRequests);
  if (first === undefined) return { rows: 0, requests: 0, failed: 0, example: undefined };
  const batches: Row[][] = singles.map((row) => [row]);
  for (let start = singleRequests; start < rows.length; start += rowsPerBatch)
    batches.push(rows.slice(start, start + rowsPerBatch));

  const began = performance.now();
  const answer = await predict(url, [first]);
  const milliseconds = performance.now() - began;
  if (!answer.ok) throw new UserError(`The endpoint ${url} refused the first row: ${answer.problem}`);

  let failed = 0;
  const waiting = batches[Symbol.iterator]();
  const client = async (): Promise<void> => {
    for (const batch of waiting) {
      if (!(await predict(url, batch)).ok) failed += 1;
    }
  };
  await Promise.all(Array.from({ length: parallelRequests }, client));
  return {
    rows: rows.length,
    requests: batches.length + 1,
    failed,
    example: { row: first, prediction: answer.predictions[0], version: answer.version, milliseconds },
  };
}

type Answer =
  | { readonly ok: true; readonly predictions: readonly unknown[]; readonly version: string | null }
  | { readonly ok: false; readonly problem: string };

async function predict(url: string, rows: readonly Row[]): Promise<Answer> {
  try {
    const response = await fetch(`${url}/invocations`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ dataframe_records: rows }),
    });
    const body = (await response.json()) as { predictions?: unknown; error?: string };
    if (!response.ok) return { ok: false, problem: body.error ?? `status ${response.status}` };
    const predictions = Array.isArray(body.predictions) ? body.predictions : [body.predictions];
    return { ok: true, predictions, version: response.headers.get("x-cyclops-model-version") };
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
}

function toJson(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Date) return value.toISOString();
  return value;
}
