import path from "node:path";
import { describe, expect, it } from "vitest";
import {
  assertSupported,
  type Capabilities,
  type FeatureId,
  featureIds,
  featuresOf,
  loadSpec,
  modelOf,
  UnsupportedFeatureError,
  unsupportedFeatures,
} from "../../src";
import { validFixtures } from "../../src/testing/fixtures";

const specOf = (name: string) => loadSpec(path.join(__dirname, `../../fixtures/valid/${name}.yaml`));
const usesOf = (name: string) => Object.fromEntries(featuresOf(specOf(name)).map(({ feature, path: place }) => [feature, place]));

const without = (...ids: FeatureId[]): Capabilities =>
  Object.fromEntries(
    featureIds.map((id) => [
      id,
      ids.includes(id)
        ? { support: "unsupported", note: `no ${id}.`, alternative: "Leave it out." }
        : { support: "native", note: "" },
    ]),
  ) as Capabilities;

describe("featuresOf", () => {
  it("finds nothing but the schedule-free minimum in a minimal spec", () => {
    expect(featuresOf(specOf("minimal"))).toEqual([]);
    expect(featuresOf(specOf("nothing-but-a-name"))).toEqual([]);
  });

  it("names the field behind each feature", () => {
    expect(usesOf("gpu-spot-distributed")).toEqual({
      "training.gpu": "models.defects.training.steps.train.gpu",
      "training.spot": "models.defects.training.steps.preprocess.spot",
      "training.distributed": "models.defects.training.steps.train.instances",
      "batch.shards": "models.defects.batch.instances",
      "batch.spot": "models.defects.batch.spot",
      "endpoint.realtime": "models.defects.endpoint.kind",
      "endpoint.autoscaling": "models.defects.endpoint.replicas",
      "endpoint.gpu": "models.defects.endpoint.gpu",
      "endpoint.canary": "models.defects.endpoint.rollout.strategy",
      "endpoint.capture": "models.defects.endpoint.capture",
    });
    expect(usesOf("async")).toEqual({
      "endpoint.async": "models.scoring.endpoint.kind",
      "endpoint.autoscaling": "models.scoring.endpoint.replicas",
    });
    expect(usesOf("delivery")).toEqual({
      "workbench.notebooks": "workbench",
      "workbench.idle-shutdown": "workbench.idleShutdown",
      "delivery.jenkins": "delivery.jenkins",
    });
  });

  it("names fields that exist in the resolved spec", () => {
    for (const { name, file } of validFixtures()) {
      const spec = loadSpec(file);
      for (const { path: place, feature } of featuresOf(spec)) {
        const value = place
          .split(".")
          .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], spec);
        expect([name, feature, value !== undefined]).toEqual([name, feature, true]);
      }
    }
  });

  it("has a spec in the corpus for every feature that a spec asks for", () => {
    const used = new Set(validFixtures().flatMap(({ file }) => featuresOf(loadSpec(file)).map(({ feature }) => feature)));
    // What every target has or lacks as a whole, whatever the spec says.
    const always: FeatureId[] = [
      "storage.versioning",
      "storage.lifecycle",
      "tracking.registry",
      "tracking.authentication",
      "monitoring.dashboard",
    ];
    expect(featureIds.filter((id) => !used.has(id))).toEqual(always);
  });
});

describe("assertSupported", () => {
  it("accepts what the target can do", () => {
    expect(() => assertSupported(specOf("full"), without("endpoint.async"), "aws")).not.toThrow();
  });

  it("lists everything that it cannot, with the alternative", () => {
    const capabilities = without("endpoint.async", "endpoint.autoscaling");
    const expected = [
      {
        path: "models.scoring.endpoint.kind",
        message: "the target gcp cannot do this (endpoint.async): no endpoint.async.",
        fix: "Leave it out.",
      },
      {
        path: "models.scoring.endpoint.replicas",
        message: "the target gcp cannot do this (endpoint.autoscaling): no endpoint.autoscaling.",
        fix: "Leave it out.",
      },
    ];
    expect(unsupportedFeatures(specOf("async"), capabilities, "gcp")).toEqual(expected);
    expect(() => assertSupported(specOf("async"), capabilities, "gcp")).toThrow(
      new UnsupportedFeatureError(expected, "the stack documents"),
    );
  });
});

describe("modelOf", () => {
  it("gives a model, or says which there are", () => {
    expect(modelOf(specOf("minimal"), "churn").task).toBe("binary-classification");
    expect(() => modelOf(specOf("many-models"), "up")).toThrow(
      'the spec fleet has no model "up"; models: north, south, east, west',
    );
    expect(() => modelOf(specOf("platform-only"), "up")).toThrow("models: none");
    expect(() => modelOf(specOf("minimal"), "constructor")).toThrow('no model "constructor"');
  });
});
