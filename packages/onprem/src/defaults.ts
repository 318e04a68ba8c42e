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
} as const;

/** Volumes of the platform's own servers. */
export const serverStorage = { objectStore: "50Gi", database: "10Gi" } as const;

/** Users and groups that the images run as: each image's own, since volumes and homes belong to them. */
export const imageUsers = { runtime: 65532, database: 999, objectStore: 65532, argo: 8737 } as const;

/** TCP ports, as the images have them. */
export const ports = {
  scorer: 8080,
  tracking: 5000,
  database: 5432,
  objectStore: 8333,
  workbench: 8888,
  argoMetrics: 9090,
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
