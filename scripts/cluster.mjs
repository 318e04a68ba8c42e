// Whether the end-to-end tests can run here.
import { run } from "./lib.mjs";

/** One sentence saying what the end-to-end tests miss, or undefined when a Pulumi engine and a cluster are there. */
export function whyNoCluster() {
  const enable = "put `pulumi`, `pulumi-language-nodejs` and `kubectl` on PATH and let KUBECONFIG name a cluster you may change";
  if (run("pulumi", ["version"], { quiet: true }).missing) return `no Pulumi engine; to run them, ${enable}.`;
  const cluster = run("kubectl", ["get", "--raw", "/readyz", "--request-timeout=10s"], { quiet: true });
  if (cluster.missing) return `no kubectl; to run them, ${enable}.`;
  return cluster.ok ? undefined : `no Kubernetes cluster answers; to run them, ${enable}.`;
}
