import { checkInputs, SdkReader } from "@cyclops/core/testing/stand-in";
import { runtime } from "@pulumi/pulumi";
import { afterAll, describe, expect, it } from "vitest";
import { writeSdk } from "./sdk";

const { folder, clean } = writeSdk();
const reader = new SdkReader(folder);
afterAll(clean);

function failures(inputs: Record<string, unknown>): string[] {
  const box = reader.resource("cloud:store/box:Box");
  if (!box) throw new Error("no box");
  return checkInputs(box, inputs, (name) => reader.object(name)).map(({ property, reason }) => `${property}: ${reason}`);
}
const secret = (value: unknown) => ({ [runtime.specialSigKey]: runtime.specialSecretSig, value });

describe("the check of inputs", () => {
  it("accepts what the SDK has", () => {
    const locks = [{ code: "1234", spare: { labels: { colour: "red" } } }];
    expect(failures({ size: 1, locks, tags: { a: "b" }, password: secret("p"), policy: { Version: 1 } })).toEqual([]);
  });

  it("accepts what only an up will know, and inputs that are null", () => {
    expect(failures({ size: runtime.unknownValue, locks: [runtime.unknownValue], region: null })).toEqual([]);
  });

  it.each([
    ["a required input that is missing", {}, "size: missing required input of cloud:store/box:Box"],
    ["a required input that is null", { size: null }, "size: missing required input of cloud:store/box:Box"],
    ["an unknown input", { size: 1, tag: {} }, "tag: unknown input of cloud:store/box:Box; did you mean tags?"],
    ["an output as input", { size: 1, tagsAll: {} }, "tagsAll: unknown input of cloud:store/box:Box; did you mean tags?"],
    [
      "an unknown input like no other",
      { size: 1, wheelchair: 1 },
      "wheelchair: unknown input of cloud:store/box:Box; it has name, description, region, size, locks, password, policy, tags",
    ],
    ["a number for a text", { size: 1, name: 5 }, "name: must be of type string, not number"],
    ["a text for a number, in a secret", { size: secret("1") }, "size: must be of type number, not string"],
    ["an object for a list", { size: 1, locks: {} }, "locks: must be of type list, not object"],
    ["a nested input that is missing", { size: 1, locks: [{}] }, "locks[0].code: missing required input of store.BoxLock"],
    [
      "a nested unknown input",
      { size: 1, locks: [{ code: "1", wheel: 4 }] },
      "locks[0].wheel: unknown input of store.BoxLock; did you mean wheels?",
    ],
    [
      "a value deep inside",
      { size: 1, locks: [{ code: "1", spare: { labels: { a: 1 } } }] },
      "locks[0].spare.labels.a: must be of type string, not number",
    ],
  ])("refuses %s", (_what, inputs, failure) => {
    expect(failures(inputs)).toEqual([failure]);
  });
});
