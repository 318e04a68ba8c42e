import { type ConfigurableBindings, configuredBindings } from "@cyclops/core";
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
