import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { cyclops, folderWith, installFakeProvider } from "./support";

describe("init", () => {
  it("writes a project that validates and plans as it is", async () => {
    const cwd = folderWith({});
    const made = await cyclops(["init", "shop"], { cwd });
    expect([made.code, made.stderr]).toEqual([0, ""]);
    const folder = join(cwd, "shop");
    expect(readdirSync(folder).sort()).toEqual([
      ".gitignore",
      "Pulumi.yaml",
      "index.ts",
      "mlops.yaml",
      "package.json",
      "raw",
      "tsconfig.json",
    ]);
    expect(readFileSync(join(folder, "mlops.yaml"), "utf8")).toMatch(
      /^# yaml-language-server: \$schema=node_modules\/@cyclops\/core\/schemas\/stack-spec\.schema\.json\n/,
    );
    expect(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).dependencies).toHaveProperty("@cyclops/onprem");

    expect((await cyclops(["validate", "--target", "onprem"], { cwd: folder })).code).toBe(0);
    const planned = await cyclops(["plan", "--target", "onprem"], { cwd: folder });
    expect([planned.code, planned.stderr]).toEqual([0, ""]);
    expect(planned.stdout).not.toContain("Findings");
  });

  it("lets an `up` that was stopped go on, and `plan` tells of a project that does not", async () => {
    const cwd = folderWith({});
    await cyclops(["init", "shop", "--target", "onprem"], { cwd });
    const folder = join(cwd, "shop");
    const file = join(folder, "Pulumi.yaml");
    const text = readFileSync(file, "utf8");
    const recovery = "kubernetes:enablePatchForce:\n    value: true\n";
    expect(parse(text).config).toEqual({
      "kubernetes:upsertExistingObjects": { value: true },
      "kubernetes:enablePatchForce": { value: true },
    });
    expect(text).toMatch(
      /# An `up` that was stopped .*\n {2}kubernetes:upsert.*\n.*\n {2}# The `up` that was stopped .*\n {2}kubernetes:enable/,
    );

    writeFileSync(file, text.replace(recovery, ""));
    const { code, stdout } = await cyclops(["plan", "--target", "onprem"], { cwd: folder });
    expect(stdout.match(/pulumi config set [^`]*/g)).toEqual(["pulumi config set kubernetes:enablePatchForce true"]);
    expect(code).toBe(0);
  });

  it("writes a program for another target", async () => {
    const cwd = folderWith({});
    await cyclops(["init", ".", "--name", "shop", "--target", "gcp"], { cwd });
    expect(readFileSync(join(cwd, "index.ts"), "utf8")).toContain('from "@cyclops/gcp"');
    expect(readFileSync(join(cwd, "Pulumi.yaml"), "utf8")).not.toContain("config:");
    installFakeProvider(cwd);
    expect((await cyclops(["plan", "--target", "gcp"], { cwd })).code).toBe(0);
  });

  it("overwrites nothing, and writes nothing where something is in the way", async () => {
    const cwd = folderWith({ "shop/index.ts": "mine" });
    const { code, stderr } = await cyclops(["init", "shop"], { cwd });
    expect(stderr).toContain("shop already has index.ts; nothing was written.");
    expect(code).toBe(1);
    expect(readFileSync(join(cwd, "shop", "index.ts"), "utf8")).toBe("mine");
    expect(existsSync(join(cwd, "shop", "mlops.yaml"))).toBe(false);
  });

  it("makes the same example rows everywhere, with both outcomes", async () => {
    const cwd = folderWith({});
    for (const name of ["one", "two"]) await cyclops(["init", name, "--name", "shop"], { cwd });
    const [one = "", two] = ["one", "two"].map((name) => readFileSync(join(cwd, name, "raw/shop/example.csv"), "utf8"));
    expect(one).toBe(two);
    const rows = one.trim().split("\n").slice(1);
    const share = rows.filter((row) => row.endsWith(",yes")).length / rows.length;
    expect(rows).toHaveLength(1500);
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.6);
  });

  it("asks for a name where the folder's cannot be one", async () => {
    const cwd = folderWith({ "x/.keep": "" });
    writeFileSync(join(cwd, "x", ".keep"), "");
    const { code, stderr } = await cyclops(["init", "x"], { cwd });
    expect(stderr).toContain("Give --name");
    expect(code).toBe(1);
  });
});
