import type { Target } from "@cyclops/core";
import type { FeatureRow } from "./capabilities";

/** One resource as the plan shows it: secrets and unknown values are words already. */
export interface PlannedResource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** URN of the parent; absent at the top. */
  readonly parent?: string;
  /** Whether it only groups others. */
  readonly component: boolean;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** URNs this resource waits for. */
  readonly dependencies: readonly string[];
  /** Whether Pulumi refuses to delete it. */
  readonly protect: boolean;
}

/** Something a reviewer should know. */
export interface Finding {
  readonly severity: "error" | "warning" | "note";
  /** Place in the spec, or the resource. */
  readonly where: string;
  readonly message: string;
  readonly fix?: string;
}

/** The plan of one target. */
export interface TargetPlan {
  readonly target: Target;
  /** `planned`; `impossible`: the target cannot do all of it; `absent`: the target does not exist yet; `failed`: see `message`. */
  readonly status: "planned" | "impossible" | "absent" | "failed";
  /** One sentence; only where the status is `absent` or `failed`. */
  readonly message?: string;
  readonly resources: readonly PlannedResource[];
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly features: readonly FeatureRow[];
  readonly findings: readonly Finding[];
}

/** What `cyclops plan --json` prints. */
export interface PlanReport {
  readonly formatVersion: 1;
  readonly stack: string;
  readonly environment: string;
  readonly spec: string;
  readonly targets: readonly TargetPlan[];
}

/** Resources of their own, without the components that group them. */
export const ownResources = (plan: TargetPlan): PlannedResource[] => plan.resources.filter(({ component }) => !component);

/** Components of a plan. */
export const components = (plan: TargetPlan): PlannedResource[] => plan.resources.filter(({ component }) => component);
