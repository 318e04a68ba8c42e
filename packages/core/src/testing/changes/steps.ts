import type { Operation, ResourceChange } from "./types";

/** A step of the engine's plan, as `pulumi preview --json` reports it. */
export interface PlanStep {
  readonly op: string;
  readonly urn: string;
  /** What differs, by path; keys alone count here. */
  readonly detailedDiff?: unknown;
}

/** What each step of the engine is to those who use the resource. The others change nothing: `same`, `read`, `refresh`. */
const operationOf: Readonly<Record<string, Operation>> = {
  create: "create",
  update: "update",
  import: "create",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
  delete: "delete",
};

/** What a plan makes of resources, one entry for each; components of a program are none. */
export function resourceChanges(steps: readonly PlanStep[]): ResourceChange[] {
  const found = new Map<string, ResourceChange>();
  for (const { op, urn, detailedDiff } of steps) {
    const operation = op === "update" && changesPods(detailedDiff) ? "restart" : operationOf[op];
    const [, , types = "", ...names] = urn.split("::");
    const type = types.split("$").at(-1) ?? "";
    // A replacement is reported by up to three steps.
    if (operation === undefined || isComponent(type)) continue;
    found.set(urn, { op: operation, type, name: names.join("::") });
  }
  return [...found.values()];
}

/** Whether a controller of Kubernetes makes its pods anew: for a change of their template, and for no other. */
const changesPods = (diff: unknown): boolean => Object.keys(diff ?? {}).some((path) => path.startsWith("spec.template."));

const isComponent = (type: string): boolean => type.startsWith("cyclops-") || type.startsWith("pulumi:");
