import { ArgumentError, durationSeconds, pausedSeconds, type ResolvedStepSpec, retryPauses, workloadOf } from "@cyclops/core";
import { jobVolumeGib } from "../defaults";
import { integration, longestTimeout, type Retrier, type TaskState, type Template } from "./asl";
import type { MachineContext } from "./context";
import { jobInstance, takesVolumeKey } from "./instances";
import { bucketOf, prefixOf } from "./place";

/** Fields of a step's spec that decide how its job runs. */
export type StepJob = Pick<ResolvedStepSpec, "size" | "spot" | "retries" | "timeout"> &
  Partial<Pick<ResolvedStepSpec, "gpu" | "image" | "command" | "environment" | "instances">>;

/** What one job has besides its step's spec. */
export interface JobOptions {
  /** Variables of this job alone; keys may end in `.$`. @default {} */
  readonly environment?: Readonly<Record<string, string>>;
  /** End of the job's name: a text, in which `{}` stands for the value at the path. @default - nothing */
  readonly suffix?: { readonly format: string; readonly path?: string };
}

/** Path of the run's id in the input of every job's state. */
export const runPath = "$.run.id";
/** Path of the token that makes names of this execution's jobs unique. */
const tokenPath = "$.run.token";
/** Number of the attempt that the next job is, from 0 on; every run begins with `firstAttempt`. */
export const attemptPath = "$.run.attempt";
export const firstAttempt = { number: 0 } as const;

/** A job waits for its instance and its image before its own time begins. */
const startSeconds = 1800;
/** Values of environment variables. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateProcessingJob.html */
const longestValue = { processing: 256, training: 512 } as const;
/** Job stopped by the service after. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingStoppingCondition.html */
const longestJobSeconds = 777_600;
/** Folder that SageMaker mirrors to the zone, so that an interrupted training goes on where it was. */
const checkpointFolder = "/opt/ml/checkpoints";

/**
 * The job of a step: a training job where it trains, or may use spot instances, which SageMaker gives to training jobs alone; else a
 * processing job.
 */
export function stepJob(step: string, spec: StepJob, context: MachineContext, options: JobOptions = {}): TaskState {
  const training = step === "train" || step === "tune" || spec.spot;
  return training ? trainingJob(step, spec, context, options) : processingJob(step, spec, context, options);
}

function processingJob(step: string, spec: StepJob, context: MachineContext, options: JobOptions): TaskState {
  const { binding } = context;
  const type = jobInstance(spec, context.account.instanceTypes);
  return {
    Type: "Task",
    Resource: integration(binding, "sagemaker:createProcessingJob.sync"),
    Parameters: {
      "ProcessingJobName.$": jobName(step, spec, context, options),
      AppSpecification: { ImageUri: imageOf(spec, context), ContainerEntrypoint: commandOf(step, spec) },
      Environment: environmentOf(step, spec, context, options, "processing"),
      ProcessingResources: {
        ClusterConfig: {
          InstanceCount: 1,
          InstanceType: type,
          VolumeSizeInGB: jobVolumeGib,
          ...(takesVolumeKey(type) ? { VolumeKmsKeyId: binding.keyArn } : {}),
        },
      },
      NetworkConfig: {
        EnableNetworkIsolation: false,
        ...(binding.network ? { VpcConfig: vpcOf(binding.network) } : {}),
      },
      RoleArn: roleOf(step, context),
      StoppingCondition: { MaxRuntimeInSeconds: jobSeconds(spec) },
      Tags: tagsOf(step, context),
    },
    ResultPath: null,
    TimeoutSeconds: Math.min(jobSeconds(spec) + startSeconds, longestTimeout),
  };
}

function trainingJob(step: string, spec: StepJob, context: MachineContext, options: JobOptions): TaskState {
  const { binding, model } = context;
  const type = jobInstance(spec, context.account.instanceTypes);
  const instances = spec.instances ?? 1;
  const folder = `s3://${bucketOf(binding.zones.models)}/${model}/jobs`;
  return {
    Type: "Task",
    Resource: integration(binding, "sagemaker:createTrainingJob.sync"),
    Parameters: {
      "TrainingJobName.$": jobName(step, spec, context, options),
      AlgorithmSpecification: {
        TrainingImage: imageOf(spec, context),
        TrainingInputMode: "File",
        ContainerEntrypoint: commandOf(step, spec),
      },
      Environment: environmentOf(step, spec, context, options, "training"),
      // The step writes to the zones itself; SageMaker wants a place for what it packs up at the end.
      OutputDataConfig: { S3OutputPath: `${folder}/output`, KmsKeyId: binding.keyArn },
      ResourceConfig: {
        InstanceCount: instances,
        InstanceType: type,
        VolumeSizeInGB: jobVolumeGib,
        ...(takesVolumeKey(type) ? { VolumeKmsKeyId: binding.keyArn } : {}),
      },
      ...(binding.network ? { VpcConfig: vpcOf(binding.network) } : {}),
      EnableNetworkIsolation: false,
      EnableInterContainerTrafficEncryption: instances > 1,
      EnableManagedSpotTraining: spec.spot,
      ...(spec.spot
        ? {
            CheckpointConfig: {
              // Of the execution and not of the attempt: the next attempt goes on where this one was.
              "S3Uri.$": `States.Format('${folder}/checkpoints/{}/${step}', ${runPath})`,
              LocalPath: checkpointFolder,
            },
          }
        : {}),
      RoleArn: roleOf(step, context),
      StoppingCondition: {
        MaxRuntimeInSeconds: jobSeconds(spec),
        ...(spec.spot ? { MaxWaitTimeInSeconds: spotWait(spec) } : {}),
      },
      Tags: tagsOf(step, context),
    },
    ResultPath: null,
    TimeoutSeconds: Math.min((spec.spot ? spotWait(spec) : jobSeconds(spec)) + startSeconds, longestTimeout),
  };
}

