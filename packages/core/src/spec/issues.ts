import { Output } from "@pulumi/pulumi";
import { distance } from "fastest-levenshtein";
import type { SpecIssue } from "../errors";
import { nodeAt, type SchemaNode } from "./json-schema";
import type * as z from "./zod";

type Path = readonly PropertyKey[];

/** A problem with the path as a list, which the problem's line is looked up by. */
export interface Found extends Omit<SpecIssue, "line"> {
  readonly at: Path;
  readonly fix: string;
  /** Whether only the last key is wrong, and not what stands behind it. */
  readonly name?: boolean;
}

/** Text of a path: `models.churn.data.schema["Total Charges"]`, `workbench.users[1]`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    const key = String(part);
    if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${text}["${key}"]`;
    return text ? `${text}.${key}` : key;
  }, "");
}

/** What zod found, as problems in the user's words: what was found, what is allowed, what to change. */
export function toIssues(issues: readonly z.core.$ZodIssue[], input: unknown): Found[] {
  return issues.flatMap((issue) => toFound(issue, input));
}

function toFound(issue: z.core.$ZodIssue, input: unknown): Found[] {
  const at = issue.path;
  const value = valueAt(input, at);
  const one = ([message, fix]: readonly [string, string], place: Path = at): Found => ({
    at: place,
    path: formatPath(place),
    message,
    fix,
  });
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => one(["unknown key.", suggestion(key, keysAt(at, input))], [...at, key]));
    case "invalid_type":
      return [one(wrongType(issue, value, input))];
    case "invalid_value":
      return [one(notAllowed(value, issue.values.map(String)))];
    case "invalid_union":
      return [one(issue.discriminator === undefined ? wrongType(issue, value, input) : notAllowed(value, optionsOf(issue)))];
    case "too_small":
      return [
        one(
          outOfBounds(issue.origin, value, `${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum}`, "small"),
        ),
      ];
    case "too_big":
      return [one(outOfBounds(issue.origin, value, `at most ${issue.maximum}`, "large"))];
    case "custom":
      return [{ ...one([issue.message, fixOf(issue)]), name: issue.params?.name === true }];
    default:
      return [one([`${show(value)} cannot be used.`, `${issue.message}.`])];
  }
}

/** What the checks in `fields.ts` say to write instead. */
function fixOf(issue: z.core.$ZodIssueCustom): string {
  const fix: unknown = issue.params?.fix;
  if (typeof fix !== "string") throw new Error(`the check behind "${issue.message}" gives no fix`);
  return fix;
}

const optionsOf = (issue: z.core.$ZodIssueInvalidUnion) => ("options" in issue ? (issue.options ?? []) : []).map(String);

function wrongType(issue: z.core.$ZodIssue & { expected?: string }, value: unknown, input: unknown): readonly [string, string] {
  const node = nodeAt(issue.path, input);
  // A field that has words of its own for what it holds gives them as zod's message.
  const what = issue.message.startsWith("Invalid input") ? wordsFor(issue.expected, node) : issue.message;
  if (value === undefined) return ["is missing.", `Add it: ${what}.`];
  if (value === null) return ["is empty.", fillIn(issue, what, node, input)];
  if (Output.isInstance(value)) {
    return [`is an Output, not ${what}.`, "Write the value itself: the spec decides which resources exist, so it must be plain."];
  }
  const message = `${show(value)} is ${typeName(value)}, not ${what}.`.replace(/^it /, "");
  if (typeof value === "number" && !Number.isFinite(value)) return [`${value} is not a finite number.`, `Write ${what}.`];
  const quotable =
    (typeof value === "number" || typeof value === "boolean") && issue.expected === "string" && !what.includes(" such as ");
  if (quotable) return [message, `Put it into quotes: "${value}".`];
  if (typeof value === "string" && issue.expected === "array") return [message, `Put it into a list: [${value}].`];
  const quoted = typeof value === "string" && /^(true|false|-?\d+(\.\d+)?)$/.test(value);
  if (quoted && ["number", "int", "boolean"].includes(issue.expected ?? "")) return [message, "Remove the quotes."];
  return [message, `Write ${what}.`];
}

