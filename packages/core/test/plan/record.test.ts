import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it, vi } from "vitest";
import { type RecordedResource, recordProgram, revealValue, SecretValue, unknownValue } from "../../src/plan";

class Thing extends pulumi.CustomResource {
  declare public readonly size: pulumi.Output<number>;
  declare public readonly text: pulumi.Output<string>;
  declare public readonly list: pulumi.Output<string[]>;
  declare public readonly address: pulumi.Output<string>;

  constructor(name: string, args: Record<string, unknown> = {}, opts?: pulumi.CustomResourceOptions) {
    super("test:index:Thing", name, { size: undefined, text: undefined, list: undefined, address: undefined, ...args }, opts);
  }

  public static get(name: string, id: pulumi.Input<string>): Thing {
    return new Thing(name, {}, { id });
  }
}

class Group extends pulumi.ComponentResource {
  constructor(name: string, outputs: pulumi.Inputs, opts?: pulumi.ComponentResourceOptions) {
    super("test:index:Group", name, {}, opts);
    this.registerOutputs(outputs);
  }
}

const named = (resources: readonly RecordedResource[], name: string): RecordedResource => {
  const found = resources.find((resource) => resource.name === name);
  if (!found) throw new Error(`no resource ${name} among ${resources.map((resource) => resource.name).join(", ")}`);
  return found;
};

