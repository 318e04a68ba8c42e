// Whether the end-to-end tests can run here.
import { run } from "./lib.mjs";

/** One sentence saying what the end-to-end tests that need a Pulumi engine miss, or undefined when it is there. */
export function whyNoEngine() {
  const found = !run("pulumi", ["version"], { quiet: true }).missing;
  return found ? undefined : "no Pulumi engine; to run them, put `pulumi` and `pulumi-language-nodejs` on PATH.";
}

/** The same for tests that need a cluster besides. */
export function whyNoCluster() {
  const enable = "put `pulumi`, `pulumi-language-nodejs` and `kubectl` on PATH and let KUBECONFIG name a cluster you may change";
  if (whyNoEngine() !== undefined) return `no Pulumi engine; to run them, ${enable}.`;
  const cluster = run("kubectl", ["get", "--raw", "/readyz", "--request-timeout=10s"], { quiet: true });
  if (cluster.missing) return `no kubectl; to run them, ${enable}.`;
  return cluster.ok ? undefined : `no Kubernetes cluster answers; to run them, ${enable}.`;
}
