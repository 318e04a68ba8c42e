import { type FeatureId, featuresOf, type ResolvedStackSpec } from "@cyclops/core";
import { list } from "../terminal/table";
import { bakeIsCut } from "./document";

/** What one machine makes of a feature that it cannot do as a cluster does. Features that are not named here work as they are. */
const limits: Partial<Record<FeatureId, string>> = {
  "storage.lifecycle": "nothing expires.",
  "training.schedule": "no schedule runs; each `cyclops dev` is one run.",
  "batch.schedule": "no schedule runs; each `cyclops dev` is one run.",
  "training.gpu": "no GPU is reserved.",
  "endpoint.gpu": "no GPU is reserved.",
  "training.spot": "there is no interruptible capacity.",
  "batch.spot": "there is no interruptible capacity.",
  "training.distributed": "training runs in one process.",
  "batch.shards": "batch runs in one process.",
  "monitoring.shards": "the monitor runs in one process.",
  "training.retrain-on-drift": "nothing retrains by itself; the KPI report says whether a cluster would have.",
  "training.retrain-on-new-data": "nothing retrains by itself; the KPI report says whether a cluster would have.",
  "training.retrain-on-quality": "nothing retrains by itself; the KPI report says whether a cluster would have.",
  "endpoint.serverless": "the scorer is always on.",
  "endpoint.async": "the scorer answers at once.",
  "endpoint.autoscaling": "one scorer runs for each model.",
  "workbench.notebooks": "there are no notebooks.",
  "workbench.idle-shutdown": "there are no notebooks.",
  "alerts.email": "alerts are shown in the KPI table and sent to nobody.",
  "alerts.webhook": "alerts are shown in the KPI table and sent to nobody.",
  "budget.alert": "nothing is billed.",
  "delivery.github": "no CI identity is made.",
  "delivery.jenkins": "no CI identity is made.",
};

/** One sentence for each thing that the spec asks for and a laptop does otherwise. */
export function laptopLimits(spec: ResolvedStackSpec, models: readonly string[], bake: string): string[] {
  const chosen = { ...spec, models: Object.fromEntries(Object.entries(spec.models).filter(([name]) => models.includes(name))) };
  const fields = new Map<string, Set<string>>();
  const say = (limit: string, field: string) => fields.set(limit, (fields.get(limit) ?? new Set()).add(field));
  for (const { feature, path } of featuresOf(chosen)) {
    const limit = limits[feature];
    if (limit !== undefined) say(limit, path.replace(/^models\.[^.]+\./, ""));
  }
  for (const model of Object.values(chosen.models)) {
    for (const [step, { image, command }] of Object.entries(model.training.steps)) {
      if (image !== undefined && command === undefined)
        say("the image is not used; the step runs in the local runtime.", `training.steps.${step}.image`);
    }
    if (model.endpoint && bakeIsCut(model, bake))
      say(`cut to ${bake} here (--bake changes it).`, `endpoint.rollout.bake ${model.endpoint.rollout.bake}`);
  }
  return [...fields].map(([limit, names]) => `${list([...names])}: ${limit}`);
}
