// How long until a command of the runtime does its work? Time from the start of the process until the step has begun and every library
// that it needs is imported, beside a Python that imports those libraries and nothing else; and a scorer until it is ready, beside uvicorn
// with the same model. The registry is an MLflow server, as on a cluster.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "../lib/root";
import { median, option, type Ratio, report } from "../lib/run";

const limit = 1.5;
const bin = (name: string) => join(root, "runtime/.venv/bin", name);
const port = option("port", 18_080);

const small = ["click", "msgspec", "fsspec"];
const frames = ["pandas", "pyarrow.parquet"];
/**
 * Opens the example's model: gradient boosting behind a pipeline, saved by skops in MLflow's format. Modules inside of the packages, for skops
 * imports the packages by `importlib`, whose imports Python does not tell.
 */
const model = [
  "yaml",
  "sklearn.ensemble._hist_gradient_boosting.gradient_boosting",
  "sklearn.pipeline",
  "sklearn.compose._column_transformer",
  "sklearn.preprocessing._encoders",
  "skops.io",
];

/** What each step cannot do its work without. */
const needed: Readonly<Record<string, readonly string[]>> = {
  gate: small,
  register: [...small, "requests"],
  evaluate: [...small, "requests", ...frames, ...model, "sklearn.metrics"],
  batch: [...small, "requests", ...frames, ...model],
  monitor: [...small, "requests", "httpx", "pyarrow.compute", ...frames],
};

