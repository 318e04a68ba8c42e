import { workloadOf } from "@cyclops/core";
import type { MachineContext } from "./context";
import { executionsOf } from "./identity";
import { formerKeys } from "./keys";
import { arnOf, bucketArnOf, bucketOf } from "./place";
import { type PolicyDocument, type PolicyStatement, policy } from "./policy";
import { jobSteps } from "./training-machine";

/** The state machines of a model. `deploy` is the rollout. */
const machineKinds = ["training", "deploy", "batch", "monitor"] as const;
export type MachineKind = (typeof machineKinds)[number];

/** The state machines that a model has. */
export const machineKindsOf = ({ batch, monitoring }: MachineContext["spec"]): MachineKind[] =>
  machineKinds.filter((kind) => (kind !== "batch" || batch !== undefined) && (kind !== "monitor" || monitoring !== undefined));

interface Job {
  readonly step: string;
  /** Kind of the job, as ARNs and names of actions have it. */
  readonly kind: "processing" | "training";
}

/** The jobs that a machine makes. */
function jobsOf(kind: MachineKind, { spec }: MachineContext): Job[] {
  const job = (step: string, spot: boolean): Job => ({
    step,
    kind: spot || step === "train" || step === "tune" ? "training" : "processing",
  });
  switch (kind) {
    case "training":
      return jobSteps(spec.training).map((step) => job(step, spec.training.steps[step].spot));
    case "deploy":
      return [job("deploy", spec.training.steps.deploy.spot)];
    case "batch":
      return [job("batch", spec.batch?.spot ?? false)];
    case "monitor":
      return [job("monitor", false)];
  }
}

/**
 * Policy of a state machine's role: its own jobs, by the names that it gives them, and what else its states call.
 *
 * @param machineArn the machine's own ARN
 */
export function machinePolicy(kind: MachineKind, machineArn: string, context: MachineContext): PolicyDocument {
  return policy(
    ...jobStatements(jobsOf(kind, context), context),
    { Sid: "OneAtATime", Effect: "Allow", Action: "states:ListExecutions", Resource: machineArn },
    ...(kind === "training" ? trainingStatements(context) : []),
    ...(kind === "deploy" ? deployStatements(context) : []),
    ...logDelivery,
  );
}

/** What `.sync` of jobs needs. https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html */
function jobStatements(jobs: readonly Job[], { binding, jobPrefix, roles }: MachineContext): PolicyStatement[] {
  const kinds = [...new Set(jobs.map(({ kind }) => kind))];
  const roleArns = jobs.flatMap(({ step }) => roles[workloadOf(step)] ?? []);
  return [
    ...kinds.flatMap((kind): PolicyStatement[] => {
      const title = kind === "training" ? "Training" : "Processing";
      const names = jobs
        .filter((job) => job.kind === kind)
        .map(({ step }) => arnOf(binding, "sagemaker", `${kind}-job/${jobPrefix}-${step}-*`));
      return [
        {
          Sid: `${title}Jobs`,
          Effect: "Allow",
          Action: [
            `sagemaker:Create${title}Job`,
            `sagemaker:Describe${title}Job`,
            `sagemaker:Stop${title}Job`,
            "sagemaker:AddTags",
          ],
          Resource: [...new Set(names)],
        },
        {
          Sid: `${title}Events`,
          Effect: "Allow",
          Action: ["events:PutTargets", "events:PutRule", "events:DescribeRule"],
          Resource: arnOf(binding, "events", `rule/StepFunctionsGetEventsForSageMaker${title}JobsRule`),
        },
      ];
    }),
    passRole(roleArns),
  ];
}

const passRole = (roleArns: readonly string[]): PolicyStatement => ({
  Sid: "GiveRoles",
  Effect: "Allow",
  Action: "iam:PassRole",
  Resource: [...new Set(roleArns)],
  Condition: { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } },
});

