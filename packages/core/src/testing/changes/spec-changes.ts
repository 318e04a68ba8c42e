import type { Environment, StackSpec } from "../../spec/stack";
import { isOfModel, isOfUser, lastModel, lastOf, ofModel, ofPart, ofWorkbench, present } from "./parts";
import type { SpecChange } from "./types";

const training: readonly SpecChange[] = [
  {
    id: "gate",
    title: "the gate asks for more",
    apply: ofPart("training", (part) => ({ ...part, gate: { ...part.gate, ...tightened(part.gate) } })),
  },
  {
    id: "schedule",
    title: "another schedule of the training",
    apply: ofPart("training", (part) => ({ ...part, schedule: "30 4 * * 2" })),
  },
  {
    id: "schedule-off",
    title: "the training is no longer scheduled",
    apply: ofPart("training", ({ schedule, ...part }) => {
      present(schedule, "training.schedule");
      return part;
    }),
    // The schedule itself is what the change is about, with what watches that it starts runs; and without one nothing says how old data may
    // be, and what alerts on it goes.
    mayRemove: ({ name }) => /-training-(schedule(-\d)?|alarm-missing-run)$|-data-freshness-(warn|critical)$/.test(name),
  },
  {
    id: "retry",
    title: "more retries of a step",
    apply: ofPart("training", (part) => ({ ...part, steps: { ...part.steps, curate: { ...part.steps?.curate, retries: 5 } } })),
  },
  {
    id: "resources",
    title: "larger size of a step",
    apply: ofPart("training", (part) => ({ ...part, steps: { ...part.steps, train: { ...part.steps?.train, size: "M" } } })),
  },
  {
    id: "environment-variable",
    title: "a variable for a step",
    apply: ofPart("training", (part) => ({
      ...part,
      steps: { ...part.steps, train: { ...part.steps?.train, environment: { OMP_NUM_THREADS: "2" } } },
    })),
  },
  {
    id: "hyperparameters",
    title: "other hyper-parameters",
    apply: ofPart("training", (part) => ({ ...part, hyperparameters: { ...part.hyperparameters, learning_rate: 0.1 } })),
  },
  {
    id: "tune",
    title: "steps are tuned (`tune` on)",
    // What the step `train` was told has no use beside `tune`, and the spec is refused with it.
    apply: ofPart("training", ({ steps: { train, ...steps } = {}, ...part }) => ({
      ...part,
      steps: train ? { ...steps, tune: train } : steps,
      tune: { trials: 10, parallelism: 2 },
    })),
  },
  {
    id: "approval",
    title: "a person approves versions",
    apply: ofPart("training", (part) => ({ ...part, approval: { timeout: "3d" } })),
  },
  {
    id: "new-data",
    title: "new data starts trainings too",
    apply: ofPart("training", (part) => ({ ...part, retrainOn: [...new Set([...(part.retrainOn ?? []), "new-data" as const])] })),
  },
  {
    id: "constraint",
    title: "another constraint of a column",
    apply: ofModel((model) => {
      const [column, spec] = present(
        Object.entries(model.data.schema ?? {}).find(([, { max }]) => max !== undefined),
        "column with a greatest value",
      );
      return {
        ...model,
        data: { ...model.data, schema: { ...model.data.schema, [column]: { ...spec, max: (spec.max ?? 0) * 2 } } },
      };
    }),
  },
];

/** A gate's bound, nearer to what is good. */
const tightened = ({ min, max }: { min?: number; max?: number }) =>
  min === undefined ? { max: present(max, "bound of the gate") * 0.95 } : { min: min + 0.01 };

const monitoring: readonly SpecChange[] = [
  {
    id: "segments",
    title: "one more segment",
    apply: ofPart("monitoring", (part, { data }) => {
      const used = [...(part.segments ?? []), data.target, data.id];
      const [segment] = present(
        Object.entries(data.schema ?? {}).find(([column, { allowed }]) => allowed && !used.includes(column)),
        "categorical column that is no segment yet",
      );
      return { ...part, segments: [...(part.segments ?? []), segment] };
    }),
  },
  {
    id: "threshold",
    title: "another threshold of a KPI",
    apply: ofPart("monitoring", (part) => ({
      ...part,
      thresholds: { ...part.thresholds, latency_p95: { ...part.thresholds?.latency_p95, warn: 300, critical: 600 } },
    })),
  },
  {
    id: "min-samples",
    title: "more samples before a KPI alerts (`minSamples`)",
    apply: ofPart("monitoring", (part) => ({
      ...part,
      thresholds: { ...part.thresholds, prediction_drift: { ...part.thresholds?.prediction_drift, minSamples: 500 } },
    })),
  },
  {
    id: "window",
    title: "a shorter window, more often",
    apply: ofPart("monitoring", (part) => ({ ...part, window: "12h", schedule: "*/30 * * * *" })),
  },
  {
    id: "cost",
    title: "another price of serving",
    apply: ofPart("monitoring", (part) => ({ ...part, costPerHour: 0.08 })),
  },
];

