import { ArgumentError } from "@cyclops/core";
import { expect, it } from "vitest";
import { MlopsStack, type MlopsStackArgs } from "../src";
import { record } from "./support/recorded";
import { fullStack } from "./support/specs";

const stack = (config: Record<string, string>, args: Partial<MlopsStackArgs> = {}) =>
  record(() => new MlopsStack("churn", { spec: fullStack, ...args }), { config });
const image = "churn-model-churn-endpoint-deployment";

it("takes bindings from the stack's configuration, for platform and models", async () => {
  const recorded = await stack({
    "cyclops-onprem:registry": "mirror.example.com",
    "cyclops-onprem:images": '{"runtime": "registry.example.com/runtime:7"}',
    "cyclops-onprem:argo": '{"kind": "existing"}',
    "cyclops-onprem:namespace": "team-a",
    "cyclops-onprem:storageClass": "fast",
    "other:registry": "ignored.example.com",
  });
  expect(recorded.object(image).spec.template.spec.containers[0].image).toBe("registry.example.com/runtime:7");
  expect(recorded.object(image).metadata.namespace).toBe("team-a");
  expect(recorded.object("churn-platform-network-namespace").metadata.name).toBe("team-a");
  expect(recorded.object("churn-platform-storage-server").spec.template.spec.containers[0].image).toMatch(
    /^mirror\.example\.com\/chrislusf\//,
  );
  expect(recorded.object("churn-platform-tracking-database-volume").spec.storageClassName).toBe("fast");
  expect(recorded.ofKind("Chart")).toEqual([]);
});

it("lets the program decide where both say something", async () => {
  const recorded = await stack({ "cyclops-onprem:registry": "mirror.example.com" }, { registry: "own.example.com" });
  expect(recorded.object(image).spec.template.spec.containers[0].image).toMatch(/^own\.example\.com\//);
});

it.each([
  [
    { "cyclops-onprem:registri": "x" },
    "configuration cyclops-onprem:registri: there is no such binding. Bindings: registry, images, imagePullSecrets, scheduling, gateway, egress, instance, namespace, patience, storageClass, objectStore, database, argo, workbench, monitoring, dashboards, smtp, webhooks, runbooks.",
  ],
  [
    { "cyclops-onprem:objectStore": '{"kind": "s3"}' },
    'configuration cyclops-onprem:objectStore: the kind "s3" does not exist. Kinds: seaweedfs, external.',
  ],
  [
    { "cyclops-onprem:argo": "{}" },
    'configuration cyclops-onprem:argo: the kind "undefined" does not exist. Kinds: install, existing.',
  ],
  [
    { "cyclops-onprem:monitoring": '{"kind": "existing"}' },
    'configuration cyclops-onprem:monitoring: the kind "existing" does not exist. Kinds: install, operator.',
  ],
])("refuses %j before anything is registered", async (config, message) => {
  let thrown: unknown;
  const { resources } = await record(
    () => {
      try {
        new MlopsStack("churn", { spec: fullStack });
      } catch (error) {
        thrown = error;
      }
    },
    { config },
  );
  expect(thrown).toBeInstanceOf(ArgumentError);
  expect((thrown as ArgumentError).message).toBe(message);
  expect(resources).toEqual([]);
});
