import { objectName } from "../naming";

/** What a pod is, for Services and network policies. */
export type Role =
  | "credentials"
  | "buckets"
  | "users"
  | "object-store"
  | "database"
  | "tracking"
  | "argo"
  | "step"
  | "scorer"
  | "workbench"
  | "prometheus"
  | "alertmanager"
  | "pushgateway"
  | "grafana";

/** Labels by which Services and network policies find a pod. */
export const roleLabels = (role: Role, name?: string): Record<string, string> => ({
  "cyclops.dev/role": role,
  // Cut like the names of objects: values of labels end at 63 characters.
  ...(name === undefined ? {} : { "cyclops.dev/name": objectName(name) }),
});

/** Label of the pods that say how full their volume is: by it Prometheus finds them. It is in no selector of a server. */
export const volumeLabels: Record<string, string> = { "cyclops.dev/volume": "watched" };

/**
 * Annotation of a Service with nothing to wait for: one whose pods may not be there yet, and every headless one. Of a headless Service the
 * provider's wait returns with the first object that a shared cache holds; right after an update that may be the one of before, which
 * then stands in the state, and the next `up` changes it again:
 * https://github.com/pulumi/pulumi-kubernetes/blob/v4.32.0/provider/pkg/await/service.go
 */
export const skipAwait = { "pulumi.com/skipAwait": "true" };
