import { readFileSync } from "node:fs";
import { type Document, LineCounter, parseDocument, visit, type YAMLError } from "yaml";
import { SpecError, type SpecIssue } from "../errors";
import { lineOf } from "./lines";
import { parseStackSpec } from "./parse";
import { markResolved } from "./resolve";
import type { ResolvedStackSpec } from "./schema";

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
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false, logLevel: "error" });
  const problems = [...document.errors, ...document.warnings];
  if (problems.length > 0) {
    throw new SpecError(
      problems.map((error) => ({ path: "", ...describeYaml(error, text), line: lines.linePos(error.pos[0]).line })),
      source,
    );
  }
  return markResolved(
    parseStackSpec(toData(document, lines, source), { source, lineOf: (path) => lineOf(document, lines, path) }),
  );
}

/** The document as plain data. @throws SpecError where an alias has no anchor, or aliases repeat each other without measure */
function toData(document: Document, lines: LineCounter, source: string): unknown {
  const issues: SpecIssue[] = [];
  visit(document, {
    Alias(_key, alias) {
      if (alias.resolve(document)) return;
      const place = alias.range ? { line: lines.linePos(alias.range[0]).line } : {};
      issues.push({
        path: "",
        message: `the alias *${alias.source} has no anchor.`,
        fix: `Define &${alias.source} above it.`,
        ...place,
      });
    },
  });
  if (issues.length > 0) throw new SpecError(issues, source);
  try {
    return document.toJS();
  } catch (error) {
    const message = `its aliases cannot be expanded: ${error instanceof Error ? error.message : String(error)}.`;
    throw new SpecError([{ path: "", message, fix: "Write the values themselves." }], source);
  }
}

/** An error of the YAML parser in the user's words. */
function describeYaml({ code, message, pos }: YAMLError, text: string): { message: string; fix: string } {
  const found = /^[^:\s]*/.exec(text.slice(pos[0]))?.[0] ?? "";
  switch (code) {
    case "DUPLICATE_KEY":
      return { message: `the key ${found} is there twice.`, fix: "Remove one of them, or merge what they hold." };
    case "TAB_AS_INDENT":
      return { message: "a tab is used as indentation.", fix: "Indent with spaces." };
    case "MULTIPLE_DOCS":
      return { message: "a second document begins (---).", fix: "Put each stack into a file of its own." };
    case "TAG_RESOLVE_FAILED":
      return { message: `the tag ${found} is not known.`, fix: "Remove it: a spec is plain YAML." };
    default:
      return {
        message: `this is not YAML: ${message.replace(/\.?$/, ".")}`,
        fix: "Mend the YAML at this line, or the one before it.",
      };
  }
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
