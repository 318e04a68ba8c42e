import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { applyAll, asOutput, outputsByName } from "../src";
import { recordProgram } from "../src/plan";

class Thing extends pulumi.CustomResource {
  declare readonly value: pulumi.Output<string>;

  constructor(name: string, value: pulumi.Input<string>, opts?: pulumi.CustomResourceOptions) {
    super("test:index:Thing", name, { value }, opts);
  }
}

/** Inputs and dependencies of the last resource that the program makes. */
async function last(program: () => unknown) {
  const { resources } = await recordProgram(program);
  const { inputs, dependencies } = resources.at(-1) ?? expect.fail("nothing was registered");
  return { value: inputs.value, dependencies: dependencies.map((urn) => urn.split("::").at(-1)) };
}

describe("asOutput", () => {
  it("makes an output of a value, and hands an output back as it is", async () => {
    const output = pulumi.output("given");
    expect(asOutput(output)).toBe(output);
    expect(await last(() => new Thing("a", asOutput(Promise.resolve("later"))))).toEqual({ value: "later", dependencies: [] });
  });
});

describe("applyAll", () => {
  it("gives the function all values in order, and depends on all that they come from", async () => {
    const joined = await last(() => {
      const [a, b] = [new Thing("a", "1"), new Thing("b", "2")];
      return new Thing(
        "c",
        applyAll([a.value, asOutput("and"), b.value], (...values) => values.join(" ")),
      );
    });
    expect(joined).toEqual({ value: "1 and 2", dependencies: ["a", "b"] });
  });

  it("is secret when one of them is", async () => {
    const output = applyAll([asOutput("open"), pulumi.secret("hidden")], (open, hidden) => `${open} ${hidden}`);
    expect(await pulumi.isSecret(output)).toBe(true);
    expect(await pulumi.isSecret(applyAll([asOutput("open")], (open) => open))).toBe(false);
  });

  it("is unknown in a preview when one of them is", async () => {
    const { resources } = await recordProgram(() => {
      const { id } = new Thing("a", "1");
      return new Thing(
        "b",
        applyAll([asOutput("id"), id], (text, value) => `${text} ${value}`),
      );
    });
    expect(resources.at(-1)?.inputs.value).not.toBeTypeOf("string");
  });

  it("needs no output at all", async () => {
    expect(
      await last(
        () =>
          new Thing(
            "a",
            applyAll([], () => "alone"),
          ),
      ),
    ).toEqual({ value: "alone", dependencies: [] });
  });
});

describe("outputsByName", () => {
  it("leaves out parts that do not have the output", async () => {
    const parts = { a: { url: pulumi.output("http://a") }, b: { url: pulumi.output(undefined) } };
    const made = await last(
      () =>
        new Thing("c", pulumi.jsonStringify(outputsByName<{ url: pulumi.Output<string | undefined> }>(parts, ({ url }) => url))),
    );
    expect(made.value).toBe('{"a":"http://a"}');
  });
});
