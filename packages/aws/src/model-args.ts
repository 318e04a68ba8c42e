import type { ResolvedModelSpec, StackContext, Zone } from "@cyclops/core";
import type * as pulumi from "@pulumi/pulumi";
import type { AccountArgs, PlatformBinding } from "./args";
import type { EndpointNames } from "./documents/context";
import type { Place } from "./documents/place";

/** What every component of a model takes. */
export interface ModelPartArgs {
  context: StackContext;
  /** Name of the model. */
  model: string;
  /** The model's resolved spec. */
  spec: ResolvedModelSpec;
  /** The platform's binding. */
  platform: pulumi.Input<PlatformBinding>;
  /** Where the platform is. @default - what the binding says */
  place?: pulumi.Input<Place>;
  /** Zone addresses of the platform. @default - what the binding says */
  zones?: pulumi.Input<Record<Zone, string>>;
  /** ARN of each workload's role, e.g. `identity.accounts`. */
  accounts: pulumi.Input<Record<string, string>>;
  /** Names of the endpoint, e.g. `endpoint.names`. @default - there is none */
  serving?: pulumi.Input<EndpointNames>;
  /** ARN of the training's state machine, where this part starts trainings. @default - it starts none */
  trainingArn?: pulumi.Input<string>;
  /** Images, instance types, log retention. @default {} */
  account?: AccountArgs;
}
