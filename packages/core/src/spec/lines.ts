import { type EventType, type State, YAMLException } from "js-yaml";

/** A node of YAML text: where the parser began to look for it, and what it found. */
export interface YamlNode {
  readonly position: number;
  /** Counted from one. That of the node itself for a key and for an item of a list; the value of a key may begin further down. */
  readonly line: number;
  /** In the order of the text: items, or keys and values by turns, as far as they are written out. */
  readonly children: YamlNode[];
  value: unknown;
}

/** What `listenForNodes` hears. */
export interface YamlNodes {
  /** Nodes that have begun and not ended, the innermost last: where the parser stands when it throws. */
  readonly open: YamlNode[];
  /** The nodes within each mapping and list. An alias is the same object as its anchor, and so has the anchor's lines. */
  readonly within: Map<object, readonly YamlNode[]>;
}

/** Reason of the error for a second document, which js-yaml itself tells without its place and only after the end of the text. */
export const secondDocument = "a second document begins";

/** A listener for js-yaml, and the nodes that it has heard of. The listener throws where a second document begins. */
export function listenForNodes(): YamlNodes & { readonly listener: (event: EventType, state: State) => void } {
  const open: YamlNode[] = [];
  const within = new Map<object, readonly YamlNode[]>();
  let end: number | undefined;
  const listener = (event: EventType, state: State) => {
    if (event === "open") {
      if (end !== undefined) throw new YAMLException(secondDocument, markOf(state, end));
      const node: YamlNode = { position: state.position, line: state.line + 1, children: [], value: undefined };
      open.at(-1)?.children.push(node);
      open.push(node);
      return;
    }
    const node = open.pop();
    if (!node) return;
    node.value = state.result;
    if (open.length === 0) end = state.position;
    // An alias has no kind. A value in brackets is first tried as a key, in a node of its own: that has the nodes within it.
    const isCollection = state.kind === "mapping" || state.kind === "sequence";
    if (isCollection && isObject(node.value) && !within.has(node.value)) within.set(node.value, node.children);
  };
  return { open, within, listener };
}

/** The place of the second document: its `---` if it has one, or else its content. */
function markOf({ input, position }: State, end: number) {
  const dashes = input.slice(end, position).search(/^---/m);
  const start = dashes < 0 ? position : end + dashes;
  return { buffer: input, position: start, line: lineAt(input, start) - 1, column: 0, name: "", snippet: "" };
}

/** Line of a position in a text, counted from one. */
export const lineAt = (text: string, position: number): number => text.slice(0, position).split(/\r\n?|\n/).length;

/**
 * Line of a path in data that was read from YAML, counted from one: that of the key, or of the item of a list. What is not written out (a
 * key that is missing or merged in, an item without content) has no line of its own: its nearest parent's is given. Undefined for the
 * data itself.
 */
export function lineOf(data: unknown, { within }: YamlNodes, path: readonly PropertyKey[]): number | undefined {
  let value = data;
  let line: number | undefined;
  for (const part of path) {
    if (!isObject(value)) return line;
    const nodes = within.get(value) ?? [];
    const own = Array.isArray(value) ? linesOfItems(value, nodes) : linesOfKeys(value, nodes);
    const found = own.get(String(part));
    if (found === undefined) return line;
    line = found;
    value = value[part];
  }
  return line;
}

/** A list has no node for an item without content, and two for one that is a single pair, as in `[a: b]`. */
function linesOfItems(list: readonly unknown[], nodes: readonly YamlNode[]): Map<string, number> {
  const lines = new Map<string, number>();
  let next = 0;
  for (const { line, value } of nodes) {
    const index = list.indexOf(value, next);
    if (index < 0) continue;
    lines.set(String(index), line);
    next = index + 1;
  }
  return lines;
}

/** A key without a value has none in `{a, b}`, so that a value is known by being what the mapping has for the key before it. */
function linesOfKeys(mapping: Readonly<Record<PropertyKey, unknown>>, nodes: readonly YamlNode[]): Map<string, number> {
  const lines = new Map<string, number>();
  let before: string | undefined;
  for (const { line, value } of nodes) {
    const isValue = before !== undefined && Object.is(mapping[before], value);
    before = isValue || isObject(value) ? undefined : String(value);
    if (before !== undefined && Object.hasOwn(mapping, before) && !lines.has(before)) lines.set(before, line);
  }
  return lines;
}

const isObject = (value: unknown): value is Record<PropertyKey, unknown> => typeof value === "object" && value !== null;
