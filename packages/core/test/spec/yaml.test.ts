import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { SpecError } from "../../src";
import { parseSpecText } from "../../src/spec/load";
import { readYaml } from "../../src/spec/yaml";
import { invalidFixtures, validFixtures } from "../../src/testing/fixtures";
import { readByYaml } from "./yaml-parser";

const examples = path.join(__dirname, "../../../../examples");
// A key that is a list has another name in each parser.
const fixtures = [...validFixtures(), ...invalidFixtures()].filter(({ name }) => name !== "yaml-complex-key");
const files = [
  ...fixtures.map(({ file }) => file),
  ...globSync("**/*.yaml", { cwd: examples, exclude: ["**/node_modules"] }).map((name) => path.join(examples, name)),
];

/** What is told of a text: `line path message` each. */
function told(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof SpecError) return error.issues.map((issue) => [issue.line, issue.path, issue.message].join(" "));
    throw error;
  }
  return [];
}
const refusal = (text: string) => told(() => readYaml(text)).join();
const scalarOf = (scalar: string) => (readYaml(`value: ${scalar}`).data as { value: unknown }).value;

/** Every path in data, without going through the same object twice. */
function pathsIn(value: unknown, seen = new Set<unknown>()): PropertyKey[][] {
  if (typeof value !== "object" || value === null || seen.has(value)) return [];
  seen.add(value);
  return Object.entries(value).flatMap(([name, inner]) => {
    const key = Array.isArray(value) ? Number(name) : name;
    return [[key], ...pathsIn(inner, seen).map((rest) => [key, ...rest])];
  });
}

describe("a scalar without quotes", () => {
  it.each([
    ["17", 17],
    ["-17", -17],
    ["+17", 17],
    ["017", 17],
    ["0o17", 15],
    ["0x1F", 31],
    ["1.5", 1.5],
    ["1.", 1],
    [".5", 0.5],
    ["-.5", -0.5],
    ["1e3", 1000],
    ["-1.5E-3", -0.0015],
    ["1e999", Number.POSITIVE_INFINITY],
    [".inf", Number.POSITIVE_INFINITY],
    ["-.Inf", Number.NEGATIVE_INFINITY],
    [".NaN", Number.NaN],
    ["true", true],
    ["False", false],
    ["TRUE", true],
    ["null", null],
    ["~", null],
    ["", null],
  ])("%s is %s", (scalar, value) => {
    expect(scalarOf(scalar)).toBe(value);
    expect(readByYaml(`value: ${scalar}`)?.data).toEqual({ value });
  });

  it.each([
    "1_000",
    "0b11",
    "-0x1F",
    "+0o17",
    "0o18",
    "0x",
    "1.5.0",
    "1e",
    "12:30",
    "2026-11-24",
    "2026-11-24T12:00:00Z",
    "yes",
    "no",
    "on",
    "tRUE",
    "inf",
    "NaN",
    ".nAN",
    "-.nan",
    "nil",
    "=",
    "<<",
  ])("%s is a text", (scalar) => {
    expect(scalarOf(scalar)).toBe(scalar);
    expect(readByYaml(`value: ${scalar}`)?.data).toEqual({ value: scalar });
  });
});

describe("what another parser reads", () => {
  it.each(files.map((file) => [path.relative(examples, file), file]))("is read from %s, too", (_name, file) => {
    const text = readFileSync(file, "utf8");
    const other = readByYaml(text);
    if (other === undefined) {
      expect(refusal(text)).not.toBe("");
      return;
    }
    const { data, lineOf } = readYaml(text);
    expect(data).toEqual(other.data);
    const paths = pathsIn(data);
    expect(paths.map((place) => [place, lineOf(place)])).toEqual(paths.map((place) => [place, other.lineOf(place)]));
  });

  it("is read from whatever it writes", () => {
    const styles = [{}, { indentSeq: false, defaultStringType: "QUOTE_SINGLE" }, { collectionStyle: "flow" }] as const;
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(...styles), (value, style) => {
        const text = stringify(value, style);
        const [own, other] = [readYaml(text), readByYaml(text)];
        expect(own.data).toEqual(other?.data);
        const paths = pathsIn(own.data);
        expect(paths.map(own.lineOf)).toEqual(paths.map((place) => other?.lineOf(place)));
      }),
      { numRuns: 300 },
    );
  });

  it("is read from merge keys and anchors: what is written out counts more, and of several the first", () => {
    const text = [
      "base: &base {size: S, users: &users [ana, bo]}",
      "other: &other",
      "  size: M",
      "  idle: 1h",
      "one: {<<: *base, size: L}",
      "two:",
      "  size: XL",
      "  <<: [*base, *other]",
      "  users: *users",
      "texts: {'<<': {a: 1}, ? b, c: , d: e}",
    ].join("\n");
    expect(readYaml(text).data).toMatchObject({
      one: { size: "L", users: ["ana", "bo"] },
      two: { size: "XL", users: ["ana", "bo"], idle: "1h" },
      texts: { "<<": { a: 1 }, b: null, c: null, d: "e" },
    });
    expect(readYaml(text).data).toEqual(readByYaml(text)?.data);
  });
});

