import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import * as ts from "typescript";
import type { SchemaNode } from "./json-schema";

type Types = ReadonlyMap<string, ts.InterfaceDeclaration | ts.TypeAliasDeclaration>;

/**
 * A copy of the spec's JSON Schema with the descriptions and defaults that the interfaces state, for editors to show. Reads the sources of
 * the interfaces, so it runs in the repository only.
 *
 * @throws Error for a property without a description: each must have one
 */
export function describeSchema(schema: SchemaNode): SchemaNode {
  const types = readTypes(path.join(__dirname, "../../src/spec"));
  const copy = structuredClone(schema);
  const root = types.get("StackSpec");
  if (!root) throw new Error("there is no interface StackSpec");
  copy.description = commentOf(root);
  describeNode(copy, root, types);
  return copy;
}

function readTypes(folder: string): Types {
  const files = readdirSync(folder).filter((name) => name.endsWith(".ts"));
  const sources = files.map((name) =>
    ts.createSourceFile(name, readFileSync(path.join(folder, name), "utf8"), ts.ScriptTarget.Latest, true),
  );
  const declared = sources.flatMap((source) =>
    source.statements.filter((each) => ts.isInterfaceDeclaration(each) || ts.isTypeAliasDeclaration(each)),
  );
  return new Map(declared.map((each) => [each.name.text, each]));
}

/** Adds what the type says to a schema and to everything in it. */
function describeNode(node: SchemaNode, type: ts.Node, types: Types): void {
  if (ts.isInterfaceDeclaration(type) || ts.isTypeLiteralNode(type)) describeMembers(node, type.members, types);
  else if (ts.isTypeAliasDeclaration(type)) describeNode(node, type.type, types);
  else if (ts.isArrayTypeNode(type) && node.items) describeNode(node.items, type.elementType, types);
  else if (ts.isUnionTypeNode(type)) describeVariants(node, type, types);
  else if (ts.isTypeReferenceNode(type)) describeReference(node, type, types);
}

function describeReference(node: SchemaNode, type: ts.TypeReferenceNode, types: Types): void {
  const declared = types.get(type.typeName.getText());
  const last = type.typeArguments?.at(-1);
  if (declared) describeNode(node, declared, types);
  else if (last && type.typeName.getText() === "Partial") describeNode(node, last, types);
  else if (last) {
    // Record<Key, Value>, with keys that are free or listed.
    if (typeof node.additionalProperties === "object") describeNode(node.additionalProperties, last, types);
    for (const inner of Object.values(node.properties ?? {})) describeNode(inner, last, types);
  }
}

function describeMembers(node: SchemaNode, members: ts.NodeArray<ts.TypeElement>, types: Types): void {
  for (const member of members) {
    if (!ts.isPropertySignature(member) || !member.type) continue;
    const inner = node.properties?.[member.name.getText()];
    if (!inner) throw new Error(`the schema has no ${member.name.getText()}, which the interface has`);
    const description = commentOf(member);
    if (description) inner.description = description;
    else if (inner.const === undefined) throw new Error(`${member.name.getText()} has no description`);
    describeNode(inner, member.type, types);
  }
}

/** The variants of a union that is told apart by `kind`. */
function describeVariants(node: SchemaNode, union: ts.UnionTypeNode, types: Types): void {
  for (const type of union.types) {
    if (!ts.isTypeLiteralNode(type)) continue;
    const kind = type.members.find((member) => member.name?.getText() === "kind");
    const literal = kind && ts.isPropertySignature(kind) ? kind.type?.getText().replaceAll('"', "") : undefined;
    const variant = (node.oneOf ?? node.anyOf)?.find((each) => each.properties?.kind?.const === literal);
    if (variant) describeNode(variant, type, types);
  }
}

/** Prose of a JSDoc comment and its default, e.g. `Size of one replica. Default: "S".` */
function commentOf(node: ts.Node): string {
  const [doc] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const prose = textOf(doc?.comment);
  const tag = doc?.tags?.find(({ tagName }) => tagName.text === "default");
  const value = textOf(tag?.comment).replace(/^- /, "");
  return value ? `${prose} Default: ${value}${/[.)]$/.test(value) ? "" : "."}` : prose;
}

const textOf = (comment: Parameters<typeof ts.getTextOfJSDocComment>[0]) =>
  (ts.getTextOfJSDocComment(comment) ?? "").replace(/\s+/g, " ").trim();
