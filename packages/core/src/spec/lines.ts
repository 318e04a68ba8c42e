import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type LineCounter } from "yaml";

/**
 * Line of a path in a YAML document, counted from one: that of the key, or of the item of a list. A key that is missing has no line of
 * its own: its nearest parent's is given. Undefined for the document itself.
 */
export function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number | undefined {
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
