import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** A spec of the corpus that every target must accept or refuse with `UnsupportedFeatureError`. */
export interface ValidFixture {
  /** File name without its ending. */
  readonly name: string;
  readonly file: string;
}

/** One problem that a fixture states in a comment, `# expect: line | path | message | fix`; the last two are parts of the text. */
export interface ExpectedIssue {
  /** Undefined where the comment has `-`: the problem has no line. */
  readonly line: number | undefined;
  /** Empty where the comment has `-`: the problem is that of the whole spec. */
  readonly path: string;
  readonly message: string;
  readonly fix: string;
}

/** A spec of the corpus that every target must refuse with the same `SpecError`. */
export interface InvalidFixture extends ValidFixture {
  /** All problems, in the order in which they are told. */
  readonly expected: readonly ExpectedIssue[];
}

// The same distance from src/testing and from dist/testing.
const root = path.join(__dirname, "../../fixtures");

/** The specs that break no rule. */
export const validFixtures = (): ValidFixture[] => list("valid");

/** The specs that break rules, one each but for those named `many-*`. */
export const invalidFixtures = (): InvalidFixture[] =>
  list("invalid").map((fixture) => ({ ...fixture, expected: expectedOf(fixture.file) }));

function list(folder: string): ValidFixture[] {
  const names = readdirSync(path.join(root, folder)).filter((name) => name.endsWith(".yaml"));
  return names.sort().map((name) => ({ name: path.basename(name, ".yaml"), file: path.join(root, folder, name) }));
}

function expectedOf(file: string): ExpectedIssue[] {
  const rows = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("# expect: "));
  return rows.map((row) => {
    const [line = "-", place = "-", message, fix] = row.slice("# expect: ".length).split(" | ");
    if (!message || !fix) throw new Error(`${file}: write "# expect: line | path | message | fix"`);
    return { line: line === "-" ? undefined : Number(line), path: place === "-" ? "" : place, message, fix };
  });
}
