// How long until one sees what a stack will be? `cyclops plan` against `pulumi preview` with engine, provider and cluster.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../lib/root";
import { alternate, median, option, report } from "../lib/run";

const limit = 0.5;
const example = join(root, "examples/churn/onprem");

// For both: without the workflow engine's chart, for fetching it would measure the network; in a namespace that nothing else is in.
const bindings = { namespace: "cyclops-benchmark", "argo.kind": "existing" };

function whyNot(): string | undefined {
  if (spawnSync("pulumi", ["version"]).error) return "there is no `pulumi` on PATH";
  const cluster = spawnSync("kubectl", ["get", "--raw", "/readyz", "--request-timeout=10s"]);
  return cluster.status === 0 ? undefined : "no cluster answers `kubectl get --raw /readyz`";
}

function main(): void {
  const reason = whyNot();
  if (reason !== undefined) {
    process.stdout.write(`skipped: ${reason}; both are needed for \`pulumi preview\`.\n`);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "cyclops-plan-"));
  try {
    compare(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function compare(folder: string): void {
  const environment = {
    ...process.env,
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: "benchmark",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  const run = (command: string, args: string[], cwd: string): number => {
    const start = performance.now();
    const { status, stdout, stderr } = spawnSync(command, args, { cwd, env: environment, encoding: "utf8" });
    if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${`${stdout}${stderr}`.slice(-2000)}`);
    return (performance.now() - start) / 1000;
  };
  // The stack is made beside a copy of the project file, so that its configuration does not end up in the example.
  copyFileSync(join(example, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
  run("pulumi", ["stack", "init", "benchmark", "--non-interactive"], folder);
  for (const [key, value] of Object.entries(bindings)) {
    run("pulumi", ["config", "set", "--stack", "benchmark", "--path", `cyclops-onprem:${key}`, value], folder);
  }
  const configuration = join(folder, "Pulumi.benchmark.yaml");
  const preview = ["preview", "--stack", "benchmark", "--config-file", configuration, "--non-interactive"];
  const plan = [
    join(root, "packages/cli/dist/main.js"),
    "plan",
    "--spec",
    "examples/churn/mlops.yaml",
    "--target",
    "onprem",
    "--config",
    configuration,
  ];

  const pairs = alternate(
    option("pairs", 5),
    () => run(process.execPath, plan, root),
    () => run("pulumi", preview, example),
  );
  const [planned, previewed] = [median(pairs.map(([one]) => one)), median(pairs.map(([, other]) => other))];
  const ratio = median(pairs.map(([one, other]) => one / other));
  report([
    {
      what: "cyclops plan / pulumi preview, clock",
      ratio,
      limit,
      detail: `${planned.toFixed(1)} s and ${previewed.toFixed(1)} s, ${pairs.length} pairs`,
    },
  ]);
}

main();
