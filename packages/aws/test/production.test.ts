import { environments } from "@cyclops/core";
import { expect, it } from "vitest";
import { MlopsStack } from "../src";
import { record } from "./support/recorded";
import { fixtureIn } from "./support/specs";

const stack = (environment: (typeof environments)[number]) =>
  record(() => new MlopsStack("stack", { spec: fixtureIn(environment, "full") }));

it("protects everything that holds data in production", async () => {
  const { resources, ofKind } = await stack("prod");
  const kept = resources.filter(({ protect }) => protect).map(({ name }) => name);
  expect(kept.sort()).toEqual([
    "stack-platform-observability-audit-bucket",
    "stack-platform-storage-curated-bucket",
    "stack-platform-storage-features-bucket",
    "stack-platform-storage-key",
    "stack-platform-storage-models-bucket",
    "stack-platform-storage-predictions-bucket",
    "stack-platform-storage-raw-bucket",
    "stack-platform-tracking-app",
    "stack-platform-tracking-repository",
    "stack-platform-workbench-domain",
  ]);
  expect(ofKind("Bucket").map(({ inputs }) => inputs.forceDestroy)).toEqual(ofKind("Bucket").map(() => false));
  expect(ofKind("Domain").map(({ inputs }) => inputs.retentionPolicy)).toEqual([{ homeEfsFileSystem: "Retain" }]);
});

it.each(environments.filter((environment) => environment !== "prod"))("leaves nothing behind in %s", async (environment) => {
  const { resources, ofKind } = await stack(environment);
  expect(resources.filter(({ protect, retainOnDelete }) => protect || retainOnDelete)).toEqual([]);
  expect(ofKind("Bucket").map(({ inputs }) => inputs.forceDestroy)).toEqual(ofKind("Bucket").map(() => true));
  expect(ofKind("Repository").map(({ inputs }) => inputs.forceDelete)).toEqual([true]);
  expect(ofKind("Domain").map(({ inputs }) => inputs.retentionPolicy)).toEqual([{ homeEfsFileSystem: "Delete" }]);
  expect(ofKind("Key").map(({ inputs }) => inputs.deletionWindowInDays)).toEqual([7]);
});

it("leaves what rollouts change to the rollouts", async () => {
  const recorded = await stack("dev");
  expect(recorded.ofKind("Endpoint").map(({ ignoreChanges }) => ignoreChanges)).toEqual([
    ["endpointConfigName", "deploymentConfig"],
  ]);
  expect(recorded.named("stack-model-churn-endpoint-model").ignoreChanges).toContain("primaryContainer");
  expect(recorded.named("stack-model-churn-endpoint-configuration").ignoreChanges).toContain("productionVariants");
});
