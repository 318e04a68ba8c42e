import { runbook } from "@cyclops/core";
import type { Alarm, Severity } from "./alarms";
import type { MachineKind } from "./machine-identity";
import { silenceOf } from "./silence";

/** The state machines that schedules start. */
export type ScheduledKind = Exclude<MachineKind, "deploy">;

/** A state machine with a schedule, as far as the alarm about its missing runs depends on it. */
export interface ScheduledMachine {
  readonly stack: string;
  readonly environment: string;
  readonly model: string;
  readonly kind: ScheduledKind;
  /** Greatest time between two runs in seconds; undefined for what does not run twice within two years. */
  readonly interval: number | undefined;
  readonly machineArn: string;
  /** Name of the group of its schedules; only one with an interval of more than a week has its own. */
  readonly group: string;
  /** Address of the folder with the runbooks. @default - see core's `runbook` */
  readonly runbooks?: string | undefined;
}

/** How bad it is that it does not run: a batch is what somebody waits for; meanwhile the model that is there goes on. */
const severityOf: Readonly<Record<ScheduledKind, Severity>> = { training: "warn", batch: "critical", monitor: "warn" };

const meanwhile: Readonly<Record<ScheduledKind, string>> = {
  training: "The version that is there goes on.",
  batch: "There is no new file of predictions.",
  monitor: "KPIs are those of its last report.",
};

/** Seconds for which a start that was given up is told of: one that comes once a month is not over after minutes. */
const day = 86_400;

/**
 * Alarm about runs that a schedule owes and that nobody has started. Step Functions counts what it starts, and an alarm sees that for a
 * week. Where runs are further apart it is about starts that EventBridge Scheduler has tried and given up: those of a schedule that
 * somebody has disabled or deleted are tried by nobody, and not told of.
 *
 * - https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
 * - https://docs.aws.amazon.com/scheduler/latest/UserGuide/monitoring-cloudwatch.html
 */
export function missingRunAlarm(machine: ScheduledMachine): Alarm {
  const { kind, interval, machineArn, group } = machine;
  const silence = silenceOf(interval);
  const of = (namespace: string, metricName: string, dimensions: Record<string, string>, period: number) => [
    { id: "runs", returnData: true, metric: { namespace, metricName, dimensions, period, stat: "Sum" } },
  ];
  const args: Alarm["args"] = silence
    ? {
        ...silence.args,
        alarmDescription: description(machine, `nothing has started it for ${silence.args.evaluationPeriods} hours`),
        comparisonOperator: "LessThanThreshold",
        threshold: 1,
        metricQueries: of("AWS/States", "ExecutionsStarted", { StateMachineArn: machineArn }, silence.period),
      }
    : {
        alarmDescription: description(machine, "its schedule has given up to start it"),
        comparisonOperator: "GreaterThanThreshold",
        evaluationPeriods: 1,
        datapointsToAlarm: 1,
        threshold: 0,
        treatMissingData: "notBreaching",
        metricQueries: of("AWS/Scheduler", "InvocationDroppedCount", { ScheduleGroup: group }, day),
      };
  return { key: "missing-run", severity: severityOf[kind], args };
}

const description = ({ kind, model, stack, environment, runbooks }: ScheduledMachine, found: string): string =>
  `The ${kind} of ${model} does not run (${stack}/${environment}): ${found}. ${meanwhile[kind]} What to do: ${runbook("runbooks.md", "missing-run", runbooks)}`;
