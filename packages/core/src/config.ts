import * as pulumi from "@pulumi/pulumi";
import { ArgumentError } from "./errors";

/** The bindings of one target that stack configuration may give. */
export interface ConfigurableBindings<Key extends string> {
  /** Namespace of the configuration, `cyclops-<target>`. */
  readonly namespace: string;
  readonly keys: readonly Key[];
  /** Those that are a text; the others are structured. */
  readonly textKeys: readonly Key[];
  /** The kinds of those that have some: the compiler sees the program's, but not the configuration's. */
  readonly kinds: Readonly<Partial<Record<Key, readonly string[]>>>;
}

/**
 * The bindings of the stack's configuration (`pulumi config set --path cyclops-onprem:images.runtime …`), by key. Those that are not given
 * are left out.
 *
 * @throws ArgumentError for a key of the namespace that is no binding, or a binding of an unknown kind
 */
export function configuredBindings<Key extends string>({
  namespace,
  keys,
  textKeys,
  kinds,
}: ConfigurableBindings<Key>): Record<string, unknown> {
  const known: readonly string[] = keys;
  for (const full of Object.keys(pulumi.runtime.allConfig())) {
    const [place, key = ""] = full.split(":");
    if (place === namespace && !known.includes(key)) {
      throw new ArgumentError(`configuration ${full}`, "there is no such binding.", `Bindings: ${keys.join(", ")}.`);
    }
  }
  const config = new pulumi.Config(namespace);
  const given = keys.map(
    (key) => [key, textKeys.includes(key) ? config.get(key) : config.getObject<{ kind?: unknown }>(key)] as const,
  );
  for (const [key, value] of given) {
    const allowed = kinds[key];
    if (allowed && typeof value === "object" && !allowed.includes(String(value.kind))) {
      throw new ArgumentError(
        `configuration ${namespace}:${key}`,
        `the kind "${String(value.kind)}" does not exist.`,
        `Kinds: ${allowed.join(", ")}.`,
      );
    }
  }
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}
