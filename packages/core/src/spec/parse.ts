import { Output } from "@pulumi/pulumi";
import { SpecError, type SpecIssue } from "../errors";
import { type Found, formatPath, toIssues } from "./issues";
import { checkRules, type Draft, type RuleIssue } from "./rules";
import { type ResolvedStackSpec, stackSpecSchema } from "./schema";
import type { StackSpec } from "./stack";

type Path = readonly PropertyKey[];

/** Where a spec came from, for error messages. */
export interface ParseOptions {
  /** File name or other words for the source. @default "spec" */
  readonly source?: string;
  /** Line of a path, counted from one. @default - lines are not shown */
  readonly lineOf?: (path: readonly PropertyKey[]) => number | undefined;
}

/**
 * Checks a spec and fills in its defaults.
 *
 * @throws SpecError with every problem at once: shape, ranges and rules between fields
 */
export function parseStackSpec(input: unknown, { source = "spec", lineOf }: ParseOptions = {}): ResolvedStackSpec {
  // A program checks one spec: compiling the checks first, as zod does by default, takes longer than it saves.
  const parsed = stackSpecSchema.safeParse(input, { jitless: true });
  const shape = [...(parsed.success ? [] : toIssues(parsed.error.issues, input)), ...forbiddenKeys(input)];
  // Rules run even where the shape is wrong in places: without the parts in question, and without what depends on them.
  const wrong = shape.filter(({ name }) => name !== true).map(({ at }) => at);
  const draft = wrong.reduce(without, input);
  const rules = isRecord(draft) ? checkRules(draft as Draft<StackSpec>) : [];
  const independent = rules.filter(
    ({ at, needs }) =>
      !wrong.some((place) => startsWith(at, place) || needs.some((need) => startsWith(need, place) || startsWith(place, need))),
  );
  if (parsed.success && shape.length + independent.length === 0) return parsed.data;
  throw new SpecError(inOrder([...unique(shape), ...independent.map(withPath)], lineOf), source);
}

const withPath = (rule: RuleIssue): Found => ({ at: rule.at, path: formatPath(rule.at), message: rule.message, fix: rule.fix });
const startsWith = (path: Path, start: Path) => start.length <= path.length && start.every((key, index) => key === path[index]);
const isRecord = (value: unknown): value is Record<PropertyKey, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** One problem for each place: a value that fails two checks is changed once. */
const unique = (found: readonly Found[]) =>
  found.filter(({ path }, index) => found.findIndex((other) => other.path === path) === index);

/** Problems with their lines, in the order of the file. */
function inOrder(found: readonly Found[], lineOf: ParseOptions["lineOf"]): SpecIssue[] {
  const placed = found.map((each) => ({ ...each, line: lineOf?.(each.at) }));
  placed.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || a.at.length - b.at.length);
  return placed.map(({ path, message, fix, line }) => ({ path, message, fix, ...(line === undefined ? {} : { line }) }));
}

/** Keys named `__proto__`, which JavaScript libraries, zod among them, drop in silence. */
function forbiddenKeys(value: unknown, at: Path = []): Found[] {
  // No place of a spec is deeper; an object that contains itself is.
  if (typeof value !== "object" || value === null || Output.isInstance(value) || at.length > 12) return [];
  return Object.keys(value).flatMap((key) => {
    const place = [...at, Array.isArray(value) ? Number(key) : key];
    if (key !== "__proto__") return forbiddenKeys((value as Record<string, unknown>)[key], place);
    return [{ at: place, path: formatPath(place), message: "this name is reserved by JavaScript.", fix: "Choose another name." }];
  });
}

/** A copy without the value at the path, so that rules never see a value of the wrong shape. */
function without(value: unknown, [key, ...rest]: Path): unknown {
  if (key === undefined) return undefined;
  if (Array.isArray(value)) return value.map((item, index) => (index === Number(key) ? without(item, rest) : item));
  if (!isRecord(value) || !Object.hasOwn(value, key)) return value;
  return { ...value, [key]: without(value[key], rest) };
}
