import type { StackContext } from "../component";
import { parseStackSpec } from "./parse";
import type { ResolvedStackSpec } from "./schema";
import type { StackSpec } from "./stack";

// A resolved spec states defaults that a user may not write (a step of a pipeline that has none), so it is never checked twice.
const resolved = new WeakSet<object>();

/** The spec with its defaults: checks a raw one, hands back one that was resolved before. @throws SpecError */
export function resolveSpec(spec: StackSpec | ResolvedStackSpec): ResolvedStackSpec {
  if (resolved.has(spec)) return spec as ResolvedStackSpec;
  return markResolved(parseStackSpec(spec));
}

/** Remembers that a spec is complete. */
export function markResolved(spec: ResolvedStackSpec): ResolvedStackSpec {
  resolved.add(spec);
  return spec;
}

/** Name, environment and tags of the stack a spec describes. */
export function contextOf({ name, environment, tags }: ResolvedStackSpec): StackContext {
  return { name, environment, tags };
}
