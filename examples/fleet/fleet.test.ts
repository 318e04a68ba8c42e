import { type Recording, recordProgram, revealValue } from "@cyclops/core/plan";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";

const here = __dirname;
const start = process.cwd();

/** Runs a program as Pulumi does: from its folder, with its stack's configuration. */
function record(
  folder: "platform" | "model",
  config: Record<string, string> = {},
  exported: Record<string, unknown> = {},
): Promise<Recording> {
  process.chdir(`${here}/${folder}`);
  vi.resetModules();
  const outputs = { state: { outputs: exported, secretOutputNames: [] } };
  const program = () => {
    for (const [key, value] of Object.entries(config)) pulumi.runtime.setConfig(`fleet-model:${key}`, value);
    return folder === "platform" ? import("./platform/index.js") : import("./model/index.js");
  };
  const mocks = { resource: ({ type }: { type: string }) => (type === "pulumi:pulumi:StackReference" ? outputs : undefined) };
  return recordProgram(program, { project: `fleet-${folder}`, stack: "dev", mocks });
}

const fraud = { platform: "organization/fleet-platform/dev", team: "payments", model: "fraud" };
const objects = ({ resources }: Recording) => resources.filter(({ custom, read }) => custom && !read);
const metadata = (inputs: Readonly<Record<string, unknown>>) => inputs.metadata as { name: string; namespace?: string };

/** Names of the Secrets that any of the resources reads. */
function secretsUsed(recording: Recording): Set<string> {
  const found = [...JSON.stringify(objects(recording)).matchAll(/"secretKeyRef":\{[^}]*"name":"([^"]+)"/g)];
  return new Set(found.map(([, name]) => name ?? ""));
}

afterEach(() => process.chdir(start));

describe("the fleet example", () => {
  let binding: unknown;
  let made: Set<string>;
  beforeAll(async () => {
    const platform = await record("platform");
    binding = revealValue(platform.outputs.binding);
    made = new Set(
      platform.resources.filter(({ type }) => type === "kubernetes:core/v1:Secret").map(({ inputs }) => metadata(inputs).name),
    );
  });

  it("puts a model into the platform's namespace, with the platform's Secrets", async () => {
    const model = await record("model", fraud, { binding });
    expect(objects(model).length).toBeGreaterThan(20);
    expect(new Set(objects(model).map(({ inputs }) => metadata(inputs).namespace))).toEqual(new Set(["fleet-dev"]));
    const used = secretsUsed(model);
    expect(used.size).toBeGreaterThan(5);
    expect([...used].filter((name) => !made.has(name))).toEqual([]);
    expect(model.outputs.trainingId).toBe("fleet-dev/payments-fraud-training-template");
  });

  it("gives the models of all teams names of their own", async () => {
    const names: string[] = [];
    for (const [team, model] of [
      ["retention", "churn"],
      ["retention", "lifetime-value"],
      ["payments", "fraud"],
    ] as const) {
      names.push(
        ...objects(await record("model", { ...fraud, team, model }, { binding })).map(
          ({ type, inputs }) => `${type} ${metadata(inputs).name}`,
        ),
      );
    }
    expect(names.length).toBeGreaterThan(60);
    expect(new Set(names).size).toBe(names.length);
  });

  it("says what is wrong with a stack that exports something else as its binding", async () => {
    const { trackingUri: _removed, ...old } = binding as Record<string, unknown>;
    await expect(record("model", fraud, { binding: old })).rejects.toThrow(
      'output "binding" of the stack organization/fleet-platform/dev: is not the binding of a Kubernetes platform; missing: trackingUri.',
    );
    await expect(record("model", fraud, { binding: "s3://somewhere" })).rejects.toThrow(
      "missing: instance, namespace, trackingUri, objectStore.endpoint",
    );
  });

  it("says which stack exports no binding", async () => {
    await expect(record("model", fraud)).rejects.toThrow(
      "Required output 'binding' does not exist on stack 'organization/fleet-platform/dev'",
    );
  });
});
