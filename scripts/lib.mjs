// What the scripts share. Runs before `npm ci` on Node 20: built-ins only.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
export const venv = path.join(root, "runtime/.venv");
export const windows = process.platform === "win32";
export const venvBin = (name) => path.join(venv, windows ? `Scripts/${name}.exe` : `bin/${name}`);

/** The programs of node_modules come first: `node` is then the one that package.json pins, also for grandchildren. Not so when
 * `bare`, for an install must not run on the Node that it deletes. */
export function environment(bare) {
  const bin = path.join(root, "node_modules/.bin");
  const rest = (process.env.PATH ?? "").split(path.delimiter).filter((entry) => entry !== bin);
  return {
    ...process.env,
    PATH: [...(bare ? [] : [bin]), ...rest].join(path.delimiter),
    NODE_NO_WARNINGS: process.env.NODE_NO_WARNINGS ?? "1",
    // What a terminal will show comes through a pipe where commands run side by side.
    ...(process.stdout.isTTY && !("NO_COLOR" in process.env) ? { FORCE_COLOR: process.env.FORCE_COLOR ?? "1" } : {}),
  };
}

/** Runs a command with its output shown, or collected when `quiet`. `bare`: without the programs of node_modules. */
export function run(command, args, { cwd = root, quiet = false, bare = false } = {}) {
  const result = spawnSync(command, args, {
    cwd,
    env: environment(bare),
    stdio: quiet ? ["ignore", "pipe", "pipe"] : ["ignore", "inherit", "inherit"],
    encoding: "utf8",
    shell: windows,
  });
  const output = `${result.stdout ?? ""}${result.stderr ?? ""}`;
  return { ok: result.status === 0, missing: result.error?.code === "ENOENT", output, status: result.status };
}

/** Ends the process with one sentence and, below it, the output of the command that failed. */
export function fail(sentence, output = "") {
  if (output) process.stderr.write(`${output.trimEnd()}\n`);
  process.stderr.write(`error: ${sentence}\n`);
  process.exit(1);
}

const hash = (files, extra) => {
  const sum = createHash("sha256").update(extra);
  for (const file of files)
    sum.update(existsSync(path.join(root, file)) ? readFileSync(path.join(root, file)) : "absent").update("\0");
  return sum.digest("hex");
};

/** Whether the work that `stampFile` stands for was done for other contents of `files`; `done` records that it now is. */
export function stamp(stampFile, files, extra = "") {
  const wanted = hash(files, extra);
  return {
    stale: !existsSync(stampFile) || readFileSync(stampFile, "utf8") !== wanted,
    done: () => writeFileSync(stampFile, wanted),
  };
}

export const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;
