import type { ResolvedModelSpec } from "@cyclops/core";
import type { AccountArgs, PlatformBinding } from "../args";

/** The physical names of an endpoint, known before it is made. */
export interface EndpointNames {
  /** Name of the endpoint. */
  readonly endpoint: string;
  /** Address of the model document that its scorers read. */
  readonly configUri: string;
  /** Name of the variant that answers. */
  readonly variant: string;
  /** Names of the alarms that roll a deployment back. */
  readonly rollbackAlarms: readonly string[];
  /** Names of the alarms on the shadow variant, which take a new version away during a shadow rollout. */
  readonly shadowAlarms: readonly string[];
  /** Name of the endpoint configuration that the endpoint is made with, and that serves no version: no rollout deletes it. */
  readonly bootstrapConfig: string;
}

/** What a document of a model's state machine is made of: plain values. */
export interface MachineContext {
  /** Name of the model. */
  readonly model: string;
  readonly spec: ResolvedModelSpec;
  readonly binding: PlatformBinding;
  /** Address of the model document, `s3://bucket/key`. */
  readonly configUri: string;
  /** ARN of each workload's role; the keys are `Workload`s of `documents/identity.ts`. */
  readonly roles: Readonly<Record<string, string>>;
  /** Beginning of the names of jobs, models and endpoint configurations: at most 22 characters, `[a-z0-9-]`. */
  readonly jobPrefix: string;
  /** Name of the model package group. */
  readonly packageGroup: string;
  /** Null where the model has no endpoint. */
  readonly endpoint: EndpointNames | null;
  /** ARN of the training's state machine; null where this machine starts none. */
  readonly trainingArn: string | null;
  /** ARN of the rollout's state machine, which the training starts; null where this machine starts none. */
  readonly deployArn: string | null;
  /** Tags of jobs, models and endpoint configurations: those of every resource of the stack. */
  readonly tags: Readonly<Record<string, string>>;
  readonly account: AccountArgs;
}
