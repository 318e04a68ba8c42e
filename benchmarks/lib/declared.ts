import type { RecordedResource } from "@cyclops/core/plan";

/** What two programs must have in common: everything but the URNs, which name the components. */
interface Declared {
  readonly type: string;
  readonly name: string;
  readonly inputs: unknown;
  readonly dependencies: readonly string[];
  readonly ignoreChanges: readonly string[];
  readonly protect: boolean;
}

/** The custom resources of a program, one JSON text each, in an order that does not depend on the program's. */
export const declarations = (resources: readonly RecordedResource[]): string[] =>
  resources
    .filter(({ custom }) => custom)
    .map((resource) => JSON.stringify(declared(resource)))
    .sort();

/** @throws Error that names the first difference between what two programs declare */
export function compareDeclarations(flat: readonly string[], stack: readonly string[], advice = ""): void {
  for (let index = 0; index < Math.max(flat.length, stack.length); index++) {
    const [one, other] = [flat[index], stack[index]];
    if (one !== other) throw new Error(`the programs differ${advice}\nflat:  ${one}\nstack: ${other}`);
  }
}

const declared = ({ type, name, inputs, dependencies, ignoreChanges, protect }: RecordedResource): Declared => ({
  type,
  name,
  inputs: sorted(inputs),
  dependencies: dependencies.map((urn) => urn.split("::").at(-1) ?? urn).sort(),
  ignoreChanges: [...ignoreChanges].sort(),
  protect,
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  if ("toJSON" in value) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
