// `npm run test:e2e`: the tests that need a real Pulumi engine, and those that need a real cluster besides. Skips with a sentence what
// it cannot run, unless CYCLOPS_E2E=required.
import { whyNoCluster, whyNoEngine } from "./cluster.mjs";
import { fail, run } from "./lib.mjs";

/** Folders of tests that need a cluster; the clouds have a stand-in of their provider. */
const withCluster = ["packages/onprem/**"];

const engine = whyNoEngine();
const cluster = whyNoCluster();
if (cluster !== undefined && process.env.CYCLOPS_E2E === "required") {
  fail(`end-to-end tests are required here, but there is ${cluster}`);
} else if (engine !== undefined) {
  process.stdout.write(`end-to-end tests skipped: ${engine}\n`);
} else {
  if (cluster !== undefined) process.stdout.write(`end-to-end tests on a cluster skipped: ${cluster}\n`);
  const excluded = cluster === undefined ? [] : withCluster.flatMap((folder) => ["--exclude", folder]);
  const args = ["run", "--config", "vitest.e2e.config.mts", ...excluded, ...process.argv.slice(2)];
  process.exitCode = run("node", ["node_modules/vitest/vitest.mjs", ...args]).status ?? 1;
}
