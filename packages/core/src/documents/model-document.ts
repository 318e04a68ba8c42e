import type { Target, Zone } from "../contract/provider";
import type { ResolvedModelSpec } from "../spec/schema";

/** Traffic split by the weights of a Gateway API route, for the deploy step. */
export interface GatewayServing {
  readonly namespace: string;
  /** `HTTPRoute` whose first rule's weights are changed. */
  readonly route: string;
  readonly stableService: string;
  readonly canaryService: string;
  /** Deployment of the canary, which runs only during a rollout. */
  readonly canaryDeployment: string;
  /** DNS name and port that answer one address for every canary replica. */
  readonly canaryPods: string;
  readonly port: number;
}

/** Where a model is served, for the deploy and monitor steps. */
export interface Serving {
  /** Address for predictions. */
  readonly url: string;
  /** DNS name and port that answer one address for every scorer replica. */
  readonly pods: string;
  readonly gateway: GatewayServing | null;
}

/** What the monitor starts when it asks for a new version: an Argo WorkflowTemplate. */
export interface ArgoOrchestration {
  readonly kind: "argo";
  readonly namespace: string;
  /** Name of the training's `WorkflowTemplate`, at most 52 characters. */
  readonly template: string;
}

/** What the monitor starts when it asks for a new version: a state machine of AWS Step Functions. */
export interface StepFunctionsOrchestration {
  readonly kind: "step-functions";
  /** ARN of the training's state machine. */
  readonly stateMachine: string;
}

/** How the monitor starts a training; a target adds its own kind here and in the runtime's `retraining/`. */
export type Orchestration = ArgoOrchestration | StepFunctionsOrchestration;

/** What the runtime's commands read: see `docs/concepts/runtime-contract.md`. */
export interface ModelDocument {
  readonly formatVersion: 1;
  readonly stack: string;
  readonly environment: string;
  readonly model: string;
  readonly spec: ResolvedModelSpec;
  readonly zones: Readonly<Record<Zone, string>>;
  readonly registry: { readonly experiment: string; readonly model: string };
  readonly serving: Serving | null;
  /** Null where the command starts no training. */
  readonly orchestration: Orchestration | null;
  readonly target: Target | "local";
}

/** The model document of one model. */
export function modelDocument(input: {
  stack: string;
  environment: string;
  model: string;
  spec: ResolvedModelSpec;
  zones: Readonly<Record<Zone, string>>;
  serving: Serving | null;
  /** @default null */
  orchestration?: Orchestration | null;
  target: Target | "local";
}): ModelDocument {
  const platform = `${input.stack}-${input.environment}`;
  return {
    formatVersion: 1,
    ...input,
    orchestration: input.orchestration ?? null,
    registry: { experiment: `${platform}/${input.model}`, model: `${platform}-${input.model}` },
  };
}
