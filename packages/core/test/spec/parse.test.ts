import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseStackSpec, SpecError } from "../../src";
import { validFixtures } from "../../src/testing/fixtures";

function issuesOf(input: unknown): readonly { path: string; message: string; fix?: string }[] {
  try {
    parseStackSpec(input);
    return [];
  } catch (error) {
    if (error instanceof SpecError) return error.issues;
    throw error;
  }
}

describe("parseStackSpec", () => {
  it("refuses values that only a program can give", () => {
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const values = [10n, Symbol("s"), () => 1, new Date(0), circular, new Map(), Number.NaN, undefined, null];
    for (const value of values) {
      expect(issuesOf({ name: value }).map(({ path }) => path)).toEqual(["name"]);
      expect(issuesOf({ name: "churn", budget: { monthlyUsd: value } }).map(({ path }) => path)).toEqual(["budget.monthlyUsd"]);
    }
    expect(issuesOf(circular).map(({ path }) => path)).toEqual(["name", "self"]);
  });

  it("says that an Output cannot decide what exists", () => {
    expect(issuesOf({ name: pulumi.output("churn") })).toEqual([
      {
        path: "name",
        message: 'is an Output, not a name such as "churn".',
        fix: "Write the value itself: the spec decides which resources exist, so it must be plain.",
      },
    ]);
  });

  it("takes undefined for a field that is left out", () => {
    expect(parseStackSpec({ name: "churn", workbench: undefined })).toEqual(parseStackSpec({ name: "churn" }));
  });

  it("refuses __proto__ at any depth", () => {
    const input = JSON.parse('{"name": "churn", "tags": {"__proto__": "x"}, "models": {"__proto__": {}}}') as unknown;
    expect(issuesOf(input).map(({ path }) => path)).toEqual(["tags.__proto__", "models.__proto__"]);
  });

  // Whatever stands anywhere in a spec: it is taken, or refused with problems in words; nothing else is ever thrown.
  const specs = validFixtures().map(({ file }) => parse(readFileSync(file, "utf8"), { merge: true }) as unknown);
  const anything = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(undefined, Number.NaN, -1, 0, 1e9, "", "raw/", [], {}, [null], { kind: "sql" }),
  );

  it("never throws anything but a SpecError", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...specs),
        fc.infiniteStream(fc.nat()),
        anything,
        fc.constantFrom("change", "add", "remove"),
        (spec, choices, value, action) => {
          for (const { message, path, fix } of issuesOf(mutate(spec, choices, value, action))) {
            expect(message).toMatch(/\.$/);
            expect(fix).toMatch(/\.$/);
            expect(path).not.toContain("undefined");
          }
        },
      ),
      { numRuns: 300, seed: 4711 },
    );
  });
});

/** A copy of a spec in which the value at a chosen place is changed, removed, or given a neighbour. */
function mutate(value: unknown, choices: Iterator<number>, replacement: unknown, action: string): unknown {
  if (typeof value !== "object" || value === null || Number(choices.next().value) % 5 === 0) return replacement;
  const keys = Object.keys(value);
  const key = keys[Number(choices.next().value) % Math.max(1, keys.length)];
  const copy = Object.assign(Array.isArray(value) ? [] : {}, value) as Record<string, unknown>;
  if (key === undefined || (action === "add" && Number(choices.next().value) % 3 === 0)) copy[`extra${key ?? ""}`] = replacement;
  else if (action === "remove" && Number(choices.next().value) % 3 === 0) delete copy[key];
  else copy[key] = mutate(copy[key], choices, replacement, action);
  return copy;
}
