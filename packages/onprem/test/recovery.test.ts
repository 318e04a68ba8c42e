import { recordProgram } from "@cyclops/core/plan";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, it, vi } from "vitest";
import { MlopsStack, Model, Platform } from "../src";
import { missingRecovery } from "../src/documents/recovery";
import { fullStack } from "./support/specs";

// A stack takes a second to record, and several on a machine that is busy.
vi.setConfig({ testTimeout: 120_000 });

const upsert = "kubernetes:upsertExistingObjects";
const force = "kubernetes:enablePatchForce";

/** What a program with this configuration warns of. */
async function warnings(program: () => unknown, config: Record<string, string> = {}): Promise<readonly string[]> {
  const recording = await recordProgram(() => {
    pulumi.runtime.setAllConfig(config);
    return program();
  });
  return recording.warnings;
}

const stack = (opts?: pulumi.ComponentResourceOptions) => () => {
  new MlopsStack("churn", { spec: fullStack }, opts);
};
const commands = (text = "") => text.match(/pulumi config set [^`]*/g);

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("a stack whose `up` could not go on after one that was stopped", () => {
  it("is told so once, with a command for each option", async () => {
    const told = await warnings(stack());
    expect(told.map(commands)).toEqual([[`pulumi config set ${upsert} true`, `pulumi config set ${force} true`]]);
    expect(told[0]).toMatch(/^If an `up` of this stack is stopped half-way, the next one will fail/);
  });

  it("is told of what is missing alone", async () => {
    expect((await warnings(stack(), { [upsert]: "true" })).map(commands)).toEqual([[`pulumi config set ${force} true`]]);
    expect((await warnings(stack(), { [upsert]: "false", [force]: "true" })).map(commands)).toEqual([
      [`pulumi config set ${upsert} true`],
    ]);
  });

  it("is told nothing where both are set, in the configuration or in the environment", async () => {
    expect(await warnings(stack(), { [upsert]: "true", [force]: "true" })).toEqual([]);
    vi.stubEnv("PULUMI_K8S_UPSERT_EXISTING_OBJECTS", "true");
    vi.stubEnv("PULUMI_K8S_ENABLE_PATCH_FORCE", "true");
    expect(await warnings(stack())).toEqual([]);
  });

  it("is told nothing where a provider of its own makes the objects, and is by a provider of something else", async () => {
    const own = () => stack({ providers: [new k8s.Provider("own", { upsertExistingObjects: true, enablePatchForce: true })] })();
    expect(await warnings(own)).toEqual([]);
    const inherited = () => {
      const provider = new k8s.Provider("own", {});
      const parent = new pulumi.ComponentResource("test:index:Team", "team", {}, { provider });
      stack({ parent })();
    };
    expect(await warnings(inherited)).toEqual([]);
    class Other extends pulumi.ProviderResource {}
    expect(await warnings(() => stack({ providers: [new Other("random", "other")] })())).toHaveLength(1);
  });

  it("is told where it has models alone, once for all of them", async () => {
    const models = () => {
      const platform = Platform.reference(new pulumi.StackReference("example/platform/dev"));
      for (const name of ["one", "two"]) new Model(name, { spec: fullStack, model: "churn", platform });
    };
    expect(await warnings(models)).toHaveLength(1);
  });
});

it("lets the configuration count before the environment, as the provider does", () => {
  const of = (values: Record<string, string>) => (key: string) => values[key];
  const on = of({ PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "true", PULUMI_K8S_ENABLE_PATCH_FORCE: "true" });
  expect(missingRecovery(of({ upsertExistingObjects: "false" }), on)).toEqual(["upsertExistingObjects"]);
  expect(missingRecovery(of({}), on)).toEqual([]);
});