describe("lines", () => {
  const text = [
    "a: b", // 1
    "b: {c: d, d, e: [f,", //2
    "  g]}", // 3
    "list: &list", // 4
    "  # comment", // 5
    "  - x", // 6
    "  -", // 7
    "    y: z", // 8
    "  - x", // 9
    "  - [n: m, x]", // 10
    "  -", // 11
    "  - &named", // 12
    "    k: v", // 13
    "copy: *list", // 14
    "1: one", // 15
    "merged:", // 16
    "  <<: {p: q}", // 17
    "  &anchor r: >", // 18
    "    s", // 19
    "", // 20
    "  ? t", // 21
    "  : u", // 22
    "__proto__: {v: w}", // 23
  ].join("\n");

  it.each<[PropertyKey[], number | undefined]>([
    [[], undefined],
    [["missing"], undefined],
    [["b"], 2],
    [["b", "d"], 2],
    [["b", "e", 0], 2],
    [["b", "e", 1], 3],
    [["b", "missing"], 2],
    [["list", 0], 6],
    [["list", 1, "y"], 8],
    [["list", 2], 9],
    [["list", 3], 10],
    [["list", 3, 1], 10],
    [["list", 4], 4],
    [["list", 5, "k"], 13],
    [["copy"], 14],
    [["copy", 1, "y"], 8],
    [["1"], 15],
    [["merged", "p"], 16],
    [["merged", "r"], 18],
    [["merged", "t"], 21],
    [["__proto__", "v"], 23],
  ])("of %j is %s", (place, line) => {
    expect(readYaml(text).lineOf(place)).toBe(line);
    expect(readYaml(text.replaceAll("\n", "\r\n")).lineOf(place)).toBe(line);
  });
});

describe("a text that cannot be read", () => {
  it.each([
    ["{'a': 1, 'a': {\n  b: 2}}", "1  the key 'a' is there twice."],
    ["a: 1\n? a\n: 2", "2  the key a is there twice."],
    ["a: 1\n<<: {a: 2}\na: 3", "3  the key a is there twice."],
    ["\ta: 1", "1  a tab is used as indentation."],
    ["a:\n  \tb: 1", "2  a tab is used as indentation."],
    ["a:\n  - x\n\t- y", "3  a tab is used as indentation."],
    ["- \ta: 1", "1  a tab is used as indentation."],
    ['{\n\t"a": 1,\n\t"a": 2\n}', '3  the key "a" is there twice.'],
    ["a: 1\n# two\n--- # three\nb: {", "3  a second document begins (---)."],
    ["a: 1\n...\nb: 2", "3  a second document begins (---)."],
    ["---\n---\na: 1", "2  a second document begins (---)."],
    ["a: !one\n  b: !two\n    c: 1", "2  the tag !two is not known."],
    ["a: # !no\n  &b\n  !one {c: 1}", "3  the tag !one is not known."],
    ["a: !!timestamp 2026-11-24", "1  the tag !!timestamp is not known."],
    ["a:\n  - &b 1\n  - *c", "3  the alias *c has no anchor."],
    ["a: {b: [c\nd: e\n", "2  a bracket or a quote above is open, and this line is not indented."],
    ["a: 'b\nc: d\n", "2  a bracket or a quote above is open, and this line is not indented."],
    ["a: 'b", "2  this is not YAML: unexpected end of the stream within a single quoted scalar."],
    ["<<: 1", "1  this is not YAML: cannot merge mappings; the provided source object is unacceptable."],
    ["%NO 1\n---\na: 1", '2  this is not YAML: unknown document directive "NO".'],
  ])("%j is refused with its line", (text, problem) => {
    expect(refusal(text)).toBe(problem);
  });

  it("has one document in spite of its marks, and may close a bracket below its key", () => {
    for (const text of ["---\na: [b]", "# one\n---\na: [b]\n...\n", "a: [\n  b\n]\n", '{\n\t"a": ["b"]\n}']) {
      expect(readYaml(text).data).toEqual({ a: ["b"] });
    }
    for (const text of ["", " \n", "# nothing", "---", "null"]) expect(readYaml(text).data).toBeNull();
  });
});

describe("aliases", () => {
  const refused = "  its aliases cannot be expanded: they repeat each other without measure.";

  it("are taken as often as a spec can need them", () => {
    const models = Array.from({ length: 500 }, (_, index) => `  model-${index}: {<<: *model, tags: *tags}\n`).join("");
    const keys = Array.from({ length: 50 }, (_, index) => `key-${index}: ${index}`).join(", ");
    expect(refusal(`model: &model {${keys}}\ntags: &tags {${keys}}\nmodels:\n${models}`)).toBe("");
    expect(refusal(`[${"x,".repeat(200_000)}]`)).toBe("");
  });

  it("are refused where they stand for too much, by merge keys as well", () => {
    const many = (word: string, times: number) => `[${Array.from({ length: times }, () => word).join(", ")}]`;
    expect(refusal(`a: &a ${many("x", 400)}\nb: ${many("*a", 400)}`)).toBe(refused);
    const keys = Array.from({ length: 400 }, (_, index) => `k${index}: 1`).join(", ");
    expect(refusal(`a: &a {${keys}}\nb: ${many("{<<: *a}", 400)}`)).toBe(refused);
  });

  it.each(["a: &a [*a]", "a: &a\n  b: {c: *a}", "&a a: 1\nb: &b {c: *b}"])("%j has no end", (text) => {
    expect(refusal(text)).toBe(refused);
    expect(told(() => parseSpecText(text))).toEqual([refused]);
  });
});
