import { runtimeExitCodes } from "@cyclops/core";
import { describe, expect, it } from "vitest";
import { exitCodes } from "../src/errors";
import { cyclops, folderWith, spec } from "./support";

describe("exit codes and messages", () => {
  it.each([
    [["plan"], "required option '-t, --target <target>' not specified"],
    [["plan", "--target", "mars"], "Allowed choices are aws, gcp, azure, onprem, all."],
    [["frobnicate"], "unknown command 'frobnicate'"],
    [["dev", "--once", "--keep-serving"], "cannot be used with option"],
    [["dev", "--port", "http"], "A port is a whole number from 1 to 65535."],
  ])("%j is a wrong command line", async (args, message) => {
    const { code, stderr } = await cyclops(args);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });

  it.each([
    ["--help"],
    ["validate", "--help"],
    ["plan", "--help"],
    ["dev", "--help"],
    ["init", "--help"],
    ["doctor", "--help"],
    ["--version"],
  ])("%s %s helps and ends well", async (...args) => {
    const { code, stdout, stderr } = await cyclops(args);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).not.toBe("");
  });

  it.each([
    [["validate"], "mlops.yaml: the file does not exist."],
    [["plan", "--target", "onprem"], "mlops.yaml: the file does not exist."],
    [["dev"], "mlops.yaml: the file does not exist."],
    [["validate", "broken.yaml"], "this is not YAML: "],
    [["validate", "."], "it is a folder, not a file."],
    [["validate", "--spec", "none.yaml"], "none.yaml: the file does not exist."],
    [["plan", "--target", "azure", "--spec", "good.yaml"], "The target azure does not exist yet"],
    [["plan", "--target", "onprem", "--spec", "good.yaml", "--bindings", "none.yaml"], "none.yaml: the file does not exist."],
    [["dev", "--spec", "good.yaml", "--model", "fraud"], 'The spec shop has no model "fraud". Its models: churn.'],
    [["dev", "--spec", "good.yaml", "--bake", "soon"], "--bake soon is not a duration."],
    [["dev", "--spec", "approval.yaml"], "Add --approve to approve the version now."],
    [["dev", "--spec", "empty.yaml"], "The spec shop has no models."],
    [["init", "--name", "Ümlaut"], '"Ümlaut" cannot be the name of a stack.'],
  ])("%j says one clear sentence", async (args, message) => {
    const cwd = folderWith({
      "broken.yaml": "models:\n  churn: [1, 2\n",
      "good.yaml": spec(),
      "approval.yaml": spec("      approval: {}"),
      "empty.yaml": "name: shop\n",
    });
    const { code, stdout, stderr } = await cyclops(args, { cwd });
    expect(stderr).toContain(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect([code, stdout]).toEqual([1, ""]);
  });

  it("names a missing runtime and how to install it", async () => {
    const cwd = folderWith({ "mlops.yaml": spec() });
    const { code, stderr } = await cyclops(["dev"], { cwd, env: { CYCLOPS_RUNTIME: "/nowhere/cyclops-runtime" } });
    expect(stderr).toContain("CYCLOPS_RUNTIME names /nowhere/cyclops-runtime, which is not an executable file.");
    expect(code).toBe(1);
  });

  it("lists every problem of a spec with its place, and never a stack trace", async () => {
    const cwd = folderWith({ "mlops.yaml": "name: shop\nmodels:\n  churn:\n    task: clasification\n" });
    const { code, stderr } = await cyclops(["validate"], { cwd });
    expect(stderr).toContain("mlops.yaml:4  models.churn.task");
    expect(stderr).toContain("models.churn.data");
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(code).toBe(1);
  });

  it("gives problems as JSON", async () => {
    const cwd = folderWith({ "mlops.yaml": "name: shop\nmodel: {}\n" });
    const { code, stdout } = await cyclops(["validate", "--json"], { cwd });
    const { valid, issues } = JSON.parse(stdout);
    expect(valid).toBe(false);
    expect(issues).toEqual([expect.objectContaining({ path: "model", line: expect.any(Number) })]);
    expect(code).toBe(1);
  });

  it("ends with the runtime's codes where it is the runtime that refuses or fails", () => {
    const { gateRefused, rolledBack, mayPass } = runtimeExitCodes;
    expect(exitCodes).toMatchObject({ gateRefused, rolledBack, mayPass });
  });
});