const serving: readonly SpecChange[] = [
  {
    id: "replicas-min",
    title: "one more replica at the least (`replicas.min`)",
    apply: ofPart("endpoint", (part) => ({ ...part, replicas: { ...part.replicas, min: (part.replicas?.min ?? 1) + 1 } })),
  },
  {
    id: "replicas-max",
    title: "two more replicas at the most (`replicas.max`)",
    apply: ofPart("endpoint", (part) => ({ ...part, replicas: { ...part.replicas, max: (part.replicas?.max ?? 3) + 2 } })),
  },
  { id: "size", title: "a larger endpoint", apply: ofPart("endpoint", (part) => ({ ...part, size: "M" })) },
  {
    id: "utilization",
    title: "the autoscaler starts earlier",
    apply: ofPart("endpoint", (part) => ({ ...part, targetUtilization: 50 })),
  },
  {
    id: "rollout",
    title: "a longer canary with more requests",
    apply: ofPart("endpoint", (part) => ({ ...part, rollout: { strategy: "canary", percent: 25, bake: "30m" } })),
  },
  {
    id: "shadow",
    title: "shadow in place of canary",
    apply: ofPart("endpoint", (part) => ({ ...part, rollout: { strategy: "shadow", percent: 50, bake: "30m" } })),
  },
  {
    id: "capture",
    title: "half of the requests are captured",
    apply: ofPart("endpoint", (part) => ({ ...part, capture: { percent: 50 } })),
  },
  {
    id: "batch-schedule",
    title: "another schedule of batch",
    apply: ofPart("batch", (part) => ({ ...part, schedule: "30 6 * * *" })),
  },
  { id: "batch-instances", title: "batch on two instances", apply: ofPart("batch", (part) => ({ ...part, instances: 2 })) },
];

const platform: readonly SpecChange[] = [
  {
    id: "alert-mail",
    title: "an alert address (mail)",
    apply: (spec) => ({ ...spec, alerts: { ...spec.alerts, email: [...(spec.alerts?.email ?? []), "oncall@example.com"] } }),
  },
  {
    id: "alert-webhook",
    title: "an alert address (webhook)",
    apply: (spec) => ({
      ...spec,
      alerts: { ...spec.alerts, webhook: [...(spec.alerts?.webhook ?? []), "https://hooks.example.com/mlops"] },
    }),
  },
  { id: "budget", title: "a budget", apply: (spec) => ({ ...spec, budget: { monthlyUsd: 400 } }) },
  { id: "tags", title: "one more tag", apply: (spec) => ({ ...spec, tags: { ...spec.tags, team: "risk" } }) },
  {
    id: "model-added",
    title: "a model added",
    apply: (spec) => ({ ...spec, models: { ...spec.models, newcomer: newcomer } }),
  },
  {
    id: "model-removed",
    title: "a model removed",
    apply: (spec) => {
      const { [lastModel(spec)]: _removed, ...models } = spec.models ?? {};
      return { ...spec, models };
    },
    mayRemove: (resource, spec) => isOfModel(resource, lastModel(spec), spec),
  },
  {
    id: "user-added",
    title: "a user added",
    apply: ofWorkbench((part) => ({ ...part, users: [...part.users, "carla@example.com"] })),
  },
  {
    id: "user-removed",
    title: "a user removed",
    apply: ofWorkbench((part) => ({ ...part, users: part.users.filter((user) => user !== lastOf(part.users, "user")) })),
    // Server, account, claim: all that is the user's.
    mayRemove: (resource, spec) => isOfUser(resource, lastOf(spec.workbench?.users ?? [], "user")),
  },
  { id: "notebook-size", title: "larger notebooks", apply: ofWorkbench((part) => ({ ...part, size: "M" })) },
  { id: "notebook-idle", title: "notebooks end later", apply: ofWorkbench((part) => ({ ...part, idleShutdown: "2h" })) },
  { id: "notebook-storage", title: "larger homes of notebooks", apply: ofWorkbench((part) => ({ ...part, storage: "20Gi" })) },
  {
    id: "delivery",
    title: "CI may deploy (`delivery` on)",
    apply: (spec) => ({ ...spec, delivery: { github: { repository: "acme/churn" }, jenkins: true } }),
  },
  { id: "production", title: "`environment` from dev to prod", apply: (spec) => inEnvironment(spec, "prod") },
];

function inEnvironment(spec: StackSpec, environment: Environment): StackSpec {
  if (spec.environment === environment)
    throw new Error(`the spec is in ${environment} already: try the change on one that is not`);
  return { ...spec, environment };
}

/** A model like others of the corpus: trained, served, watched. */
const newcomer = {
  task: "regression",
  data: { path: "raw/newcomer/", target: "price" },
  training: { gate: { metric: "rmse", max: 10 } },
  endpoint: {},
  monitoring: {},
} as const satisfies NonNullable<StackSpec["models"]>[string];

/** What people change in the spec of a running stack; for a table, in the order of the spec. */
export const specChanges: readonly SpecChange[] = [...training, ...serving, ...monitoring, ...platform];
