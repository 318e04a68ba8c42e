import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from "yaml";

/** A text as another parser reads it: its data, and the line of a path as `lineOf` gives it. */
export interface OtherReading {
  readonly data: unknown;
  lineOf(path: readonly PropertyKey[]): number | undefined;
}

/** Reads YAML 1.2 with the package `yaml`. Undefined where that refuses the text. */
export function readByYaml(text: string): OtherReading | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false, logLevel: "error" });
  if (document.errors.length + document.warnings.length > 0) return undefined;
  try {
    return { data: document.toJS(), lineOf: (path) => lineIn(document, lines, path) };
  } catch {
    return undefined;
  }
}

function lineIn(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number | undefined {
  let node: unknown = document.contents;
  let line: number | undefined;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document);
    let place: unknown;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      place = pair?.key;
      node = pair?.value;
    } else {
      node = isSeq(node) ? node.items[Number(part)] : undefined;
      place = node;
    }
    if (!isNode(place) || !place.range) return line;
    line = lines.linePos(place.range[0]).line;
  }
  return line;
}
