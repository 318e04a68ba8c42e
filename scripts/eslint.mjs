// Runs eslint on one package after the other: the types of two cloud SDKs at once would not fit into a small machine.
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { root, run } from "./lib.mjs";

const packages = readdirSync(path.join(root, "packages")).map((name) => `packages/${name}`);
const examples = ["examples/churn/aws", "examples/churn/onprem", "examples/fleet/platform", "examples/fleet/model"].filter(
  (folder) => existsSync(path.join(root, folder, "index.ts")),
);
const only = process.argv.slice(2);

let ok = true;
for (const folder of [...packages, ...examples]) {
  if (only.length > 0 && !only.includes(path.basename(folder))) continue;
  const args = ["node_modules/eslint/bin/eslint.js", "--max-warnings=0", "--no-error-on-unmatched-pattern", folder];
  ok = run("node", args).ok && ok;
}
process.exitCode = ok ? 0 : 1;
