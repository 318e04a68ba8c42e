import path from "node:path";
import { clouds, SdkReader } from "@cyclops/core/testing/stand-in";
import { describe, expect, it } from "vitest";

const sdk = new SdkReader(path.resolve(__dirname, "../../../../node_modules/@pulumi/aws"));
const { resources = {}, invokes = {} } = clouds.aws ?? {};

describe("the stand-in's table of AWS", () => {
  it.each(Object.entries(resources))("names what %s has", (type, rules) => {
    const { immutable, conditions = [], name, outputs = {}, defaults = {}, id = "" } = rules;
    const description = sdk.resource(type);
    const inputs = Object.keys(description?.inputs ?? {});
    const computed = Object.keys(description?.outputs ?? {});
    const changed = [...(immutable === "*" ? [] : immutable), ...conditions.map(({ input }) => input)];
    const named = [...changed, ...Object.keys(defaults), ...(name ? [name] : [])];
    expect(inputs).toEqual(expect.arrayContaining(named.map((input) => input.split(".")[0])));
    expect(computed).toEqual(expect.arrayContaining(Object.keys(outputs)));
    // Placeholders that nothing fills would leave a hole in the text.
    const facts = ["partition", "region", "account", "name", "hex", "uuid", "arn", "id", ...inputs];
    const placeholders = [...JSON.stringify([id, outputs]).matchAll(/\{(\w+)\}/g)].map(([, fact]) => fact);
    expect(placeholders.filter((fact) => !facts.includes(fact ?? ""))).toEqual([]);
  });

  it.each(Object.keys(invokes))("answers %s, which the SDK has", (token) => {
    expect(sdk.hasFunction(token)).toBe(true);
  });
});
