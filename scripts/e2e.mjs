// `npm run test:e2e`: the tests that need a real Pulumi engine, and those that need a real cluster besides. Skips with a sentence what
// it cannot run, unless CYCLOPS_E2E=required. The argument `cluster` runs only those on a cluster, `stand-in` only the others.
import { whyNoCluster, whyNoEngine } from "./cluster.mjs";
import { fail, run } from "./lib.mjs";

/** Folders of tests that need a cluster; the clouds have a stand-in of their provider. */
const withCluster = ["packages/onprem/"];

const [first, ...others] = process.argv.slice(2);
const only = ["cluster", "stand-in"].find((word) => word === first);
const filters = only === undefined ? process.argv.slice(2) : others;

const engine = whyNoEngine();
const cluster = only === "stand-in" ? undefined : whyNoCluster();
const missing = engine ?? cluster;
if (missing !== undefined && process.env.CYCLOPS_E2E === "required") {
  fail(`end-to-end tests are required here, but there is ${missing}`);
} else if (engine !== undefined || (only === "cluster" && cluster !== undefined)) {
  process.stdout.write(`end-to-end tests skipped: ${missing}\n`);
} else {
  if (cluster !== undefined) process.stdout.write(`end-to-end tests on a cluster skipped: ${cluster}\n`);
  const leaveOut = cluster !== undefined || only === "stand-in";
  const excluded = leaveOut ? withCluster.flatMap((folder) => ["--exclude", `${folder}**`]) : [];
  const included = only === "cluster" && filters.length === 0 ? withCluster : filters;
  // Two files on one cluster would share its CPUs, and take away what the other one needs.
  const oneByOne = leaveOut ? [] : ["--no-file-parallelism"];
  const args = ["run", "--config", "vitest.e2e.config.mts", ...oneByOne, ...excluded, ...included];
  process.exitCode = run("node", ["node_modules/vitest/vitest.mjs", ...args]).status ?? 1;
}
