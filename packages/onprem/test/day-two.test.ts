import type { StackSpec } from "@cyclops/core";
import { beforeAll, describe, expect, it } from "vitest";
import { MlopsStack, type MlopsStackArgs } from "../src";
import { kindOf, type Plain, type Recorded, record } from "./support/recorded";
import { fullStack, withModel } from "./support/specs";
import { variants } from "./support/variants";

const args: Partial<MlopsStackArgs> = { webhooks: { secretNames: ["slack"] } };
const make = (spec: StackSpec = fullStack, more: Partial<MlopsStackArgs> = {}) =>
  record(() => new MlopsStack("churn", { spec, ...args, ...more }));

let before: Recorded;
beforeAll(async () => {
  before = await make();
});

/** Objects whose content differs, by the names of their resources; and whose own names do. */
function differences(after: Recorded): { changed: string[]; renamed: string[] } {
  const nameOf = (inputs: Plain) => inputs.metadata?.name;
  const pairs = before.resources
    .filter(({ custom }) => custom)
    .map((old) => ({ old, now: after.resources.find(({ urn }) => urn === old.urn) }));
  const differ = (read: (inputs: Plain) => unknown) =>
    pairs
      .filter(({ old, now }) => now && JSON.stringify(read(old.inputs)) !== JSON.stringify(read(now.inputs)))
      .map(({ old }) => old.name)
      .sort();
  return { changed: differ((inputs) => inputs), renamed: differ(nameOf) };
}

describe.each(Object.keys(variants))("what spreads a replacement in %s", (title) => {
  let resources: Recorded["resources"];
  beforeAll(async () => {
    const stack = variants[title];
    if (!stack) throw new Error(`no variant ${title}`);
    resources = (await record(() => new MlopsStack("churn", stack))).resources;
  });

  it("is nowhere: no property of any object comes from another object", () => {
    const edges = resources.flatMap(({ name, inputDependencies }) =>
      Object.entries(inputDependencies)
        .filter(([, urns]) => urns.length > 0)
        .map(([property, urns]) => `${name}.${property} from ${urns.map((urn) => urn.split("::").at(-1)).join()}`),
    );
    expect(edges).toEqual([]);
  });

  it("needs no output of what is not there yet: every input is known in a preview", () => {
    const unknown = resources.filter(({ inputs }) => JSON.stringify(inputs).includes("unknown")).map(({ name }) => name);
    expect(unknown).toEqual([]);
  });
});

describe("order", () => {
  it("puts the namespace before everything that is in it", () => {
    const namespace = before.named("churn-platform-network-namespace").urn;
    const byUrn = new Map(before.resources.map((resource) => [resource.urn, resource]));
    const reaches = (urn: string, seen = new Set<string>()): boolean => {
      if (urn === namespace) return true;
      if (seen.has(urn)) return false;
      seen.add(urn);
      return (byUrn.get(urn)?.dependencies ?? []).some((each) => reaches(each, seen));
    };
    const outside = before.resources.filter(({ custom, urn }) => custom && !reaches(urn)).map(({ name }) => name);
    expect(outside).toEqual([]);
  });

  it("puts before a pod what it mounts", () => {
    const urnOf = new Map<string, string>(
      before.resources.map(({ inputs, urn }) => [`${String(inputs.kind)} ${(inputs.metadata as Plain)?.name}`, urn]),
    );
    const missing = before.resources.filter(kindWithPod).flatMap(({ name, inputs, dependencies }) =>
      mounted((inputs.spec as Plain).template.spec.volumes)
        .filter((object) => {
          const urn = urnOf.get(object);
          return urn !== undefined && !dependencies.includes(urn);
        })
        .map((object) => `${name} does not wait for ${object}`),
    );
    expect(missing).toEqual([]);
  });
});

const kindWithPod = (resource: Parameters<typeof kindOf>[0]) => ["Deployment", "StatefulSet", "Job"].includes(kindOf(resource));

/** ConfigMaps and claims among volumes, as `<kind> <name>`. */
const mounted = (volumes: Plain[]): string[] =>
  volumes.flatMap(({ configMap, persistentVolumeClaim }) => [
    ...(configMap ? [`ConfigMap ${configMap.name}`] : []),
    ...(persistentVolumeClaim ? [`PersistentVolumeClaim ${persistentVolumeClaim.claimName}`] : []),
  ]);

describe("a ConfigMap or a Job that changes", () => {
  it("is a new one of another name, and the pods that mount it are told", async () => {
    const after = await make(fullStack, { webhooks: { secretNames: ["slack", "teams"] } });
    const { changed, renamed } = differences(after);
    expect(renamed).toEqual(["churn-platform-observability-alertmanager-config"]);
    expect(changed).toEqual(["churn-platform-observability-alertmanager", "churn-platform-observability-alertmanager-config"]);
  });

  it("keeps its name when nothing changes", async () => {
    expect(differences(await make())).toEqual({ changed: [], renamed: [] });
  });

  it("is named by what the user's transform has made of it", async () => {
    const after = await record(
      () =>
        new MlopsStack(
          "churn",
          { spec: fullStack, ...args },
          {
            transform: {
              platform: {
                storage: {
                  config: (config: Plain) => {
                    config.data["more.json"] = "{}";
                  },
                },
              },
            },
          },
        ),
    );
    expect(differences(after).renamed).toEqual(["churn-platform-storage-buckets", "churn-platform-storage-config"]);
  });

  it("has a name of its own in every version, and all have one annotation", () => {
    const versions = before.resources.filter((resource) => ["ConfigMap", "Job"].includes(kindOf(resource)));
    expect(versions.length).toBeGreaterThan(8);
    for (const { name, inputs } of versions) {
      const { name: own, annotations = {} } = inputs.metadata as Plain;
      // One name for all its versions: see where it is made.
      if (name.endsWith("-dashboard")) continue;
      expect(own, name).toMatch(/-[0-9a-f]{8}$/);
      expect(own, name).toBe(`${annotations["cyclops.dev/version-of"]}-${own.slice(-8)}`);
      expect(own.length, name).toBeLessThanOrEqual(52);
    }
  });
});

describe("a scorer", () => {
  const scorer = "churn-model-churn-endpoint-deployment";

  it.each<[string, Parameters<typeof withModel>[0]]>([
    ["the gate", (model) => ({ ...model, training: { ...model.training, gate: { metric: "roc_auc", min: 0.6 } } })],
    ["the schedule", (model) => ({ ...model, training: { ...model.training, schedule: "0 4 * * 2" } })],
    ["the segments", (model) => ({ ...model, monitoring: { ...model.monitoring, segments: ["Contract"] } })],
    ["a threshold", (model) => ({ ...model, monitoring: { ...model.monitoring, thresholds: { data_freshness: { warn: 9 } } } })],
    ["the replicas", (model) => ({ ...model, endpoint: { ...model.endpoint, replicas: { min: 2, max: 4 } } })],
    ["the rollout", (model) => ({ ...model, endpoint: { ...model.endpoint, rollout: { strategy: "canary", bake: "1m" } } })],
  ])("is not restarted by a change of %s", async (_, change) => {
    const { changed } = differences(await make(withModel(change)));
    expect(changed.length).toBeGreaterThan(0);
    expect(changed).not.toContain(scorer);
  });

  it("is restarted by a change of what it captures", async () => {
    const { changed } = differences(
      await make(withModel((model) => ({ ...model, endpoint: { ...model.endpoint, capture: { percent: 7 } } }))),
    );
    expect(changed).toContain(scorer);
  });
});
