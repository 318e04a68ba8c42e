import type { Orchestration, ResolvedModelSpec, Serving, StackContext } from "@cyclops/core";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterArgs, PlatformBinding } from "./args";

/** What every component of a model takes. */
export interface ModelPartArgs {
  context: StackContext;
  /** Name of the model. */
  model: string;
  /** The model's resolved spec. */
  spec: ResolvedModelSpec;
  /** The platform's binding. */
  platform: pulumi.Input<PlatformBinding>;
  /** ServiceAccount of each workload, e.g. `identity.accounts`. */
  accounts: pulumi.Input<Record<string, string>>;
  /** Where the model is served. @default - nowhere */
  serving?: pulumi.Input<Serving>;
  /** How this part starts trainings. @default - not at all */
  orchestration?: pulumi.Input<Orchestration>;
  /** Images, registry, placement. @default {} */
  cluster?: ClusterArgs;
}
