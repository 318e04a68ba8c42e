import type { ResolvedModelSpec, ResolvedStackSpec } from "../spec/schema";
import { trainingSteps } from "../spec/training";

/** Everything a spec can ask of a target. */
export const featureIds = [
  "storage.versioning",
  "storage.lifecycle",
  "tracking.registry",
  "tracking.authentication",
  "training.schedule",
  "training.tune",
  "training.gpu",
  "training.spot",
  "training.distributed",
  "training.cache",
  "training.approval",
  "training.custom-code",
  "training.retrain-on-drift",
  "training.retrain-on-new-data",
  "training.retrain-on-quality",
  "batch.schedule",
  "batch.shards",
  "batch.spot",
  "endpoint.realtime",
  "endpoint.serverless",
  "endpoint.async",
  "endpoint.autoscaling",
  "endpoint.gpu",
  "endpoint.canary",
  "endpoint.shadow",
  "endpoint.capture",
  "monitoring.kpis",
  "monitoring.labels",
  "monitoring.fairness",
  "monitoring.shards",
  "monitoring.dashboard",
  "workbench.notebooks",
  "workbench.idle-shutdown",
  "alerts.email",
  "alerts.webhook",
  "budget.alert",
  "delivery.github",
  "delivery.jenkins",
] as const;
export type FeatureId = (typeof featureIds)[number];

/** Whether a target can do something: by a service of its own, by the library's runtime, or not at all. */
export type Capability =
  | { readonly support: "native" | "emulated"; readonly note: string }
  | { readonly support: "unsupported"; readonly note: string; readonly alternative: string };

/** What one target can do; each feature has an entry. */
export type Capabilities = Readonly<Record<FeatureId, Capability>>;

type Uses<T> = (spec: T) => string | undefined;

const stackUses: Partial<Record<FeatureId, Uses<ResolvedStackSpec>>> = {
  "workbench.notebooks": ({ workbench }) => workbench && "workbench",
  "workbench.idle-shutdown": ({ workbench }) => workbench && "workbench.idleShutdown",
  "alerts.email": ({ alerts }) => (alerts?.email.length ? "alerts.email" : undefined),
  "alerts.webhook": ({ alerts }) => (alerts?.webhook.length ? "alerts.webhook" : undefined),
  "budget.alert": ({ budget }) => budget && "budget",
  "delivery.github": ({ delivery }) => delivery?.github && "delivery.github",
  "delivery.jenkins": ({ delivery }) => (delivery?.jenkins ? "delivery.jenkins" : undefined),
};

const stepWith = (key: "gpu" | "spot" | "cache", { training }: ResolvedModelSpec) => {
  const step = trainingSteps.find((name) => Boolean(training.steps[name][key]));
  return step && `training.steps.${step}.${key}`;
};
const trigger =
  (name: "drift" | "new-data" | "quality") =>
  ({ training }: ResolvedModelSpec) =>
    training.retrainOn.includes(name) ? "training.retrainOn" : undefined;
const kind =
  (name: "realtime" | "serverless" | "async") =>
  ({ endpoint }: ResolvedModelSpec) =>
    endpoint?.kind === name ? "endpoint.kind" : undefined;

const modelUses: Partial<Record<FeatureId, Uses<ResolvedModelSpec>>> = {
  "training.schedule": ({ training }) => training.schedule && "training.schedule",
  "training.tune": ({ training }) => training.tune && "training.tune",
  "training.gpu": (model) => stepWith("gpu", model),
  "training.spot": (model) => stepWith("spot", model),
  "training.cache": (model) => stepWith("cache", model),
  "training.distributed": ({ training }) => (training.steps.train.instances > 1 ? "training.steps.train.instances" : undefined),
  "training.approval": ({ training }) => training.approval && "training.approval",
  "training.custom-code": ({ training }) => {
    const step = trainingSteps.find(
      (name) => training.steps[name].command ?? training.steps[name].entrypoint ?? training.steps[name].image,
    );
    return step && `training.steps.${step}`;
  },
  "training.retrain-on-drift": trigger("drift"),
  "training.retrain-on-new-data": trigger("new-data"),
  "training.retrain-on-quality": trigger("quality"),
  "batch.schedule": ({ batch }) => batch?.schedule && "batch.schedule",
  "batch.shards": ({ batch }) => (batch && batch.instances > 1 ? "batch.instances" : undefined),
  "batch.spot": ({ batch }) => (batch?.spot ? "batch.spot" : undefined),
  "endpoint.realtime": kind("realtime"),
  "endpoint.serverless": kind("serverless"),
  "endpoint.async": kind("async"),
  "endpoint.autoscaling": ({ endpoint }) =>
    endpoint && endpoint.replicas.max > endpoint.replicas.min ? "endpoint.replicas" : undefined,
  "endpoint.gpu": ({ endpoint }) => (endpoint?.gpu ? "endpoint.gpu" : undefined),
  "endpoint.canary": ({ endpoint }) => (endpoint?.rollout.strategy === "canary" ? "endpoint.rollout.strategy" : undefined),
  "endpoint.shadow": ({ endpoint }) => (endpoint?.rollout.strategy === "shadow" ? "endpoint.rollout.strategy" : undefined),
  "endpoint.capture": ({ endpoint }) => (endpoint?.capture.percent ? "endpoint.capture" : undefined),
  "monitoring.kpis": ({ monitoring }) => monitoring && "monitoring",
  "monitoring.labels": ({ monitoring }) => monitoring?.labels && "monitoring.labels",
  "monitoring.fairness": ({ monitoring }) => (monitoring?.segments.length ? "monitoring.segments" : undefined),
  "monitoring.shards": ({ monitoring }) => (monitoring && monitoring.instances > 1 ? "monitoring.instances" : undefined),
};

/** One use of a feature: the feature and the path of the field that asks for it. */
export interface FeatureUse {
  readonly feature: FeatureId;
  readonly path: string;
}

/** Features that a model asks for; paths begin at the model. */
export function featuresOfModel(model: ResolvedModelSpec): FeatureUse[] {
  return featureIds.flatMap((feature) => {
    const path = modelUses[feature]?.(model);
    return path === undefined ? [] : [{ feature, path }];
  });
}

/** Features that a stack and its models ask for. */
export function featuresOf(spec: ResolvedStackSpec): FeatureUse[] {
  const own = featureIds.flatMap((feature) => {
    const path = stackUses[feature]?.(spec);
    return path === undefined ? [] : [{ feature, path }];
  });
  const models = Object.entries(spec.models).flatMap(([name, model]) =>
    featuresOfModel(model).map(({ feature, path }) => ({ feature, path: `models.${name}.${path}` })),
  );
  return [...own, ...models];
}
