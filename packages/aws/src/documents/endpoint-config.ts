import type { ResolvedEndpointSpec } from "@cyclops/core";
import { serverlessMemory } from "../defaults";
import { integration, type TaskState, type Template } from "./asl";
import type { EndpointNames, MachineContext } from "./context";
import { endpointInstance, takesVolumeKey } from "./instances";
import { tagsOf } from "./job";
import { bucketOf } from "./place";

/** Name of the variant that gets copies of requests. */
export const shadowVariant = "Shadow";
/** Most requests at a time of a serverless endpoint. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantServerlessConfig.html */
const mostConcurrency = 200;
/** A new replica has so long to load its version and to answer. */
const startupSeconds = 600;
/** Requests that one instance of an asynchronous endpoint works on at a time: the scorer's own queue is not needed there. */
const asyncRequests = 4;

/** Path of the name of a rollout's model, which is also that of its endpoint configuration. */
export const newPath = "$.new.name";
/** Path of the name of the configuration, and of the model, that is served before. */
export const previousPath = "$.current.config";

/** Makes the model of the version. The scorer reads the version's files from the zone: it needs neither registry nor alias. */
export function createModel(context: MachineContext, { kind }: ResolvedEndpointSpec, { configUri }: EndpointNames): TaskState {
  const { binding, roles, model } = context;
  const { scorer } = roles;
  if (scorer === undefined) throw new Error(`${model}: no role for the scorer`);
  const network = kind === "serverless" ? null : binding.network;
  return {
    Type: "Task",
    Resource: integration(binding, "sagemaker:createModel"),
    Parameters: {
      "ModelName.$": newPath,
      PrimaryContainer: {
        Image: binding.images.runtime,
        Environment: {
          CYCLOPS_CONFIG: configUri,
          "CYCLOPS_MODEL_URI.$": "$.registered.artifacts",
          "CYCLOPS_MODEL_VERSION.$": "$.registered.version",
          AWS_DEFAULT_REGION: binding.region,
        },
      },
      ExecutionRoleArn: scorer,
      // SageMaker's serverless endpoints cannot be in a VPC: https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
      ...(network ? { VpcConfig: { Subnets: network.subnetIds, SecurityGroupIds: network.securityGroupIds } } : {}),
      Tags: tagsOf("deploy", context),
    },
    ResultPath: null,
  };
}

/** Makes the endpoint configuration of a rollout: the new version alone, or beside the previous one, of whose requests it gets copies. */
export function createConfig(
  context: MachineContext,
  spec: ResolvedEndpointSpec,
  names: EndpointNames,
  shadow: boolean,
): TaskState {
  const { binding } = context;
  const type = endpointInstance(spec, context.account.instanceTypes);
  const own = variant(context, spec, names.variant, shadow ? previousPath : newPath, 1);
  return {
    Type: "Task",
    Resource: integration(binding, "sagemaker:createEndpointConfig"),
    Parameters: {
      "EndpointConfigName.$": shadow ? `States.Format('{}-shadow', ${newPath})` : newPath,
      ProductionVariants: [own],
      ...(shadow
        ? { ShadowProductionVariants: [variant(context, spec, shadowVariant, newPath, spec.rollout.percent / 100)] }
        : {}),
      ...(spec.kind === "async" ? { AsyncInferenceConfig: asyncConfig(context) } : {}),
      ...(spec.kind !== "serverless" && takesVolumeKey(type) ? { KmsKeyId: binding.keyArn } : {}),
      Tags: tagsOf("deploy", context),
    },
    ResultPath: null,
  };
}

function variant(
  { account }: MachineContext,
  spec: ResolvedEndpointSpec,
  name: string,
  modelPath: string,
  weight: number,
): Template {
  if (spec.kind === "serverless") {
    return {
      VariantName: name,
      "ModelName.$": modelPath,
      ServerlessConfig: serverlessConfig(spec),
      InitialVariantWeight: weight,
    };
  }
  return {
    VariantName: name,
    "ModelName.$": modelPath,
    InstanceType: endpointInstance(spec, account.instanceTypes),
    "InitialInstanceCount.$": "$.fleet.instances",
    InitialVariantWeight: weight,
    ContainerStartupHealthCheckTimeoutInSeconds: startupSeconds,
  };
}

/** Memory and concurrency of a serverless endpoint: the greatest number of replicas is that of requests at a time. */
export const serverlessConfig = ({ size, replicas }: Pick<ResolvedEndpointSpec, "size" | "replicas">) => ({
  MemorySizeInMB: serverlessMemory[size],
  MaxConcurrency: Math.min(replicas.max, mostConcurrency),
});

/** Where the answers of an asynchronous endpoint go. */
export const asyncConfig = ({ binding, model }: Pick<MachineContext, "binding" | "model">) => {
  const folder = `s3://${bucketOf(binding.zones.predictions)}/${model}/async`;
  return {
    OutputConfig: { S3OutputPath: `${folder}/answers`, S3FailurePath: `${folder}/failures`, KmsKeyId: binding.keyArn },
    ClientConfig: { MaxConcurrentInvocationsPerInstance: asyncRequests },
  };
};
