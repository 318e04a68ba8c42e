import type { ResolvedDeliverySpec } from "@cyclops/core";
import { type PolicyRule, retrainingRules, rulesOf } from "./identity";

const all = ["get", "list", "watch", "create", "update", "patch", "delete"];

/**
 * What deploying a model takes. A Role can only be granted by someone who holds what it grants, so the rights of the pipelines' own
 * accounts are here too. Secrets are not: no model stack makes or reads one.
 */
export const deliveryRules: PolicyRule[] = [
  { apiGroups: [""], resources: ["configmaps", "services", "serviceaccounts"], verbs: all },
  { apiGroups: ["apps"], resources: ["deployments"], verbs: all },
  { apiGroups: ["autoscaling"], resources: ["horizontalpodautoscalers"], verbs: all },
  { apiGroups: ["policy"], resources: ["poddisruptionbudgets"], verbs: all },
  { apiGroups: ["rbac.authorization.k8s.io"], resources: ["roles", "rolebindings"], verbs: all },
  { apiGroups: ["argoproj.io"], resources: ["workflowtemplates", "cronworkflows"], verbs: all },
  { apiGroups: ["gateway.networking.k8s.io"], resources: ["httproutes"], verbs: all },
  { apiGroups: ["monitoring.coreos.com"], resources: ["prometheusrules"], verbs: all },
  // The engine waits for a Deployment by watching what it makes.
  { apiGroups: ["apps"], resources: ["replicasets"], verbs: ["get", "list", "watch"] },
  { apiGroups: [""], resources: ["pods", "events", "endpoints"], verbs: ["get", "list", "watch"] },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["get", "list", "watch"] },
  { apiGroups: ["apps"], resources: ["deployments/scale"], verbs: ["get", "patch"] },
  ...rulesOf("train"),
  ...retrainingRules,
].map(({ resourceNames: _, ...rule }) => rule);

/** Subjects of GitHub's tokens, for API servers configured to trust its issuer with the prefix `github:`. */
export function githubSubjects({ github }: ResolvedDeliverySpec) {
  return (github?.branches ?? []).map((branch) => ({
    kind: "User" as const,
    apiGroup: "rbac.authorization.k8s.io",
    name: `github:repo:${github?.repository}:ref:refs/heads/${branch}`,
  }));
}
