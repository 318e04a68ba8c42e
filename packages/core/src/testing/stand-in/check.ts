import { closest, distance } from "fastest-levenshtein";
import type { ResourceDescription } from "./sdk/reader";
import type { Property, Shape } from "./sdk/shape";
import { isAsset, isRecord, isUnknown, type Properties, plain } from "./values";

/** A problem of an input, as the engine prints it. */
export interface Failure {
  /** Path, e.g. `productionVariants[0].variantName`. */
  readonly property: string;
  readonly reason: string;
}

/** Looks interfaces up by the name that a shape gives. */
export type Objects = (name: string) => Readonly<Record<string, Property>> | undefined;

const isAbsent = (value: unknown) => value === undefined || value === null;

/** What a provider would refuse of the inputs: required ones that are missing, unknown ones, and values of a wrong type, at every depth. */
export const checkInputs = (description: ResourceDescription, inputs: Properties, objects: Objects): Failure[] =>
  checkProperties(description.inputs, plainRecord(inputs), "", description.type, objects);

function plainRecord(inputs: Properties): Properties {
  const value = plain(inputs);
  return isRecord(value) ? value : {};
}

function checkProperties(
  known: Readonly<Record<string, Property>>,
  given: Properties,
  prefix: string,
  of: string,
  objects: Objects,
): Failure[] {
  const failures: Failure[] = [];
  for (const [name, { required }] of Object.entries(known))
    if (required && isAbsent(given[name])) failures.push({ property: prefix + name, reason: `missing required input of ${of}` });
  for (const [name, value] of Object.entries(given)) {
    const property = known[name];
    if (isAbsent(value)) continue;
    if (property) failures.push(...checkShape(property.shape, value, prefix + name, objects));
    else failures.push({ property: prefix + name, reason: `unknown input of ${of}${suggestion(name, Object.keys(known))}` });
  }
  return failures;
}

function suggestion(name: string, known: readonly string[]): string {
  if (known.length === 0) return "";
  const nearest = closest(name, [...known]);
  return distance(name, nearest) <= 3 ? `; did you mean ${nearest}?` : `; it has ${known.join(", ")}`;
}

function checkShape(shape: Shape, value: unknown, path: string, objects: Objects): Failure[] {
  if (isAbsent(value) || isUnknown(value) || isAsset(value)) return [];
  switch (shape.kind) {
    case "any":
      return [];
    case "scalar":
      return typeof value === shape.type ? [] : [wrong(path, shape.type, value)];
    case "list":
      if (!Array.isArray(value)) return [wrong(path, "list", value)];
      return value.flatMap((item, index) => checkShape(shape.of, item, `${path}[${index}]`, objects));
    case "map":
      if (!isRecord(value)) return [wrong(path, "map", value)];
      return Object.entries(value).flatMap(([key, item]) => checkShape(shape.of, item, `${path}.${key}`, objects));
    case "object": {
      if (!isRecord(value)) return [wrong(path, "object", value)];
      const known = objects(shape.name);
      return known ? checkProperties(known, value, `${path}.`, shape.name, objects) : [];
    }
    case "union": {
      const attempts = shape.of.map((member) => checkShape(member, value, path, objects));
      return attempts.reduce((best, next) => (next.length < best.length ? next : best));
    }
  }
}

const nameOf = (value: unknown) => (Array.isArray(value) ? "list" : isRecord(value) ? "object" : typeof value);
const wrong = (property: string, wanted: string, value: unknown): Failure => ({
  property,
  reason: `must be of type ${wanted}, not ${nameOf(value)}`,
});
