import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, expect, it } from "vitest";
import { start } from "../processes.mjs";

const module = pathToFileURL(path.resolve(__dirname, "../processes.mjs")).href;
const folders = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const alive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

it("answers the output and status of a command, and hands the output on as it comes", async () => {
  const pieces = [];
  const done = await start("node", ["-e", "console.log('out'); console.error('wrong'); process.exitCode = 3"], {
    write: (text) => pieces.push(text),
  });
  expect(done).toMatchObject({ ok: false, missing: false, status: 3 });
  expect(done.output).toContain("out\n");
  expect(done.output).toContain("wrong\n");
  expect(pieces.join("")).toBe(done.output);
});

it("says of a program that is not there that it is missing", async () => {
  expect(await start("no-such-program", [])).toMatchObject({ ok: false, missing: true });
});

it("lets what shall stand back take the processor only when nobody wants it", async () => {
  const ask = ["-p", "os.getPriority()"];
  expect((await start("node", ask, { standsBack: true })).output.trim()).toBe("19");
});

it("waits for no process that a command has left running", async () => {
  const spawning = "require('node:child_process').spawn('sleep', ['60'], { stdio: 'inherit', detached: true })";
  const { ok, output } = await start("node", ["-e", `const left = ${spawning}; left.unref(); console.log(left.pid)`]);
  process.kill(Number(output));
  expect(ok).toBe(true);
});

it.each(["SIGINT", "SIGTERM"])("ends what it has started, and what this has started, on %s", async (signal) => {
  const folder = mkdtempSync(path.join(tmpdir(), "cyclops-processes-"));
  folders.push(folder);
  const script = path.join(folder, "script.mjs");
  writeFileSync(
    script,
    `import { start } from ${JSON.stringify(module)};
     const write = (text) => process.stdout.write(text);
     await start("sh", ["-c", "sleep 60 & echo $$ $!; wait"], { write });`,
  );
  const child = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
  const [text] = await once(child.stdout, "data");
  const pids = String(text).trim().split(" ").map(Number);
  expect(pids.every(alive)).toBe(true);
  child.kill(signal);
  const [status] = await once(child, "exit");
  expect(status).toBe(signal === "SIGINT" ? 130 : 143);
  await expect.poll(() => pids.some(alive), { timeout: 10_000 }).toBe(false);
});
