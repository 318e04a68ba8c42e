import type { StackSpec } from "../../spec/stack";
import type { BindingChange, NamedResource, ResourceChange, SpecChange } from "./types";

/** A kind of resource that goes or is made anew without anybody noticing. */
export interface Disposable {
  /** Why that harms nobody, e.g. "is named by its content: the new one is there before the old one goes". */
  readonly reason: string;
  readonly applies: (resource: NamedResource) => boolean;
}

/**
 * What a change replaces or deletes although it does not name it; empty where nothing is.
 *
 * @param spec the stack's before the change
 * @param disposable kinds of the target for which that is as good as an update
 */
export function unnamedLosses(
  change: SpecChange | BindingChange,
  spec: StackSpec,
  made: readonly ResourceChange[],
  disposable: readonly Disposable[] = [],
): string[] {
  const named = { replace: change.mayReplace, delete: change.mayRemove };
  return made.flatMap((resource) => {
    const { op, type, name } = resource;
    if (op !== "replace" && op !== "delete") return [];
    if (named[op]?.(resource, spec) || disposable.some(({ applies }) => applies(resource))) return [];
    return [`${change.id}: ${op === "replace" ? "replaces" : "deletes"} ${type} ${name}`];
  });
}
