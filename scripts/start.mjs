// `npm start`: from a fresh clone to a plan and a local run of the churn example, with no cloud, engine or cluster.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fail, root, run } from "./lib.mjs";

const spec = "examples/churn/mlops.yaml";
if (!run("node", ["scripts/setup.mjs"]).ok) process.exit(1);
if (!existsSync(path.join(root, spec))) fail(`${spec} is missing.`);

const manifest = (name) => JSON.parse(readFileSync(path.join(root, "packages", name, "package.json"), "utf8"));
const known = ["onprem", "aws", "gcp", "azure"];
const targets = readdirSync(path.join(root, "packages")).filter((name) => known.includes(name) && !manifest(name).private);

const cyclops = (...args) => {
  process.stdout.write(`\n$ cyclops ${args.join(" ")}\n`);
  if (!run("node", ["packages/cli/dist/main.js", ...args]).ok) fail(`cyclops ${args[0]} failed; the lines above say why.`);
};
for (const target of targets) cyclops("plan", "--spec", spec, "--target", target);
cyclops("dev", "--spec", spec);

process.stdout.write(`
Next:
  ${spec.padEnd(28)} the spec: change a threshold, and run npm start again
  ${"examples/churn/onprem".padEnd(28)} the same stack for Kubernetes: pulumi up
  ${"README.md".padEnd(28)} what each part does
`);
