// `npm run setup`: everything that the other commands need, in a fresh clone with only Node, npm and Python.
// Idempotent: each step is skipped when the files that it depends on have not changed.
import { existsSync, statfsSync } from "node:fs";
import path from "node:path";
import { fail, root, run, seconds, stamp, venv, venvBin } from "./lib.mjs";

const uvVersion = "0.13.9";
const locks = ["runtime/requirements.lock", "runtime/requirements-dev.lock"];

const started = Date.now();
const step = (text) => {
  const since = Date.now();
  process.stdout.write(`setup: ${text} ...\n`);
  return () => process.stdout.write(`setup: ${text}: done in ${seconds(since)}\n`);
};

function checkMachine() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 9)) fail(`Node ${process.versions.node} is too old: install Node 20.9 or newer.`);
}

function needDisk(gigabytes) {
  const { bavail, bsize } = statfsSync(root);
  const free = (bavail * bsize) / 1e9;
  if (free < gigabytes)
    fail(`only ${free.toFixed(1)} GB are free on the disk of ${root}: this needs ${gigabytes} GB, make room.`);
}

function node() {
  const modules = stamp(
    path.join(root, "node_modules/.cyclops-stamp"),
    ["package-lock.json", ".npmrc"],
    process.platform + process.arch,
  );
  if (!modules.stale) return;
  needDisk(2);
  const done = step("installing npm packages (about half a minute)");
  // Errors only: the system's Node may be older than what packages ask for, and the one that runs them comes with this install.
  const result = run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { quiet: true, bare: true });
  if (result.missing) fail("npm was not found: install npm 10 or newer, it comes with Node.");
  if (!result.ok) fail("npm ci failed; the lines above say why.", result.output);
  if (!run("node_modules/.bin/node", ["--version"], { quiet: true }).ok) {
    fail(
      "the npm package `node` did not install its program; its install script must be allowed (`allowScripts` in package.json).",
    );
  }
  modules.done();
  done();
}

function build() {
  const since = Date.now();
  if (!run("node", ["node_modules/typescript/bin/tsc", "-b"]).ok) fail("TypeScript does not compile; the lines above say where.");
  if (!run("node", ["scripts/bundle.mjs"]).ok) fail("the bundle of zod could not be written; the lines above say why.");
  if (Date.now() - since > 2000) process.stdout.write(`setup: compiling TypeScript: done in ${seconds(since)}\n`);
}

function python() {
  if (!locks.every((file) => existsSync(path.join(root, file)))) {
    process.stdout.write(`setup: no ${locks.join(" and ")} yet, so no Python environment is made\n`);
    return;
  }
  const version = run("python3", ["-c", "import sys; print('%d.%d' % sys.version_info[:2])"], { quiet: true });
  if (version.missing || !version.ok) fail("python3 was not found: install Python 3.10 or newer.", version.output);
  const [major = 0, minor = 0] = version.output.trim().split(".").map(Number);
  if (major < 3 || (major === 3 && minor < 10)) fail(`python3 is ${version.output.trim()}: install Python 3.10 or newer.`);

  const packages = stamp(path.join(venv, ".cyclops-stamp"), [...locks, "runtime/pyproject.toml"], uvVersion + version.output);
  if (!packages.stale) return;
  needDisk(4);
  const done = step("installing Python packages (a minute or two the first time)");
  if (!existsSync(venvBin("python"))) {
    const made = run("python3", ["-m", "venv", venv], { quiet: true });
    if (!made.ok) fail("python3 -m venv failed: install the venv module (Debian: apt install python3-venv).", made.output);
  }
  const must = (command, args, what) => {
    const result = run(command, args, { quiet: true });
    if (!result.ok) fail(`${what} failed; the lines above say why.`, result.output);
  };
  const pipArgs = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", `uv==${uvVersion}`];
  must(venvBin("python"), pipArgs, "installing uv with pip");
  const target = ["pip", "install", "--quiet", "--python", venvBin("python")];
  const requirements = locks.flatMap((file) => ["-r", file]);
  must(venvBin("uv"), [...target, ...requirements], "installing the Python packages of runtime/requirements*.lock");
  must(venvBin("uv"), [...target, "--no-deps", "-e", "runtime"], "installing runtime/ as an editable Python package");
  packages.done();
  done();
}

checkMachine();
node();
if (!process.argv.includes("--no-build")) build();
python();
if (Date.now() - started > 2000) process.stdout.write(`setup: ready in ${seconds(started)}\n`);
