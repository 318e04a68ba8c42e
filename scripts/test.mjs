// `npm test`: sets everything up, then runs every check, stage by stage. The last line is `N passed, N failed[, N skipped]`.
import { existsSync } from "node:fs";
import path from "node:path";
import { whyNoEngine } from "./cluster.mjs";
import { root, run, seconds, venvBin } from "./lib.mjs";

const node =
  (file, ...args) =>
  () =>
    run("node", [file, ...args]).ok;
const bin = (file, ...args) => node(`node_modules/${file}`, ...args);
const python =
  (...args) =>
  () =>
    run(venvBin("python"), ["-m", ...args], { cwd: path.join(root, "runtime") }).ok;
// Seen from runtime/, whose settings hold for all Python.
const pythonCode = [".", "../benchmarks", "--config", "pyproject.toml"];
const noPython = () => (existsSync(venvBin("python")) ? undefined : "no Python environment was set up.");
const noEngine = () => (process.env.CYCLOPS_E2E === "required" ? undefined : whyNoEngine());

/** Later stages read what earlier ones make: types are built first because eslint and the generators read them. */
const stages = [
  { name: "setup", run: node("scripts/setup.mjs", "--no-build"), needed: true },
  { name: "types (tsc -b)", run: bin("typescript/bin/tsc", "-b") },
  { name: "lint: biome", run: bin("@biomejs/biome/bin/biome", "check", ".") },
  { name: "lint: eslint", run: node("scripts/eslint.mjs") },
  { name: "lint: knip", run: bin("knip/bin/knip.js") },
  { name: "generated files", run: node("scripts/generate.mjs", "--check") },
  { name: "unit tests (vitest)", run: bin("vitest/vitest.mjs", "run") },
  {
    name: "lint: ruff",
    skip: noPython,
    run: () => python("ruff", "check", ...pythonCode)() && python("ruff", "format", "--check", ...pythonCode)(),
  },
  { name: "runtime tests (pytest)", skip: noPython, run: python("pytest") },
  { name: "end to end", skip: noEngine, run: node("scripts/e2e.mjs") },
];

const results = [];
for (const stage of stages) {
  const since = Date.now();
  process.stdout.write(`\n=== ${stage.name}\n`);
  const stopped = results.some((result) => result.stop);
  const reason = stopped ? "setup failed." : stage.skip?.();
  if (reason) process.stdout.write(`skipped: ${reason}\n`);
  const outcome = reason ? "skipped" : stage.run() ? "passed" : "failed";
  process.stdout.write(`--- ${stage.name}: ${outcome} in ${seconds(since)}\n`);
  results.push({ name: stage.name, outcome, time: seconds(since), stop: stage.needed && outcome === "failed" });
}

const width = Math.max(...results.map((result) => result.name.length));
process.stdout.write(
  `\n${results.map(({ name, outcome, time }) => `${name.padEnd(width)}  ${outcome.padEnd(7)} ${time.padStart(8)}`).join("\n")}\n\n`,
);
const count = (outcome) => results.filter((result) => result.outcome === outcome).length;
process.stdout.write(
  `${count("passed")} passed, ${count("failed")} failed${count("skipped") ? `, ${count("skipped")} skipped` : ""}\n`,
);
process.exitCode = count("failed") > 0 ? 1 : 0;
