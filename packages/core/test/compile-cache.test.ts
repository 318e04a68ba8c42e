import { readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, it, vi } from "vitest";

afterEach(() => {
  vi.doUnmock("node:module");
  vi.resetModules();
});

it("keeps compiled code, where Node offers it", async () => {
  const enableCompileCache = vi.fn();
  vi.doMock("node:module", () => ({ enableCompileCache }));
  await import("../src/compile-cache.js");
  expect(enableCompileCache).toHaveBeenCalledOnce();
});

it("does no harm where Node is older", async () => {
  vi.doMock("node:module", () => ({ enableCompileCache: undefined }));
  await expect(import("../src/compile-cache.js")).resolves.toBeDefined();
});

it("comes before everything that is worth keeping", () => {
  const statements = readFileSync(path.join(__dirname, "../src/index.ts"), "utf8").split("\n").filter(Boolean);
  expect(statements[0]).toBe('import "./compile-cache";');
});
