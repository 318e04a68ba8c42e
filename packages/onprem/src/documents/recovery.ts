/** An option of the Kubernetes provider. */
interface ProviderOption {
  /** Its key in a stack's configuration, below `kubernetes:`. */
  readonly key: string;
  /** Environment variable that counts where the configuration says nothing. */
  readonly variable: string;
}

/**
 * What an `up` needs to go on where one that was stopped has left off. Names are fixed, so that one has made objects that the state does not
 * know: without the first option the provider refuses them, as they exist; without the second the API server refuses their fields, which
 * the one that was stopped owns. https://www.pulumi.com/registry/packages/kubernetes/api-docs/provider/
 */
export const recoveryOptions: readonly ProviderOption[] = [
  { key: "upsertExistingObjects", variable: "PULUMI_K8S_UPSERT_EXISTING_OBJECTS" },
  { key: "enablePatchForce", variable: "PULUMI_K8S_ENABLE_PATCH_FORCE" },
];

type Lookup = (name: string) => string | undefined;

/** Keys of the options that are not on. */
export const missingRecovery = (configured: Lookup, environment: Lookup): string[] =>
  recoveryOptions.filter(({ key, variable }) => (configured(key) ?? environment(variable)) !== "true").map(({ key }) => key);

/** What happens without these options, and the mend. */
export function recoveryAdvice(missing: readonly string[]): string {
  const commands = missing.map((key) => `\`pulumi config set kubernetes:${key} true\``);
  return (
    "If an `up` of this stack is stopped half-way, the next one will fail, as objects exist or their fields are another's. " +
    `So that it goes on instead: ${commands.join(" and ")}.`
  );
}
