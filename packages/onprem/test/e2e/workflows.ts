import type { KubernetesObject } from "./cluster";
import { run } from "./command";

/** The workflow with another model document, which is put beside the first as a ConfigMap of its own. */
export async function withDocument(
  workflow: KubernetesObject,
  namespace: string,
  name: string,
  document: unknown,
): Promise<KubernetesObject> {
  const configMap = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace },
    data: { "model.json": JSON.stringify(document) },
  };
  await run("kubectl", ["apply", "--filename", "-"], { input: JSON.stringify(configMap) });
  const templates = workflow.spec.templates.map((template: KubernetesObject) => ({
    ...template,
    volumes: template.volumes?.map((volume: KubernetesObject) =>
      volume.configMap ? { ...volume, configMap: { name } } : volume,
    ),
  }));
  return {
    ...workflow,
    spec: { ...workflow.spec, templates: templates.map((template: KubernetesObject) => JSON.parse(JSON.stringify(template))) },
  };
}

/** The workflow with another command in one step. */
export function withCommand(workflow: KubernetesObject, step: string, command: string[]): KubernetesObject {
  const templates = workflow.spec.templates.map((template: KubernetesObject & { name: string }) =>
    template.name === step ? { ...template, container: { ...template.container, command } } : template,
  );
  return { ...workflow, spec: { ...workflow.spec, templates } };
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
from cyclops_runtime.document import load_document
document = load_document(os.environ["CYCLOPS_CONFIG"])
model = mlflow.pyfunc.load_model(f"models:/{document.registry.model}@champion")
rows = pandas.DataFrame(json.loads(sys.argv[1]))
for name in rows.select_dtypes("int64"):
    rows[name] = rows[name].astype(float)
classes = model.metadata.metadata["cyclops"]["classes"]
positive = classes.index("Yes")
print("PREDICTION " + json.dumps([float(row[positive]) for row in model.predict(rows)]))
`;
