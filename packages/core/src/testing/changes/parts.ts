import type { ModelSpec } from "../../spec/model";
import type { StackSpec, WorkbenchSpec } from "../../spec/stack";
import type { NamedResource } from "./types";

/** A part of the spec; it must be there for the change to be one. */
export function present<Part>(part: Part | undefined, what: string): Part {
  if (part === undefined) throw new Error(`the spec has no ${what} to change: try the change on one that has`);
  return part;
}

/** The names of the models, in their order. */
const modelNames = ({ models = {} }: StackSpec): readonly string[] => Object.keys(models);

/** A change of the first model. */
export const ofModel =
  (change: (model: ModelSpec) => ModelSpec) =>
  (spec: StackSpec): StackSpec => {
    const name = present(modelNames(spec)[0], "model");
    const model = present(spec.models?.[name], "model");
    return { ...spec, models: { ...spec.models, [name]: change(model) } };
  };

/** A change of one part of the first model, which it must have. */
export const ofPart = <Key extends "batch" | "endpoint" | "monitoring" | "training">(
  key: Key,
  change: (part: NonNullable<ModelSpec[Key]>, model: ModelSpec) => NonNullable<ModelSpec[Key]>,
) => ofModel((model) => ({ ...model, [key]: change(present(model[key], key) as NonNullable<ModelSpec[Key]>, model) }));

/** A change of the notebooks. */
export const ofWorkbench =
  (change: (workbench: WorkbenchSpec) => WorkbenchSpec) =>
  (spec: StackSpec): StackSpec => ({ ...spec, workbench: change(present(spec.workbench, "workbench")) });

/** The last one of several, which can be taken away while another stays. */
export function lastOf<Item>(items: readonly Item[], what: string): Item {
  return present(items.length > 1 ? items.at(-1) : undefined, `second ${what}`);
}

/** The model that is taken away. */
export const lastModel = (spec: StackSpec): string => lastOf(modelNames(spec), "model");

/** Whether a resource is one of a model: `-model-<name>` is in its name, and no longer name of another model. */
export function isOfModel({ name }: NamedResource, model: string, spec: StackSpec): boolean {
  const found = modelNames(spec).filter((each) => `${name}-`.includes(`-model-${each}-`));
  return found.sort((one, other) => other.length - one.length)[0] === model;
}

/**
 * Whether a resource is one user's: the name holds the key that targets give the user, a readable part and five digits, and it is about
 * notebooks.
 */
export function isOfUser({ name }: NamedResource, user: string): boolean {
  const readable = user
    .split("@")[0]
    ?.toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-");
  return new RegExp(`-workbench-(.*-)?${readable}-[0-9a-f]{5}(-|$)`).test(name);
}
