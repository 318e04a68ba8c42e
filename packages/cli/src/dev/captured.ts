import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const pollMilliseconds = 50;

/** Follows how many rows a scorer has written down since this was made. */
export class CapturedRows {
  readonly #known = new Set<string>();
  #rows = 0;

  private constructor(private readonly folder: string) {}

  /** From now on. */
  static async since(folder: string): Promise<CapturedRows> {
    const captured = new CapturedRows(folder);
    for (const file of await captured.#files()) captured.#known.add(file);
    return captured;
  }

  /** Waits until so many rows are there, but no longer than `milliseconds`: a scorer may keep a sample only. Whether they are there. */
  async reach(rows: number, milliseconds: number): Promise<boolean> {
    const deadline = performance.now() + milliseconds;
    for (;;) {
      await this.#read();
      if (this.#rows >= rows) return true;
      if (performance.now() >= deadline) return false;
      await sleep(pollMilliseconds);
    }
  }

  async #read(): Promise<void> {
    const { asyncBufferFromFile, parquetMetadataAsync } = await import("hyparquet");
    for (const file of (await this.#files()).filter((found) => !this.#known.has(found))) {
      try {
        this.#rows += Number((await parquetMetadataAsync(await asyncBufferFromFile(file))).num_rows);
        this.#known.add(file);
      } catch {
        // It is being written: the next look finds it whole.
      }
    }
  }

  async #files(): Promise<string[]> {
    try {
      const found = await readdir(this.folder, { recursive: true });
      return found.filter((name) => name.endsWith(".parquet")).map((name) => join(this.folder, name));
    } catch {
      return []; // nothing was captured yet
    }
  }
}
