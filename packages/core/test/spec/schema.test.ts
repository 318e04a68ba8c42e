import { readFileSync } from "node:fs";
import path from "node:path";
import Ajv from "ajv/dist/2020";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { generatedFiles } from "../../src/generated";
import type { SchemaNode } from "../../src/spec/json-schema";
import { invalidFixtures, validFixtures } from "../../src/testing/fixtures";

const file = "packages/core/schemas/stack-spec.schema.json";
const root = path.join(__dirname, "../../../..");
const schema = JSON.parse(readFileSync(path.join(root, file), "utf8")) as SchemaNode;
const isValid = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);
const dataOf = (fixture: string): unknown => parse(readFileSync(fixture, "utf8"), { merge: true, logLevel: "silent" });

describe("the JSON Schema of the spec", () => {
  it("is what `npm run generate` writes", () => {
    expect(generatedFiles()[file]).toBe(readFileSync(path.join(root, file), "utf8"));
  });

  it.each(validFixtures())("accepts $name", ({ file: fixture }) => {
    expect([isValid(dataOf(fixture)), isValid.errors]).toEqual([true, null]);
  });

  // Types, keys, enumerations, bounds and forms; what lies between fields only core sees.
  it.each([
    "key-unknown",
    "key-unknown-step",
    "key-unknown-kpi",
    "name-missing",
    "name-long",
    "name-upper-case",
    "environment-unknown",
    "models-list",
    "model-name",
    "data-path-zone",
    "data-positive-list",
    "schema-type-unknown",
    "source-kind-unknown",
    "source-sql-without-secret",
    "cooldown-without-unit",
    "tune-trials",
    "test-share-zero",
    "step-gpu-many",
    "workbench-users-empty",
    "tags-value-number",
    "yaml-empty",
    "yaml-list-at-the-top",
  ])("refuses %s", (name) => {
    const fixture = invalidFixtures().find((each) => each.name === name);
    if (!fixture) throw new Error(`there is no fixture ${name}`);
    expect(isValid(dataOf(fixture.file))).toBe(false);
  });

  it("describes every property, with its default", () => {
    const undescribed: string[] = [];
    const visit = (node: SchemaNode, place: string): void => {
      for (const [key, inner] of Object.entries(node.properties ?? {})) {
        const isKind = inner.const !== undefined;
        const isStep = place.endsWith(".steps");
        if (!inner.description && !isKind && !isStep) undescribed.push(`${place}.${key}`);
        visit(inner, `${place}.${key}`);
      }
      if (typeof node.additionalProperties === "object") visit(node.additionalProperties, `${place}.*`);
      for (const inner of [node.items, ...(node.oneOf ?? []), ...(node.anyOf ?? [])]) if (inner) visit(inner, place);
    };
    visit(schema, "");
    expect(undescribed).toEqual([]);
    expect(schema.properties?.environment?.description).toBe('Lifecycle class. Default: "dev".');
  });
});
