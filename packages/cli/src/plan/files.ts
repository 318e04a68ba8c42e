import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { codeOf, messageOf, UserError } from "../errors";

/** Further arguments of `MlopsStack` from a YAML file. @throws UserError */
export function readBindings(file: string): Record<string, unknown> {
  const bindings = readMapping(file);
  if ("spec" in bindings) throw new UserError(`${file}: holds "spec", which --spec gives.`, "Remove it.");
  return bindings;
}

/** Configuration of a stack as Pulumi hands it to a program: text by full key. Encrypted values stay hidden. @throws UserError */
export function readConfiguration(file: string): Record<string, string> {
  const { config = {} } = readMapping(file);
  if (!isMapping(config))
    throw new UserError(`${file}: config is not a mapping.`, "Write `namespace:key: value` lines below it.");
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => {
      const plain = withoutSecrets(value);
      return [key, typeof plain === "string" ? plain : JSON.stringify(plain)];
    }),
  );
}

function readMapping(file: string): Record<string, unknown> {
  let content: unknown;
  try {
    content = parse(readFileSync(file, "utf8"));
  } catch (error) {
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
