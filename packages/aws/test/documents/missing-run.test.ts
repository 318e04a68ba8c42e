import { longestInterval } from "@cyclops/core";
import { describe, expect, it } from "vitest";
import { kpiAlarms } from "../../src/documents/alarms";
import { missingRunAlarm, type ScheduledMachine } from "../../src/documents/missing-run";
import { monitoredModel } from "../../src/documents/monitored-model";
import { putAlarm } from "../support/alarm-calls";
import { binding, machineArn, modelWith } from "../support/machines";
import { askPython } from "../support/python";

const machine = (schedule: string, changes: Partial<ScheduledMachine> = {}): ScheduledMachine => ({
  stack: "churn",
  environment: "dev",
  model: "churn",
  kind: "training",
  interval: longestInterval(schedule),
  machineArn: machineArn("training"),
  group: "churn-dev-churn-training-schedule-group",
  ...changes,
});
const argsOf = (schedule: string) => missingRunAlarm(machine(schedule)).args;
const metricOf = (schedule: string) => argsOf(schedule).metricQueries[0]?.metric;

const hour = 3600;
/** Schedules with the hours between two runs that are furthest apart; beyond a week an alarm cannot look back. */
const seen: [string, number][] = [
  ["*/15 * * * *", 0.25],
  ["0 * * * *", 1],
  ["0 5 * * *", 24],
  ["0 3 * * 1-5", 72],
  ["0 3 * * 1,4", 96],
  ["0 3 */6 * *", 144],
  ["0 3 * * 1", 168],
];
const unseen = ["0 3 1,15 * *", "0 3 1 * *", "0 3 1 1 *", "0 3 29 2 *"];

describe("the alarm about missing runs", () => {
  it.each(seen)("counts starts for as long as none may be missing, and an hour more: %s", (schedule, interval) => {
    const { evaluationPeriods, datapointsToAlarm, treatMissingData, comparisonOperator, threshold } = argsOf(schedule);
    const { period = 0, ...metric } = metricOf(schedule) ?? {};
    expect(metric).toEqual({
      namespace: "AWS/States",
      metricName: "ExecutionsStarted",
      dimensions: { StateMachineArn: machineArn("training") },
      stat: "Sum",
    });
    // Hours: a whole one is judged at its end.
    expect(period).toBe(hour);
    const looked = evaluationPeriods * period;
    expect(looked).toBeGreaterThanOrEqual(interval * hour);
    expect(looked).toBeLessThan((interval + 2) * hour);
    // PutMetricAlarm: a week at most for periods of an hour. All of a week is what a weekly schedule needs.
    expect(looked).toBeLessThanOrEqual(7 * 24 * hour);
    if (interval < 168) expect(looked).toBeGreaterThanOrEqual((interval + 1) * hour);
    // One run within the time is enough, and no value is as bad as zero.
    expect(datapointsToAlarm).toBe(evaluationPeriods);
    expect({ treatMissingData, comparisonOperator, threshold }).toEqual({
      treatMissingData: "breaching",
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
    });
  });

  it.each(seen)("judges nothing in a stack that was just made, as long as CloudWatch lets it: %s", (schedule) => {
    const { warmUpConfiguration, evaluationPeriods } = argsOf(schedule);
    expect(warmUpConfiguration).toEqual({
      warmUpPeriodDurationInMinutes: Math.min(evaluationPeriods * 60, 2 * 24 * 60),
      onlyStartEvaluatingAfterWarmUpPeriodEnds: true,
    });
  });

  it.each(unseen)("is about starts that were given up where runs are further apart: %s", (schedule) => {
    expect(argsOf(schedule)).toMatchObject({
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      // That nothing was given up is nothing to tell.
      treatMissingData: "notBreaching",
    });
    expect(metricOf(schedule)).toMatchObject({
      namespace: "AWS/Scheduler",
      metricName: "InvocationDroppedCount",
      dimensions: { ScheduleGroup: "churn-dev-churn-training-schedule-group" },
      stat: "Sum",
    });
  });

  it("names model, pipeline and what to do", () => {
    for (const kind of ["training", "batch", "monitor"] as const) {
      for (const schedule of ["0 5 * * *", "0 3 1 * *"]) {
        const { alarmDescription } = missingRunAlarm(machine(schedule, { kind, runbooks: "https://wiki.example.com/ops" })).args;
        expect(alarmDescription).toContain(`The ${kind} of churn does not run (churn/dev)`);
        expect(alarmDescription).toMatch(/What to do: https:\/\/wiki\.example\.com\/ops\/runbooks\.md#missing-run$/);
        // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
        expect(alarmDescription.length).toBeLessThan(1024);
      }
    }
  });

  it("is what CloudWatch takes", async () => {
    const alarms = [...seen.map(([schedule]) => schedule), ...unseen].map((schedule) =>
      putAlarm(schedule, missingRunAlarm(machine(schedule))),
    );
    expect(await askPython<string[]>("check_calls.py", alarms)).toEqual([]);
  }, 60_000);
});

describe("the alarm about a monitor that is overdue", () => {
  const overdue = (schedule: string) =>
    kpiAlarms(
      monitoredModel({
        context: { name: "churn", environment: "dev" },
        model: "churn",
        place: binding,
        spec: modelWith({ monitoring: { schedule } }),
        endpoint: null,
      }),
    ).find(({ key }) => key === "monitor-overdue")?.args;

  it.each(seen)("waits for reports as the other for starts: %s", (schedule) => {
    const { evaluationPeriods, datapointsToAlarm, treatMissingData, warmUpConfiguration } = argsOf(schedule);
    expect(overdue(schedule)).toMatchObject({ evaluationPeriods, datapointsToAlarm, treatMissingData, warmUpConfiguration });
    expect(overdue(schedule)?.metricQueries[0]?.metric?.period).toBe(metricOf(schedule)?.period);
  });

  it.each(unseen)("does not tell of every week between two reports: %s", (schedule) => {
    expect(overdue(schedule)).toBeUndefined();
  });
});
