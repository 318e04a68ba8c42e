import {
  applyAll,
  asOutput,
  documentOwner,
  longestInterval,
  type MlopsOptions,
  type ModelDocument,
  modelDocument,
  scorerDocument,
} from "@cyclops/core";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as iam from "@pulumi/aws/iam";
import * as s3 from "@pulumi/aws/s3";
import type * as sagemaker from "@pulumi/aws/sagemaker";
import * as scheduler from "@pulumi/aws/scheduler";
import * as sfn from "@pulumi/aws/sfn";
import * as pulumi from "@pulumi/pulumi";
import { AwsComponent, stackTags } from "./component";
import { logRetentionDays } from "./defaults";
import type { Alarm } from "./documents/alarms";
import type { StateMachine } from "./documents/asl";
import type { MachineContext } from "./documents/context";
import { type MachineKind, machinePolicy } from "./documents/machine-identity";
import { missingRunAlarm, type ScheduledKind } from "./documents/missing-run";
import { configKey, configUri } from "./documents/model-config";
import { arnOf, bucketOf, type Place } from "./documents/place";
import { trustOf } from "./documents/policy";
import { scheduleExpression } from "./documents/schedule";
import { silenceOf } from "./documents/silence";
import type { ModelPartArgs } from "./model-args";
import { accountName, nameLimits } from "./naming";

/** Children of every pipeline. */
export interface PipelineChildren {
  config: typeof s3.BucketObjectv2;
  /** Versions of the model. */
  group: typeof sagemaker.ModelPackageGroup;
  /** Role, policy, logs and state machine of the pipeline itself, and of the rollout. */
  role: typeof iam.Role;
  policy: typeof iam.RolePolicy;
  logs: typeof cloudwatch.LogGroup;
  machine: typeof sfn.StateMachine;
  "deploy-role": typeof iam.Role;
  "deploy-policy": typeof iam.RolePolicy;
  "deploy-logs": typeof cloudwatch.LogGroup;
  "deploy-machine": typeof sfn.StateMachine;
  /** The schedule. */
  schedule: typeof scheduler.Schedule;
  /** Group of schedules with more than a week between two runs: CloudWatch counts by group what could not be started. */
  "schedule-group": typeof scheduler.ScheduleGroup;
  /** An approved version starts the rollout. */
  approved: typeof cloudwatch.EventRule;
  "approved-target": typeof cloudwatch.EventTarget;
  /** New raw files start the monitor. */
  "new-data": typeof cloudwatch.EventRule;
  "new-data-target": typeof cloudwatch.EventTarget;
  /** Dashboard and alarms of a monitored model, and the alarm about missing runs of any pipeline with a schedule. */
  dashboard: typeof cloudwatch.Dashboard;
  alarm: typeof cloudwatch.CompositeAlarm;
  [alarm: `alarm-${string}`]: typeof cloudwatch.MetricAlarm;
}

type MachineKey = "machine" | "deploy-machine";

const ownKeys = ["machine", "role", "policy", "logs"] as const;
const deployKeys = ["deploy-machine", "deploy-role", "deploy-policy", "deploy-logs"] as const;

/** ARN of a component's state machine: known before it is made. */
export const machineArn = (place: Place, component: string, key: MachineKey = "machine"): string =>
  arnOf(place, "states", `stateMachine:${accountName(place, nameLimits.stateMachine, `${component}-${key}`)}`);

/** Arguments of an alarm whose document is known when its resources are: the fields that there are follow from the spec alone. */
export function alarmArgs(args: pulumi.Output<Alarm["args"]>): cloudwatch.MetricAlarmArgs {
  return {
    alarmDescription: args.alarmDescription,
    comparisonOperator: args.comparisonOperator,
    evaluationPeriods: args.evaluationPeriods,
    datapointsToAlarm: args.datapointsToAlarm,
    threshold: args.apply(({ threshold }) => threshold),
    thresholdMetricId: args.apply(({ thresholdMetricId }) => thresholdMetricId),
    treatMissingData: args.treatMissingData,
    warmUpConfiguration: args.apply(({ warmUpConfiguration }) => warmUpConfiguration),
    metricQueries: args.apply(({ metricQueries }) =>
      metricQueries.map(({ metric, ...query }) => ({
        ...query,
        ...(metric ? { metric: { ...metric, dimensions: { ...metric.dimensions } } } : {}),
      })),
    ),
  };
}

