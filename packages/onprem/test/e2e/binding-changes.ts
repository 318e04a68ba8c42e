import type { BindingChange } from "@cyclops/core/testing";

/** What people change in the bindings of a running stack on Kubernetes. */
export const bindingChanges: readonly BindingChange[] = [
  {
    id: "runtime-image",
    title: "another runtime image (steps, scorers, MLflow)",
    bindings: { "images.runtime": "sandbox.local/cyclops-runtime:next" },
  },
  {
    id: "workbench-image",
    title: "another image of notebooks",
    bindings: { "images.workbench": "sandbox.local/cyclops-workbench:next" },
  },
  { id: "database-image", title: "another image of PostgreSQL", bindings: { "images.database": "sandbox.local/postgres:next" } },
  {
    id: "store-image",
    title: "another image of the object store",
    bindings: { "images.objectStore": "sandbox.local/seaweedfs:next" },
  },
  {
    id: "argo-image",
    title: "another image of Argo's controller",
    bindings: { "images.argoController": "sandbox.local/argo-controller:next" },
  },
  { id: "pull-secret", title: "credentials of a registry", bindings: { "imagePullSecrets[0]": "registry" } },
  {
    id: "store-storage",
    title: "a larger volume of the object store",
    bindings: { "objectStore.kind": "seaweedfs", "objectStore.storage": "60Gi" },
  },
  {
    id: "database-storage",
    title: "a larger volume of the database",
    bindings: { "database.kind": "postgres", "database.storage": "15Gi" },
  },
  { id: "metrics-storage", title: "a larger volume of Prometheus", bindings: { "monitoring.storage": "2Gi" } },
  { id: "retention", title: "metrics are kept longer", bindings: { "monitoring.retention": "90d" } },
  { id: "interval", title: "metrics are scraped less often", bindings: { "monitoring.interval": "30s" } },
  { id: "egress", title: "fewer networks outside (`egress`)", bindings: { "egress[0]": "10.0.0.0/8" } },
  { id: "dashboards", title: "Grafana of the stack's own (`dashboards.kind`)", bindings: { "dashboards.kind": "grafana" } },
  {
    id: "gateway",
    title: "a Gateway bound (`gateway`)",
    bindings: { "gateway.name": "public", "gateway.url": "https://models.example.com" },
  },
  { id: "requeue", title: "Argo looks less often (`argo.requeueTime`)", bindings: { "argo.requeueTime": "5s" } },
];
