/** Who runs in a model's pods and jobs: one identity each. */
export const workloads = [
  "ingest",
  "curate",
  "preprocess",
  "train",
  "evaluate",
  "gate",
  "register",
  "deploy",
  "batch",
  "monitor",
  "scorer",
] as const;
export type Workload = (typeof workloads)[number];

/** The workload that a pipeline step is; tuning trains. */
export const workloadOf = (step: string): Workload => (step === "tune" ? "train" : (step as Workload));
