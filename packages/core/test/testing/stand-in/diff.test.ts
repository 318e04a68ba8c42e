import { type Cloud, clouds, compute, difference, SdkReader } from "@cyclops/core/testing/stand-in";
import { runtime } from "@pulumi/pulumi";
import { afterAll, describe, expect, it } from "vitest";
import { writeSdk } from "./sdk";

const { folder, clean } = writeSdk();
const box = new SdkReader(folder).resource("cloud:store/box:Box");
afterAll(clean);
if (!box) throw new Error("no box");

const cloudWith = (rules?: Cloud["resources"][string]): Cloud => ({
  package: "cloud",
  facts: { region: "here", account: "42" },
  resources: rules ? { "cloud:store/box:Box": rules } : {},
  immutable: ["region"],
  arn: "arn:{service}:{region}:{account}:{kind}/{name}",
  invokes: {},
});
const sized = cloudWith({ source: "https://example.com", immutable: ["name", "size"] });
const secret = (value: unknown) => ({ [runtime.specialSigKey]: runtime.specialSecretSig, value });
const urn = "urn:pulumi:dev::project::cloud:store/box:Box::chest";

describe("the difference of a resource", () => {
  it("is none between the same values, secret or not, absent or null", () => {
    const state = { size: 1, password: "p", tags: { a: "b", c: "d" }, arn: "arn:1" };
    const inputs = { size: 1, password: secret("p"), tags: { c: "d", a: "b" }, region: null };
    expect(difference(box, sized, state, inputs)).toEqual({ changed: [], replaces: [], deleteBeforeReplace: false });
  });

  it("updates in place what may change", () => {
    expect(difference(box, sized, { size: 1, tags: { a: "b" } }, { size: 1, description: "new" })).toMatchObject({
      changed: ["description", "tags"],
      replaces: [],
    });
  });

  it("replaces for what may not, of the type or of all types", () => {
    expect(difference(box, sized, { size: 1 }, { size: 2 }).replaces).toEqual(["size"]);
    expect(difference(box, sized, { size: 1, region: "here" }, { size: 1, region: "there" }).replaces).toEqual(["region"]);
  });

  it("replaces for a part of an input that may not change, and updates for the others", () => {
    const locked = cloudWith({ source: "https://example.com", immutable: ["policy.owner"] });
    const replaces = (before: object, after: object) => difference(box, locked, { policy: before }, { policy: after }).replaces;
    expect(replaces({ owner: "a", text: "x" }, { owner: "a", text: "y" })).toEqual([]);
    expect(replaces({ owner: "a" }, { owner: "b" })).toEqual(["policy"]);
    expect(replaces({ owner: "a" }, {})).toEqual(["policy"]);
  });

  it("replaces for anything but tags where nothing may change", () => {
    const rigid = cloudWith({ source: "https://example.com", immutable: "*" });
    expect(difference(box, rigid, { size: 1 }, { size: 1, tags: { a: "b" } }).replaces).toEqual([]);
    expect(difference(box, rigid, { size: 1 }, { size: 1, description: "new" }).replaces).toEqual(["description"]);
  });

  it("replaces on a condition of old and new inputs, secret or not", () => {
    const shrinks = {
      input: "size",
      when: "it gets smaller",
      source: "https://example.com",
      holds: (before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>) =>
        Number(after.size) < Number(before.size),
    };
    for (const immutable of [[], "*"] as const) {
      const rules = cloudWith({ source: "https://example.com", immutable, conditions: [shrinks] });
      expect(difference(box, rules, { size: 2 }, { size: secret(1) }).replaces).toEqual(["size"]);
      expect(difference(box, rules, { size: 1 }, { size: secret(2) })).toMatchObject({ changed: ["size"], replaces: [] });
    }
  });

  it("deletes first where the provider says so of the type", () => {
    const rules = cloudWith({ source: "https://example.com", immutable: ["size"], deleteBeforeReplace: true });
    expect(difference(box, rules, { size: 1 }, { size: 2 }).deleteBeforeReplace).toBe(true);
    expect(difference(box, rules, { description: "a" }, { description: "b" }).deleteBeforeReplace).toBe(false);
  });

  it("replaces for a new name where nothing is known of the type", () => {
    expect(difference(box, cloudWith(), { name: "a", size: 1 }, { name: "b", size: 2 })).toMatchObject({
      changed: ["name", "size"],
      replaces: ["name"],
    });
  });

  it("deletes first where the program's name stays, not where the provider gives a new one", () => {
    const deletesFirst = (state: object, inputs: object, automatic?: string) =>
      difference(box, sized, { ...state }, { ...inputs }, automatic).deleteBeforeReplace;
    expect(deletesFirst({ name: "a", size: 1 }, { name: "a", size: 2 })).toBe(true);
    expect(deletesFirst({ name: "a", size: 1 }, { name: "b", size: 2 })).toBe(false);
    expect(deletesFirst({ name: "chest-1234567", size: 1 }, { name: "chest-1234567", size: 2 }, "chest-1234567")).toBe(false);
    expect(deletesFirst({ size: 1 }, { size: 2 })).toBe(false);
  });
});

describe("what the cloud computes", () => {
  it("is filled into the rules' texts, or made up by type", () => {
    const rules = { source: "https://example.com", immutable: [], outputs: { count: 7 } };
    const { id, state } = compute(box, cloudWith(rules), { urn, before: 0 }, { name: "a", size: 1, tags: { b: "c" } });
    expect(id).toBe("a");
    expect(state).toMatchObject({ arn: "arn:store:here:42:box/a", count: 7, tagsAll: { b: "c" }, size: 1 });
  });

  it("marks secrets: what the SDK says, and what is made from one", () => {
    const rules = { source: "https://example.com", immutable: [], outputs: { count: "{password}" } };
    const { state } = compute(box, cloudWith(rules), { urn, before: 0 }, { name: "a", size: 1, password: secret("p") });
    expect(state.key).toEqual(secret("key-of-a"));
    expect(state.count).toEqual(secret("p"));
  });

  it("gives every birth an identifier of its own, the same in every run", () => {
    const born = (before: number) => compute(box, cloudWith(), { urn, before }, { size: 1 }).id;
    expect(born(0)).toBe(born(0));
    expect(born(0)).not.toBe(born(1));
  });

  it("lets an identifier hold the ARN, and an ARN the identifier", () => {
    const rules = { source: "https://example.com", immutable: [] };
    const made = (more: object) => compute(box, cloudWith({ ...rules, ...more }), { urn, before: 0 }, { name: "a", size: 1 });
    expect(made({ id: "{arn}" }).id).toBe("arn:store:here:42:box/a");
    expect(made({ id: "box-{name}", outputs: { arn: "arn:{id}" } }).state.arn).toBe("arn:box-a");
  });
});

describe("the clouds", () => {
  it("name the page for every immutable field", () => {
    for (const { resources } of Object.values(clouds))
      for (const { source } of Object.values(resources)) expect(source).toMatch(/^https:\/\//);
  });
});
