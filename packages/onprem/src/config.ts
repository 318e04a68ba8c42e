import { type ConfigurableBindings, configuredBindings } from "@cyclops/core";
import type { PlatformBindings } from "./args";

/** The bindings that stack configuration may give. */
const bindings: ConfigurableBindings<keyof PlatformBindings> = {
  namespace: "cyclops-onprem",
  keys: [
    "registry",
    "images",
    "imagePullSecrets",
    "scheduling",
    "gateway",
    "egress",
    "instance",
    "namespace",
    "patience",
    "storageClass",
    "objectStore",
    "database",
    "argo",
    "workbench",
    "monitoring",
    "dashboards",
    "smtp",
    "webhooks",
    "runbooks",
  ],
  textKeys: ["registry", "instance", "namespace", "patience", "storageClass", "runbooks"],
  kinds: {
    objectStore: ["seaweedfs", "external"],
    database: ["postgres", "external"],
    argo: ["install", "existing"],
    workbench: ["jupyterlab", "jupyterhub"],
    monitoring: ["install", "operator"],
    dashboards: ["grafana", "existing"],
  },
};

/**
 * Arguments with the bindings of the stack's configuration (`pulumi config set --path cyclops-onprem:images.runtime …`) where the
 * program gives none, so that one program serves many clusters.
 *
 * @throws ArgumentError for a key of the namespace that is no binding, or a binding of an unknown kind
 */
export const withConfig = <Args extends object>(args: Args): Args & PlatformBindings => ({
  ...configuredBindings(bindings),
  ...args,
});
