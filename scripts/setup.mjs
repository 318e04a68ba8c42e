// `npm run setup`: everything that the other commands need, in a fresh clone with only Node, npm and Python.
// Idempotent: each step is skipped when the files that it depends on have not changed. npm packages and what is compiled of them are
// made beside the Python environment; `--only node` and `--only python` make one of the two, `--no-build` compiles no TypeScript.
import { existsSync, readdirSync, statfsSync } from "node:fs";
import path from "node:path";
import { fail, root, seconds, stamp, venv, venvBin } from "./lib.mjs";
import { start } from "./processes.mjs";

const uvVersion = "0.13.9";
const programs = ["core", "onprem", "aws", "gcp", "azure", "cli"].map((name) => `packages/${name}`);
/** In the name of the stamp, so that environments of before there was bytecode are made anew. */
const compiled = "bytecode";
/** Tests of packages, which the image leaves out. */
const testsOfPackages = String.raw`site-packages[\\/](.+[\\/])?tests?[\\/]`;
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

async function node() {
  const modules = stamp(
    path.join(root, "node_modules/.cyclops-stamp"),
    ["package-lock.json", ".npmrc"],
    process.platform + process.arch,
  );
  if (!modules.stale) return;
  needDisk(2);
  const done = step("installing npm packages (about half a minute)");
  // Errors only: the system's Node may be older than what packages ask for, and the one that runs them comes with this install.
  const result = await start("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { bare: true });
  if (result.missing) fail("npm was not found: install npm 10 or newer, it comes with Node.");
  if (!result.ok) fail("npm ci failed; the lines above say why.", result.output);
  if (!(await start("node_modules/.bin/node", ["--version"])).ok) {
    fail(
      "the npm package `node` did not install its program; its install script must be allowed (`allowScripts` in package.json).",
    );
  }
  modules.done();
  done();
}

/** Tests, examples and benchmarks are left to `npm test` and `npm run build`: no command needs them compiled. */
async function build() {
  const since = Date.now();
  const compiled = await start("node", ["node_modules/typescript/bin/tsc", "-b", ...programs]);
  if (!compiled.ok) fail("TypeScript does not compile; the lines above say where.", compiled.output);
  const bundled = await start("node", ["scripts/bundle.mjs"]);
  if (!bundled.ok) fail("the bundle of zod could not be written; the lines above say why.", bundled.output);
  if (Date.now() - since > 2000) process.stdout.write(`setup: compiling TypeScript: done in ${seconds(since)}\n`);
}

async function python() {
  if (!locks.every((file) => existsSync(path.join(root, file)))) {
    process.stdout.write(`setup: no ${locks.join(" and ")} yet, so no Python environment is made\n`);
    return;
  }
  const version = await start("python3", ["-c", "import sys; print('%d.%d' % sys.version_info[:2])"]);
  if (version.missing || !version.ok) fail("python3 was not found: install Python 3.10 or newer.", version.output);
  const [major = 0, minor = 0] = version.output.trim().split(".").map(Number);
  if (major < 3 || (major === 3 && minor < 10)) fail(`python3 is ${version.output.trim()}: install Python 3.10 or newer.`);

  const packages = stamp(
    path.join(venv, ".cyclops-stamp"),
    [...locks, "runtime/pyproject.toml"],
    uvVersion + version.output + compiled,
  );
  if (!packages.stale) return compile("runtime/src");
  needDisk(4);
  const done = step("installing Python packages (a minute or two the first time)");
  if (!existsSync(venvBin("python"))) {
    const made = await start("python3", ["-m", "venv", venv]);
    if (!made.ok) fail("python3 -m venv failed: install the venv module (Debian: apt install python3-venv).", made.output);
  }
  const must = async (command, args, what) => {
    const result = await start(command, args);
    if (!result.ok) fail(`${what} failed; the lines above say why.`, result.output);
  };
  const pipArgs = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", `uv==${uvVersion}`];
  await must(venvBin("python"), pipArgs, "installing uv with pip");
  const target = ["pip", "install", "--quiet", "--python", venvBin("python")];
  const requirements = locks.flatMap((file) => ["-r", file]);
  await must(venvBin("uv"), [...target, ...requirements], "installing the Python packages of runtime/requirements*.lock");
  await must(venvBin("uv"), [...target, "--no-deps", "-e", "runtime"], "installing runtime/ as an editable Python package");
  await compile(...sitePackages(), "runtime/src");
  packages.done();
  done();
}

function sitePackages() {
  const library = path.join(venv, "lib");
  // Windows has `Lib/site-packages`, which is the same folder there.
  const folders = existsSync(library) ? readdirSync(library).map((name) => path.join(library, name, "site-packages")) : [];
  return [...folders, path.join(library, "site-packages")].filter((folder) => existsSync(folder));
}

/**
 * Writes bytecode, as pip does while it builds the image: without it every process compiles what it imports, and where
 * PYTHONDONTWRITEBYTECODE is set all later ones do so again. Files whose bytecode is current are passed over, so this costs little the
 * second time, and follows the sources of runtime/. Not uv's `--compile-bytecode`: it knows no exceptions, and leaves out what is
 * installed already, or as editable. https://docs.python.org/3/library/compileall.html
 */
async function compile(...folders) {
  const args = ["-m", "compileall", "-qq", "-j", "0", "-x", testsOfPackages, ...folders];
  const result = await start(venvBin("python"), args);
  // A package may have templates that are no Python; then the status is 1, and nothing is amiss.
  if (result.missing) fail("the Python environment has no program `python`.", result.output);
}

checkMachine();
const only = process.argv.includes("--only") ? process.argv[process.argv.indexOf("--only") + 1] : undefined;
await Promise.all([
  only === "python" ? undefined : node().then(() => (process.argv.includes("--no-build") ? undefined : build())),
  only === "node" ? undefined : python(),
]);
if (Date.now() - started > 2000) process.stdout.write(`setup: ready in ${seconds(started)}\n`);