/** What to do about a key without a value. */
function fillIn(issue: z.core.$ZodIssue, what: string, node: SchemaNode | undefined, input: unknown): string {
  const key = String(issue.path.at(-1));
  const optional = issue.path.length > 0 && !nodeAt(issue.path.slice(0, -1), input)?.required?.includes(key);
  const defaults = node?.properties !== undefined && !node.required?.length;
  const write = defaults ? "Write {} to take the defaults" : `Write ${what}`;
  return optional ? `${write}, or remove the key.` : `${write}.`;
}

function notAllowed(value: unknown, allowed: readonly string[]): readonly [string, string] {
  if (value === undefined) return ["is missing.", `Add one of: ${allowed.join(", ")}.`];
  return [
    value === null ? "is empty." : `${show(value)} is not allowed.`,
    suggestion(typeof value === "string" ? value : "", allowed),
  ];
}

function outOfBounds(origin: string, value: unknown, limit: string, word: "small" | "large"): readonly [string, string] {
  if (Array.isArray(value)) {
    return [
      value.length === 0 ? "is empty." : `has ${value.length} entries.`,
      `Give ${limit} ${limit.endsWith(" 1") ? "entry" : "entries"}.`,
    ];
  }
  if (origin === "string" && typeof value === "string") {
    return [
      value === "" ? "is empty." : `has ${value.length} characters.`,
      `Use ${limit} ${limit.endsWith(" 1") ? "character" : "characters"}.`,
    ];
  }
  return [`${show(value)} is too ${word}.`, `Use ${limit}.`];
}

/** Value at the path, undefined where there is none. */
function valueAt(input: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    input,
  );
}

/** A value as a short text. */
function show(value: unknown): string {
  const text = textOf(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function textOf(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint" || value === null) return `${value}`;
  return "it";
}

function typeName(value: unknown): string {
  if (Output.isInstance(value)) return "an Output";
  if (Array.isArray(value)) return "a list";
  if (value instanceof Date) return "a date";
  return articles[typeof value] ?? `a ${typeof value}`;
}

const articles: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
  record: "a mapping",
};

/** Words for what is expected; for a mapping with the keys that it must have. */
function wordsFor(expected = "", node?: SchemaNode): string {
  const required = node?.required ?? [];
  if (expected === "object" && required.length > 0) return `a mapping with ${required.join(", ")}`;
  return articles[expected] ?? expected;
}

// A part of a word counts as a small slip: "production" means "prod", and "auc" means "roc_auc".
const isPart = (a: string, b: string) => Math.min(a.length, b.length) > 2 && (a.includes(b) || b.includes(a));
const rank = (found: string, word: string) => (isPart(found, word) ? 1 : distance(found, word));

/** The word that a slip of the pen has made `found` of; undefined where none is near. */
export function nearest(found: string, words: readonly string[]): string | undefined {
  const lower = found.toLowerCase();
  const [first] = [...words].sort((a, b) => rank(lower, a.toLowerCase()) - rank(lower, b.toLowerCase()));
  const near = found !== "" && first !== undefined && rank(lower, first.toLowerCase()) <= Math.max(2, first.length / 3);
  return near ? first : undefined;
}

/** What to write in place of `found`: the nearest of the allowed words, and all of them. */
export function suggestion(found: string, allowed: readonly string[]): string {
  const list = allowed.length > 0 ? `Allowed: ${allowed.join(", ")}.` : "Remove it.";
  const near = nearest(found, allowed);
  return near === undefined ? list : `Did you mean "${near}"? ${list}`;
}

/** The keys that the schema allows at a path; for a tagged union those of the kind that the input names. */
function keysAt(path: Path, input: unknown): readonly string[] {
  const node = nodeAt(path, input);
  return node?.propertyNames?.enum ?? Object.keys(node?.properties ?? {});
}