/** Time that a job on spot instances has in all, interruptions among it. */
const spotWait = (spec: StepJob): number => Math.min(2 * jobSeconds(spec), longestJobSeconds);

const jobSeconds = ({ timeout }: StepJob): number => Math.min(durationSeconds(timeout), longestJobSeconds);

/** Seconds that a step takes at most, with all its attempts and the pauses between them. */
export function longestSeconds(step: string, spec: StepJob, context: MachineContext): number {
  const { TimeoutSeconds = 0 } = stepJob(step, spec, context);
  return TimeoutSeconds * (spec.retries + 1) + pausedSeconds(spec.retries);
}

/** Repetitions of a failed attempt, whatever failed. A timeout is no `States.TaskFailed`: it is named besides. */
export function retryOf({ retries }: Pick<StepJob, "retries">): { Retry?: readonly Retrier[] } {
  if (retries === 0) return {};
  return {
    Retry: [
      {
        ErrorEquals: ["States.TaskFailed", "States.Timeout"],
        IntervalSeconds: retryPauses.firstSeconds,
        MaxAttempts: retries,
        BackoffRate: retryPauses.factor,
        MaxDelaySeconds: retryPauses.longestSeconds,
      },
    ],
  };
}

/** Name of a job: names are used once in an account, so it has the execution's token and the attempt's number in it. */
function jobName(step: string, { command }: StepJob, { jobPrefix }: MachineContext, { suffix }: JobOptions): string {
  const end = suffix ? `-${suffix.format}` : "";
  const attempt = command === undefined ? `${attemptPath}.number` : "$$.State.RetryCount";
  const values = [tokenPath, attempt, ...(suffix?.path === undefined ? [] : [suffix.path])];
  return `States.Format('${jobPrefix}-${step}-{}-{}${end}', ${values.join(", ")})`;
}

const imageOf = ({ image }: StepJob, { binding }: MachineContext): string => image ?? binding.images.runtime;

const commandOf = (step: string, { command }: StepJob): string[] => command ?? ["cyclops-runtime", step];

function roleOf(step: string, { roles, model }: MachineContext): string {
  const role = roles[workloadOf(step)];
  if (role === undefined) throw new Error(`${model}: no role for ${step}`);
  return role;
}

function environmentOf(
  step: string,
  spec: StepJob,
  context: MachineContext,
  { environment = {} }: JobOptions,
  kind: keyof typeof longestValue,
): Template {
  const { binding, model } = context;
  const longest = longestValue[kind];
  for (const [name, value] of Object.entries(spec.environment ?? {})) {
    if (value.length <= longest) continue;
    throw new ArgumentError(
      `models.${model}.training.steps.${step}.environment.${name}`,
      `has ${value.length} characters, and a ${kind} job of SageMaker takes ${longest}.`,
      "Put the value into a file of the image or of a zone, and its address into the variable.",
    );
  }
  const image = imageOf(spec, context);
  return {
    CYCLOPS_CONFIG: context.configUri,
    "CYCLOPS_RUN_ID.$": runPath,
    MLFLOW_TRACKING_URI: binding.trackingUri,
    AWS_DEFAULT_REGION: binding.region,
    CYCLOPS_SECRETS: secretsAddress(binding),
    ...(image.length <= longest ? { CYCLOPS_IMAGE: image } : {}),
    ...(spec.spot ? { CYCLOPS_CHECKPOINT_DIR: checkpointFolder } : {}),
    ...environment,
    ...spec.environment,
  };
}

/** Where the runtime finds named secrets: `<stack>-<instance>/<name>` in Secrets Manager. */
const secretsAddress = (binding: MachineContext["binding"]): string => `secretsmanager:${prefixOf(binding)}/`;

const vpcOf = ({ subnetIds, securityGroupIds }: NonNullable<MachineContext["binding"]["network"]>): Template => ({
  Subnets: subnetIds,
  SecurityGroupIds: securityGroupIds,
});

/** Tags of what a machine makes. */
export function tagsOf(step: string, { tags, model }: MachineContext): Template {
  const own: Record<string, string> = { ...tags, "cyclops:model": model, "cyclops:step": step };
  return Object.entries(own).map(([Key, Value]) => ({ Key, Value }));
}
