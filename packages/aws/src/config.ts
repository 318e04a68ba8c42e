import { ArgumentError, type ConfigurableBindings, configuredBindings, type StackContext } from "@cyclops/core";
import * as pulumi from "@pulumi/pulumi";
import type { PlatformBindings } from "./args";

/** The bindings that stack configuration may give. */
const bindings: ConfigurableBindings<keyof PlatformBindings> = {
  namespace: "cyclops-aws",
  keys: [
    "images",
    "instanceTypes",
    "logRetentionDays",
    "runbooks",
    "accountId",
    "region",
    "instance",
    "key",
    "formerKeys",
    "network",
    "buckets",
    "tracking",
    "githubProvider",
    "jenkinsPrincipal",
    "audit",
    "budgetAction",
  ],
  textKeys: ["accountId", "region", "instance", "jenkinsPrincipal", "runbooks"],
  kinds: {
    key: ["create", "existing"],
    network: ["service", "private", "existing"],
    tracking: ["app", "existing"],
    githubProvider: ["create", "existing"],
    audit: ["trail", "none"],
    budgetAction: ["stop-starts", "none"],
  },
};

/**
 * Arguments with the bindings of the stack's configuration (`pulumi config set --path cyclops-aws:network.kind private`) where the program
 * gives none, so that one program serves many accounts.
 *
 * @throws ArgumentError for a key of the namespace that is no binding, or a binding of an unknown kind
 */
export const withConfig = <Args extends object>(args: Args): Args & PlatformBindings => ({
  ...configuredBindings(bindings),
  ...args,
});

// https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
const mostTags = 50;
/** Tags of the library's own that a resource carries at most: those of its stack, and whose model or user it is. */
const ownTags = 5;

/**
 * Refuses at plan what AWS would refuse in the middle of an `up`. The spec alone stays below the limit; default tags of the configuration
 * come on top, and those of a provider that the program makes are not known here.
 *
 * @throws ArgumentError for more tags than a resource takes
 */
export function assertTagsFit({ tags }: StackContext): void {
  const defaults = new pulumi.Config("aws").getObject<{ tags?: Record<string, unknown> }>("defaultTags")?.tags ?? {};
  const given = new Set([...Object.keys(tags), ...Object.keys(defaults)]).size;
  if (given + ownTags <= mostTags) return;
  throw new ArgumentError(
    "configuration aws:defaultTags",
    `with the tags of the spec there are ${given}, and a resource takes ${mostTags}, of which ${ownTags} are the library's.`,
    `Give at most ${mostTags - ownTags} in both together.`,
  );
}