describe("recordProgram", () => {
  it("keeps what the program warns of, and leaves the console alone", async () => {
    const written = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const { warn } = pulumi.log;
    const { warnings } = await recordProgram(async () => {
      const group = new Group("group", {});
      await pulumi.log.warn("beware", group);
      await pulumi.log.warn("of the dog");
    });
    expect(warnings).toEqual(["beware", "of the dog"]);
    expect(written).not.toHaveBeenCalled();
    expect((await recordProgram(() => undefined)).warnings).toEqual([]);
    expect(pulumi.log.warn).toBe(warn);
    written.mockRestore();
  });

  it("tells type, name, parents, dependencies and options in the order of registration", async () => {
    const { resources } = await recordProgram(() => {
      const outer = new Group("outer", {});
      const inner = new Group("inner", {}, { parent: outer });
      const first = new Thing(
        "first",
        { size: 1 },
        { parent: inner, protect: true, ignoreChanges: ["size"], retainOnDelete: true },
      );
      new Thing("second", { text: first.id, size: 2 }, { dependsOn: inner, additionalSecretOutputs: ["address"] });
    });
    expect(resources.map(({ type, name }) => `${type} ${name}`)).toEqual([
      "test:index:Group outer",
      "test:index:Group inner",
      "test:index:Thing first",
      "test:index:Thing second",
    ]);
    const outer = named(resources, "outer");
    const inner = named(resources, "inner");
    const first = named(resources, "first");
    expect(outer).toMatchObject({ custom: false, parent: undefined, urn: "urn:pulumi:stack::project::test:index:Group::outer" });
    expect(inner.parent).toBe(outer.urn);
    expect(first).toMatchObject({
      custom: true,
      read: false,
      parent: inner.urn,
      protect: true,
      retainOnDelete: true,
      ignoreChanges: ["size"],
      urn: "urn:pulumi:stack::project::test:index:Group$test:index:Group$test:index:Thing::first",
    });
    const second = named(resources, "second");
    expect(second).toMatchObject({ protect: false, secretOutputs: ["address"], inputDependencies: { text: [first.urn] } });
    expect(second.dependencies).toContain(first.urn);
  });

  it("keeps values unknown in a preview, and does not run apply on them", async () => {
    const body = vi.fn((address: string) => `${address}/x`);
    const { resources, outputs } = await recordProgram(() => {
      const thing = new Thing("a", { size: 3, list: ["x"] });
      new Thing("b", { text: thing.address.apply(body), size: thing.size, list: [thing.id, "known"] });
      return { address: thing.address, size: thing.size };
    });
    expect(body).not.toHaveBeenCalled();
    expect(named(resources, "b").inputs).toEqual({ text: unknownValue, size: 3, list: [unknownValue, "known"] });
    expect(outputs).toEqual({ address: unknownValue, size: 3 });
  });

  it("uses ids and computed outputs of the mocks outside a preview", async () => {
    const resource = ({ name, type }: RecordedResource) => ({
      id: `${type}/${name}`,
      state: { address: `https://${name}`, size: 9 },
    });
    const { resources, outputs } = await recordProgram(
      () => {
        const thing = new Thing("a", { size: 3 });
        new Thing("b", { text: pulumi.interpolate`${thing.address}/x`, list: [thing.id] });
        return { size: thing.size };
      },
      { preview: false, mocks: { resource } },
    );
    expect(named(resources, "b").inputs).toEqual({ text: "https://a/x", list: ["test:index:Thing/a"] });
    expect(outputs).toEqual({ size: 9 });
  });

  it("marks secrets wherever they are, through resources too, and never prints them", async () => {
    for (const preview of [true, false]) {
      const { resources, outputs } = await recordProgram(
        () => {
          const thing = new Thing("a", { text: pulumi.secret("hush"), list: ["open", pulumi.secret("hush")] });
          new Thing("b", { text: thing.text, list: thing.list });
          return { text: thing.text };
        },
        { preview },
      );
      const { inputs } = named(resources, "b");
      expect(inputs.text).toBeInstanceOf(SecretValue);
      expect(inputs.list).toBeInstanceOf(SecretValue);
      expect(outputs.text).toBeInstanceOf(SecretValue);
      expect(revealValue(inputs)).toEqual({ text: "hush", list: ["open", "hush"] });
      expect(JSON.stringify({ resources, outputs })).not.toContain("hush");
      expect(`${String(inputs.text)}`).toBe("[secret]");
    }
  });

  it("records what components register as outputs, and what a program reads and calls", async () => {
    const { resources, calls } = await recordProgram(
      async () => {
        new Group("group", { url: "https://x", password: pulumi.secret("p") });
        Thing.get("existing", "id-1");
        const reference = new pulumi.StackReference("organization/platform/dev");
        const { zone } = await pulumi.runtime.invoke("test:index:getZone", { region: "r" });
        new Thing("a", { text: reference.requireOutput("network"), list: [zone] });
      },
      {
        mocks: {
          resource: ({ read, name }) =>
            read && name.includes("/") ? { state: { outputs: { network: "net-1" }, secretOutputNames: [] } } : undefined,
          call: ({ inputs }) => ({ zone: `${String(inputs.region)}-a` }),
        },
      },
    );
    expect(named(resources, "group").outputs).toEqual({ url: "https://x", password: expect.any(SecretValue) });
    expect(named(resources, "existing")).toMatchObject({ read: true, custom: true, inputs: { id: "id-1" } });
    expect(calls).toEqual([{ token: "test:index:getZone", inputs: { region: "r" } }]);
    expect(named(resources, "a").inputs).toEqual({ text: "net-1", list: ["r-a"] });
  });

  it("sees resources that apply makes late, outside a preview only", async () => {
    const program = () => {
      const thing = new Thing("a", { size: 1 });
      thing.id.apply((id) => new Thing("late", { text: id }).id.apply(() => new Thing("later")));
    };
    const names = async (preview: boolean) => (await recordProgram(program, { preview })).resources.map(({ name }) => name);
    expect(await names(true)).toEqual(["a"]);
    expect(await names(false)).toEqual(["a", "late", "later"]);
  });

  it("rejects with the error of the program itself", async () => {
    const error = new pulumi.RunError("the program is wrong");
    const sync = () => {
      throw error;
    };
    await expect(recordProgram(sync)).rejects.toBe(error);
    await expect(recordProgram(() => Promise.reject(error))).rejects.toBe(error);
    const late = () => {
      new Thing("a", { text: pulumi.output("x").apply(sync) });
    };
    await expect(recordProgram(late)).rejects.toBe(error);
    await expect(recordProgram(() => ({ text: pulumi.output("x").apply(sync) }))).rejects.toBe(error);
  });

  it("works again after a program that failed, and runs recordings one after the other", async () => {
    const failing = recordProgram(() => {
      new Thing("a", { text: Promise.reject(new Error("broken")) });
    });
    const working = recordProgram(() => void new Thing("b"));
    await expect(failing).rejects.toThrow("broken");
    expect((await working).resources.map(({ name }) => name)).toEqual(["b"]);
  });

  it("fails on a name that is used twice, a call without a mock, a logged error, and a program that does not end", async () => {
    const twice = () => [new Thing("a"), new Thing("a")];
    await expect(recordProgram(twice)).rejects.toThrow("duplicate resource URN urn:pulumi:stack::project::test:index:Thing::a");
    await expect(recordProgram(() => pulumi.runtime.invoke("test:index:getZone", {}))).rejects.toThrow("no mock answers it");
    const silent = vi.spyOn(console, "error").mockReturnValue();
    await expect(recordProgram(() => void pulumi.log.error("bad"))).rejects.toThrow("has logged an error");
    silent.mockRestore();
    const endless = () => ({ never: new Promise(() => undefined) });
    await expect(recordProgram(endless, { timeoutSeconds: 0.2 })).rejects.toThrow("has not ended after 0.2 s");
  });

  it("leaves the listeners of others as they were", async () => {
    const before = process.listeners("unhandledRejection");
    await recordProgram(() => undefined);
    await recordProgram(() => Promise.reject(new Error("x"))).catch(() => undefined);
    expect(process.listeners("unhandledRejection")).toEqual(before);
  });

  it("records a thousand resources, without their inputs where those are not wanted", { timeout: 60_000 }, async () => {
    const program = () => {
      for (let index = 0; index < 1000; index++) new Thing(`thing-${index}`, { text: "x".repeat(1000) });
    };
    const { resources } = await recordProgram(program, { keepInputs: false });
    expect(resources).toHaveLength(1000);
    expect(JSON.stringify(resources)).not.toContain("xxxx");
  });

  it("records the same each time", async () => {
    const program = () => {
      const group = new Group("group", {});
      const things = Array.from({ length: 20 }, (_, index) => new Thing(`thing-${index}`, { size: index }, { parent: group }));
      for (const [index, thing] of things.entries()) new Thing(`after-${index}`, { text: thing.id }, { parent: group });
    };
    const first = await recordProgram(program);
    expect(first.resources).toHaveLength(41);
    expect(await recordProgram(program)).toEqual(first);
  });
});
