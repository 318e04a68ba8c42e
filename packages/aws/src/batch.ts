import { ArgumentError, type MlopsOptions } from "@cyclops/core";
import type * as pulumi from "@pulumi/pulumi";
import { batchMachine } from "./documents/batch-machine";
import type { ModelPartArgs } from "./model-args";
import { type PipelineChildren, PipelineComponent } from "./pipeline";

/** Arguments of `BatchInference`. */
export interface BatchInferenceArgs extends ModelPartArgs {}

/**
 * Batch inference on Step Functions: the champion scores the input files, on schedule or on demand.
 *
 * @example new BatchInference("churn-batch", { context, model: "churn", spec, platform: platform.binding, accounts: identity.accounts })
 */
export class BatchInference extends PipelineComponent {
  /** ARN of the state machine: start it with `aws stepfunctions start-execution --state-machine-arn <ARN>`. */
  public readonly batchId: pulumi.Output<string>;

  constructor(name: string, args: BatchInferenceArgs, opts?: MlopsOptions<PipelineChildren>) {
    const { batch } = args.spec;
    if (!batch) throw new ArgumentError(`${name}: spec.batch`, "is missing.", "Add batch: {} to the model.");
    super("BatchInference", name, args, { serving: null, orchestration: null }, opts);
    this.batchId = this.makeMachine("batch", name, args, batchMachine);
    this.makeSchedule("batch", name, args, this.batchId, batch);
    this.finish({ batchId: this.batchId });
  }
}
