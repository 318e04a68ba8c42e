import { parseStackSpec, type ResolvedModelSpec, type ResolvedStackSpec, type StackSpec } from "@cyclops/core";

type ModelSpec = NonNullable<StackSpec["models"]>[string];

/** A model with every part, each as short as it can be. */
export const fullModel = {
  task: "binary-classification",
  data: {
    path: "raw/telco/",
    target: "Churn",
    positive: "Yes",
    id: "customerID",
    source: { kind: "http", url: "https://data.example.com/telco.csv", secret: "telco-source" },
  },
  training: { schedule: "0 3 * * 1", gate: { metric: "roc_auc", min: 0.75 } },
  batch: { schedule: "0 5 * * *" },
  endpoint: { rollout: { strategy: "canary", percent: 10, bake: "10m" } },
  monitoring: { segments: ["gender"] },
} as const satisfies ModelSpec;

/** A stack that uses every component. */
export const fullStack = {
  name: "churn",
  models: { churn: fullModel },
  workbench: { users: ["ana@example.com", "bo@example.com"] },
  delivery: { github: { repository: "example/churn", branches: ["main", "release"] }, jenkins: true },
  tags: { team: "retention" },
} satisfies StackSpec;

/** A model with other training settings. */
export const withTraining = (training: Partial<NonNullable<ModelSpec["training"]>>): ModelSpec => ({
  ...fullModel,
  training: { ...fullModel.training, ...training },
});

/** The resolved form of a model. */
export function resolveModel(model: ModelSpec): ResolvedModelSpec {
  const resolved = parseStackSpec({ name: "churn", models: { churn: model } }).models.churn;
  if (!resolved) throw new Error("the model is missing from its own spec");
  return resolved;
}

/** The resolved form of a stack. */
export const resolveStack = (spec: StackSpec): ResolvedStackSpec => parseStackSpec(spec);

/** The full stack with its model changed. */
// biome-ignore lint/suspicious/noExplicitAny: tests change a spec by path.
export const withModel = (change: (model: any) => ModelSpec): StackSpec => ({
  ...fullStack,
  models: { churn: change(fullModel) },
});
