import type { ResolvedBatchSpec } from "@cyclops/core";
import { workflowRetentionSeconds } from "../defaults";
import type { Pipeline } from "./runs";
import { type Fan, type PipelineContext, type StepPod, stepTask, stepTemplate, workflowDefaults } from "./step-template";

/** Spec of a WorkflowTemplate that runs one step, on as many instances as asked for. */
export function singleStepTemplate(
  pipeline: Pipeline,
  step: string,
  spec: StepPod & { instances?: number },
  context: PipelineContext,
) {
  const { instances = 1 } = spec;
  const fan: Fan | undefined = instances > 1 ? { kind: "shards", count: instances } : undefined;
  return {
    ...workflowDefaults(context, pipeline, workflowRetentionSeconds),
    entrypoint: "main",
    templates: [{ name: "main", dag: { tasks: [stepTask(step, [], fan)] } }, stepTemplate(step, spec, context, fan)],
  };
}

/** Spec of the WorkflowTemplate of batch inference. */
export const batchTemplate = (spec: ResolvedBatchSpec, context: PipelineContext) =>
  singleStepTemplate("batch", "batch", spec, context);
