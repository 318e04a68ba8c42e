import type { Capabilities } from "@cyclops/core";

/** What Kubernetes with this package can do. */
export const capabilities: Capabilities = {
  "storage.versioning": { support: "native", note: "S3 bucket versioning of SeaweedFS or the external store" },
  "storage.lifecycle": { support: "native", note: "S3 lifecycle rules of SeaweedFS or the external store" },
  "tracking.registry": { support: "native", note: "MLflow with PostgreSQL" },
  "tracking.authentication": {
    support: "native",
    note: "MLflow basic authentication with one user that writes and one that reads",
  },
  "training.schedule": { support: "native", note: "Argo CronWorkflow" },
  "training.tune": { support: "emulated", note: "Trials run inside one pod, `parallelism` at a time" },
  "training.gpu": { support: "native", note: "GPU resource of the pod" },
  "training.spot": { support: "native", note: "Preference for, and toleration of, spot nodes" },
  "training.distributed": { support: "native", note: "One pod per instance, which meet at a headless Service" },
  "training.cache": { support: "emulated", note: "The runtime compares checksums of a step's inputs" },
  "training.approval": { support: "native", note: "A suspended workflow, resumed with `argo resume`" },
  "training.custom-code": { support: "native", note: "Image, command or Python function of a step" },
  "training.retrain-on-drift": {
    support: "unsupported",
    note: "The monitor does not start trainings yet.",
    alternative: "Use training.schedule.",
  },
  "training.retrain-on-new-data": {
    support: "unsupported",
    note: "Nothing watches the raw zone yet.",
    alternative: "Use training.schedule.",
  },
  "training.retrain-on-quality": {
    support: "unsupported",
    note: "The monitor does not start trainings yet.",
    alternative: "Use training.schedule.",
  },
  "batch.schedule": { support: "native", note: "Argo CronWorkflow" },
  "batch.shards": { support: "native", note: "One pod per instance, each with its share of the files" },
  "batch.spot": { support: "native", note: "Preference for, and toleration of, spot nodes" },
  "endpoint.realtime": { support: "native", note: "Deployment and Service" },
  "endpoint.serverless": {
    support: "unsupported",
    note: "Kubernetes itself does not scale an HTTP service to zero.",
    alternative: 'Use kind: "realtime" with replicas.min: 1 and size: "S".',
  },
  "endpoint.async": { support: "unsupported", note: "There is no request queue.", alternative: "Use batch." },
  "endpoint.autoscaling": { support: "native", note: "HorizontalPodAutoscaler on CPU; needs metrics-server" },
  "endpoint.gpu": { support: "native", note: "GPU resource of the pod" },
  "endpoint.canary": { support: "native", note: "Weights of a Gateway API route; without a Gateway, the scorer splits requests" },
  "endpoint.shadow": {
    support: "native",
    note: "Mirror filter of a Gateway API route; without a Gateway, the scorer copies requests",
  },
  "endpoint.capture": { support: "emulated", note: "The scorer writes requests to the predictions zone" },
  "monitoring.kpis": { support: "emulated", note: "Scheduled runs of the runtime's monitor" },
  "monitoring.labels": { support: "emulated", note: "Joined by the runtime's monitor" },
  "monitoring.fairness": { support: "emulated", note: "Computed by the runtime's monitor" },
  "monitoring.dashboard": {
    support: "unsupported",
    note: "There is no Grafana yet.",
    alternative: "Use the KPI reports in the predictions zone.",
  },
  "workbench.notebooks": { support: "native", note: "One JupyterLab per user, or JupyterHub" },
  "workbench.idle-shutdown": { support: "native", note: "The workbench scales itself to zero" },
  "alerts.email": {
    support: "unsupported",
    note: "There is no Alertmanager yet.",
    alternative: "Remove alerts.email; KPIs are in the reports.",
  },
  "alerts.webhook": {
    support: "unsupported",
    note: "There is no Alertmanager yet.",
    alternative: "Remove alerts.webhook; KPIs are in the reports.",
  },
  "budget.alert": {
    support: "unsupported",
    note: "A cluster has no bill of its own.",
    alternative: "Remove budget; set monitoring.costPerHour for cost KPIs.",
  },
  "delivery.github": {
    support: "emulated",
    note: "ServiceAccount for self-hosted runners; branches are bound where the API server trusts GitHub's issuer",
  },
  "delivery.jenkins": { support: "native", note: "ServiceAccount for agents" },
};