interface Prepared {
  readonly environment: NodeJS.ProcessEnv;
  readonly folder: string;
  readonly modelFile: string;
  readonly trusted: string;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "cyclops-start-"));
  const started: ChildProcess[] = [];
  try {
    const prepared = await prepare(folder, started);
    const ratios: Ratio[] = [];
    for (const [step, modules] of Object.entries(needed)) {
      const bare = [
        "-X",
        "importtime",
        "-c",
        `${modules.map((name) => `import ${name}`).join("\n")}\nprint("event=step-started")`,
      ];
      const own = ["-X", "importtime", "-m", "cyclops_runtime", step];
      ratios.push(
        await compare(
          `${step}: until its work begins / bare imports`,
          () => importsDone(own, modules, prepared),
          () => importsDone(bare, modules, prepared),
        ),
      );
    }
    const scorer = [bin("cyclops-runtime"), "serve", "--host", "127.0.0.1", "--port", String(port)];
    const plain = [
      bin("python"),
      join(root, "benchmarks/start/plain_scorer.py"),
      prepared.modelFile,
      prepared.trusted,
      String(port),
    ];
    ratios.push(
      await compare(
        "serve: until /readyz is 200 / uvicorn with the model",
        () => ready(scorer, prepared),
        () => ready(plain, prepared),
      ),
    );
    report(ratios);
  } finally {
    for (const child of started) end(child);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A trained version in a registry behind an MLflow server, and the environment of a step. */
async function prepare(folder: string, started: ChildProcess[]): Promise<Prepared> {
  process.stderr.write("training the example and starting an MLflow server\n");
  cpSync(join(root, "examples/churn"), folder, { recursive: true, filter: (path) => !path.includes(".cyclops") });
  const cli = [join(root, "packages/cli/dist/main.js"), "dev", "--once", "--spec", join(folder, "mlops.yaml")];
  const { status, stderr } = spawnSync(process.execPath, cli, { encoding: "utf8" });
  if (status !== 0) throw new Error(`cyclops dev failed:\n${stderr}`);
  const work = join(folder, ".cyclops");
  const [runId = ""] = readdirSync(join(work, "zones/models/churn/runs"));
  const { modelUri } = JSON.parse(readFileSync(join(work, "zones/models/churn/runs", runId, "train.json"), "utf8"));
  const files = join(work, "mlruns/1/models", String(modelUri).replace("models:/", ""), "artifacts");
  if (!existsSync(join(files, "model.skops"))) throw new Error(`${files} holds no model.skops`);

  const { PYTHONDONTWRITEBYTECODE: _none, ...rest } = process.env;
  const address = `http://127.0.0.1:${port + 1}`;
  const store = ["--backend-store-uri", `sqlite:///${join(work, "mlflow.db")}`, "--artifacts-destination", join(work, "files")];
  const server = spawn(bin("mlflow"), ["server", "--host", "127.0.0.1", "--port", String(port + 1), "--workers", "1", ...store], {
    cwd: work,
    env: { ...rest, MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false" },
    stdio: "ignore",
    detached: true,
  });
  started.push(server);
  await untilOk(`${address}/health`, server);
  return {
    folder: work,
    modelFile: join(files, "model.skops"),
    trusted: JSON.stringify(trustedTypes(readFileSync(join(files, "MLmodel"), "utf8"))),
    environment: {
      ...rest,
      MLFLOW_TRACKING_URI: address,
      CYCLOPS_CONFIG: join(work, "models/churn.json"),
      CYCLOPS_RUN_ID: runId,
      CYCLOPS_METRIC_SINK: "none",
      OMP_WAIT_POLICY: "PASSIVE",
    },
  };
}

const trustedTypes = (document: string): string[] =>
  /skops_trusted_types:\n((?: +- .*\n)+)/.exec(document)?.[1]?.match(/[\w.]+(?=\n)/g) ?? [];

/** Runs two things in turn; the first pair is not counted. */
async function compare(what: string, own: () => Promise<number>, bare: () => Promise<number>): Promise<Ratio> {
  const pairs: [number, number][] = [];
  const count = option("pairs", 7);
  for (let pair = 0; pair <= count; pair++) {
    const even = pair % 2 === 0;
    const early = await (even ? own : bare)();
    const late = await (even ? bare : own)();
    if (pair > 0) pairs.push(even ? [early, late] : [late, early]);
  }
  const [mine, theirs] = [median(pairs.map(([one]) => one)), median(pairs.map(([, other]) => other))];
  const detail = `${mine.toFixed(2)} and ${theirs.toFixed(2)} s, ${count} pairs`;
  return { what, ratio: median(pairs.map(([one, other]) => one / other)), limit, detail };
}

/** Seconds until a Python has both begun the step and imported every module. https://docs.python.org/3/using/cmdline.html#cmdoption-X */
function importsDone(args: readonly string[], modules: readonly string[], { environment, folder }: Prepared): Promise<number> {
  const missing = new Set(["event=step-started", ...modules]);
  const began = performance.now();
  let done: number | undefined;
  const child = spawn(bin("python"), args, { cwd: folder, env: environment, stdio: ["ignore", "pipe", "pipe"] });
  const see = (line: string) => {
    if (line.startsWith("import time:")) missing.delete(line.split("|")[2]?.trim() ?? "");
    else if (line.includes("event=step-started")) missing.delete("event=step-started");
    if (missing.size === 0) done ??= performance.now();
  };
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", see);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code !== 0 || done === undefined)
        reject(new Error(`python ${args.join(" ")} ended with ${code}, without ${[...missing].join(", ")}`));
      else resolve((done - began) / 1000);
    });
  });
}

/** Seconds until a server answers `/readyz` with 200. */
async function ready([program = "", ...args]: readonly string[], { environment, folder }: Prepared): Promise<number> {
  const began = performance.now();
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...environment, CYCLOPS_DRAIN_SECONDS: "0" },
    stdio: "ignore",
    detached: true,
  });
  const gone = new Promise((resolve) => child.once("close", resolve));
  try {
    await untilOk(`http://127.0.0.1:${port}/readyz`, child);
    return (performance.now() - began) / 1000;
  } finally {
    end(child);
    await gone;
  }
}

async function untilOk(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + 180_000;
  while (!(await answersOk(url))) {
    if (child.exitCode !== null) throw new Error(`${child.spawnargs.join(" ")} ended with ${child.exitCode}`);
    if (Date.now() > deadline) throw new Error(`${url} was not ready after three minutes`);
    await sleep(10);
  }
}

async function answersOk(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

function end(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  process.kill(-child.pid, "SIGTERM");
}

void main();
