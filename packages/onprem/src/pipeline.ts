import { applyAll, asOutput, type MlopsOptions, modelDocument } from "@cyclops/core";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { OnpremComponent } from "./component";
import { cronWorkflow } from "./documents/cron-workflow";
import type { PipelineContext } from "./documents/step-template";
import type { ModelPartArgs } from "./model-args";

const apiVersion = "argoproj.io/v1alpha1";

/** Children of every pipeline. */
export interface PipelineChildren {
  config: typeof k8s.core.v1.ConfigMap;
  template: typeof k8s.apiextensions.CustomResource;
  schedule: typeof k8s.apiextensions.CustomResource;
  /** Headless Service through which instances of a distributed training find each other. */
  rendezvous: typeof k8s.core.v1.Service;
  /** Alert rules of a monitored model. */
  rules: typeof k8s.core.v1.ConfigMap;
  /** The same for a Prometheus operator. */
  "operator-rules": typeof k8s.apiextensions.CustomResource;
  /** Dashboard of a monitored model. */
  dashboard: typeof k8s.core.v1.ConfigMap;
}

/** Key of the model document in its ConfigMap. */
export const documentKey = "model.json";

/** Text of the model document on this target. */
export function documentText({ context, model, spec, platform, serving, orchestration }: ModelPartArgs): pulumi.Output<string> {
  return applyAll([asOutput(platform), asOutput(serving), asOutput(orchestration)], ({ zones }, served, trained) =>
    JSON.stringify(
      modelDocument({
        stack: context.name,
        environment: context.environment,
        model,
        spec,
        zones,
        serving: served ?? null,
        orchestration: trained ?? null,
        target: "onprem",
      }),
    ),
  );
}

/** Base of the components that are a WorkflowTemplate and, where there is a schedule, a CronWorkflow. */
export abstract class PipelineComponent extends OnpremComponent<PipelineChildren> {
  /** `<namespace>/<WorkflowTemplate>`: submit it with `argo submit --from workflowtemplate/<name>`. */
  protected readonly templateId: pulumi.Output<string>;

  protected constructor(
    type: string,
    name: string,
    args: ModelPartArgs,
    template: (context: PipelineContext) => Record<string, unknown>,
    schedule: { schedule?: string | undefined; timezone: string },
    opts?: MlopsOptions<PipelineChildren>,
  ) {
    super(type, name, args.context, asOutput(args.platform).namespace, opts);
    const config = this.child("config", k8s.core.v1.ConfigMap, { data: { [documentKey]: documentText(args) } });
    const { metadata } = this.makeTemplate(args, config, template);
    this.makeSchedule(metadata.name, schedule);
    this.templateId = metadata.apply(({ namespace, name }) => `${namespace}/${name}`);
  }

  private makeTemplate(
    args: ModelPartArgs,
    config: k8s.core.v1.ConfigMap,
    template: (context: PipelineContext) => Record<string, unknown>,
  ): k8s.apiextensions.CustomResource {
    const { spec: model, cluster = {} } = args;
    const secret = model.data.source?.secret;
    const spec = applyAll([asOutput(args.platform), config.metadata, asOutput(args.accounts)], (binding, { name }, accounts) =>
      template({
        model: args.model,
        binding,
        configMap: name,
        accounts,
        secrets: secret === undefined ? [] : [secret],
        watchesSource: model.training.retrainOn.includes("new-data"),
        cluster,
      }),
    );
    return this.child("template", k8s.apiextensions.CustomResource, { apiVersion, kind: "WorkflowTemplate", spec });
  }

  private makeSchedule(
    templateName: pulumi.Output<string>,
    { schedule, timezone }: { schedule?: string | undefined; timezone: string },
  ): void {
    if (schedule === undefined) return;
    const spec = templateName.apply((template) => cronWorkflow({ schedule, timezone, template }));
    this.child("schedule", k8s.apiextensions.CustomResource, { apiVersion, kind: "CronWorkflow", spec });
  }
}
