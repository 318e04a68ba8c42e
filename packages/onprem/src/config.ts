import { ArgumentError } from "@cyclops/core";
import * as pulumi from "@pulumi/pulumi";
import type { PlatformBindings } from "./args";

const namespace = "cyclops-onprem";

/** The bindings that stack configuration may give. */
const keys = [
  "registry",
  "images",
  "imagePullSecrets",
  "scheduling",
  "gateway",
  "egress",
  "namespace",
  "storageClass",
  "objectStore",
  "database",
  "argo",
  "workbench",
  "monitoring",
  "dashboards",
  "smtp",
  "webhooks",
] as const satisfies readonly (keyof PlatformBindings)[];
const textKeys: readonly string[] = ["registry", "namespace", "storageClass"];

/** The kinds of those bindings that have some: the compiler sees the program's, but not the configuration's. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  objectStore: ["seaweedfs", "external"],
  database: ["postgres", "external"],
  argo: ["install", "existing"],
  workbench: ["jupyterlab", "jupyterhub"],
  monitoring: ["install", "operator"],
  dashboards: ["grafana", "existing"],
};

/**
 * Arguments with the bindings of the stack's configuration (`pulumi config set --path cyclops-onprem:images.runtime …`) where the
 * program gives none, so that one program serves many clusters.
 *
 * @throws ArgumentError for a key of the namespace that is no binding, or a binding of an unknown kind
 */
export function withConfig<Args extends object>(args: Args): Args & PlatformBindings {
  const known: readonly string[] = keys;
  for (const full of Object.keys(pulumi.runtime.allConfig())) {
    const [place, key = ""] = full.split(":");
    if (place === namespace && !known.includes(key)) {
      throw new ArgumentError(`configuration ${full}`, "there is no such binding.", `Bindings: ${keys.join(", ")}.`);
    }
  }
  const config = new pulumi.Config(namespace);
  const given = keys.map(
    (key) => [key, textKeys.includes(key) ? config.get(key) : config.getObject<{ kind?: unknown }>(key)] as const,
  );
  for (const [key, value] of given) {
    const allowed = kinds[key];
    if (allowed && typeof value === "object" && !allowed.includes(String(value.kind))) {
      throw new ArgumentError(
        `configuration ${namespace}:${key}`,
        `the kind "${String(value.kind)}" does not exist.`,
        `Kinds: ${allowed.join(", ")}.`,
      );
    }
  }
  return { ...Object.fromEntries(given.filter(([, value]) => value !== undefined)), ...args };
}
