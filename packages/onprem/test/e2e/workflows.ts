import { documentAnnotation } from "../../src/documents/pod";
import type { KubernetesObject } from "./cluster";

/** The workflow with its model document changed. */
// biome-ignore lint/suspicious/noExplicitAny: tests change a document by path.
export function withDocument(workflow: KubernetesObject, change: (document: any) => void): KubernetesObject {
  const { podMetadata } = workflow.spec;
  const document = JSON.parse(podMetadata.annotations[documentAnnotation]);
  change(document);
  const annotations = { ...podMetadata.annotations, [documentAnnotation]: JSON.stringify(document) };
  return { ...workflow, spec: { ...workflow.spec, podMetadata: { ...podMetadata, annotations } } };
}

/** The workflow with another command in one step. */
export function withCommand(workflow: KubernetesObject, step: string, command: string[]): KubernetesObject {
  const templates = workflow.spec.templates.map((template: KubernetesObject & { name: string }) =>
    template.name === step ? { ...template, container: { ...template.container, command } } : template,
  );
  return { ...workflow, spec: { ...workflow.spec, templates } };
}

/** The workflow from a step on, as a run of that name: it goes on from what the steps before it have written of the run. */
export function fromStep(workflow: KubernetesObject, run: string, step: string): KubernetesObject {
  const { entrypoint, templates } = workflow.spec;
  const shortened = templates.map((template: KubernetesObject & { name: string }) => {
    if (template.name !== entrypoint) return template;
    const tasks: { name: string }[] = template.dag.tasks;
    const [first, ...rest] = tasks.slice(tasks.findIndex(({ name }) => name === step));
    return { ...template, dag: { tasks: [{ ...first, dependencies: [] }, ...rest] } };
  });
  const { namespace } = workflow.metadata;
  return {
    ...workflow,
    metadata: { name: run, namespace },
    spec: { ...workflow.spec, templates: shortened },
  } as KubernetesObject;
}

/** A train step whose model is as good as the library's and fails on what no training row holds: charges above 400. */
export const trapTraining = `
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.pipeline import Pipeline
import os
from cyclops_runtime.document import load_document
from cyclops_runtime.modelling import build_pipeline
from cyclops_runtime.step_context import StepContext

class Trap(TransformerMixin, BaseEstimator):
    def fit(self, rows, target=None):
        self.fitted_ = True
        return self
    def transform(self, rows):
        if (rows["MonthlyCharges"] > 400).any():
            raise RuntimeError("charges above 400")
        return rows

document = load_document(os.environ["CYCLOPS_CONFIG"])
context = StepContext(document, os.environ["CYCLOPS_RUN_ID"], "train")
rows = context.read_frame("train.parquet")
preprocess = context.read_json("preprocess.json")
training = document.spec.training
inner = build_pipeline(training.algorithm, True, preprocess["columns"], dict(training.hyperparameters), training.seed)
model = Pipeline([("trap", Trap()), ("model", inner)])
model.fit(rows[[column["name"] for column in preprocess["columns"]]], rows[preprocess["target"]].astype(str))
context.finish_training(model)
`;

/** Prints what the champion itself predicts for rows given as JSON records, run in a pod that may read the registry. */
export const ownPrediction = `
import json, os, sys, mlflow, pandas
from cyclops_runtime.document import load_scorer_document
document = load_scorer_document(os.environ["CYCLOPS_CONFIG"])
model = mlflow.pyfunc.load_model(f"models:/{document.registry.model}@champion")
rows = pandas.DataFrame(json.loads(sys.argv[1]))
for name in rows.select_dtypes("int64"):
    rows[name] = rows[name].astype(float)
classes = model.metadata.metadata["cyclops"]["classes"]
positive = classes.index("Yes")
print("PREDICTION " + json.dumps([float(row[positive]) for row in model.predict(rows)]))
`;
