import { readFileSync } from "node:fs";
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
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    const why =
      code === "ENOENT"
        ? "the file does not exist."
        : code === "EISDIR"
          ? "it is a folder, not a file."
          : `it cannot be read (${code}).`;
    throw new SpecError([{ path: "", message: why, fix: "Name an existing spec file, or make one with `cyclops init`." }], file);
  }
}