/** Whom an alarm tells when it begins and when it ends. */
export function alertActions(
  platform: ModelPartArgs["platform"],
): Pick<cloudwatch.MetricAlarmArgs, "alarmActions" | "okActions"> {
  const { alertTopicArn } = asOutput(platform);
  return { alarmActions: [alertTopicArn], okActions: [alertTopicArn] };
}

/** Text of the model document on this target. */
function documentText(
  args: ModelPartArgs,
  others: pulumi.Input<Pick<ModelDocument, "serving" | "orchestration">>,
): pulumi.Output<string> {
  return applyAll([asOutput(args.platform), asOutput(others)], (binding, { serving, orchestration }) =>
    JSON.stringify(modelDocument({ ...documentOwner(args, binding, "aws"), serving, orchestration })),
  );
}

/** Text of the scorer's document on this target. */
export const scorerText = (args: ModelPartArgs): pulumi.Output<string> =>
  asOutput(args.platform).apply((binding) => JSON.stringify(scorerDocument(documentOwner(args, binding, "aws"))));

/** Arguments of the object that holds a component's model document. */
export function configObject(
  name: string,
  { model, platform, zones }: ModelPartArgs,
  content: pulumi.Output<string>,
): s3.BucketObjectv2Args {
  const binding = asOutput(platform);
  const places = zones === undefined ? binding.apply((known) => known.zones) : asOutput(zones);
  return {
    bucket: places.apply(({ models }) => bucketOf(models)),
    key: configKey(model, name),
    content,
    contentType: "application/json",
    serverSideEncryption: "aws:kms",
    kmsKeyId: binding.keyArn,
    // Without those of `aws:defaultTags`, which might be more than the ten that an object carries.
    overrideProvider: { defaultTags: { tags: {} } },
  };
}

/** Base of the components that are a state machine and, where there is a schedule, what starts it. */
export abstract class PipelineComponent extends AwsComponent<PipelineChildren> {
  /** What the documents of the machine are made of. */
  protected readonly machineContext: pulumi.Output<MachineContext>;

  protected constructor(
    type: string,
    name: string,
    args: ModelPartArgs,
    others: pulumi.Input<Pick<ModelDocument, "serving" | "orchestration">>,
    opts?: MlopsOptions<PipelineChildren>,
  ) {
    super(type, name, args.context, args.place ?? args.platform, opts);
    this.child("config", s3.BucketObjectv2, configObject(name, args, documentText(args, others)));
    this.machineContext = this.contextOf(name, args);
  }

  private contextOf(name: string, args: ModelPartArgs): pulumi.Output<MachineContext> {
    const { context, model, spec, account = {} } = args;
    return applyAll(
      [asOutput(args.platform), asOutput(args.accounts), asOutput(args.serving), asOutput(args.trainingArn)],
      (binding, roles, endpoint, trainingArn) => ({
        model,
        spec,
        binding,
        roles,
        configUri: configUri(binding, model, name),
        jobPrefix: accountName(binding, nameLimits.jobPrefix, name),
        packageGroup: accountName(binding, nameLimits.sagemaker, `${name}-group`),
        endpoint: endpoint ?? null,
        trainingArn: trainingArn ?? null,
        deployArn: machineArn(binding, name, "deploy-machine"),
        tags: stackTags(context, binding),
        account: { ...account },
      }),
    );
  }

