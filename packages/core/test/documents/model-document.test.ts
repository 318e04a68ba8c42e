import path from "node:path";
import { describe, expect, it } from "vitest";
import { loadSpec, modelDocument, modelOf } from "../../src";

const spec = loadSpec(path.join(__dirname, "../../fixtures/valid/full.yaml"));
const zones = {
  raw: "s3://raw",
  curated: "s3://curated",
  features: "s3://features",
  models: "s3://models",
  predictions: "s3://predictions",
};

describe("modelDocument", () => {
  it("names experiment and registered model after stack, environment and model, and takes the rest as it is", () => {
    const given = {
      stack: "churn",
      environment: "prod",
      model: "churn",
      spec: modelOf(spec, "churn"),
      zones,
      serving: null,
      target: "aws",
    } as const;
    expect(modelDocument(given)).toEqual({
      ...given,
      formatVersion: 1,
      orchestration: null,
      registry: { experiment: "churn-prod/churn", model: "churn-prod-churn" },
    });
  });

  it("is plain data: it survives a file unchanged", () => {
    const document = modelDocument({
      stack: "churn",
      environment: "prod",
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
