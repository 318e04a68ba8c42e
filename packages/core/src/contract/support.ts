import { type SpecIssue, UnsupportedFeatureError } from "../errors";
import type { ResolvedStackSpec } from "../spec/schema";
import { type Capabilities, featuresOf } from "./features";
import type { Target } from "./provider";

/** What the spec asks for and the target cannot do, with the nearest alternative. */
export function unsupportedFeatures(spec: ResolvedStackSpec, capabilities: Capabilities, target: Target): SpecIssue[] {
  return featuresOf(spec).flatMap(({ feature, path }) => {
    const capability = capabilities[feature];
    if (capability.support !== "unsupported") return [];
    return [
      { path, message: `the target ${target} cannot do this (${feature}): ${capability.note}`, fix: capability.alternative },
    ];
  });
}

/** @throws UnsupportedFeatureError that lists everything the target cannot do, before anything is registered */
export function assertSupported(spec: ResolvedStackSpec, capabilities: Capabilities, target: Target): void {
  const issues = unsupportedFeatures(spec, capabilities, target);
  if (issues.length > 0) throw new UnsupportedFeatureError(issues, `the stack ${spec.name}`);
}
