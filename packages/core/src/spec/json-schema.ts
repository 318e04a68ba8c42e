import { stackSpecSchema } from "./schema";
import * as z from "./zod";

/** The parts of a JSON Schema that messages and documentation are made from. */
export interface SchemaNode {
  description?: string;
  default?: unknown;
  properties?: Record<string, SchemaNode>;
  propertyNames?: { enum?: string[] };
  additionalProperties?: SchemaNode | boolean;
  items?: SchemaNode;
  required?: string[];
  oneOf?: SchemaNode[];
  anyOf?: SchemaNode[];
  const?: unknown;
}

let cached: SchemaNode | undefined;

/** JSON Schema of the spec as users write it: fields with a default are optional. */
export function inputSchema(): SchemaNode {
  cached ??= z.toJSONSchema(stackSpecSchema, { io: "input" }) as SchemaNode;
  return cached;
}

/** The schema of what is at a path; for a tagged union that of the kind which the input names. */
export function nodeAt(path: readonly PropertyKey[], input: unknown): SchemaNode | undefined {
  let node: SchemaNode | undefined = inputSchema();
  let value: unknown = input;
  for (const key of path) {
    const fields = typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>) : {};
    value = Object.hasOwn(fields, key) ? fields[key] : undefined;
    const rest: SchemaNode | undefined = typeof node?.additionalProperties === "object" ? node.additionalProperties : node?.items;
    const inner: SchemaNode | undefined = Object.hasOwn(node?.properties ?? {}, key) ? node?.properties?.[String(key)] : rest;
    node = inner && variantOf(inner, value);
  }
  return node;
}

function variantOf(node: SchemaNode, value: unknown): SchemaNode {
  const kind = typeof value === "object" && value !== null && "kind" in value ? value.kind : undefined;
  return (node.oneOf ?? node.anyOf)?.find((variant) => variant.properties?.kind?.const === kind) ?? node;
}
