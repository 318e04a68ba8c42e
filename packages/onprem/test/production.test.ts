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
const retention = (recorded: Recorded) =>
  Object.fromEntries(
    recorded
      .ofKind("StatefulSet")
      .map(({ name, inputs }) => [
        name.replace(/-[0-9a-f]{5}$/, ""),
        (inputs.spec as Plain).persistentVolumeClaimRetentionPolicy.whenDeleted,
      ]),
  );

it("protects everything that holds data in production, and keeps its volumes", async () => {
  const recorded = await stack("prod", { webhooks: { secretNames: ["slack"] } });
  expect(protectedNames(recorded).map((name) => name.replace(/-[0-9a-f]{5}$/, ""))).toEqual([
    "churn-platform-network-namespace",
    "churn-platform-observability-prometheus",
    "churn-platform-storage-server",
    "churn-platform-tracking-database",
    "churn-platform-workbench-server-ana",
    "churn-platform-workbench-server-bo",
  ]);
  expect(retention(recorded)).toEqual({
    "churn-platform-observability-prometheus": "Retain",
    // The monitors push again, and silences end by themselves.
    "churn-platform-observability-alertmanager": "Delete",
    "churn-platform-observability-pushgateway": "Delete",
    "churn-platform-storage-server": "Retain",
    "churn-platform-tracking-database": "Retain",
    "churn-platform-workbench-server-ana": "Retain",
    "churn-platform-workbench-server-bo": "Retain",
  });
  // Nothing else that has a volume is forgotten.
  const open = recorded.ofKind("StatefulSet").filter(({ protect }) => !protect);
  expect(open.map(({ name }) => name).sort()).toEqual([
    "churn-platform-observability-alertmanager",
    "churn-platform-observability-pushgateway",
  ]);
});

it.each(environments.filter((environment) => environment !== "prod"))("leaves nothing behind in %s", async (environment) => {
  const recorded = await stack(environment);
  expect(protectedNames(recorded)).toEqual([]);
  expect(new Set(Object.values(retention(recorded)))).toEqual(new Set(["Delete"]));
  expect(recorded.resources.filter(({ retainOnDelete }) => retainOnDelete)).toEqual([]);
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
  expect(protectedNames(recorded)).toEqual(["churn-platform-network-namespace", "churn-platform-observability-prometheus"]);
});
