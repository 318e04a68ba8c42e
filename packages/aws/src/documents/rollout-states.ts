import { type ChoiceRule, integration, type Steps, type Template } from "./asl";
import { repeatedJob } from "./attempts";
import type { EndpointNames, MachineContext } from "./context";
import { updateSeconds } from "./deploy-machine";
import { newPath, previousPath } from "./endpoint-config";
import { stepJob } from "./job";
import { askAgain } from "./run";

/** Pause between two looks at an endpoint or an alarm; an endpoint takes minutes to change. */
const lookSeconds = 60;
/** How long the old fleet is kept after an update of all requests at once, so that an alarm can still bring it back. */
const keptSeconds = 300;

/** How an update shifts requests, and the alarms that make SageMaker take it back; `null`: SageMaker has no guardrails for it. */
export type Shift =
  | { readonly kind: "at-once"; readonly alarms: readonly string[] }
  | { readonly kind: "canary"; readonly alarms: readonly string[]; readonly percent: number; readonly seconds: number };

const changing = (path: string, next: string): ChoiceRule[] =>
  ["Creating", "Updating", "SystemUpdating", "RollingBack"].map((status) => ({
    Variable: path,
    StringEquals: status,
    Next: next,
  }));

/** Asks what the endpoint serves, once it does not change any more, into `$.current`. */
export function describeCurrent({ binding, jobPrefix }: MachineContext, names: EndpointNames, counted: boolean): Steps {
  return [
    [
      "DescribeEndpoint",
      {
        Type: "Task",
        Resource: integration(binding, "aws-sdk:sagemaker:describeEndpoint"),
        Parameters: { EndpointName: names.endpoint },
        ResultSelector: {
          "status.$": "$.EndpointStatus",
          "config.$": "$.EndpointConfigName",
          ...(counted ? { "instances.$": "$.ProductionVariants[0].CurrentInstanceCount" } : {}),
        },
        ResultPath: "$.current",
        Retry: askAgain,
      },
    ],
    ["EndpointSettled", { Type: "Choice", Choices: changing("$.current.status", "WaitForEndpoint"), Default: "NameVersion" }],
    ["WaitForEndpoint", { Type: "Wait", Seconds: lookSeconds, Next: "DescribeEndpoint" }],
    [
      "NameVersion",
      {
        Type: "Pass",
        Parameters: { "name.$": `States.Format('${jobPrefix}-v{}-{}', $.registered.version, $.run.token)` },
        ResultPath: "$.new",
      },
    ],
  ];
}

/** Number of instances of the new fleet in `$.fleet`: that of the one before, but at least `least`. */
export const fleetSize = (least: number, next: string): Steps => [
  [
    "FleetSize",
    {
      Type: "Choice",
      Choices: [{ Variable: "$.current.instances", NumericLessThan: least, Next: "LeastFleet" }],
      Default: "SameFleet",
    },
  ],
  ["LeastFleet", { Type: "Pass", Parameters: { instances: least }, ResultPath: "$.fleet", Next: next }],
  ["SameFleet", { Type: "Pass", Parameters: { "instances.$": "$.current.instances" }, ResultPath: "$.fleet", Next: next }],
];

/**
 * An update of the endpoint to the configuration `config`, and the looks at it until it ends: at `done` where the endpoint then has that
 * configuration, at `back` where SageMaker has taken it back.
 */
