import { type Capabilities, type Target, targets } from "@cyclops/core";
import { loadProvider, TargetNotBuiltError } from "./plan/providers";
import { supportMatrix } from "./support-matrix";

/** The generated files of this package that are committed, by path from the root. */
export function generatedFiles(): Record<string, string> {
  return { "docs/support-matrix.md": supportMatrix(Object.fromEntries(targets.flatMap(capabilitiesOf))) };
}

function capabilitiesOf(target: Target): [Target, Capabilities][] {
  try {
    return [[target, loadProvider(target, __filename).capabilities]];
  } catch (error) {
    if (error instanceof TargetNotBuiltError) return [];
    throw error;
  }
}
