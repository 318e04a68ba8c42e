// `npm start`: from a fresh clone to a plan and a local run of the churn example, with no cloud, engine or cluster.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fail, root, run, seconds } from "./lib.mjs";
import { start } from "./processes.mjs";

const spec = "examples/churn/mlops.yaml";
const since = Date.now();
const interrupted = 130;
// A plan needs no Python: it is shown while that is still being installed, whose lines then come after it.
let shown = false;
let kept = "";
const showPython = (text) => {
  if (shown) process.stdout.write(text);
  else kept += text;
};
const python = start("node", ["scripts/setup.mjs", "--only", "python"], { write: showPython });
const node = await start("node", ["scripts/setup.mjs", "--only", "node"], { write: (text) => process.stdout.write(text) });
if (!node.ok) process.exit(1);
if (!existsSync(path.join(root, spec))) fail(`${spec} is missing.`);

const manifest = (name) => JSON.parse(readFileSync(path.join(root, "packages", name, "package.json"), "utf8"));
const known = ["onprem", "aws", "gcp", "azure"];
const targets = readdirSync(path.join(root, "packages")).filter((name) => known.includes(name) && !manifest(name).private);

/** In the foreground, with the terminal: it shows progress, and Ctrl-C is its own to hear. */
const cyclops = (...args) => {
  process.stdout.write(`\n$ cyclops ${args.join(" ")}\n`);
  const { ok, status } = run("node", ["packages/cli/dist/main.js", ...args]);
  if (status === interrupted) process.exit(interrupted);
  if (!ok) fail(`cyclops ${args[0]} failed; the lines above say why.`);
};
for (const target of targets) cyclops("plan", "--spec", spec, "--target", target);
process.stdout.write("\n");
process.stdout.write(kept);
shown = true;
if (!(await python).ok) process.exit(1);
process.stdout.write(`\nReady after ${seconds(since)}.\n`);
cyclops("dev", "--spec", spec);

process.stdout.write(`
Next:
  ${spec.padEnd(28)} the spec: change a threshold, and run npm start again
  ${"examples/churn/onprem".padEnd(28)} the same stack for Kubernetes: pulumi up
  ${"README.md".padEnd(28)} what each part does
`);
