import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { codeOf, messageOf, UserError } from "../errors";

/** Further arguments of `MlopsStack` from a YAML file. @throws UserError */
export function readBindings(file: string): Record<string, unknown> {
  const bindings = readMapping(file);
  if ("spec" in bindings) throw new UserError(`${file}: holds "spec", which --spec gives.`, "Remove it.");
  return bindings;
}

const projectFile = "Pulumi.yaml";

/**
 * Configuration of a stack as Pulumi hands it to a program: that of its file, over that of the project beside it, or beside the spec.
 *
 * @returns undefined where neither is there: nothing is known of the stack
 * @throws UserError
 */
export function stackConfiguration(specFile: string, configFile?: string): Record<string, string> | undefined {
  const project = join(dirname(configFile ?? specFile), projectFile);
  const hasProject = existsSync(project);
  if (configFile === undefined && !hasProject) return undefined;
  return {
    ...(hasProject ? readProjectConfiguration(project) : {}),
    ...(configFile === undefined ? {} : readConfiguration(configFile)),
  };
}

/** Configuration that a project gives all its stacks. https://www.pulumi.com/docs/iac/concepts/config/#project-level-configuration */
function readProjectConfiguration(file: string): Record<string, string> {
  const { name, config = {} } = readMapping(file);
  const given = entriesOf(file, config).flatMap(([key, value]): [string, unknown][] => {
    const full = key.includes(":") ? key : `${String(name)}:${key}`;
    if (!isMapping(value)) return [[full, value]];
    // A declaration: the value that stacks have where they give none is `value`, or, with a type, `default`.
    const { value: given = value.default } = value;
    return given === undefined ? [] : [[full, given]];
  });
  return asText(given);
}

/** Values of a stack's file: text by full key. Encrypted values stay hidden. */
function readConfiguration(file: string): Record<string, string> {
  const { config = {} } = readMapping(file);
  return asText(entriesOf(file, config));
}

function entriesOf(file: string, config: unknown): [string, unknown][] {
  if (!isMapping(config))
    throw new UserError(`${file}: config is not a mapping.`, "Write `namespace:key: value` lines below it.");
  return Object.entries(config);
}

const asText = (entries: readonly [string, unknown][]): Record<string, string> =>
  Object.fromEntries(
    entries.map(([key, value]) => {
      const plain = withoutSecrets(value);
      return [key, typeof plain === "string" ? plain : JSON.stringify(plain)];
    }),
  );

function readMapping(file: string): Record<string, unknown> {
  let content: unknown;
  try {
    // Reading a pipe waits for its writer.
    if (existsSync(file) && !statSync(file).isFile()) throw new UserError(`${file}: is not a file.`);
    content = parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof UserError) throw error;
    const why =
      codeOf(error) === "ENOENT" ? "the file does not exist." : `cannot be read as YAML: ${messageOf(error).split("\n")[0]}`;
    throw new UserError(`${file}: ${why}`);
  }
  if (!isMapping(content)) throw new UserError(`${file}: is not a mapping.`, "Write `name: value` lines.");
  return content;
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A value in which Pulumi's encrypted parts, `{secure: …}`, are placeholders. */
function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isMapping(value)) return value;
  if (typeof value.secure === "string") return "[secret]";
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner)]));
}
