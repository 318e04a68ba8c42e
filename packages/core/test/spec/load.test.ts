import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { loadSpec, SpecError } from "../../src";
import { parseSpecText } from "../../src/spec/load";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "cyclops-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function issuesOf(work: () => unknown): readonly unknown[] {
  try {
    work();
  } catch (error) {
    if (error instanceof SpecError) return error.issues;
    throw error;
  }
  throw new Error("nothing was thrown");
}

const fix = "Name an existing spec file, or make one with `cyclops init`.";

describe("loadSpec", () => {
  it("reads YAML and JSON, with a byte order mark and with either line ending", () => {
    const text = '{"name": "churn"}';
    for (const content of [text, `\ufeff${text}`, "name: churn\r\n", "# comment\nname: churn"]) {
      writeFileSync(path.join(folder, "spec"), content);
      expect(loadSpec(path.join(folder, "spec")).name).toBe("churn");
    }
  });

  it("says in one sentence why a file cannot be read", () => {
    const missing = path.join(folder, "mlops.yaml");
    expect(issuesOf(() => loadSpec(missing))).toEqual([{ path: "", message: "the file does not exist.", fix }]);
    expect(issuesOf(() => loadSpec(folder))).toEqual([{ path: "", message: "it is a folder, not a file.", fix }]);
    expect(() => loadSpec(missing)).toThrow(`${missing}: 1 problem found.\n  the whole spec: the file does not exist.\n`);
  });

  it("reads no pipe, which waits for a writer, and no device, which may have no end", () => {
    const pipe = path.join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    // With a writer, so that reading it would be an answer.
    const writer = spawn("sh", ["-c", `echo "name: churn" > ${pipe}`]);
    try {
      for (const file of [pipe, "/dev/null"]) {
        expect(issuesOf(() => loadSpec(file))).toEqual([
          { path: "", message: "it is a pipe or a device, not a file.", fix: "Write the spec into a file, and name that." },
        ]);
      }
    } finally {
      writer.kill();
    }
  });

  it.skipIf(process.getuid?.() === 0)("says so where it may not read", () => {
    const file = path.join(folder, "mlops.yaml");
    writeFileSync(file, "name: churn");
    chmodSync(file, 0o000);
    expect(issuesOf(() => loadSpec(file))).toEqual([{ path: "", message: "it cannot be read (EACCES).", fix }]);
  });

  it("gives line, path, finding and fix in its text", () => {
    expect(() => parseSpecText("name: churn\nbudget:\n  monthlyUsd: 0\n", "mlops.yaml")).toThrow(
      new SpecError([{ path: "budget.monthlyUsd", message: "0 is too small.", fix: "Use more than 0.", line: 3 }], "mlops.yaml"),
    );
  });

  it("finds lines through aliases, and prints nothing itself", () => {
    const warning = vi.spyOn(process, "emitWarning");
    const text = "name: churn\nworkbench: &w\n  users: [ana]\n  size: XS\nalerts: *w\n";
    expect(issuesOf(() => parseSpecText(text))).toMatchObject([
      { path: "alerts.users", line: 3 },
      { path: "workbench.size", line: 4 },
      { path: "alerts.size", line: 4 },
    ]);
    expect(warning).not.toHaveBeenCalled();
    warning.mockRestore();
  });
});