function trainingStatements(context: MachineContext): PolicyStatement[] {
  const { binding, model, deployArn, spec } = context;
  const bucket = bucketOf(binding.zones.models);
  const rollout: PolicyStatement[] =
    spec.training.approval || deployArn === null
      ? []
      : [
          { Sid: "Rollout", Effect: "Allow", Action: "states:StartExecution", Resource: deployArn },
          {
            Sid: "RolloutRuns",
            Effect: "Allow",
            Action: ["states:DescribeExecution", "states:StopExecution"],
            Resource: executionsOf(deployArn),
          },
          {
            // https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
            Sid: "RolloutEvents",
            Effect: "Allow",
            Action: ["events:PutTargets", "events:PutRule", "events:DescribeRule"],
            Resource: arnOf(binding, "events", "rule/StepFunctionsGetEventsForStepFunctionsExecutionRule"),
          },
        ];
  return [
    { Sid: "Results", Effect: "Allow", Action: "s3:GetObject", Resource: bucketArnOf(binding, bucket, `${model}/runs/*`) },
    { Sid: "Key", Effect: "Allow", Action: "kms:Decrypt", Resource: binding.keyArn },
    ...formerKeys(binding.formerKeyArns),
    ...packageStatements(context, ["sagemaker:CreateModelPackage"]),
    ...rollout,
  ];
}

function packageStatements({ binding, packageGroup }: MachineContext, actions: readonly string[]): PolicyStatement[] {
  return [
    {
      Sid: "Packages",
      Effect: "Allow",
      Action: [...actions, "sagemaker:DescribeModelPackage", "sagemaker:UpdateModelPackage"],
      Resource: [
        arnOf(binding, "sagemaker", `model-package-group/${packageGroup}`),
        arnOf(binding, "sagemaker", `model-package/${packageGroup}/*`),
      ],
    },
  ];
}

function deployStatements(context: MachineContext): PolicyStatement[] {
  const { binding, jobPrefix, endpoint, roles } = context;
  const packages = packageStatements(context, []);
  if (!endpoint) return packages;
  const versions = (kind: string) => arnOf(binding, "sagemaker", `${kind}/${jobPrefix}-v*`);
  const configs = [versions("endpoint-config"), arnOf(binding, "sagemaker", `endpoint-config/${endpoint.bootstrapConfig}`)];
  const endpointArn = arnOf(binding, "sagemaker", `endpoint/${endpoint.endpoint}`);
  const alarms = [...endpoint.rollbackAlarms, ...endpoint.shadowAlarms];
  return [
    ...packages,
    {
      Sid: "Versions",
      Effect: "Allow",
      Action: ["sagemaker:CreateModel", "sagemaker:DeleteModel", "sagemaker:AddTags"],
      Resource: versions("model"),
    },
    {
      Sid: "Configurations",
      Effect: "Allow",
      Action: ["sagemaker:CreateEndpointConfig", "sagemaker:DeleteEndpointConfig", "sagemaker:AddTags"],
      Resource: versions("endpoint-config"),
    },
    {
      // A configuration names its models; the previous one, or that without a version, is put back by its name.
      Sid: "Endpoint",
      Effect: "Allow",
      Action: "sagemaker:UpdateEndpoint",
      Resource: [endpointArn, ...configs],
    },
    {
      Sid: "Replicas",
      Effect: "Allow",
      Action: ["sagemaker:DescribeEndpoint", "sagemaker:UpdateEndpointWeightsAndCapacities"],
      Resource: endpointArn,
    },
    // SageMaker looks at the alarms of a deployment in the name of who asks for it.
    ...(alarms.length > 0
      ? [
          {
            Sid: "Alarms",
            Effect: "Allow",
            Action: "cloudwatch:DescribeAlarms",
            Resource: alarms.map((name) => arnOf(binding, "cloudwatch", `alarm:${name}`)),
          } as const,
        ]
      : []),
    { ...passRole(roles.scorer === undefined ? [] : [roles.scorer]), Sid: "GiveScorerRole" },
  ];
}

/** Logs of executions. The actions have no resources: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html */
const logDelivery: PolicyStatement[] = [
  {
    Sid: "DeliverLogs",
    Effect: "Allow",
    Action: [
      "logs:CreateLogDelivery",
      "logs:DeleteLogDelivery",
      "logs:DescribeLogGroups",
      "logs:DescribeResourcePolicies",
      "logs:GetLogDelivery",
      "logs:ListLogDeliveries",
      "logs:PutResourcePolicy",
      "logs:UpdateLogDelivery",
    ],
    Resource: "*",
  },
];
