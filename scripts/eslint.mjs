// Runs eslint on one cloud's packages after the other's: what a process has read of a cloud's SDK it shares among them, and the types of
// two SDKs at once would not fit into a small machine. With names, e.g. `core`, only on these.
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { root, run } from "./lib.mjs";

const packages = readdirSync(path.join(root, "packages")).map((name) => `packages/${name}`);
const examples = ["examples/churn/aws", "examples/churn/onprem", "examples/fleet/platform", "examples/fleet/model"].filter(
  (folder) => existsSync(path.join(root, folder, "index.ts")),
);
const only = process.argv.slice(2);

const clouds = ["aws", "gcp", "azure"];
/** Kubernetes' SDK is small, so its packages go with those that know no cloud. */
const cloudOf = (folder) => clouds.find((cloud) => path.basename(folder) === cloud) ?? "none";

const groups = new Map();
for (const folder of [...packages, ...examples]) {
  if (only.length > 0 && !only.includes(path.basename(folder))) continue;
  groups.set(cloudOf(folder), [...(groups.get(cloudOf(folder)) ?? []), folder]);
}

let ok = true;
for (const folders of groups.values()) {
  const args = ["node_modules/eslint/bin/eslint.js", "--max-warnings=0", "--no-error-on-unmatched-pattern", ...folders];
  ok = run("node", args).ok && ok;
}
process.exitCode = ok ? 0 : 1;
