import { workloads } from "@cyclops/core";
import type { PlatformBinding } from "../../src/args";
import { storageUsers } from "../../src/documents/credentials";
import type { PipelineContext } from "../../src/documents/step-template";

/** A platform as a model sees it. */
export const binding: PlatformBinding = {
  instance: "dev",
  namespace: "churn-dev",
  zones: {
    raw: "s3://churn-dev-raw",
    curated: "s3://churn-dev-curated",
    features: "s3://churn-dev-features",
    models: "s3://churn-dev-models",
    predictions: "s3://churn-dev-predictions",
  },
  objectStore: { endpoint: "http://store.churn-dev.svc:8333", region: "us-east-1" },
  trackingUri: "http://mlflow.churn-dev.svc:5000",
  secrets: {
    objectStore: Object.fromEntries(storageUsers.map((user) => [user, `key-${user}`])),
    trackingWriter: "mlflow-writer",
    trackingReader: "mlflow-reader",
  },
};

/** What the steps of a pipeline share. */
export const pipeline = (changes: Partial<PipelineContext> = {}): PipelineContext => ({
  model: "churn",
  binding,
  document: "{}",
  accounts: Object.fromEntries(workloads.map((workload) => [workload, `account-${workload}`])),
  secrets: ["telco-source"],
  cluster: {},
  ...changes,
});
