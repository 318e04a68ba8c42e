import { load, YAMLException } from "js-yaml";
import { SpecError } from "../errors";
import { lineOf, listenForNodes } from "./lines";
import { describeYaml, excessive, refuseWarning } from "./yaml-errors";
import { yamlSchema } from "./yaml-schema";

/** How many values aliases and merge keys may add to those that are written out: far more than any spec has, and quick to check. */
const mostRepeated = 100_000;

/** What a YAML text holds. */
interface YamlText {
  readonly data: unknown;
  /** Line of a path in the data, counted from one; see `lineOf`. */
  lineOf(path: readonly PropertyKey[]): number | undefined;
}

/**
 * Reads YAML (or JSON) as plain data.
 *
 * @param source names the text in errors
 * @throws SpecError with the first problem of the text: the parser cannot go on behind it
 */
export function readYaml(text: string, source = "spec"): YamlText {
  const { listener, ...nodes } = listenForNodes();
  // The types of js-yaml do not know its limits yet, which a literal argument would be refused for.
  const options = { schema: yamlSchema, listener, onWarning: refuseWarning, maxTotalMergeKeys: mostRepeated };
  let data: unknown;
  try {
    data = load(text, options) ?? null;
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw new SpecError([describeYaml(error, nodes.open.at(-1))], source);
  }
  if (repeatedIn(data) > mostRepeated) throw new SpecError([excessive], source);
  return { data, lineOf: (path) => lineOf(data, nodes, path) };
}

/** How many values aliases add; infinite where one stands within its own anchor. */
function repeatedIn(data: unknown): number {
  const sizes = new Map<object, number>();
  let written = 1;
  const sizeOf = (value: unknown): number => {
    if (typeof value !== "object" || value === null) return 1;
    const known = sizes.get(value);
    if (known !== undefined) return known;
    sizes.set(value, Number.POSITIVE_INFINITY);
    const inner: unknown[] = Object.values(value);
    written += inner.length;
    const size = inner.reduce<number>((sum, each) => sum + sizeOf(each), 1);
    sizes.set(value, size);
    return size;
  };
  return sizeOf(data) - written;
}
