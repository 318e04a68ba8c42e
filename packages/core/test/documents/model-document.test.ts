import path from "node:path";
import { describe, expect, it } from "vitest";
import { loadSpec, modelDocument, modelOf, scorerDocument } from "../../src";

const spec = loadSpec(path.join(__dirname, "../../fixtures/valid/full.yaml"));
const zones = {
  raw: "s3://raw",
  curated: "s3://curated",
  features: "s3://features",
  models: "s3://models",
  predictions: "s3://predictions",
};

const scorerOf = (model: ReturnType<typeof modelOf>) =>
  scorerDocument({ stack: "churn", environment: "prod", instance: "main", model: "churn", spec: model, zones, target: "onprem" });

describe("modelDocument", () => {
  it("names experiment and registered model after stack, instance and model, and takes the rest as it is", () => {
    const given = {
      stack: "churn",
      environment: "prod",
      model: "churn",
      spec: modelOf(spec, "churn"),
      zones,
      serving: null,
      target: "aws",
    } as const;
    expect(modelDocument({ ...given, instance: "main" })).toEqual({
      ...given,
      formatVersion: 1,
      orchestration: null,
      registry: { experiment: "churn-main/churn", model: "churn-main-churn" },
      capture: { percent: 50, columns: ["customerID", "snapshotAt"] },
      monitored: true,
    });
  });

  it("captures the share that the spec asks for", () => {
    const model = modelOf(spec, "churn");
    expect(scorerOf(model).capture.percent).toBe(50);
    expect(scorerOf({ ...model, endpoint: undefined }).capture.percent).toBe(0);
  });

  it("captures besides the features the segments that are none", () => {
    const model = modelOf(spec, "churn");
    const columnsOf = (segments: string[], training = model.training) =>
      scorerOf({ ...model, training, monitoring: { ...model.monitoring, segments } as typeof model.monitoring }).capture.columns;
    expect(columnsOf(["Contract"])).toEqual(["customerID", "snapshotAt"]);
    expect(columnsOf(["Contract", "gender"])).toEqual(["customerID", "snapshotAt", "gender"]);
    // What a command of the user's takes for features is not known.
    const steps = { ...model.training.steps, train: { ...model.training.steps.train, command: ["python", "train.py"] } };
    expect(columnsOf(["Contract"], { ...model.training, steps })).toEqual(["customerID", "snapshotAt", "Contract"]);
  });

  it("keeps its names in the registry where the environment changes and the instance does not", () => {
    const given = { stack: "churn", model: "churn", spec: modelOf(spec, "churn"), zones, serving: null, target: "aws" } as const;
    const of = (environment: string) => modelDocument({ ...given, environment, instance: "main" });
    expect(of("prod").registry).toEqual({ experiment: "churn-main/churn", model: "churn-main-churn" });
    expect(of("dev").registry).toEqual(of("prod").registry);
    expect(of("prod")).not.toHaveProperty("instance");
  });

  it("is plain data: it survives a file unchanged", () => {
    const document = modelDocument({
      stack: "churn",
      environment: "prod",
      instance: "main",
      model: "churn",
      spec: modelOf(spec, "churn"),
      zones,
      serving: null,
      orchestration: { kind: "argo", namespace: "churn-prod", template: "churn-training-template" },
      target: "local",
    });
    expect(document.orchestration).toEqual({ kind: "argo", namespace: "churn-prod", template: "churn-training-template" });
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });
});
