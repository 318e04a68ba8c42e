import { durationSeconds } from "@cyclops/core";
import { chain, integration, longestTimeout, type StateMachine, type Steps } from "./asl";
import { repeatedJob } from "./attempts";
import type { MachineContext } from "./context";
import { firstAttempt, longestSeconds } from "./job";
import { rolloutSteps, watchedSeconds } from "./rollout";
import { askAgain, oneAtATime } from "./run";

/** SageMaker itself gives a deployment up after. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_BlueGreenUpdatePolicy.html */
const deploymentSeconds = { least: 600, most: 28_800 } as const;

/** Time that SageMaker has for one update of the endpoint. */
export const updateSeconds = ({ spec }: MachineContext): number =>
  Math.min(Math.max(durationSeconds(spec.training.steps.deploy.timeout), deploymentSeconds.least), deploymentSeconds.most);

/** Seconds that a rollout takes at most: three updates (a shadow, the version, and the way back), the watching between them, and the record. */
export function deploySeconds(context: MachineContext): number {
  const record = longestSeconds("deploy", context.spec.training.steps.deploy, context);
  const { endpoint } = context.spec;
  const update = endpoint ? 3 * updateSeconds(context) + watchedSeconds(endpoint) : 0;
  return Math.min(update + record + 3600, longestTimeout);
}

/**
 * The rollout of an approved model package, `{"modelPackageArn": "…"}`: a model and an endpoint configuration of its own, the update of the
 * endpoint with its watching, and at the end the alias in MLflow. Without an endpoint, the alias alone.
 *
 * An older package can be deployed again the same way: start an execution with its ARN.
 */
export function deployMachine(context: MachineContext): StateMachine {
  const { model, spec, endpoint, binding } = context;
  const { deploy } = spec.training.steps;
  const custom = deploy.command !== undefined || deploy.entrypoint !== undefined;
  const steps: Steps =
    custom || !spec.endpoint || !endpoint
      ? [
          repeatedJob("Deploy", "deploy", deploy, context, {
            environment: custom ? {} : { CYCLOPS_ROLLOUT_OUTCOME: "promoted" },
          }),
          ["Deployed", { Type: "Succeed" }],
        ]
      : rolloutSteps(context, spec.endpoint, endpoint);
  const first = steps[0]?.[0] ?? "Deployed";
  return {
    Comment: `Rollout of ${model}`,
    StartAt: "Start",
    // Besides its own time that of a rollout before it, for which it waits.
    TimeoutSeconds: Math.min(2 * deploySeconds(context), longestTimeout),
    States: chain([
      [
        "Start",
        {
          Type: "Pass",
          Parameters: { package: { "arn.$": "$.modelPackageArn" }, "uuid.$": "States.StringSplit(States.UUID(), '-')" },
        },
      ],
      [
        "DescribePackage",
        {
          Type: "Task",
          Resource: integration(binding, "aws-sdk:sagemaker:describeModelPackage"),
          Parameters: { "ModelPackageName.$": "$.package.arn" },
          ResultSelector: {
            "approval.$": "$.ModelApprovalStatus",
            "run.$": "$.CustomerMetadataProperties.run",
            "version.$": "$.CustomerMetadataProperties.version",
            "artifacts.$": "$.InferenceSpecification.Containers[0].ModelDataSource.S3DataSource.S3Uri",
          },
          ResultPath: "$.registered",
          Retry: askAgain,
        },
      ],
      [
        "Approved",
        {
          Type: "Choice",
          Choices: [{ Variable: "$.registered.approval", StringEquals: "Approved", Next: "NameRun" }],
          Default: "NotApproved",
        },
      ],
      [
        "NotApproved",
        { Type: "Fail", Error: "NotApproved", Cause: "Only a model package with the status Approved is deployed." },
      ],
      [
        "NameRun",
        {
          Type: "Pass",
          Parameters: {
            "id.$": "$.registered.run",
            "token.$": "States.Format('{}{}', States.ArrayGetItem($.uuid, 0), States.ArrayGetItem($.uuid, 1))",
            attempt: firstAttempt,
          },
          ResultPath: "$.run",
        },
      ],
      ...oneAtATime(context, first, "wait"),
      ...steps,
    ]),
  };
}
