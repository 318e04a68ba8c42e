import { integration, type TaskState } from "./asl";
import type { MachineContext } from "./context";
import { endpointInstance } from "./instances";
import { runPath } from "./job";
import { bucketOf } from "./place";

const contentTypes = ["application/json", "text/csv"];

/** Registers the version as a model package: what a person approves, and what a rollout is started with. */
export function createPackage(context: MachineContext): TaskState {
  const { binding, model, spec } = context;
  const type = endpointInstance(spec.endpoint ?? { size: "S" }, context.account.instanceTypes);
  return {
    Type: "Task",
    Resource: integration(binding, "aws-sdk:sagemaker:createModelPackage"),
    Parameters: {
      ModelPackageGroupName: context.packageGroup,
      "ModelPackageDescription.$": `States.Format('Version {} of ${model} in MLflow, made by the run {}', $.registered.version, ${runPath})`,
      ModelApprovalStatus: spec.training.approval ? "PendingManualApproval" : "Approved",
      InferenceSpecification: {
        Containers: [
          {
            Image: binding.images.runtime,
            ModelDataSource: {
              S3DataSource: { "S3Uri.$": "$.registered.artifacts", S3DataType: "S3Prefix", CompressionType: "None" },
            },
          },
        ],
        SupportedContentTypes: contentTypes,
        SupportedResponseMIMETypes: ["application/json"],
        SupportedRealtimeInferenceInstanceTypes: [type],
      },
      ModelMetrics: {
        ModelQuality: {
          Statistics: {
            ContentType: "application/json",
            "S3Uri.$": `States.Format('s3://${bucketOf(binding.zones.models)}/${model}/runs/{}/evaluate.json', ${runPath})`,
          },
        },
      },
      CustomerMetadataProperties: { "run.$": runPath, "version.$": "$.registered.version" },
      // A repeated attempt finds the package of the first one.
      "ClientToken.$": "$.run.token",
    },
    ResultSelector: { "arn.$": "$.ModelPackageArn" },
    ResultPath: "$.package",
    Retry: [{ ErrorEquals: ["States.TaskFailed"], IntervalSeconds: 10, MaxAttempts: 3, BackoffRate: 2 }],
  };
}
