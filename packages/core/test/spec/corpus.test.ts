import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadSpec, SpecError } from "../../src";
import { invalidFixtures, validFixtures } from "../../src/testing/fixtures";
import { checkTexts } from "./check-texts";

function problemsOf(file: string): SpecError {
  try {
    loadSpec(file);
  } catch (error) {
    if (error instanceof SpecError) return error;
    throw error;
  }
  throw new Error(`${file} was accepted`);
}

describe("valid specs", () => {
  it.each(validFixtures())("$name is accepted", ({ file }) => {
    expect(loadSpec(file).name).toMatch(/^[a-z]/);
  });
});

describe("invalid specs", () => {
  const fixtures = invalidFixtures();

  it.each(fixtures)("$name is refused with its problems, in the order of the file", ({ file, expected }) => {
    const { issues, message } = problemsOf(file);
    expect(issues.map(({ line, path }) => ({ line, path }))).toEqual(expected.map(({ line, path }) => ({ line, path })));
    for (const [index, issue] of issues.entries()) {
      expect(issue.message).toContain(expected[index]?.message);
      expect(issue.fix).toContain(expected[index]?.fix);
      expect(issue.message).toMatch(/\.$/);
      expect(issue.fix).toMatch(/^[A-Z].*\.$/s);
    }
    expect(message.startsWith(`${file}: ${issues.length === 1 ? "1 problem" : `${issues.length} problems`} found.\n`)).toBe(true);
    expect(`${message}${issues.map(({ fix }) => fix).join()}`).not.toMatch(/undefined|\[object|NaN\b(?! is not)/);
  });

  it("have one problem each, but for those named many", () => {
    const odd = fixtures.filter(({ name, expected }) => name.startsWith("many-") !== expected.length > 1);
    expect(odd.map(({ name }) => name)).toEqual([]);
  });

  it("never show a password", () => {
    expect(fixtures.filter(({ file }) => readFileSync(file, "utf8").includes("hunter2")).length).toBeGreaterThan(0);
    for (const { file } of fixtures) expect(problemsOf(file).message).not.toContain("hunter2");
  });

  it.each(["rules.ts", "fields.ts"])("cover every check of %s", (file) => {
    const texts = checkTexts(file);
    expect(texts.length).toBeGreaterThan(15);
    const told = fixtures.flatMap((fixture) => problemsOf(fixture.file).issues.map((issue) => issue.message));
    expect(texts.filter(({ pattern }) => !told.some((message) => pattern.test(message))).map(({ source }) => source)).toEqual([]);
  });
});
