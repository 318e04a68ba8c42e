import type { MlopsOptions, Orchestration } from "@cyclops/core";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { skipAwait } from "./documents/labels";
import { stepLabels } from "./documents/step-template";
import { trainingTemplate } from "./documents/training-template";
import type { ModelPartArgs } from "./model-args";
import { objectName } from "./naming";
import { type PipelineChildren, PipelineComponent } from "./pipeline";

/** Arguments of `TrainingPipeline`. */
export interface TrainingPipelineArgs extends ModelPartArgs {}

/**
 * Training pipeline on Argo Workflows: ingest, curate, preprocess, train or tune, evaluate, gate, approval, register, deploy.
 *
 * @example new TrainingPipeline("churn-training", { context, model: "churn", spec, platform: platform.binding, accounts: identity.accounts })
 */
export class TrainingPipeline extends PipelineComponent {
  /** `<namespace>/<WorkflowTemplate>`: submit it with `argo submit --from workflowtemplate/<name>`. */
  public readonly trainingId: pulumi.Output<string>;
  /** What the monitor needs to know to start a training. */
  public readonly orchestration: pulumi.Output<Orchestration>;

  constructor(name: string, args: TrainingPipelineArgs, opts?: MlopsOptions<PipelineChildren>) {
    const { training } = args.spec;
    super(
      "TrainingPipeline",
      name,
      args,
      (context) => trainingTemplate(training, context, objectName(`${name}-rendezvous`)),
      training,
      opts,
    );
    if (training.steps.train.instances > 1) this.makeRendezvous(args.model);
    this.trainingId = this.templateId;
    this.orchestration = this.placeOf("template").apply(
      ({ namespace, name: template }): Orchestration => ({ kind: "argo", namespace, template }),
    );
    this.finish({ trainingId: this.trainingId });
  }

  private makeRendezvous(model: string): void {
    // Instances look each other up while they start, before any of them is ready.
    this.child("rendezvous", k8s.core.v1.Service, {
      metadata: { annotations: skipAwait },
      spec: { clusterIP: "None", publishNotReadyAddresses: true, selector: stepLabels(model, "train") },
    });
  }
}
