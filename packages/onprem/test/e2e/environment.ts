import { existsSync } from "node:fs";
import path from "node:path";
import { list } from "./cluster";
import { root, run } from "./command";

/** The tool that builds images into the test cluster; another cluster gives its bindings in CYCLOPS_E2E_BINDINGS. */
const sandbox = process.env.CYCLOPS_SANDBOX ?? path.join(root, "../shared/sandbox/sandbox");

/** Paths below `cyclops-onprem:` and their values. */
export type Bindings = Record<string, string>;

/**
 * Makes the images that the stacks need, and tells the bindings with which they find them.
 *
 * @param namespaces those of the stacks, in which nothing may be left of an earlier run
 * @throws Error where neither the sandbox nor CYCLOPS_E2E_BINDINGS, a JSON object of paths and values, is there
 */
export async function prepare(...namespaces: string[]): Promise<Bindings> {
  const given = process.env.CYCLOPS_E2E_BINDINGS;
  return { ...quick, ...(given === undefined ? await prepareSandbox(namespaces) : (JSON.parse(given) as Bindings)) };
}

/** Intervals that the tests wait for, shorter than people need them. */
const quick: Bindings = { patience: "3s", "monitoring.kind": "install", "monitoring.interval": "5s" };

async function prepareSandbox(namespaces: readonly string[]): Promise<Bindings> {
  if (!existsSync(sandbox))
    throw new Error('name images and charts of your cluster in CYCLOPS_E2E_BINDINGS, e.g. {"images.runtime": "..."}');
  await clear(namespaces);
  for (const target of ["runtime", "workbench"]) {
    await run(sandbox, [
      "image",
      `sandbox.local/cyclops-${target}:e2e`,
      "runtime",
      "--layers",
      "--target",
      target,
      "--build-arg",
      "BASE=sandbox.local/python:3.11",
    ]);
  }
  return {
    "images.runtime": "sandbox.local/cyclops-runtime:e2e",
    "images.workbench": "sandbox.local/cyclops-workbench:e2e",
    "images.database": "sandbox.local/postgres:15",
    "images.objectStore": "sandbox.local/seaweedfs:4.44",
    "images.argoController": "sandbox.local/argo-controller:3.7.3",
    "images.argoExecutor": "sandbox.local/argo-exec:3.7.3",
    "images.prometheus": "sandbox.local/prometheus:2.42",
    "images.alertmanager": "sandbox.local/prometheus:2.42",
    "images.pushgateway": "sandbox.local/prometheus:2.42",
    "monitoring.storage": "1Gi",
    // Debian's programs, under Debian's names.
    "monitoring.commands.alertmanager": "prometheus-alertmanager",
    "monitoring.commands.pushgateway": "prometheus-pushgateway",
    // No image of Grafana is to be had there: the tests run the queries of its panels against Prometheus.
    "dashboards.kind": "existing",
    "dashboards.url": "http://grafana.example.com",
    "argo.kind": "install",
    "argo.chart": path.join(path.dirname(sandbox), "charts/argo-workflows"),
  };
}

/** Takes away what an earlier run of these tests that was killed has left in the sandbox: its state is lost, and its data would be found. */
async function clear(namespaces: readonly string[]): Promise<void> {
  await run("kubectl", ["delete", "namespace", ...namespaces, "--ignore-not-found", "--timeout=300s"]);
  const definitions = (await list("customresourcedefinitions")).filter(({ spec }) => spec.group === "argoproj.io");
  for (const { metadata } of definitions) await run("kubectl", ["delete", "customresourcedefinition", metadata.name]);
}
