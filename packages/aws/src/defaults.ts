import type { Size, Zone } from "@cyclops/core";

/** Tag of the runtime image in the platform's repository. Pinned: a stack changes when its owner changes it. */
export const runtimeTag = "0.1.0";

/**
 * Instance types of steps and endpoints by size. m5 is offered in every region that has SageMaker, for training, processing and endpoints
 * alike. 2, 4, 16 and 48 vCPUs with 8, 16, 64 and 192 GiB. https://aws.amazon.com/sagemaker/ai/pricing/
 */
export const sizeInstances: Readonly<Record<Size, string>> = {
  S: "ml.m5.large",
  M: "ml.m5.xlarge",
  L: "ml.m5.4xlarge",
  XL: "ml.m5.12xlarge",
};

/** vCPUs of those types: CPUUtilization goes up to 100 times their number. https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html */
export const instanceCpus: Readonly<Record<string, number>> = {
  "ml.m5.large": 2,
  "ml.m5.xlarge": 4,
  "ml.m5.4xlarge": 16,
  "ml.m5.12xlarge": 48,
  "ml.g5.xlarge": 4,
  "ml.g5.12xlarge": 48,
  "ml.g5.48xlarge": 192,
};

/** Instance type for a number of GPUs: the smallest g5 that has as many. https://aws.amazon.com/ec2/instance-types/g5/ */
export const gpuInstances: readonly { readonly gpus: number; readonly type: string }[] = [
  { gpus: 1, type: "ml.g5.xlarge" },
  { gpus: 4, type: "ml.g5.12xlarge" },
  { gpus: 8, type: "ml.g5.48xlarge" },
];

/** Instance types of notebooks by size: t3 for reading and plotting, as Studio itself suggests. */
export const workbenchInstances: Readonly<Record<Size, string>> = {
  S: "ml.t3.medium",
  M: "ml.m5.xlarge",
  L: "ml.m5.4xlarge",
  XL: "ml.m5.12xlarge",
};

/** Memory of a serverless endpoint in MB; 6144 is the most there is. https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html */
export const serverlessMemory: Readonly<Record<Size, number>> = { S: 2048, M: 4096, L: 6144, XL: 6144 };

/** Studio shuts nothing down earlier. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_IdleSettings.html */
export const leastIdleMinutes = 60;

/** GiB of the volume of a job: the image and a few GiB of data; a step that needs more takes its data from the zones in parts. */
export const jobVolumeGib = 30;

/** Days after which files of a zone expire; predictions and features are derived and can be made again. */
export const zoneExpiry: Readonly<Record<Zone, number | null>> = {
  raw: null,
  curated: 365,
  features: 90,
  models: null,
  predictions: 365,
};

/** Days for which versions that were overwritten or deleted can be had back. */
export const oldVersionDays = 30;

/** Days for which the record of data events is kept. */
export const auditDays = 365;

/** Days for which logs are kept, so that a failure of last month can be looked into. */
export const logRetentionDays = 30;

/** Images without a tag that the repository keeps: what an older stack may still refer to by digest. */
export const untaggedImages = 10;

/** Days in which the deletion of a key can be called off; the least AWS allows, so that a stack that goes leaves nothing for long. */
export const keyDeletionDays = { prod: 30, other: 7 } as const;

/** Networks of a VPC of the stack: private addresses that are rarely taken, room for 4,096 of them. */
export const vpcCidr = "10.66.0.0/20";

/** Name of an endpoint's only variant; SageMaker's own examples use it. */
export const variantName = "AllTraffic";
