import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { CapturedRows } from "../src/dev/captured";
import { fakeRuntime, folderWith } from "./support";

const rowsOfFile = 150;

function capture(folder: string, name: string): void {
  mkdirSync(join(folder, "dt=2026-01-01"), { recursive: true });
  copyFileSync(join(dirname(fakeRuntime), "test.parquet"), join(folder, "dt=2026-01-01", name));
}

describe("CapturedRows", () => {
  it("waits for rows that are written after it was made, and counts a file once", async () => {
    const folder = join(folderWith({}), "capture");
    capture(folder, "of-an-earlier-run.parquet");
    const captured = await CapturedRows.since(folder);
    expect(await captured.reach(1, 100)).toBe(false);
    capture(folder, "one.parquet");
    expect(await captured.reach(rowsOfFile, 60_000)).toBe(true);
    expect(await captured.reach(rowsOfFile + 1, 200)).toBe(false);
    capture(folder, "two.parquet");
    expect(await captured.reach(2 * rowsOfFile, 60_000)).toBe(true);
  });

  it("goes on when so many rows do not come: a file is half written, or a sample is kept", async () => {
    const folder = folderWith({});
    const captured = await CapturedRows.since(join(folder, "capture"));
    expect(await captured.reach(1, 0)).toBe(false);
    mkdirSync(join(folder, "capture"));
    writeFileSync(join(folder, "capture", "half.parquet"), "PAR1");
    expect(await captured.reach(1, 100)).toBe(false);
  });
});
