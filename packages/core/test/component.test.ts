import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { ArgumentError, type ChildClasses, MlopsComponent, type MlopsOptions } from "../src";
import { type RecordedResource, recordProgram, SecretValue } from "../src/plan";

interface BucketArgs {
  name?: pulumi.Input<string>;
  size?: pulumi.Input<number>;
  password?: pulumi.Input<string>;
  labels?: Record<string, string>;
}

class Bucket extends pulumi.CustomResource {
  constructor(name: string, args: BucketArgs, opts?: pulumi.CustomResourceOptions) {
    super("test:index:Bucket", name, { ...args }, opts);
  }
}

abstract class TestComponent<Children extends ChildClasses<Children>> extends MlopsComponent<Children> {
  protected override decorate(name: string, args: Record<string, unknown>): Record<string, unknown> {
    return { name: `physical-${name}`, labels: { managed: "yes" }, ...args };
  }
}

interface StorageChildren {
  raw: typeof Bucket;
  curated: typeof Bucket;
}

class Storage extends TestComponent<StorageChildren> {
  constructor(name: string, args: { size: number }, opts?: MlopsOptions<StorageChildren>) {
    super("cyclops-test:index:Storage", name, opts);
    this.child("raw", Bucket, { size: args.size, password: pulumi.secret("hush") }, { protect: true });
    this.child("curated", Bucket, { size: args.size });
    this.finish({ size: args.size, password: pulumi.secret("hush") });
  }
}

interface StackChildren {
  storage: typeof Storage;
  spare: typeof Storage;
  log: typeof Bucket;
}

class Stack extends TestComponent<StackChildren> {
  constructor(name: string, opts?: MlopsOptions<StackChildren>) {
    super("cyclops-test:index:Stack", name, opts);
    this.child("storage", Storage, { size: 1 });
    this.child("spare", Storage, { size: 2 });
    this.child("log", Bucket, {});
    this.finish({});
  }
}

const record = async (opts?: MlopsOptions<StackChildren>) => (await recordProgram(() => void new Stack("s", opts))).resources;
const named = (resources: readonly RecordedResource[], name: string) => resources.find((resource) => resource.name === name);

describe("MlopsComponent", () => {
  it("has its children depend on what it depends on itself, at every depth, besides their own", async () => {
    const { resources } = await recordProgram(() => {
      const first = new Bucket("first", {});
      new Stack("plain", { dependsOn: first });
      new Stack("late", { dependsOn: pulumi.output([first]) });
    });
    const urn = named(resources, "first")?.urn;
    for (const name of ["plain-log", "plain-storage-raw", "late-log", "late-storage-raw"]) {
      expect(named(resources, name)?.dependencies, name).toContain(urn);
    }
  });

  it("names children after itself and their key, and is their parent", async () => {
    const resources = await record();
    const urnOf = (name: string) => named(resources, name)?.urn;
    // A child with a secret input is registered a little later than its siblings.
    expect(new Map(resources.map(({ name, parent }) => [name, parent]))).toEqual(
      new Map([
        ["s", undefined],
        ["s-storage", urnOf("s")],
        ["s-spare", urnOf("s")],
        ["s-log", urnOf("s")],
        ["s-storage-raw", urnOf("s-storage")],
        ["s-storage-curated", urnOf("s-storage")],
        ["s-spare-raw", urnOf("s-spare")],
        ["s-spare-curated", urnOf("s-spare")],
      ]),
    );
  });

  it("makes resources without stack traces, and components with them", async () => {
    const stacks: Record<string, string | undefined> = {};
    class Probe extends pulumi.CustomResource {
      constructor(name: string, _args: object, opts?: pulumi.CustomResourceOptions) {
        stacks[name] = new Error("made").stack;
        super("test:index:Probe", name, {}, opts);
      }
    }
    class Inner extends TestComponent<{ probe: typeof Probe }> {
      constructor(name: string, _args: object, opts?: MlopsOptions<{ probe: typeof Probe }>) {
        super("cyclops-test:index:Inner", name, opts);
        stacks[name] = new Error("made").stack;
        this.child("probe", Probe, {});
        this.finish({});
      }
    }
    class Outer extends TestComponent<{ inner: typeof Inner }> {
      constructor(name: string) {
        super("cyclops-test:index:Outer", name);
        this.child("inner", Inner, {});
        this.finish({});
      }
    }
    await recordProgram(() => void new Outer("s"));
    expect(stacks["s-inner"]).toContain("component.test.ts");
    expect(stacks["s-inner-probe"]).toBe("Error: made");
  });

  it("decorates children of the target, not components, and keeps their options", async () => {
    const resources = await record();
    expect(named(resources, "s-storage-curated")).toMatchObject({
      inputs: { name: "physical-s-storage-curated", labels: { managed: "yes" }, size: 1 },
      protect: false,
    });
    expect(named(resources, "s-storage-raw")?.protect).toBe(true);
    expect(named(resources, "s-storage")?.inputs).toEqual({});
  });

  it("lists its children as nodes, by the keys of transform", async () => {
    let stack: Stack | undefined;
    await recordProgram(() => {
      stack = new Stack("s");
    });
    expect(Object.keys(stack?.nodes ?? {})).toEqual(["storage", "spare", "log"]);
    expect(Object.keys(stack?.nodes.storage.nodes ?? {})).toEqual(["raw", "curated"]);
    expect(stack?.nodes.log).toBeInstanceOf(Bucket);
  });

  it("keeps secrets secret, in inputs and outputs, with and without a transform", async () => {
    for (const opts of [undefined, { transform: { storage: { raw: { size: 5 } } } }]) {
      const resources = await record(opts);
      expect(named(resources, "s-storage-raw")?.inputs.password).toBeInstanceOf(SecretValue);
      expect(named(resources, "s-storage")?.outputs).toEqual({ size: 1, password: expect.any(SecretValue) });
    }
  });
});

