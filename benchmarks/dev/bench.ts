// How long does a first look at the product take? `cyclops dev --once` against a plain script that does the same work in one process.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../lib/root";
import { alternate, median, option, report } from "../lib/run";

const limit = 2;
const firstLimit = 2.5;
const python = join(root, "runtime/.venv/bin/python");
const libraries = join(root, "runtime/.venv/lib");
const example = join(root, "examples/churn");
const environment: NodeJS.ProcessEnv = {
  ...process.env,
  CYCLOPS_RUNTIME: join(root, "runtime/.venv/bin/cyclops-runtime"),
  // For both: without it a busy machine makes the script's training ten times as long, and the benchmark would measure that.
  OMP_WAIT_POLICY: "PASSIVE",
  MLFLOW_DISABLE_TELEMETRY: "true",
  MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR: "false",
};

function main(): void {
  const folder = mkdtempSync(join(tmpdir(), "cyclops-dev-"));
  try {
    // Bytecode is there, as after set-up: compiling it is another measurement.
    run(python, ["-m", "compileall", "-q", libraries, join(root, "runtime/src")], root);
    compare(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function compare(folder: string): void {
  let count = 0;
  const place = (): string => {
    const made = join(folder, String(count++));
    mkdirSync(made);
    return made;
  };
  const cyclops = (): number => {
    const work = place();
    const command = [join(root, "packages/cli/dist/main.js"), "dev", "--once", "--spec", join(example, "mlops.yaml")];
    return run(process.execPath, [...command, "--workdir", work], work);
  };
  const script = (): number => {
    const work = place();
    return run(python, [join(root, "benchmarks/dev/plain.py"), join(example, "raw/telco"), work], work);
  };
  const pairs = alternate(option("pairs", 5), cyclops, script);
  const firsts = option("firsts", 3);
  const first = Array.from({ length: firsts }, (_, index) => {
    process.stderr.write(`first run ${index + 1} of ${firsts}\n`);
    const forget = () => run(python, [join(root, "benchmarks/dev/forget.py"), libraries, join(root, "node_modules")], root);
    forget();
    const ours = cyclops();
    forget();
    return [ours, script()] as const;
  });
  const seconds = (runs: readonly (readonly [number, number])[]): string =>
    [0, 1].map((side) => median(runs.map((pair) => pair[side] ?? Number.NaN)).toFixed(1)).join(" and ");
  const ratio = (runs: readonly (readonly [number, number])[]): number => median(runs.map(([one, other]) => one / other));
  const usual = median(pairs.map(([, other]) => other));
  report([
    {
      what: "cyclops dev --once / script, clock",
      ratio: ratio(pairs),
      limit,
      detail: `${seconds(pairs)} s, ${pairs.length} pairs`,
    },
    {
      what: "the first run / the script's usual time",
      ratio: median(first.map(([one]) => one)) / usual,
      limit: firstLimit,
      detail: `${seconds(first)} s for first runs, ${firsts} of each`,
    },
    { what: "the first run / the script's first run", ratio: ratio(first) },
  ]);
}

function run(command: string, args: string[], cwd: string): number {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env: environment, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${`${stdout}${stderr}`.slice(-2000)}`);
  return (performance.now() - start) / 1000;
}

main();
