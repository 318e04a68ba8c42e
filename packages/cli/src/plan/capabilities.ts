import { type Capabilities, type Capability, type FeatureId, featuresOf, type ResolvedStackSpec } from "@cyclops/core";

/** One feature that a spec asks for, with what a target makes of it. */
export interface FeatureRow {
  readonly feature: FeatureId;
  /** Fields of the spec that ask for it. */
  readonly paths: readonly string[];
  readonly support: Capability["support"];
  readonly note: string;
  /** What to do instead; only where the support is `unsupported`. */
  readonly alternative?: string;
}

/** Every feature the spec asks for, once, in the catalogue's order. */
export function featureRows(spec: ResolvedStackSpec, capabilities: Capabilities): FeatureRow[] {
  const rows = new Map<FeatureId, string[]>();
  for (const { feature, path } of featuresOf(spec)) rows.set(feature, [...(rows.get(feature) ?? []), path]);
  return [...rows].map(([feature, paths]) => ({ feature, paths, ...capabilities[feature] }));
}

/** The features that the runtime does in place of a service of the target. */
export const emulatedFeatures = (spec: ResolvedStackSpec, capabilities: Capabilities): FeatureRow[] =>
  featureRows(spec, capabilities).filter(({ support }) => support === "emulated");
