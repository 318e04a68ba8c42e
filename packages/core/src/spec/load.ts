import { readFileSync, statSync } from "node:fs";
import { SpecError } from "../errors";
import { parseStackSpec } from "./parse";
import { markResolved } from "./resolve";
import type { ResolvedStackSpec } from "./schema";
import { readYaml } from "./yaml";

/**
 * Reads a spec from a YAML (or JSON) file and fills in its defaults.
 *
 * @param file path of the file, relative to the working directory
 * @throws SpecError where the file is missing, is no YAML, or breaks a rule; problems carry their line
 */
export function loadSpec(file: string): ResolvedStackSpec {
  return parseSpecText(readText(file), file);
}

/** Like `loadSpec`, for text that is already at hand; `source` names it in errors. */
export function parseSpecText(text: string, source = "spec"): ResolvedStackSpec {
  const { data, lineOf } = readYaml(text, source);
  return markResolved(parseStackSpec(data, { source, lineOf }));
}

function readText(file: string): string {
  const refusal = (message: string, fix = "Name an existing spec file, or make one with `cyclops init`.") =>
    new SpecError([{ path: "", message, fix }], file);
  try {
    const stats = statSync(file);
    if (stats.isDirectory()) throw refusal("it is a folder, not a file.");
    // Whoever reads a pipe waits for its writer, and a device such as /dev/zero has no end.
    if (!stats.isFile()) throw refusal("it is a pipe or a device, not a file.", "Write the spec into a file, and name that.");
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof SpecError) throw error;
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw refusal(code === "ENOENT" ? "the file does not exist." : `it cannot be read (${code}).`);
  }
}
