import { type Capabilities, type Capability, featureIds, type Target, targets } from "@cyclops/core";

const intro = `# Support matrix
What a spec can ask for, and what each target makes of it. Generated from the \`capabilities\` of each package by \`npm run generate\`; do not
edit it. The contract tests check that a package refuses exactly what it lists as \`unsupported\`; the notes are its own statement.

- **native**: a service or object of the target does it.
- **emulated**: CyclOps' runtime does it.
- **unsupported**: refused before anything is registered, with the field, the reason and the alternative.
- **not built yet**: the package of the target is empty; nothing can be deployed there.
`;

/** The published matrix as Markdown; targets without capabilities are not built yet. */
export function supportMatrix(built: Partial<Record<Target, Capabilities>>): string {
  const rows = featureIds.map((feature) => [`\`${feature}\``, ...targets.map((target) => cell(built[target]?.[feature]))]);
  const table = [["feature", ...targets], ["---", ...targets.map(() => "---")], ...rows].map((row) => `| ${row.join(" | ")} |`);
  return `${intro}\n${table.join("\n")}\n`;
}

function cell(capability: Capability | undefined): string {
  if (!capability) return "not built yet";
  const alternative = capability.support === "unsupported" ? ` ${capability.alternative}` : "";
  return `**${capability.support}**: ${capability.note}${alternative}`.replaceAll("|", "\\|");
}
