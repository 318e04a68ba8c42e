import type { Size } from "@cyclops/core";

/** Images of the library. Tags are pinned: a stack changes when its owner changes it. */
export const defaultImages = {
  /** Steps, scorer, KPI monitor and MLflow server; built from `runtime/Dockerfile`. */
  runtime: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0",
  /** JupyterLab with the runtime; built from `runtime/Dockerfile`, target `workbench`. */
  workbench: "ghcr.io/cyclops-iac/cyclops-workbench:0.1.0",
  /** https://hub.docker.com/_/postgres */
  database: "docker.io/library/postgres:17.6",
  /** https://hub.docker.com/r/chrislusf/seaweedfs */
  objectStore: "docker.io/chrislusf/seaweedfs:4.44",
  /** https://quay.io/repository/argoproj/workflow-controller */
  argoController: "quay.io/argoproj/workflow-controller:v3.7.3",
  /** https://quay.io/repository/argoproj/argoexec */
  argoExecutor: "quay.io/argoproj/argoexec:v3.7.3",
  /** A release with long-term support. https://hub.docker.com/r/prom/prometheus */
  prometheus: "docker.io/prom/prometheus:v3.13.3",
  /** https://hub.docker.com/r/prom/alertmanager */
  alertmanager: "docker.io/prom/alertmanager:v0.34.1",
  /** https://hub.docker.com/r/prom/pushgateway */
  pushgateway: "docker.io/prom/pushgateway:v1.11.3",
  /** https://hub.docker.com/r/grafana/grafana */
  grafana: "docker.io/grafana/grafana:12.3.1",
} as const;
export type ImageName = keyof typeof defaultImages;

/** Charts of third-party operators. */
export const defaultCharts = {
  /** App version 3.7.3. https://github.com/argoproj/argo-helm/tree/main/charts/argo-workflows */
  argo: { chart: "argo-workflows", repository: "https://argoproj.github.io/argo-helm", version: "0.45.27" },
  /** https://z2jh.jupyter.org */
  jupyterhub: { chart: "jupyterhub", repository: "https://hub.jupyter.org/helm-chart/", version: "4.4.0" },
} as const;

/** CPU and memory of each size. Requests are what a pod is promised; memory is never overcommitted, CPU may burst to twice. */
export const sizeResources: Readonly<Record<Size, { cpu: string; cpuLimit: string; memory: string }>> = {
  S: { cpu: "250m", cpuLimit: "2", memory: "1Gi" },
  M: { cpu: "1", cpuLimit: "4", memory: "4Gi" },
  L: { cpu: "4", cpuLimit: "8", memory: "16Gi" },
  XL: { cpu: "8", cpuLimit: "16", memory: "64Gi" },
};

/** Resources of the platform's own servers: enough for a team of ten; change them with `transform`. */
export const serverResources = {
  objectStore: { requests: { cpu: "100m", memory: "512Mi" }, limits: { memory: "2Gi" } },
  database: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "1Gi" } },
  tracking: { requests: { cpu: "200m", memory: "1Gi" }, limits: { memory: "2Gi" } },
  job: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "512Mi" } },
  argoController: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } },
  // About 8 KiB a series: room for a hundred thousand, far more than the models of a team have.
  prometheus: { requests: { cpu: "100m", memory: "512Mi" }, limits: { memory: "2Gi" } },
  alertmanager: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "256Mi" } },
  pushgateway: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "256Mi" } },
  grafana: { requests: { cpu: "50m", memory: "256Mi" }, limits: { memory: "512Mi" } },
  rules: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "192Mi" } },
  watch: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "192Mi" } },
  // 30 MiB in use, after hundreds of scrapes too; one in each pod with a volume.
  volume: { requests: { cpu: "5m", memory: "32Mi" }, limits: { memory: "96Mi" } },
} as const;

/** Volumes of the platform's own servers. The small ones hold what was pushed, and silences. */
export const serverStorage = {
  objectStore: "50Gi",
  database: "10Gi",
  prometheus: "20Gi",
  alertmanager: "1Gi",
  pushgateway: "1Gi",
} as const;

/** How long Prometheus keeps values: a month, so that a dashboard shows this model's last versions too. */
export const metricRetention = "30d";

/** How often Prometheus scrapes and evaluates, and its sidecar looks for rules: a rule that waits two minutes sees eight values. */
export const monitoringInterval = "15s";

/** A namespace is made within a second or two; a slow API server is not yet a missing one. */
export const providerPatience = "20s";

/** Users and groups that the images run as: each image's own, since volumes and homes belong to them. */
export const imageUsers = {
  runtime: 65532,
  database: 999,
  objectStore: 65532,
  argo: 8737,
  prometheus: 65534,
  grafana: 472,
} as const;

/** TCP ports, as the images have them. */
export const ports = {
  scorer: 8080,
  tracking: 5000,
  database: 5432,
  objectStore: 8333,
  workbench: 8888,
  argoMetrics: 9090,
  prometheus: 9090,
  pushgateway: 9091,
  alertmanager: 9093,
  rules: 9095,
  watch: 9096,
  volume: 9097,
  grafana: 3000,
} as const;

/** Label and taint of interruptible nodes: Kubernetes has no standard one, so the library names its own. */
export const spotLabel = "cyclops.dev/spot";

/** Days after which files of a zone expire; predictions and features are derived and can be made again. */
export const zoneExpiry: Readonly<Record<"raw" | "curated" | "features" | "models" | "predictions", number | null>> = {
  raw: null,
  curated: 365,
  features: 90,
  models: null,
  predictions: 365,
};

/** Finished workflows are kept this long, so that a failure on a Friday is still there on Monday. */
export const workflowRetentionSeconds = 7 * 24 * 3600;
