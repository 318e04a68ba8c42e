import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished, vi } from "vitest";

// Each test starts processes, which share the machine with whatever else is being tested.
vi.setConfig({ testTimeout: 180_000 });

export const main = join(__dirname, "..", "dist", "main.js");
const fixtures = join(__dirname, "fixtures");
const packages = join(__dirname, "..", "..");

export const fakeRuntime = join(fixtures, "fake-runtime", "cyclops-runtime.mjs");

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs. */
export interface Running {
  readonly ended: Promise<Ended>;
  readonly signal: (name: NodeJS.Signals) => void;
  /** Resolves when stderr holds the text. */
  readonly says: (text: string) => Promise<void>;
}

/** Starts the built command, without terminal and colours. */
export function start(args: readonly string[], { cwd = tmpdir(), env = {} as Record<string, string> } = {}): Running {
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: undefined, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  const waiting: { text: string; resolve: () => void }[] = [];
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
    for (const { text, resolve } of waiting) if (stderr.includes(text)) resolve();
  });
  return {
    ended: new Promise((resolve) => child.once("close", (code) => resolve({ code, stdout, stderr }))),
    signal: (name) => child.kill(name),
    says: (text) => new Promise((resolve) => (stderr.includes(text) ? resolve() : waiting.push({ text, resolve }))),
  };
}

/** Runs the built command to its end. */
export const cyclops = (args: readonly string[], options: Parameters<typeof start>[1] = {}): Promise<Ended> =>
  start(args, options).ended;

/** A folder that is removed after the test, with these files. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "cyclops-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

/** Puts a package into a folder's `node_modules`: the fake provider as `@cyclops/gcp`, as if a user had installed it. */
export function installFakeProvider(folder: string): void {
  mkdirSync(join(folder, "node_modules", "@cyclops"), { recursive: true });
  symlinkSync(join(fixtures, "fake-provider"), join(folder, "node_modules", "@cyclops", "gcp"));
}

/** One call of the fake runtime; `warm` is the process id of its warm parent, null for a process that the command has started. */
interface Call {
  readonly step: string;
  readonly model: string;
  readonly rest: string[];
  readonly cwd: string;
  readonly pid: number;
  readonly tracking: string;
  readonly mark: string | null;
  readonly warm: string | null;
}

/** The calls that the fake runtime has recorded. */
export function callsOf(folder: string): Call[] {
  return readFileSync(join(folder, ".cyclops", "calls.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** Path of a file in the repository. */
export const inRepository = (...parts: string[]): string => join(packages, "..", ...parts);

/** A small valid spec with these additions to its one model. */
export const spec = (model = "", stack = ""): string => `name: shop
models:
  churn:
    task: binary-classification
    data: {path: raw/churn/, target: left, positive: "yes"}
    training:
      gate: {metric: roc_auc, min: 0.75}
${model}
${stack}
`;
