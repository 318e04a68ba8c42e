import { environments } from "@cyclops/core";
import { expect, it } from "vitest";
import { MlopsStack, type MlopsStackArgs } from "../src";
import { type Plain, type Recorded, record } from "./support/recorded";
import { fullStack } from "./support/specs";

const stack = (environment: (typeof environments)[number], args: Partial<MlopsStackArgs> = {}) =>
  record(() => new MlopsStack("churn", { spec: { ...fullStack, environment }, ...args }));
const protectedNames = ({ resources }: Recorded) =>
  resources
    .filter(({ protect }) => protect)
    .map(({ name }) => name)
    .sort();
/** Names of the volumes that no change of the program deletes. */
const retained = (recorded: Recorded) =>
  recorded.resources.filter(({ retainOnDelete }) => retainOnDelete).map(({ name }) => name);

it("protects everything that holds data in production, and keeps its volumes", async () => {
  const recorded = await stack("prod", { webhooks: { secretNames: ["slack"] } });
  expect(protectedNames(recorded).map((name) => name.replace(/-[0-9a-f]{5}$/, ""))).toEqual([
    "churn-platform-network-namespace",
    "churn-platform-observability-prometheus-volume",
    "churn-platform-storage-volume",
    "churn-platform-tracking-database-volume",
    "churn-platform-workbench-home-ana",
    "churn-platform-workbench-home-bo",
  ]);
  // Nothing else that has a volume is forgotten. The monitors push again, and silences end by themselves.
  const open = recorded.ofKind("PersistentVolumeClaim").filter(({ protect }) => !protect);
  expect(open.map(({ name }) => name).sort()).toEqual([
    "churn-platform-observability-alertmanager-volume",
    "churn-platform-observability-pushgateway-volume",
  ]);
});

it.each(environments.filter((environment) => environment !== "prod"))("leaves nothing behind in %s", async (environment) => {
  const recorded = await stack(environment);
  expect(protectedNames(recorded)).toEqual([]);
  // A volume that has left the program waits in its namespace, which goes with the stack.
  const claims = new Set(recorded.ofKind("PersistentVolumeClaim").map(({ name }) => name));
  expect(retained(recorded).filter((name) => !claims.has(name))).toEqual([]);
  expect(new Set(recorded.ofKind("PersistentVolumeClaim").map(({ inputs }) => (inputs.metadata as Plain).namespace))).toEqual(
    new Set(recorded.ofKind("Namespace").map(({ inputs }) => (inputs.metadata as Plain).name)),
  );
});

it("protects no more than the namespace and the metrics where the data is elsewhere", async () => {
  const recorded = await record(
    () =>
      new MlopsStack("churn", {
        spec: { name: "churn", environment: "prod" },
        objectStore: { kind: "external", endpoint: "https://s3.example.com", secretName: "s3" },
        database: { kind: "external", secretName: "database" },
      }),
  );
  expect(protectedNames(recorded)).toEqual([
    "churn-platform-network-namespace",
    "churn-platform-observability-prometheus-volume",
  ]);
});