export function update(
  context: MachineContext,
  names: EndpointNames,
  state: string,
  config: { readonly path: string; readonly format?: string },
  shift: Shift | null,
  ways: { readonly done: string; readonly back: string },
): Steps {
  const { binding } = context;
  const name = config.format === undefined ? config.path : `States.Format('${config.format}', ${config.path})`;
  return [
    [
      state,
      {
        Type: "Task",
        Resource: integration(binding, "sagemaker:updateEndpoint"),
        Parameters: {
          EndpointName: names.endpoint,
          "EndpointConfigName.$": name,
          ...(shift ? { DeploymentConfig: deploymentConfig(context, shift) } : {}),
        },
        ResultPath: null,
        Catch: [{ ErrorEquals: ["States.ALL"], Next: ways.back, ResultPath: "$.failure" }],
      },
    ],
    [`${state}Target`, { Type: "Pass", Parameters: { "config.$": name }, ResultPath: "$.target" }],
    [`${state}Wait`, { Type: "Wait", Seconds: lookSeconds }],
    [
      `${state}Look`,
      {
        Type: "Task",
        Resource: integration(binding, "aws-sdk:sagemaker:describeEndpoint"),
        Parameters: { EndpointName: names.endpoint },
        ResultSelector: { "status.$": "$.EndpointStatus", "config.$": "$.EndpointConfigName" },
        ResultPath: "$.look",
        Retry: askAgain,
      },
    ],
    [
      `${state}Result`,
      {
        Type: "Choice",
        Choices: [
          ...changing("$.look.status", `${state}Wait`),
          { Variable: "$.look.status", StringEquals: "UpdateRollbackFailed", Next: "EndpointBroken" },
          { Variable: "$.look.status", StringEquals: "Failed", Next: "EndpointBroken" },
          { Variable: "$.look.config", StringEqualsPath: "$.target.config", Next: ways.done },
        ],
        Default: ways.back,
      },
    ],
  ];
}

/** Guardrails of an update. https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails.html */
function deploymentConfig(context: MachineContext, shift: Shift): Template {
  const routing =
    shift.kind === "canary"
      ? {
          Type: "CANARY",
          CanarySize: { Type: "CAPACITY_PERCENT", Value: Math.max(1, Math.round(shift.percent)) },
          WaitIntervalInSeconds: shift.seconds,
        }
      : { Type: "ALL_AT_ONCE", WaitIntervalInSeconds: 0 };
  return {
    BlueGreenUpdatePolicy: {
      TrafficRoutingConfiguration: routing,
      TerminationWaitInSeconds: shift.alarms.length > 0 ? keptSeconds : 0,
      MaximumExecutionTimeoutInSeconds: updateSeconds(context),
    },
    ...(shift.alarms.length > 0
      ? { AutoRollbackConfiguration: { Alarms: shift.alarms.map((AlarmName) => ({ AlarmName })) } }
      : {}),
  };
}

/** Looks at alarms for some time: at `alarm` as soon as one of them is in alarm, else at `done`. */
export function watch(
  { binding }: MachineContext,
  state: string,
  seconds: number,
  alarms: readonly string[],
  ways: { readonly done: string; readonly alarm: string },
): Steps {
  return [
    [state, { Type: "Pass", Parameters: { looks: 0 }, ResultPath: "$.watch" }],
    [`${state}Wait`, { Type: "Wait", Seconds: lookSeconds }],
    [
      `${state}Look`,
      {
        Type: "Task",
        Resource: integration(binding, "aws-sdk:cloudwatch:describeAlarms"),
        Parameters: { AlarmNames: alarms, AlarmTypes: ["MetricAlarm"], StateValue: "ALARM" },
        ResultSelector: { "firing.$": "States.ArrayLength($.MetricAlarms)" },
        ResultPath: "$.alarms",
        Retry: askAgain,
      },
    ],
    [`${state}Count`, { Type: "Pass", Parameters: { "looks.$": "States.MathAdd($.watch.looks, 1)" }, ResultPath: "$.watch" }],
    [
      `${state}Result`,
      {
        Type: "Choice",
        Choices: [
          { Variable: "$.alarms.firing", NumericGreaterThan: 0, Next: ways.alarm },
          { Variable: "$.watch.looks", NumericGreaterThanEquals: Math.ceil(seconds / lookSeconds), Next: ways.done },
        ],
        Default: `${state}Wait`,
      },
    ],
  ];
}

