import type { SpecIssue } from "@cyclops/core";
import { UserError } from "../errors";
import { plainStyle, type Style } from "./style";
import { count } from "./table";

interface WithIssues {
  readonly issues: readonly SpecIssue[];
  readonly source: string;
}

/** Whether core (this copy of it or the spec's own) has thrown a list of problems. */
export function hasIssues(error: unknown): error is Error & WithIssues {
  return error instanceof Error && "issues" in error && Array.isArray(error.issues) && "source" in error;
}

/** The problems of a spec, one block each: place, what is wrong, what to change. */
export function renderIssues({ issues, source }: WithIssues, style: Style = plainStyle): string {
  const [first] = issues;
  if (first && issues.every(({ path }) => path === "")) {
    // The file as a whole cannot be read: one sentence. Later syntax errors mostly follow from the first.
    const place = first.line === undefined ? source : `${source}, line ${first.line}`;
    return `${style.red("error:")} ${place}: ${first.message}${first.fix === undefined ? "" : ` ${first.fix}`}`;
  }
  const rows = issues.flatMap(({ path, line, message, fix }) => {
    const place = [`${source}${line === undefined ? "" : `:${line}`}`, path].filter(Boolean).join("  ");
    return [`  ${style.dim(place)}`, `    ${message}`, ...(fix === undefined ? [] : [`    ${style.cyan("→")} ${fix}`])];
  });
  return [`${style.red("✗")} ${source}: ${count(issues.length, "problem")} found.`, ...rows].join("\n");
}

/** What a person is told about anything that was thrown: never a stack trace, unless CYCLOPS_DEBUG asks for it. */
export function renderError(error: unknown, style: Style = plainStyle): string {
  if (process.env.CYCLOPS_DEBUG && error instanceof Error && error.stack) return error.stack;
  if (hasIssues(error)) return renderIssues(error, style);
  if (error instanceof UserError) return `${style.red("error:")} ${error.message}`;
  // Pulumi's RunError marks what a program says to its user.
  if (error instanceof Error && "__pulumiRunError" in error) return `${style.red("error:")} ${error.message}`;
  const message = error instanceof Error ? error.message : String(error);
  return `${style.red("unexpected error:")} ${message}\nThis is a fault of cyclops. CYCLOPS_DEBUG=1 shows where it happened.`;
}
