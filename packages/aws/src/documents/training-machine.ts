import { durationSeconds, type ResolvedTrainingSpec, type TrainingStep, trainingSteps } from "@cyclops/core";
import { chain, type FailState, integration, longestTimeout, type StateMachine, type Steps } from "./asl";
import { repeatedJob } from "./attempts";
import type { MachineContext } from "./context";
import { deploySeconds } from "./deploy-machine";
import { longestSeconds, retryOf, runPath } from "./job";
import { createPackage } from "./model-package";
import { bucketOf } from "./place";
import { askAgain, oneAtATime, startOfRun } from "./run";

/** Looks at an approval at most so often: an execution may have 25,000 events, of which one look makes eleven. */
const mostLooks = 1500;
const leastPauseSeconds = 60;

/** The steps that are jobs of their own, in order; `gate` where the user has one, `deploy` never: it is a machine. */
export function jobSteps({ tune, steps }: ResolvedTrainingSpec): TrainingStep[] {
  return trainingSteps.filter((step) => {
    if (step === "train" || step === "tune") return (step === "tune") === (tune !== undefined);
    if (step === "gate") return isCustom(steps.gate);
    return step !== "deploy";
  });
}

/** Whether a step runs the user's code in place of the runtime's. */
const isCustom = ({ command, entrypoint, image }: { command?: unknown; entrypoint?: unknown; image?: unknown }): boolean =>
  command !== undefined || entrypoint !== undefined || image !== undefined;

/** Name of a step's state. */
const stateName = (step: string): string => `${step.charAt(0).toUpperCase()}${step.slice(1)}`;

/**
 * The training pipeline: ingest, curate, preprocess, train or tune, evaluate, gate, register in MLflow and as a model package, and then the
 * rollout, or a person's approval, whose event starts the rollout.
 */
export function trainingMachine(context: MachineContext): StateMachine {
  const { training } = context.spec;
  const jobs: Steps = jobSteps(training).flatMap((step): Steps => {
    const job: Steps = [repeatedJob(stateName(step), step, training.steps[step], context)];
    if (step === "evaluate" && !isCustom(training.steps.gate)) return [...job, ...gate(context)];
    return job;
  });
  const end = training.approval ? approval(context, durationSeconds(training.approval.timeout)) : rollout(context);
  const first = jobs[0]?.[0] ?? "Register";
  return {
    Comment: `Training of ${context.model}`,
    StartAt: "Start",
    TimeoutSeconds: seconds(context),
    States: chain([
      ...startOfRun,
      ...oneAtATime(context, first, "leave"),
      ...jobs,
      ...readJson(context, "ReadRegistration", "register.json", "registered", ["version", "artifacts"]),
      ["CreateModelPackage", createPackage(context)],
      ...end,
    ]),
  };
}

/** Time after which an execution is stopped: all attempts of all steps, the wait for an approval, and the rollout. */
function seconds(context: MachineContext): number {
  const { training } = context.spec;
  const jobs = jobSteps(training).map((step) => longestSeconds(step, training.steps[step], context));
  const { approval: asked } = training;
  const end = asked ? durationSeconds(asked.timeout) * 1.1 : deploySeconds(context) * (training.steps.deploy.retries + 1);
  const sum = jobs.reduce((total, job) => total + job, 0) + end + 3600;
  return Math.min(Math.ceil(sum), longestTimeout);
}

/** Reads a JSON file of the run in the models zone into `$.<name>`. */
function readJson(
  { binding, model }: MachineContext,
  state: string,
  file: string,
  name: string,
  fields: readonly string[],
): Steps {
  return [
    [
      state,
      {
        Type: "Task",
        Resource: integration(binding, "aws-sdk:s3:getObject"),
        Parameters: {
          Bucket: bucketOf(binding.zones.models),
          "Key.$": `States.Format('${model}/runs/{}/${file}', ${runPath})`,
        },
        ResultSelector: { "document.$": "States.StringToJson($.Body)" },
        ResultPath: `$.${name}`,
        Retry: askAgain,
      },
    ],
    [
      `Keep${stateName(name)}`,
      {
        Type: "Pass",
        Parameters: Object.fromEntries(fields.map((field) => [`${field}.$`, `$.${name}.document.${field}`])),
        ResultPath: `$.${name}`,
      },
    ],
  ];
}

