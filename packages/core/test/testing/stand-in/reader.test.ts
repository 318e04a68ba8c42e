import { parseShape, SdkReader } from "@cyclops/core/testing/stand-in";
import { afterAll, describe, expect, it } from "vitest";
import { writeSdk } from "./sdk";

const { folder, clean } = writeSdk();
const reader = new SdkReader(folder);
afterAll(clean);

describe("the reader of an SDK", () => {
  const box = reader.resource("cloud:store/box:Box");

  it("finds every input, and which are required", () => {
    const required = Object.entries(box?.inputs ?? {}).map(([name, input]) => `${name}${input.required ? "!" : ""}`);
    expect(required).toEqual(["name", "description", "region", "size!", "locks", "password", "policy", "tags"]);
  });

  it("finds what the SDK makes secret, of inputs and of outputs", () => {
    const secrets = Object.entries(box?.inputs ?? {}).filter(([, input]) => input.secret);
    expect(secrets.map(([name]) => name)).toEqual(["password"]);
    expect(box?.secretOutputs).toEqual(["key", "password"]);
  });

  it("finds what only the cloud computes, with its type", () => {
    const text = { kind: "scalar", type: "string" };
    expect(box?.outputs).toEqual({
      arn: text,
      count: { kind: "scalar", type: "number" },
      key: text,
      tagsAll: { kind: "map", of: text },
    });
  });

  it("reads the types of inputs", () => {
    expect(box?.inputs.locks?.shape).toEqual({ kind: "list", of: { kind: "object", name: "store.BoxLock" } });
    expect(box?.inputs.policy?.shape).toEqual({ kind: "any" });
    expect(reader.object("store.BoxLock")).toEqual({
      code: { shape: { kind: "scalar", type: "string" }, required: true },
      wheels: { shape: { kind: "scalar", type: "number" }, required: false },
      spare: { shape: { kind: "object", name: "store.BoxLockSpare" }, required: false },
    });
    expect(reader.object("store.v20260101.Deep")).toHaveProperty("level");
    expect(reader.object("Standalone")).toHaveProperty("flag");
    expect(reader.object("store.Nothing")).toBeUndefined();
  });

  it("finds the file of a token whatever the case of its name, and of native providers, which name the class alone", () => {
    expect(reader.resource("cloud:store/iPSet:IPSet")?.inputs).toHaveProperty("entries");
    const native = reader.resource("cloud:native/v20260101:Box");
    expect(Object.keys(native?.inputs ?? {})).toEqual(["size", "location"]);
    expect(native?.inputs.size?.required).toBe(true);
    expect(Object.keys(native?.outputs ?? {})).toEqual(["state"]);
    expect(reader.resource("cloud:redis:Redis")?.inputs).toHaveProperty("size");
  });

  it("knows what the SDK has not", () => {
    expect(reader.resource("cloud:store/crate:Crate")).toBeUndefined();
    expect(reader.resource("cloud:shop/box:Box")).toBeUndefined();
    expect(reader.hasFunction("cloud:index/getPlace:getPlace")).toBe(true);
    expect(reader.hasFunction("cloud:index/getTime:getTime")).toBe(false);
    expect(reader.version).toBe("1.2.3");
    expect(() => new SdkReader(`${folder}/none`)).toThrow("holds no Node SDK");
  });
});

describe("types of a declaration", () => {
  const text = { kind: "scalar", type: "string" };
  it.each([
    ["pulumi.Input<string>", text],
    ["pulumi.Input<boolean | undefined>", { kind: "scalar", type: "boolean" }],
    [
      "pulumi.Input<pulumi.Input<pulumi.Input<number>[]>[]>",
      { kind: "list", of: { kind: "list", of: { kind: "scalar", type: "number" } } },
    ],
    ["pulumi.Input<{\n        [key: string]: pulumi.Input<string>;\n    } | undefined>", { kind: "map", of: text }],
    ["pulumi.Input<string | pulumi.Input<string>[]>", { kind: "union", of: [text, { kind: "list", of: text }] }],
    ["pulumi.Input<ARN>", text],
    ["pulumi.Input<enums.ec2.Tenancy>", text],
    ["(string | number)[]", { kind: "list", of: { kind: "union", of: [text, { kind: "scalar", type: "number" }] } }],
    ["pulumi.Input<pulumi.asset.Archive>", { kind: "any" }],
    ["outputs.s3.Rule[]", { kind: "list", of: { kind: "object", name: "s3.Rule" } }],
    ["Record<string, { a: number }>", { kind: "any" }],
  ])("%s", (declaration, shape) => {
    expect(parseShape(declaration)).toEqual(shape);
  });
});
