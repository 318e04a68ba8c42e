import type { Capabilities, FeatureId, FeatureUse } from "../contract/features";
import { featuresOf } from "../contract/features";
import { resolveSpec } from "../spec/resolve";
import type { ResolvedStackSpec } from "../spec/schema";
import type { StackSpec } from "../spec/stack";

type Fields = Record<string, unknown>;

/** Fields that are not left out but set to what does not ask for the feature: without them the default would. */
const instead: Partial<Record<FeatureId, (value: unknown) => unknown>> = {
  "training.retrain-on-drift": without("drift"),
  "training.retrain-on-new-data": without("new-data"),
  "training.retrain-on-quality": without("quality"),
  "endpoint.autoscaling": () => ({ min: 1, max: 1 }),
  "endpoint.canary": () => "all-at-once",
  "endpoint.shadow": () => "all-at-once",
  "endpoint.capture": () => ({ percent: 0 }),
};

/**
 * A spec without what it asks for and the target cannot do; the spec itself where the target can do everything.
 *
 * @throws SpecError where the rest breaks a rule; Error where a feature is asked for whatever the spec says
 */
export function supportedPart(spec: StackSpec, capabilities: Capabilities): ResolvedStackSpec {
  const unsupported = (part: StackSpec) =>
    featuresOf(resolveSpec(part)).find(({ feature }) => capabilities[feature].support === "unsupported");
  let part = spec;
  for (let use = unsupported(part); use; use = unsupported(part)) {
    const rest = removed(part, use);
    if (JSON.stringify(rest) === JSON.stringify(part)) throw new Error(`${use.path} asks for ${use.feature} in every spec`);
    part = rest;
  }
  return resolveSpec(part);
}

/** A copy in which one field no longer asks for its feature. */
function removed(spec: StackSpec, { feature, path }: FeatureUse): StackSpec {
  const copy: object = structuredClone(spec);
  // No name that a spec allows has a dot in it.
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const owner = keys.reduce(inside, copy as Fields);
  const change = instead[feature];
  if (change) owner[last] = change(owner[last]);
  else delete owner[last];
  // A part whose last field is gone asks for nothing: `alerts: {}` would be refused.
  const part = keys.pop();
  if (part !== undefined && Object.keys(owner).length === 0) delete keys.reduce(inside, copy as Fields)[part];
  return copy as StackSpec;
}

/** The mapping at a key; where defaults alone ask for a feature, there is none yet. */
function inside(fields: Fields, key: string): Fields {
  fields[key] ??= {};
  return fields[key] as Fields;
}

function without(trigger: string): (value: unknown) => unknown {
  return (value) => (value as readonly string[]).filter((each) => each !== trigger);
}
