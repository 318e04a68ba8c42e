import { applyAll, asOutput, type MlopsOptions } from "@cyclops/core";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { OnpremComponent } from "./component";
import { cronWorkflow } from "./documents/cron-workflow";
import { modelDocumentText } from "./documents/model-document";
import { type Pipeline, scheduleMetadata } from "./documents/runs";
import type { PipelineContext } from "./documents/step-template";
import type { ModelPartArgs } from "./model-args";

const apiVersion = "argoproj.io/v1alpha1";

/** Children of every pipeline. */
export interface PipelineChildren {
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

/** Pipeline of each component. */
const pipelineOf = { TrainingPipeline: "training", BatchInference: "batch", Monitoring: "monitoring" } as const;

/** Base of the components that are a WorkflowTemplate and, where there is a schedule, a CronWorkflow. */
export abstract class PipelineComponent extends OnpremComponent<PipelineChildren> {
  /** `<namespace>/<WorkflowTemplate>`: submit it with `argo submit --from workflowtemplate/<name>`. */
  protected readonly templateId: pulumi.Output<string>;

  protected constructor(
    type: keyof typeof pipelineOf,
    name: string,
    args: ModelPartArgs,
    template: (context: PipelineContext) => Record<string, unknown>,
    schedule: { schedule?: string | undefined; timezone: string },
    opts?: MlopsOptions<PipelineChildren>,
  ) {
    super(type, name, args.context, asOutput(args.platform).namespace, opts);
    const made = this.makeTemplate(args, template);
    this.makeSchedule(made, args.model, pipelineOf[type], schedule);
    this.templateId = this.placeOf("template").apply((place) => `${place.namespace}/${place.name}`);
  }

  private makeTemplate(
    args: ModelPartArgs,
    template: (context: PipelineContext) => Record<string, unknown>,
  ): k8s.apiextensions.CustomResource {
    const { spec: model, cluster = {} } = args;
    const secret = model.data.source?.secret;
    const inputs = [
      asOutput(args.platform),
      asOutput(args.accounts),
      asOutput(args.serving),
      asOutput(args.orchestration),
    ] as const;
    const spec = applyAll(inputs, (binding, accounts, serving, orchestration) =>
      template({
        model: args.model,
        binding,
        document: modelDocumentText(args, binding, serving ?? null, orchestration ?? null),
        accounts,
        secrets: secret === undefined ? [] : [secret],
        watchesSource: model.training.retrainOn.includes("new-data"),
        cluster,
      }),
    );
    return this.child("template", k8s.apiextensions.CustomResource, { apiVersion, kind: "WorkflowTemplate", spec });
  }

  private makeSchedule(
    template: k8s.apiextensions.CustomResource,
    model: string,
    pipeline: Pipeline,
    { schedule, timezone }: { schedule?: string | undefined; timezone: string },
  ): void {
    if (schedule === undefined) return;
    const metadata = scheduleMetadata(model, pipeline, schedule);
    const spec = this.placeOf("template").apply(({ name }) =>
      cronWorkflow({ schedule, timezone, template: name, labels: metadata.labels }),
    );
    this.child(
      "schedule",
      k8s.apiextensions.CustomResource,
      { apiVersion, kind: "CronWorkflow", metadata, spec },
      { dependsOn: [template] },
    );
  }
}
