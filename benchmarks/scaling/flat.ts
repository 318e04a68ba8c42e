// The resources of a fleet without components: declared one by one from a file, as the written-out program of the construction does.
import { readFileSync, writeFileSync } from "node:fs";
import type { RecordedResource } from "@cyclops/core/plan";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { classOf, inputsOf, jsonOf, optionsOf, ownerOf } from "../lib/flat";

/** One resource; other resources stand by their places in the list. */
interface Declaration {
  readonly class: string;
  readonly name: string;
  readonly args: Record<string, unknown>;
  readonly dependsOn: readonly number[];
  readonly options: pulumi.CustomResourceOptions;
}

/** In place of a text that is the name of another resource. */
interface NameOf {
  readonly nameOf: number;
}

/** In place of a text that is JSON: a program by hand makes it of its content. */
interface JsonText {
  readonly content: object;
  readonly indented: boolean;
}

type Made = pulumi.CustomResource & { readonly metadata: pulumi.Output<{ readonly name: string }> };
type Class = new (name: string, args: object, options: pulumi.CustomResourceOptions) => Made;

/** Writes what a recorded program declares to a file. */
export function writeDeclarations(resources: readonly RecordedResource[], file: string): void {
  const custom = resources.filter((resource) => resource.custom);
  const byUrn = new Map(custom.map((resource) => [resource.urn, resource]));
  const placeOf = new Map(custom.map(({ urn }, place) => [urn, place]));
  writeFileSync(file, JSON.stringify(custom.map((resource) => declarationOf(resource, byUrn, placeOf))));
}

function declarationOf(
  resource: RecordedResource,
  byUrn: ReadonlyMap<string, RecordedResource>,
  placeOf: ReadonlyMap<string, number>,
): Declaration {
  const referred = new Set<string>();
  const refer = (value: unknown, key: string, dependencies: readonly string[]): unknown => {
    if (typeof value === "string") {
      const owner = ownerOf(value, key, dependencies, byUrn);
      if (!owner) return jsonOf(value) ?? value;
      referred.add(owner.urn);
      return { nameOf: placeOf.get(owner.urn) };
    }
    if (Array.isArray(value)) return value.map((item) => refer(item, key, dependencies));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, refer(inner, name, dependencies)]));
  };
  const args = Object.entries(inputsOf(resource)).map(([key, value]) => [
    key,
    refer(value, key, resource.inputDependencies[key] ?? []),
  ]);
  return {
    class: classOf(resource),
    name: resource.name,
    args: Object.fromEntries(args),
    dependsOn: resource.dependencies.filter((urn) => !referred.has(urn)).flatMap((urn) => placeOf.get(urn) ?? []),
    options: optionsOf(resource),
  };
}

/** The program that declares what is in the file; it is read here, not when the program runs. */
export function flatOf(file: string): () => void {
  const declarations = JSON.parse(readFileSync(file, "utf8")) as Declaration[];
  return () => {
    const made: Made[] = [];
    for (const { class: path, name, args, dependsOn, options } of declarations.splice(0)) {
      const after = dependsOn.length > 0 ? { dependsOn: dependsOn.map((place) => at(made, place)) } : {};
      made.push(new (classAt(path))(name, filledIn(args, made), { ...after, ...options }));
    }
  };
}

const classAt = (path: string): Class =>
  path.split(".").reduce<unknown>((found, key) => (found as Record<string, unknown>)[key], k8s) as Class;

/** The arguments with the names of resources and the texts of documents in them. */
function filledIn<Value>(value: Value, made: readonly Made[]): Value {
  if (Array.isArray(value)) return value.map((item) => filledIn(item, made)) as Value;
  if (typeof value !== "object" || value === null) return value;
  if (isNameOf(value)) return at(made, value.nameOf).metadata.name as Value;
  if (isJsonText(value)) return JSON.stringify(value.content, null, value.indented ? 2 : undefined) as Value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filledIn(inner, made)])) as Value;
}

const isNameOf = (value: object): value is NameOf => "nameOf" in value;
const isJsonText = (value: object): value is JsonText => "content" in value && "indented" in value;

function at(made: readonly Made[], place: number): Made {
  const found = made[place];
  if (!found) throw new Error(`resource ${place} is needed before it is declared`);
  return found;
}