/** Gives back the instances that a canary needed besides. The autoscaler does so too; an endpoint of fixed size has none. */
export const shrink = ({ binding }: MachineContext, names: EndpointNames, least: number, next: string): Steps => [
  [
    "FleetGrew",
    {
      Type: "Choice",
      Choices: [{ Variable: "$.current.instances", NumericLessThan: least, Next: "ShrinkFleet" }],
      Default: next,
    },
  ],
  [
    "ShrinkFleet",
    {
      Type: "Task",
      Resource: integration(binding, "aws-sdk:sagemaker:updateEndpointWeightsAndCapacities"),
      Parameters: {
        EndpointName: names.endpoint,
        DesiredWeightsAndCapacities: [{ VariantName: names.variant, "DesiredInstanceCount.$": "$.current.instances" }],
      },
      ResultPath: null,
      Retry: askAgain,
      // One instance too many is no reason to leave the alias behind.
      Catch: [{ ErrorEquals: ["States.ALL"], Next: next, ResultPath: "$.shrink" }],
      Next: next,
    },
  ],
];

/** The two ends: alias and tidying after a good rollout, record and tidying after a bad one. */
export function ends(context: MachineContext, names: EndpointNames, shadow: boolean): Steps {
  const { binding, spec, model } = context;
  const { deploy } = spec.training.steps;
  // The version is served already: what is left must not fail for one lost connection.
  const record = { ...deploy, retries: Math.max(deploy.retries, 2) };
  const remove = (state: string, what: "EndpointConfig" | "Model", path: string, next: string, format?: string): Steps => [
    [
      state,
      {
        Type: "Task",
        Resource: integration(binding, `aws-sdk:sagemaker:delete${what}`),
        Parameters: { [`${what}Name.$`]: format === undefined ? path : `States.Format('${format}', ${path})` },
        ResultPath: null,
        // What nobody refers to any more costs nothing.
        Catch: [{ ErrorEquals: ["States.ALL"], Next: next, ResultPath: "$.leftOver" }],
        Next: next,
      },
    ],
  ];
  const shadowConfig = (state: string, next: string): Steps =>
    shadow ? remove(state, "EndpointConfig", newPath, next, "{}-shadow") : [];
  return [
    repeatedJob("Promote", "deploy", record, context, { environment: { CYCLOPS_ROLLOUT_OUTCOME: "promoted" } }),
    [
      "HadVersion",
      {
        Type: "Choice",
        Choices: [{ Variable: previousPath, StringEquals: names.bootstrapConfig, Next: "Deployed" }],
        Default: shadow ? "DeleteShadowConfig" : "DeletePreviousConfig",
      },
    ],
    ...shadowConfig("DeleteShadowConfig", "DeletePreviousConfig"),
    ...remove("DeletePreviousConfig", "EndpointConfig", previousPath, "DeletePreviousModel"),
    ...remove("DeletePreviousModel", "Model", previousPath, "Deployed"),
    ["Deployed", { Type: "Succeed" }],
    [
      "RejectPackage",
      {
        Type: "Task",
        Resource: integration(binding, "aws-sdk:sagemaker:updateModelPackage"),
        Parameters: {
          "ModelPackageArn.$": "$.package.arn",
          ModelApprovalStatus: "Rejected",
          ApprovalDescription: "It was rolled back: an alarm of its endpoint, or SageMaker, refused it.",
        },
        ResultPath: null,
        Retry: askAgain,
      },
    ],
    [
      "RecordRollback",
      {
        // Ends with exit code 4, as every rollback of the runtime.
        ...stepJob("deploy", { ...deploy, retries: 0 }, context, {
          environment: { CYCLOPS_ROLLOUT_OUTCOME: "rolled-back" },
          suffix: { format: "back" },
        }),
        Catch: [
          { ErrorEquals: ["States.ALL"], Next: shadow ? "DeleteNewShadowConfig" : "DeleteNewConfig", ResultPath: "$.record" },
        ],
      },
    ],
    ...shadowConfig("DeleteNewShadowConfig", "DeleteNewConfig"),
    ...remove("DeleteNewConfig", "EndpointConfig", newPath, "DeleteNewModel"),
    ...remove("DeleteNewModel", "Model", newPath, "RolledBack"),
    [
      "RolledBack",
      { Type: "Fail", Error: "RolledBack", Cause: `The version of ${model} was rolled back: its package is rejected.` },
    ],
    [
      "EndpointBroken",
      {
        Type: "Fail",
        Error: "EndpointBroken",
        Cause: `The endpoint ${names.endpoint} could not be brought back: look at its FailureReason.`,
      },
    ],
  ];
}
