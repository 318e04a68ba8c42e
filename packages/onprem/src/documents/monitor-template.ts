import type { ResolvedMonitoringSpec } from "@cyclops/core";
import { workflowRetentionSeconds } from "../defaults";
import { singleStepTemplate } from "./batch-template";
import { type Fan, type PipelineContext, stepTask, stepTemplate, workflowDefaults } from "./step-template";

/** How the monitor runs; its work is one pass over a window of captured requests. */
const pod = { size: "S", spot: false, retries: 2, timeout: "30m" } as const;

/**
 * Spec of the WorkflowTemplate of the monitor. One instance does all of it in one pod. Several share the window: `plan` fixes time,
 * champion and files, each `profile` counts its share of the files, and `merge` adds the counts up and sends the KPIs.
 *
 * @param environment of whoever sends the KPIs
 */
export function monitorTemplate(
  { instances }: Pick<ResolvedMonitoringSpec, "instances">,
  environment: Readonly<Record<string, string>>,
  context: PipelineContext,
) {
  if (instances === 1) return singleStepTemplate("monitoring", "monitor", { ...pod, environment: { ...environment } }, context);
  const shards: Fan = { kind: "shards", count: instances };
  // One step to the rest of the platform: its account, its keys and what its labels let it reach are the monitor's.
  const stage = (name: string, more: Readonly<Record<string, string>> = {}, fan?: Fan) => ({
    ...stepTemplate("monitor", { ...pod, environment: { CYCLOPS_MONITOR_STAGE: name, ...more } }, context, fan),
    name,
  });
  return {
    ...workflowDefaults(context, "monitoring", workflowRetentionSeconds),
    entrypoint: "main",
    templates: [
      {
        name: "main",
        dag: { tasks: [stepTask("plan", []), stepTask("profile", ["plan"], shards), stepTask("merge", ["profile"])] },
      },
      stage("plan"),
      stage("profile", {}, shards),
      stage("merge", environment),
    ],
  };
}
