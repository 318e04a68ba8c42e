// Prints the custom resources of a program as JSON: `node check.js flat|stack`.
import { type RecordedResource, recordProgram } from "@cyclops/core/plan";

/** What the two programs must have in common: everything but the URNs, which name the components. */
export interface Declared {
  readonly type: string;
  readonly name: string;
  readonly inputs: unknown;
  readonly dependencies: readonly string[];
  readonly ignoreChanges: readonly string[];
  readonly protect: boolean;
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

async function main(kind: "flat" | "stack"): Promise<void> {
  const { program } = kind === "flat" ? await import("./flat.js") : await import("./stack.js");
  const { resources } = await recordProgram(program);
  const own = resources.filter(({ custom }) => custom).map(declared);
  process.stdout.write(JSON.stringify(own.sort((a, b) => (`${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1))));
}

void main(process.argv[2] === "flat" ? "flat" : "stack");