  /** Makes a machine with a role and a log of its own. @returns its ARN */
  protected makeMachine(
    kind: MachineKind,
    name: string,
    args: ModelPartArgs,
    definition: (context: MachineContext) => StateMachine,
    dependsOn: pulumi.Resource[] = [],
  ): pulumi.Output<string> {
    const { platform, place = platform, model, account = {} } = args;
    const [key, roleKey, policyKey, logsKey] = kind === "deploy" ? deployKeys : ownKeys;
    const binding = asOutput(platform);
    const role = this.child(roleKey, iam.Role, {
      description: `${model}: ${kind} state machine`,
      assumeRolePolicy: asOutput(place).apply(({ accountId }) => JSON.stringify(trustOf("states.amazonaws.com", accountId))),
    });
    const document = this.machineContext.apply((known) =>
      JSON.stringify(machinePolicy(kind, machineArn(known.binding, name, key), known)),
    );
    const policy = this.child(policyKey, iam.RolePolicy, { role: role.id, policy: document });
    const logs = this.child(logsKey, cloudwatch.LogGroup, {
      retentionInDays: account.logRetentionDays ?? logRetentionDays,
      kmsKeyId: binding.keyArn,
    });
    const machine = this.child(
      key,
      sfn.StateMachine,
      {
        roleArn: role.arn,
        definition: this.machineContext.apply((known) => JSON.stringify(definition(known), null, 2)),
        // What a run was given and has answered is in its history; the log tells when and where something failed.
        loggingConfiguration: { level: "ALL", includeExecutionData: false, logDestination: pulumi.interpolate`${logs.arn}:*` },
        tags: { "cyclops:model": model },
      },
      { dependsOn: [policy, this.nodes.config, ...dependsOn] },
    );
    // From the name, which is known also while the machine changes: who starts it is not touched by that.
    return applyAll([asOutput(place), machine.name], (known, machineName) =>
      arnOf(known, "states", `stateMachine:${machineName}`),
    );
  }

  /** Starts the machine on a schedule, where there is one, and watches that it does. */
  protected makeSchedule(
    kind: ScheduledKind,
    name: string,
    args: ModelPartArgs,
    machine: pulumi.Output<string>,
    { schedule, timezone }: { schedule?: string | undefined; timezone: string },
  ): void {
    if (schedule === undefined) return;
    const { platform, model } = args;
    const interval = longestInterval(schedule);
    const isSeen = silenceOf(interval) !== undefined;
    const group = isSeen ? undefined : this.child("schedule-group", scheduler.ScheduleGroup, {});
    const groupName = this.nameIn(nameLimits.scheduleGroup, `${name}-schedule-group`);
    this.child(
      "schedule",
      scheduler.Schedule,
      {
        description: `${model}: ${schedule}`,
        ...(group ? { groupName } : {}),
        scheduleExpression: scheduleExpression(schedule),
        scheduleExpressionTimezone: timezone,
        flexibleTimeWindow: { mode: "OFF" },
        // It holds no input, and so needs no key of ours: with one, the starter role would have to read with it.
        target: {
          arn: machine,
          roleArn: asOutput(platform).starterRoleArn,
          // A run that could not start within an hour is left to the next one.
          retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 5 },
        },
      },
      { dependsOn: group ? [group] : [] },
    );
    // That reports come says that the monitor is started: one alarm is enough for both.
    if (kind !== "monitor" || !isSeen) this.watchStarts(kind, args, { interval, machine, groupName });
  }

  private watchStarts(
    kind: ScheduledKind,
    { context, model, platform, account = {} }: ModelPartArgs,
    watched: { interval: number | undefined; machine: pulumi.Output<string>; groupName: pulumi.Output<string> },
  ): void {
    const alarm = applyAll([watched.machine, watched.groupName], (machineArn, group) =>
      missingRunAlarm({
        stack: context.name,
        environment: context.environment,
        model,
        kind,
        interval: watched.interval,
        machineArn,
        group,
        runbooks: account.runbooks,
      }),
    );
    this.child("alarm-missing-run", cloudwatch.MetricAlarm, {
      ...alarmArgs(alarm.apply(({ args }) => args)),
      ...alertActions(platform),
    });
  }
}
