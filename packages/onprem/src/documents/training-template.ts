import { durationSeconds, type ResolvedTrainingSpec, type TrainingStep, trainingSteps } from "@cyclops/core";
import { workflowRetentionSeconds } from "../defaults";
import { type Fan, longestSeconds, type PipelineContext, stepTask, stepTemplate, workflowDefaults } from "./step-template";

const entrypoint = "training";
const approval = "approval";

/** The steps that this training has, in order. */
export function stepsOf({ tune }: ResolvedTrainingSpec): TrainingStep[] {
  return trainingSteps.filter((step) => step !== (tune ? "train" : "tune"));
}

/**
 * Spec of the WorkflowTemplate of the training pipeline: a chain of steps, with a person's approval before registration where asked for.
 *
 * @param rendezvous headless Service through which instances of a distributed training find each other
 */
export function trainingTemplate(spec: ResolvedTrainingSpec, context: PipelineContext, rendezvous: string) {
  const steps = stepsOf(spec);
  const { instances } = spec.steps.train;
  const fanOf = (step: string): Fan | undefined =>
    step === "train" && instances > 1 ? { kind: "ranks", count: instances, service: rendezvous } : undefined;
  const chain = steps.flatMap((step) => (step === "register" && spec.approval ? [approval, step] : [step]));
  return {
    ...workflowDefaults(context, "training", workflowRetentionSeconds),
    entrypoint,
    // Two trainings of one model would race for its champion.
    synchronization: { mutexes: [{ name: `train-${context.model}` }] },
    activeDeadlineSeconds: deadline(spec, steps),
    templates: [
      {
        name: entrypoint,
        dag: { tasks: chain.map((step, index) => stepTask(step, chain.slice(Math.max(0, index - 1), index), fanOf(step))) },
      },
      ...steps.map((step) => stepTemplate(step, spec.steps[step], context, fanOf(step))),
      ...(spec.approval ? [{ name: approval, suspend: {} }] : []),
    ],
  };
}

/** Time after which a run is stopped: all attempts of all steps with the pauses between them, and the wait for an approval, which then counts as refused. */
function deadline(spec: ResolvedTrainingSpec, steps: readonly TrainingStep[]): number {
  const attempts = steps.map((step) => longestSeconds(spec.steps[step]));
  return attempts.reduce((sum, seconds) => sum + seconds, 0) + (spec.approval ? durationSeconds(spec.approval.timeout) : 0);
}
