import { type Capabilities, featuresOf } from "../../contract/features";
import { resolveSpec } from "../../spec/resolve";
import type { StackSpec } from "../../spec/stack";
import { specChanges } from "./spec-changes";
import type { SpecChange } from "./types";

/** The changes of a spec that a target can make: what the changed spec asks for is none of what it refuses. */
export const supportedChanges = (spec: StackSpec, capabilities: Capabilities): readonly SpecChange[] =>
  specChanges.filter(({ apply }) =>
    featuresOf(resolveSpec(apply(spec))).every(({ feature }) => capabilities[feature].support !== "unsupported"),
  );
