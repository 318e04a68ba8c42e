import { ArgumentError, type MlopsOptions } from "@cyclops/core";
import type * as pulumi from "@pulumi/pulumi";
import { batchTemplate } from "./documents/batch-template";
import type { ModelPartArgs } from "./model-args";
import { type PipelineChildren, PipelineComponent } from "./pipeline";

/** Arguments of `BatchInference`. */
export interface BatchInferenceArgs extends ModelPartArgs {}

/**
 * Batch inference on Argo Workflows: the champion scores the input files, on schedule or on demand.
 *
 * @example new BatchInference("churn-batch", { context, model: "churn", spec, platform: platform.binding, accounts: identity.accounts })
 */
export class BatchInference extends PipelineComponent {
  /** `<namespace>/<WorkflowTemplate>`: submit it with `argo submit --from workflowtemplate/<name>`. */
  public readonly batchId: pulumi.Output<string>;

  constructor(name: string, args: BatchInferenceArgs, opts?: MlopsOptions<PipelineChildren>) {
    const { batch } = args.spec;
    if (!batch) throw new ArgumentError(`${name}: spec.batch`, "is missing.", "Add batch: {} to the model.");
    super("BatchInference", name, args, (context) => batchTemplate(batch, context), batch, opts);
    this.batchId = this.templateId;
    this.finish({ batchId: this.batchId });
  }
}
