// `npm test`: sets everything up, then runs every check, side by side where nothing is shared: see decision 0028.
// The last line is `N passed, N failed[, N skipped]`.
import { existsSync } from "node:fs";
import path from "node:path";
import { whyNoCluster, whyNoEngine } from "./cluster.mjs";
import { root, venvBin } from "./lib.mjs";
import { watchMemory } from "./memory.mjs";
import { start } from "./processes.mjs";
import { Screen, schedule, summary } from "./schedule.mjs";

/** Checks are divided by two cores also where there are more: the tests on a cluster keep time, and were not tried beside others. */
const cores = 2;

/** Runs one command after the other until one fails. */
const commands =
  (list, options = {}) =>
  async (write) => {
    for (const [command, ...args] of list) if (!(await start(command, args, { ...options, write })).ok) return false;
    return true;
  };
const node = (file, ...args) => ["node", file, ...args];
const bin = (file, ...args) => node(`node_modules/${file}`, ...args);
const python = (...args) => [venvBin("python"), "-m", ...args];
// Seen from runtime/, whose settings hold for all Python.
const pythonCode = [".", "../benchmarks", "--config", "pyproject.toml"];
const inRuntime = { cwd: path.join(root, "runtime") };

const required = process.env.CYCLOPS_E2E === "required";
const noPython = () => (existsSync(venvBin("python")) ? undefined : "no Python environment was set up.");
const noEngine = () => (required ? undefined : whyNoEngine());
const noCluster = () => (required ? undefined : whyNoCluster());
/** A command that makes the cluster of the tests, e.g. of CI: it is waited for by what needs the cluster, and by nothing else. */
const makeCluster = process.env.CYCLOPS_MAKE_CLUSTER;

/**
 * What keeps one core busy may run beside the tests on a cluster and stands back behind them: none of it has a clock to keep. The
 * unit tests of both languages have, so they take both cores, and the tests on the cluster run before or after them.
 */
const beside = { cores: 1 };
const standsBack = { standsBack: true };

const stages = [
  { name: "setup", cores, needed: true, run: commands([node("scripts/setup.mjs", "--no-build")]), alone: "npm run setup" },
  ...(makeCluster === undefined
    ? []
    : [{ name: "cluster", cores: 0, run: commands([["sh", "-c", makeCluster]]), alone: makeCluster }]),
  {
    name: "types (tsc -b)",
    cores: 1,
    needs: ["setup"],
    run: commands([bin("typescript/bin/tsc", "-b")]),
    alone: "npm run build",
  },
  {
    name: "end to end: cluster",
    cores: 1,
    needs: ["cluster", "types (tsc -b)"],
    skip: noCluster,
    run: commands([node("scripts/e2e.mjs", "cluster")]),
    alone: "npm run test:e2e -- cluster",
  },
  {
    name: "unit tests (vitest)",
    cores: 2,
    needs: ["types (tsc -b)"],
    run: commands([bin("vitest/vitest.mjs", "run")]),
    alone: "npm run test:unit",
  },
  {
    name: "runtime tests (pytest)",
    cores: 2,
    needs: ["setup"],
    skip: noPython,
    // A file is one worker's: its tests share what they train.
    run: commands([python("pytest", "--numprocesses", "2", "--dist", "loadfile")], inRuntime),
    alone: "cd runtime && .venv/bin/python -m pytest",
  },
  {
    name: "lint: eslint",
    ...beside,
    needs: ["types (tsc -b)"],
    run: commands([node("scripts/eslint.mjs")], standsBack),
    alone: "node scripts/eslint.mjs",
  },
  {
    name: "end to end: stand-in",
    ...beside,
    needs: ["cluster", "types (tsc -b)"],
    skip: noEngine,
    run: commands([node("scripts/e2e.mjs", "stand-in")], standsBack),
    alone: "npm run test:e2e -- stand-in",
  },
  {
    name: "generated files",
    ...beside,
    needs: ["types (tsc -b)"],
    run: commands([node("scripts/generate.mjs", "--check")], standsBack),
    alone: "npm run generate",
  },
  {
    name: "lint: knip",
    ...beside,
    needs: ["types (tsc -b)"], // it follows the command into its compiled files
    run: commands([bin("knip/bin/knip.js")], standsBack),
    alone: "npx knip",
  },
  {
    name: "lint: biome",
    ...beside,
    needs: ["setup"],
    run: commands([bin("@biomejs/biome/bin/biome", "check", ".")], standsBack),
    alone: "npx biome check .",
  },
  {
    name: "lint: ruff",
    ...beside,
    needs: ["setup"],
    skip: noPython,
    run: commands([python("ruff", "check", ...pythonCode), python("ruff", "format", "--check", ...pythonCode)], {
      ...inRuntime,
      ...standsBack,
    }),
    alone: `cd runtime && .venv/bin/ruff check ${pythonCode.join(" ")}; .venv/bin/ruff format --check ${pythonCode.join(" ")}`,
  },
];

const memory = watchMemory();
const results = await schedule(stages, { cores, on: new Screen((text) => process.stdout.write(text)) });
const sentence = memory();
if (sentence !== undefined) process.stdout.write(`\n${sentence}\n`);
process.stdout.write(summary(results));
process.exitCode = results.some(({ outcome }) => outcome === "failed") ? 1 : 0;
