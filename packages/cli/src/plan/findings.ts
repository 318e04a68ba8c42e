import type { SpecIssue } from "@cyclops/core";
import type { Finding } from "./report";

/** Pulumi's Node SDK holds about 0.4 MB and takes 4 ms for each resource: from here on one program is a burden. */
const largeProgram = 2000;

/** What the target cannot do, as findings. */
export const impossibilities = (issues: readonly SpecIssue[]): Finding[] =>
  issues.map(({ path, message, fix }) => ({ severity: "error", where: path, message, ...(fix === undefined ? {} : { fix }) }));

/** What the target's components warn of, as `pulumi up` shows it. */
export const warningFindings = (warnings: readonly string[]): Finding[] =>
  warnings.map((message) => ({ severity: "warning", where: "configuration", message }));

/** A warning where the stack is too large for one program. */
export function sizeFindings(resources: number, models: number): Finding[] {
  if (resources < largeProgram) return [];
  const seconds = Math.round((resources * 4) / 1000);
  return [
    {
      severity: "warning",
      where: "models",
      message: `${models} models make ${resources.toLocaleString("en-US")} resources in one program: every preview takes ${seconds} s longer, and one mistake reaches all of them.`,
      fix: "Split it: one stack for the platform, and one for each group of models, joined by a StackReference (Platform.reference).",
    },
  ];
}
