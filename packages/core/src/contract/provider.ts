import type * as pulumi from "@pulumi/pulumi";
import type { ResolvedModelSpec, ResolvedStackSpec } from "../spec/schema";
import type { StackSpec } from "../spec/stack";
import type { Capabilities } from "./features";

/** The targets, in the order in which tables show them. */
export const targets = ["aws", "gcp", "azure", "onprem"] as const;
export type Target = (typeof targets)[number];

/** Zones of the object storage, in the order in which data passes them. */
export const zones = ["raw", "curated", "features", "models", "predictions"] as const;
export type Zone = (typeof zones)[number];

/** What `MlopsStack` of every target exposes. */
export interface StackOutputs {
  /** Address of each model's endpoint, by model; models without an endpoint are absent. */
  readonly endpointUrls: pulumi.Output<Record<string, string>>;
  /** Address of each model's dashboard, by model; models without monitoring are absent, and all where the target has no `monitoring.dashboard`. */
  readonly dashboardUrls: pulumi.Output<Record<string, string>>;
  /** Address of the MLflow server, as clients inside the target's network use it. */
  readonly trackingUri: pulumi.Output<string>;
  /** Address of each storage zone. */
  readonly zones: pulumi.Output<Record<Zone, string>>;
}

/** What `Platform` of every target exposes. `binding` is what a `Model` in another stack needs: export it, and read it with `Platform.reference`. */
export interface PlatformOutputs {
  readonly trackingUri: pulumi.Output<string>;
  readonly zones: pulumi.Output<Record<Zone, string>>;
  /** Address of each user's workbench, by user; empty where the spec has no workbench. */
  readonly workbenchUrls: pulumi.Output<Record<string, string>>;
  readonly binding: pulumi.Output<unknown>;
}

/** What `Model` of every target exposes. */
export interface ModelOutputs {
  /** The target's own identifier of the training pipeline. */
  readonly trainingId: pulumi.Output<string>;
  /** The target's own identifier of batch inference; undefined where the spec has none. */
  readonly batchId: pulumi.Output<string | undefined>;
  /** Address for predictions; undefined where the spec has no endpoint. */
  readonly endpointUrl: pulumi.Output<string | undefined>;
  /** Address of the dashboard; undefined where the spec has no monitoring, or the target no `monitoring.dashboard`. */
  readonly dashboardUrl: pulumi.Output<string | undefined>;
}

type ComponentClass<Args, Outputs> = new (
  name: string,
  args: Args,
  opts?: pulumi.ComponentResourceOptions,
) => pulumi.ComponentResource & Outputs;
// biome-ignore lint/suspicious/noExplicitAny: the arguments of the inner components are the target's own.
type AnyComponentClass = new (name: string, args: any, opts?: pulumi.ComponentResourceOptions) => pulumi.ComponentResource;

/** What every provider package exports; each `index.ts` ends in a compile-time proof of it. */
export interface ProviderPackage {
  readonly target: Target;
  readonly capabilities: Capabilities;
  readonly loadSpec: (file: string) => ResolvedStackSpec;
  /** Answers of the target's functions (the account, its zones) for a plan without credentials. @default - the target calls none */
  readonly planCall?: (call: {
    readonly token: string;
    readonly inputs: Readonly<Record<string, unknown>>;
  }) => Record<string, unknown>;
  /** Configuration, by full key, that a plan takes for given where it does not know the stack's. @default {} */
  readonly planConfiguration?: Readonly<Record<string, string>>;
  readonly MlopsStack: ComponentClass<{ spec: StackSpec | ResolvedStackSpec }, StackOutputs>;
  readonly Platform: ComponentClass<{ spec: StackSpec | ResolvedStackSpec }, PlatformOutputs> & {
    /** Reads the binding of a platform that another stack has exported as `binding`. */
    reference(stack: pulumi.StackReference): pulumi.Output<unknown>;
  };
  // biome-ignore lint/suspicious/noExplicitAny: the binding's fields are the target's own.
  readonly Model: ComponentClass<{ spec: StackSpec | ResolvedStackSpec; model: string; platform: any }, ModelOutputs>;
  readonly Network: AnyComponentClass;
  readonly Storage: AnyComponentClass;
  readonly Tracking: AnyComponentClass;
  readonly Identity: AnyComponentClass;
  readonly TrainingPipeline: AnyComponentClass;
  readonly BatchInference: AnyComponentClass;
  readonly ModelEndpoint: AnyComponentClass;
  readonly Monitoring: AnyComponentClass;
  readonly Observability: AnyComponentClass;
  readonly Workbench: AnyComponentClass;
  readonly Delivery: AnyComponentClass;
}

/** The entry of one model in a stack spec. @throws Error where there is none */
export function modelOf(spec: ResolvedStackSpec, model: string): ResolvedModelSpec {
  const found = Object.hasOwn(spec.models, model) ? spec.models[model] : undefined;
  if (!found)
    throw new Error(`the spec ${spec.name} has no model "${model}"; models: ${Object.keys(spec.models).join(", ") || "none"}`);
  return found;
}
