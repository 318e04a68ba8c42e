import type { ResolvedModelSpec } from "@cyclops/core";
import { bucketOf } from "./place";

/** A pattern of EventBridge. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html */
export interface EventPattern {
  readonly source: readonly string[];
  readonly "detail-type": readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** New files of a model's data. Starts the monitor, which decides whether they are worth a training. https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html */
export function newDataPattern(spec: Pick<ResolvedModelSpec, "data">, rawZone: string): EventPattern {
  const prefix = spec.data.path.replace(/^raw\//, "");
  return {
    source: ["aws.s3"],
    "detail-type": ["Object Created"],
    detail: { bucket: { name: [bucketOf(rawZone)] }, object: { key: [{ prefix }] } },
  };
}

/** A person has approved a version. Starts the rollout. https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html */
export const approvedPattern = (packageGroup: string): EventPattern => ({
  source: ["aws.sagemaker"],
  "detail-type": ["SageMaker Model Package State Change"],
  detail: { ModelPackageGroupName: [packageGroup], ModelApprovalStatus: ["Approved"] },
});

/** Input of the rollout from that event. */
export const approvedInput = {
  inputPaths: { arn: "$.detail.ModelPackageArn" },
  inputTemplate: '{"modelPackageArn": <arn>}',
} as const;