describe("transform", () => {
  it("replaces fields where it is an object, in the one child of its key", async () => {
    const before = await record();
    const after = await record({ transform: { storage: { raw: { size: 50, labels: {} } }, log: { size: 3 } } });
    const changed = after.filter((resource, index) => JSON.stringify(resource) !== JSON.stringify(before[index]));
    expect(changed.map(({ name, inputs }) => [name, inputs.size, inputs.labels])).toEqual([
      ["s-log", 3, { managed: "yes" }],
      ["s-storage-raw", 50, {}],
    ]);
  });

  it("edits arguments and options where it is a function, and is told the name", async () => {
    const names: string[] = [];
    const resources = await record({
      transform: {
        spare: {
          curated: (args, opts, name) => {
            names.push(name);
            args.size = 7;
            opts.protect = true;
          },
        },
      },
    });
    expect(names).toEqual(["s-spare-curated"]);
    expect(named(resources, "s-spare-curated")).toMatchObject({
      inputs: { size: 7, name: "physical-s-spare-curated" },
      protect: true,
    });
    expect(named(resources, "s-storage-curated")).toMatchObject({ inputs: { size: 1 }, protect: false });
  });

  it("leaves the caller's objects as they were", async () => {
    const shared = { size: 1 };
    const opts: pulumi.CustomResourceOptions = {};
    class Single extends TestComponent<{ one: typeof Bucket }> {
      constructor(name: string, transform: MlopsOptions<{ one: typeof Bucket }>) {
        super("cyclops-test:index:Single", name, transform);
        this.child("one", Bucket, shared, opts);
        this.finish({});
      }
    }
    const transform = (args: BucketArgs, options: pulumi.CustomResourceOptions) => {
      args.size = 9;
      options.protect = true;
    };
    const { resources } = await recordProgram(() => void new Single("s", { transform: { one: transform } }));
    expect(named(resources, "s-one")).toMatchObject({ inputs: { size: 9 }, protect: true });
    expect([shared, opts]).toEqual([{ size: 1 }, {}]);
  });

  it("refuses a key that is no child, at any depth", async () => {
    const wrong = { transform: { storage: { rwa: { size: 1 } } } } as unknown as MlopsOptions<StackChildren>;
    const error = await record(wrong).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ArgumentError);
    expect((error as Error).message).toBe("s-storage: transform.rwa: there is no such child. Children: raw, curated.");
  });

  it("is no option of Pulumi, and does not reach it", async () => {
    const resources = await record({ transform: { log: { size: 3 } }, protect: true });
    expect(named(resources, "s")?.protect).toBe(true);
  });
});
