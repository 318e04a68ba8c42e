// `npm run test:e2e`: the tests that need a real Pulumi engine and a real cluster. Skips with a sentence when one is missing,
// unless CYCLOPS_E2E=required.
import { whyNoCluster } from "./cluster.mjs";
import { fail, run } from "./lib.mjs";

const missing = whyNoCluster();
if (missing === undefined) {
  process.exitCode =
    run("node", ["node_modules/vitest/vitest.mjs", "run", "--config", "vitest.e2e.config.mts", ...process.argv.slice(2)])
      .status ?? 1;
} else if (process.env.CYCLOPS_E2E === "required") {
  fail(`end-to-end tests are required here, but there is ${missing}`);
} else {
  process.stdout.write(`end-to-end tests skipped: ${missing}\n`);
}