/** The gate: the verdict that evaluate has written. */
function gate(context: MachineContext): Steps {
  const refused: FailState = { Type: "Fail", Error: "GateRefused", CausePath: "$.verdict.reason" };
  return [
    ...readJson(context, "ReadVerdict", "evaluate.json", "verdict", ["passed", "reason"]),
    [
      "Gate",
      {
        Type: "Choice",
        Choices: [{ Variable: "$.verdict.passed", BooleanEquals: true, Next: "Register" }],
        Default: "GateRefused",
      },
    ],
    ["GateRefused", refused],
  ];
}

/** The rollout, as an execution of its own machine that this one waits for. */
function rollout(context: MachineContext): Steps {
  const { binding, deployArn, spec, model } = context;
  if (deployArn === null) throw new Error(`${model}: the training does not know the rollout's state machine`);
  return [
    [
      "Deploy",
      {
        Type: "Task",
        Resource: integration(binding, "states:startExecution.sync:2"),
        Parameters: {
          StateMachineArn: deployArn,
          "Name.$": "States.Format('{}-{}', $.run.token, $$.State.RetryCount)",
          Input: {
            "modelPackageArn.$": "$.package.arn",
            // Links the two executions in the console.
            "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$": "$$.Execution.Id",
          },
        },
        ResultPath: null,
        TimeoutSeconds: deploySeconds(context),
        ...retryOf(spec.training.steps.deploy),
      },
    ],
    ["Done", { Type: "Succeed" }],
  ];
}

/**
 * Waits until somebody has approved or rejected the model package; EventBridge starts the rollout at the approval, without waiting for this.
 * A package that nobody has decided about in time is rejected.
 */
function approval({ binding, model }: MachineContext, timeout: number): Steps {
  const pause = Math.max(leastPauseSeconds, Math.ceil(timeout / mostLooks));
  return [
    ["AskForApproval", { Type: "Pass", Parameters: { looks: 0 }, ResultPath: "$.approval" }],
    ["AwaitApproval", { Type: "Wait", Seconds: pause }],
    [
      "LookAtApproval",
      {
        Type: "Task",
        Resource: integration(binding, "aws-sdk:sagemaker:describeModelPackage"),
        Parameters: { "ModelPackageName.$": "$.package.arn" },
        ResultSelector: { "status.$": "$.ModelApprovalStatus" },
        ResultPath: "$.approval.package",
        Retry: askAgain,
      },
    ],
    [
      "CountLook",
      {
        Type: "Pass",
        Parameters: { "looks.$": "States.MathAdd($.approval.looks, 1)", "status.$": "$.approval.package.status" },
        ResultPath: "$.approval",
      },
    ],
    [
      "Approval",
      {
        Type: "Choice",
        Choices: [
          { Variable: "$.approval.status", StringEquals: "Approved", Next: "Approved" },
          { Variable: "$.approval.status", StringEquals: "Rejected", Next: "NotApproved" },
          { Variable: "$.approval.looks", NumericGreaterThanEquals: Math.ceil(timeout / pause), Next: "ApprovalTimedOut" },
        ],
        Default: "AwaitApproval",
      },
    ],
    ["Approved", { Type: "Succeed" }],
    [
      "ApprovalTimedOut",
      {
        Type: "Task",
        Resource: integration(binding, "aws-sdk:sagemaker:updateModelPackage"),
        Parameters: {
          "ModelPackageArn.$": "$.package.arn",
          ModelApprovalStatus: "Rejected",
          ApprovalDescription: "Nobody has approved it in time.",
        },
        ResultPath: null,
        Retry: askAgain,
      },
    ],
    [
      "NotApproved",
      { Type: "Fail", Error: "NotApproved", Cause: `The version of ${model} was rejected, or not approved in time.` },
    ],
  ];
}
