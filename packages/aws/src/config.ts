import { ArgumentError } from "@cyclops/core";
import * as pulumi from "@pulumi/pulumi";
import type { PlatformBindings } from "./args";

const namespace = "cyclops-aws";

/** The bindings that stack configuration may give. */
const keys = [
  "images",
  "instanceTypes",
  "logRetentionDays",
  "accountId",
  "region",
  "key",
  "network",
  "buckets",
  "tracking",
  "githubProvider",
  "jenkinsPrincipal",
  "audit",
  "budgetAction",
] as const satisfies readonly (keyof PlatformBindings)[];
const textKeys: readonly string[] = ["accountId", "region", "jenkinsPrincipal"];

/** The kinds of those bindings that have some: the compiler sees the program's, but not the configuration's. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  key: ["create", "existing"],
  network: ["service", "private", "existing"],
  tracking: ["app", "existing"],
  githubProvider: ["create", "existing"],
  audit: ["trail", "none"],
  budgetAction: ["stop-starts", "none"],
};

/**
 * Arguments with the bindings of the stack's configuration (`pulumi config set --path cyclops-aws:network.kind private`) where the program
 * gives none, so that one program serves many accounts.
 *
 * @throws ArgumentError for a key of the namespace that is no binding, or a binding of an unknown kind
 */
export function withConfig<Args extends object>(args: Args): Args & PlatformBindings {
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
  return { ...Object.fromEntries(given.filter(([, value]) => value !== undefined)), ...args };
}
