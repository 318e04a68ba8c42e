import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type NameLimit, physicalName } from "../src";

const source = "https://example.com/limits";
const limitOf = (maxLength: number, separator?: NameLimit["separator"]): NameLimit => ({
  maxLength,
  source,
  ...(separator === undefined ? {} : { separator }),
});

// What core's own names are made of: the spec's names, and keys of children.
const word = fc.stringMatching(/^[a-z][a-z0-9]{0,12}$/);
const part = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join("-"));
const parts = fc.array(part, { minLength: 1, maxLength: 5 });
const limits = fc.record({
  maxLength: fc.integer({ min: 16, max: 128 }),
  separator: fc.constantFrom<NameLimit["separator"]>("-", "_", ""),
});

describe("physicalName", () => {
  it.each([
    ["joined where it fits", limitOf(63), ["churn", "dev", "raw"], "churn-dev-raw"],
    ["with the separator of the kind", limitOf(63, "_"), ["churn-eu", "dev"], "churn_eu_dev"],
    ["without any, told apart by a hash", limitOf(24, ""), ["churn-eu", "dev", "raw"], "churneudevraw62ffc6"],
    ["cut, with a hash and its last part", limitOf(24), ["churn-prediction", "staging", "curated"], "churn-pre-curated-640218"],
    ["cut without a last part that leaves no room", limitOf(16), ["churn", "a-very-long-last-part"], "churn-a-v-9683df"],
    ["of a single part", limitOf(16), ["a-single-very-long-part"], "a-single-d359f8"],
  ])("is %s", (_, limit, given, expected) => {
    expect(physicalName(limit, ...given)).toBe(expected);
  });

  it("has no more characters than are allowed, starts with a letter and ends with a letter or digit", () => {
    fc.assert(
      fc.property(limits, parts, (limit, given) => {
        const name = physicalName({ ...limit, source }, ...given);
        expect(name.length).toBeLessThanOrEqual(limit.maxLength);
        expect(name).toMatch(
          limit.separator === ""
            ? /^[a-z][a-z0-9]*$/
            : limit.separator === "_"
              ? /^[a-z][a-z0-9_]*[a-z0-9]$|^[a-z]$/
              : /^[a-z][a-z0-9-]*[a-z0-9]$|^[a-z]$/,
        );
        expect(name).not.toMatch(/--|__/);
      }),
    );
  });

  it("is the same for the same parts, and another one for others", () => {
    fc.assert(
      fc.property(fc.uniqueArray(parts, { minLength: 2, maxLength: 20, selector: (given) => given.join("-") }), (all) => {
        // With a separator a name that fits is the parts themselves; others differ by their hash.
        for (const separator of ["-", "_", ""] as const) {
          const names = all.map((given) => physicalName(limitOf(40, separator), ...given));
          expect(new Set(names).size).toBe(all.length);
          expect(all.map((given) => physicalName(limitOf(40, separator), ...given))).toEqual(names);
        }
      }),
    );
  });

  it("differs without a separator where only the places of the hyphens do", () => {
    const names = ["churn-eu", "churneu", "chur-neu"].map((name) => physicalName(limitOf(24, ""), name));
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(name).toMatch(/^churneu[0-9a-f]{6}$/);
  });
});
