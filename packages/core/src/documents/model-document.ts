import type { StackContext } from "../component";
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

/** What the scorer keeps of the requests that it answers. */
export interface CapturedRequests {
  /** Share of requests, in percent. */
  readonly percent: number;
  /** Columns that are kept when a request brings them, besides the features. */
  readonly columns: readonly string[];
}

/** What the scorer reads: nothing that a change of a gate, a schedule or a threshold touches, so that none of these restarts it. */
export interface ScorerDocument {
  readonly formatVersion: 1;
  readonly stack: string;
  readonly environment: string;
  readonly model: string;
  readonly zones: Readonly<Record<Zone, string>>;
  readonly registry: { readonly experiment: string; readonly model: string };
  readonly capture: CapturedRequests;
  /** Whether a monitor reads what the scorer writes down of its use. */
  readonly monitored: boolean;
  readonly target: Target | "local";
}

/** What the runtime's commands read, the scorer too: see `docs/concepts/runtime-contract.md`. */
export interface ModelDocument extends ScorerDocument {
  readonly spec: ResolvedModelSpec;
  readonly serving: Serving | null;
  /** Null where the command starts no training. */
  readonly orchestration: Orchestration | null;
}

/** Whose document it is. */
interface DocumentOwner {
  stack: string;
  environment: string;
  /** What tells stacks of one name apart, in the registry too. */
  instance: string;
  model: string;
  spec: ResolvedModelSpec;
  zones: Readonly<Record<Zone, string>>;
  target: Target | "local";
}

/** Whose document it is, of a part of a model and the platform it is on. */
export const documentOwner = (
  { context, model, spec }: { context: Pick<StackContext, "name" | "environment">; model: string; spec: ResolvedModelSpec },
  { instance, zones }: Pick<DocumentOwner, "instance" | "zones">,
  target: Target,
): DocumentOwner => ({ stack: context.name, environment: context.environment, instance, model, spec, zones, target });

/** The scorer's document of one model. */
export function scorerDocument({ spec, instance, ...owner }: DocumentOwner): ScorerDocument {
  const platform = `${owner.stack}-${instance}`;
  return {
    formatVersion: 1,
    ...owner,
    registry: { experiment: `${platform}/${owner.model}`, model: `${platform}-${owner.model}` },
    capture: capturedRequests(spec),
    monitored: spec.monitoring !== undefined,
  };
}

/** The model document of one model. */
export function modelDocument(
  input: DocumentOwner & {
    serving: Serving | null;
    /** @default null */
    orchestration?: Orchestration | null;
  },
): ModelDocument {
  const { serving, orchestration = null, ...owner } = input;
  return { ...scorerDocument(owner), spec: input.spec, serving, orchestration };
}

function capturedRequests({ data, endpoint, monitoring, training }: ResolvedModelSpec): CapturedRequests {
  const segments = (monitoring?.segments ?? []).filter((name) => data.drop.includes(name) || learnsFromOthers(training));
  const names = [data.id, data.timestamp, ...segments].filter((name) => name !== undefined);
  return { percent: endpoint?.capture.percent ?? 0, columns: [...new Set(names)] };
}

/** Whether code of the user's decides which columns the model takes: then a segment may be no feature although nothing says so. */
const learnsFromOthers = ({ steps }: ResolvedModelSpec["training"]): boolean =>
  ([steps.preprocess, steps.train, steps.tune] as const).some((step) => step?.command ?? step?.entrypoint ?? step?.image);
