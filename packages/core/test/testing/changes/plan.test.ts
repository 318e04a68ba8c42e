import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import {
  baseSpec,
  changesTable,
  documentProblems,
  type ResourceChange,
  resourceChanges,
  type SpecChange,
  unnamedLosses,
  withSection,
} from "@cyclops/core/testing";
import { afterEach, describe, expect, it, vi } from "vitest";

const urn = (type: string, name: string, parents = "") => `urn:pulumi:dev::churn::${parents}${type}::${name}`;
const change: SpecChange = { id: "some", title: "some change", apply: (spec) => spec };
const made = (op: ResourceChange["op"], type: string, name: string): ResourceChange => ({ op, type, name });

describe("the steps of a plan", () => {
  it("are one for each resource, whatever the engine does for it", () => {
    const chart = "cyclops-aws:index:Storage$";
    const steps = [
      { op: "same", urn: urn("aws:kms/key:Key", "key") },
      { op: "update", urn: urn("aws:s3/bucket:Bucket", "raw", chart) },
      { op: "delete-replaced", urn: urn("aws:sagemaker/model:Model", "model") },
      { op: "replace", urn: urn("aws:sagemaker/model:Model", "model") },
      { op: "create-replacement", urn: urn("aws:sagemaker/model:Model", "model") },
      { op: "create", urn: urn("aws:sns/topic:Topic", "a::b") },
      { op: "delete", urn: urn("aws:iam/role:Role", "role") },
      { op: "update", urn: urn("cyclops-aws:index:Storage", "storage") },
      { op: "update", urn: urn("pulumi:pulumi:Stack", "churn-dev") },
    ];
    expect(resourceChanges(steps)).toEqual([
      made("update", "aws:s3/bucket:Bucket", "raw"),
      made("replace", "aws:sagemaker/model:Model", "model"),
      made("create", "aws:sns/topic:Topic", "a::b"),
      made("delete", "aws:iam/role:Role", "role"),
    ]);
  });
});

describe("an update of a template of pods", () => {
  const restarts = (path: string) => {
    const detailedDiff = { [path]: { kind: "update" } };
    return resourceChanges([{ op: "update", urn: urn("kubernetes:apps/v1:Deployment", "scorers"), detailedDiff }]);
  };

  it("is a restart, and no other update is", () => {
    expect(restarts("spec.template.spec.containers[0].image")).toEqual([
      made("restart", "kubernetes:apps/v1:Deployment", "scorers"),
    ]);
    expect(restarts("metadata.labels.team")).toEqual([made("update", "kubernetes:apps/v1:Deployment", "scorers")]);
  });

  it("has a column where something restarts", () => {
    const row = { title: "an image", made: restarts("spec.template.spec.containers[0].image") };
    expect(changesTable([row]).split("\n")[0]).toBe("| change | updated | restarted | replaced | created | deleted |");
    expect(changesTable([{ title: "a tag", made: restarts("metadata.labels.team") }])).not.toContain("restarted");
  });
});

describe("what a change takes away without naming it", () => {
  const steps = [made("update", "a:b:C", "one"), made("replace", "a:b:C", "two"), made("delete", "a:b:D", "three")];

  it("is whatever is replaced or deleted", () => {
    expect(unnamedLosses(change, baseSpec, steps)).toEqual(["some: replaces a:b:C two", "some: deletes a:b:D three"]);
  });

  it("is nothing that the change names, each operation for itself", () => {
    const removing: SpecChange = { ...change, mayRemove: () => true };
    const replacing: SpecChange = { ...change, mayReplace: ({ name }) => name === "two" };
    expect(unnamedLosses(removing, baseSpec, steps)).toEqual(["some: replaces a:b:C two"]);
    expect(unnamedLosses(replacing, baseSpec, steps)).toEqual(["some: deletes a:b:D three"]);
  });

  it("is nothing that the target can do without", () => {
    const disposable = [{ reason: "named by its content", applies: ({ type }: { type: string }) => type === "a:b:C" }];
    expect(unnamedLosses(change, baseSpec, steps, disposable)).toEqual(["some: deletes a:b:D three"]);
  });
});

describe("the table of changes", () => {
  it("counts kinds", () => {
    const rows = [
      { title: "a change", made: [made("update", "a:b:D", "1"), made("update", "a:b:C", "2"), made("update", "a:b:C", "3")] },
      { title: "another", made: [made("create", "a:b:C", "1"), made("delete", "x:y/z:Z", "2")] },
    ];
    expect(changesTable(rows).split("\n")).toEqual([
      "| change | updated | replaced | created | deleted |",
      "| --- | --- | --- | --- | --- |",
      "| a change | C ×2, D | – | – | – |",
      "| another | – | – | C | Z |",
    ]);
  });

  it("goes between the marks of its target, and nowhere else", () => {
    const document =
      "# Changes\n<!-- changes:aws -->\nold\n<!-- /changes:aws -->\n<!-- changes:onprem -->\n<!-- /changes:onprem -->\n";
    expect(withSection(document, "aws", "\nnew\n")).toBe(document.replace("old", "new"));
    expect(withSection(document, "onprem", "new")).toContain("old");
    expect(() => withSection(document, "gcp", "new")).toThrow("no part between <!-- changes:gcp -->");
  });
});

describe("the document", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "cyclops-changes-"));
  const file = path.join(folder, "changes.md");
  const write = (content: string) => writeFileSync(file, `<!-- changes:aws -->\n${content}\n<!-- /changes:aws -->\n`);
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(file, { force: true });
  });

  it("is right where it says what was found", () => {
    write("| a |");
    expect(documentProblems(file, "aws", "| a |", "npm test")).toEqual([]);
  });

  it("is out of date otherwise, and tells the command that writes it", () => {
    write("| a |");
    const problems = documentProblems(file, "aws", "| b |", "npm test");
    expect(problems[0]).toContain("UPDATE_CHANGES=1 npm test");
    expect(problems).toContain("| b |");
    expect(readFileSync(file, "utf8")).toContain("| a |");
  });

  it("is written where that is asked for", () => {
    write("| a |");
    vi.stubEnv("UPDATE_CHANGES", "1");
    expect(documentProblems(file, "aws", "| b |", "npm test")).toEqual([]);
    expect(readFileSync(file, "utf8")).toBe("<!-- changes:aws -->\n| b |\n<!-- /changes:aws -->\n");
  });
});
