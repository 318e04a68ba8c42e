import type { Workload } from "@cyclops/core";
/** A rule of a Role. */
export interface PolicyRule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
  verbs: string[];
}

/** What the executor of every step needs. https://argo-workflows.readthedocs.io/en/release-3.7/workflow-rbac/ */
const reportResult: PolicyRule = { apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] };

/** What the deploy step of a route-based rollout changes: one route, and the number of canary replicas. */
export function rolloutRules(gateway: { route: string; canaryDeployment: string }): PolicyRule[] {
  return [
    {
      apiGroups: ["gateway.networking.k8s.io"],
      resources: ["httproutes"],
      resourceNames: [gateway.route],
      verbs: ["get", "patch"],
    },
    { apiGroups: ["apps"], resources: ["deployments/scale"], resourceNames: [gateway.canaryDeployment], verbs: ["get", "patch"] },
    { apiGroups: ["apps"], resources: ["deployments"], resourceNames: [gateway.canaryDeployment], verbs: ["get"] },
  ];
}

/** What the monitor needs where it starts trainings: Argo makes whatever a Workflow says, so that it is granted only then. */
export const retrainingRules: PolicyRule[] = [
  { apiGroups: ["argoproj.io"], resources: ["workflows"], verbs: ["create", "get", "list"] },
];

/** The least each workload needs of the Kubernetes API; scorers need nothing. */
export function rulesOf(workload: Workload, extra: readonly PolicyRule[] = []): PolicyRule[] {
  return workload === "scorer" ? [] : [reportResult, ...extra];
}
