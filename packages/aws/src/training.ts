import { asOutput, type MlopsOptions } from "@cyclops/core";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as sagemaker from "@pulumi/aws/sagemaker";
import type * as pulumi from "@pulumi/pulumi";
import { deployMachine } from "./documents/deploy-machine";
import { approvedInput, approvedPattern } from "./documents/events";
import type { Place } from "./documents/place";
import { trainingMachine } from "./documents/training-machine";
import type { ModelPartArgs } from "./model-args";
import { nameLimits } from "./naming";
import { machineArn, type PipelineChildren, PipelineComponent } from "./pipeline";

/** Arguments of `TrainingPipeline`. */
export interface TrainingPipelineArgs extends Omit<ModelPartArgs, "trainingArn"> {}

/**
 * Training pipeline on Step Functions: ingest, curate, preprocess, train or tune, evaluate, gate, register, and the rollout, which is a
 * state machine of its own: an approval starts it too, and an older version can be deployed again with it.
 *
 * @example new TrainingPipeline("churn-training", { context, model: "churn", spec, platform: platform.binding, accounts: identity.accounts })
 */
export class TrainingPipeline extends PipelineComponent {
  /** ARN of the state machine: start it with `aws stepfunctions start-execution --state-machine-arn <ARN>`. */
  public readonly trainingId: pulumi.Output<string>;

  /** The ARN that a component of this name will have: who starts trainings needs it before there is one. */
  public static arnOf(name: string, place: pulumi.Input<Place>): pulumi.Output<string> {
    return asOutput(place).apply((known) => machineArn(known, name));
  }

  constructor(name: string, args: TrainingPipelineArgs, opts?: MlopsOptions<PipelineChildren>) {
    super("TrainingPipeline", name, args, { serving: null, orchestration: null }, opts);
    const { training } = args.spec;
    const group = this.makeGroup(name, args);
    const deploy = this.makeMachine("deploy", name, args, deployMachine, [group]);
    const machine = this.makeMachine("training", name, args, trainingMachine, [group, this.nodes["deploy-machine"]]);
    if (training.approval) this.awaitApproval(args, group, deploy);
    this.makeSchedule("training", name, args, machine, training);
    this.trainingId = machine;
    this.finish({ trainingId: this.trainingId });
  }

  private makeGroup(name: string, { model }: TrainingPipelineArgs): sagemaker.ModelPackageGroup {
    return this.child("group", sagemaker.ModelPackageGroup, {
      modelPackageGroupName: this.nameIn(nameLimits.sagemaker, `${name}-group`),
      modelPackageGroupDescription: `Versions of ${model}`,
    });
  }

  private awaitApproval(
    { model, platform }: TrainingPipelineArgs,
    group: sagemaker.ModelPackageGroup,
    deploy: pulumi.Output<string>,
  ): void {
    const rule = this.child("approved", cloudwatch.EventRule, {
      description: `${model}: a version was approved`,
      eventPattern: group.modelPackageGroupName.apply((name) => JSON.stringify(approvedPattern(name))),
    });
    this.child("approved-target", cloudwatch.EventTarget, {
      rule: rule.name,
      targetId: "rollout",
      arn: deploy,
      roleArn: asOutput(platform).starterRoleArn,
      inputTransformer: approvedInput,
    });
  }
}
