import type { Cloud, ResourceRules } from "./cloud";
import type { ResourceDescription } from "./sdk/reader";
import { isRecord, type Properties, plain, same } from "./values";

/** How new inputs differ from a resource's state. */
export interface Difference {
  readonly changed: readonly string[];
  /** Those that need a new resource in place of the old one. */
  readonly replaces: readonly string[];
  /** The name stays the same, so the old resource has to go first: a cloud has no room for two of one name. */
  readonly deleteBeforeReplace: boolean;
}

const tags = new Set(["tags", "labels"]);

/** The input that is the physical name of the type; undefined where the cloud names it. */
export const nameInput = (description: ResourceDescription, rules: ResourceRules | undefined): string | undefined =>
  rules?.name ?? ("name" in description.inputs ? "name" : undefined);

/**
 * Compares every input with the state, which holds inputs and outputs under one roof, as Pulumi's does.
 *
 * @param automatic name that the provider itself gave: a replacement gets another one
 */
export function difference(
  description: ResourceDescription,
  cloud: Cloud,
  state: Properties,
  inputs: Properties,
  automatic?: string,
): Difference {
  const rules = cloud.resources[description.type];
  const changed = Object.keys(description.inputs).filter((name) => !same(state[name], inputs[name]));
  const listed = rules?.immutable ?? [];
  const conditions = rules?.conditions ?? [];
  const isImmutable = (name: string) =>
    cloud.immutable?.includes(name) ||
    (listed === "*"
      ? !tags.has(name) && !conditions.some(({ input }) => input === name)
      : listed.some((path) => within(path, name) && !same(at(state, path), at(inputs, path)))) ||
    conditions.some(({ input, holds }) => input === name && holds(plainProperties(state), plainProperties(inputs))) ||
    // No cloud renames anything in place, but for what its rules say.
    (rules === undefined && name === nameInput(description, rules));
  const replaces = changed.filter(isImmutable);
  const name = nameInput(description, rules);
  // Bridged providers see to it only where they could have given a name themselves: a type whose name is required is created first, and
  // refused, unless the program says deleteBeforeReplace.
  // https://github.com/pulumi/pulumi-terraform-bridge/blob/main/pkg/tfbridge/schema.go (nameRequiresDeleteBeforeReplace)
  const keepsName =
    name !== undefined &&
    !description.inputs[name]?.required &&
    inputs[name] !== undefined &&
    !same(inputs[name], automatic) &&
    same(state[name], inputs[name]);
  return { changed, replaces, deleteBeforeReplace: replaces.length > 0 && (keepsName || rules?.deleteBeforeReplace === true) };
}

/** Whether a path such as `deploymentConfig.autoRollbackConfiguration` is an input, or a part of it. */
const within = (path: string, input: string) => path === input || path.startsWith(`${input}.`);

/** The value at a path. */
export const at = (value: unknown, path: string): unknown =>
  path.split(".").reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), plain(value));

const plainProperties = (properties: Properties): Properties => plain(properties) as Properties;
