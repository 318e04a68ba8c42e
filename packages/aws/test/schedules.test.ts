import type { StackSpec } from "@cyclops/core";
import { expect, it } from "vitest";
import { MlopsStack } from "../src";
import type { PolicyDocument } from "../src/documents/policy";
import { fullModel } from "./support/machines";
import { isAllowed } from "./support/policy-evaluator";
import { record } from "./support/recorded";

/** What is made for a model whose pipelines run on these schedules. */
async function scheduled(schedules: { training?: string; batch?: string; monitor: string }) {
  const { training, batch, monitor } = schedules;
  const at = (schedule: string | undefined) => (schedule === undefined ? {} : { schedule });
  const { schedule: _schedule, ...rest } = fullModel.training;
  const model = {
    ...fullModel,
    training: { ...rest, ...at(training) },
    batch: at(batch),
    monitoring: { ...fullModel.monitoring, schedule: monitor },
  };
  const spec: StackSpec = { name: "churn", models: { churn: model }, delivery: { jenkins: true } };
  const recorded = await record(() => new MlopsStack("churn", { spec }));
  const part = (pipeline: string) => `churn-model-churn-${pipeline}`;
  return {
    alarms: recorded
      .ofKind("MetricAlarm")
      .map(({ name }) => name)
      .filter((name) => /-(missing-run|overdue)$/.test(name))
      .sort(),
    groups: recorded.ofKind("ScheduleGroup").map(({ inputs: { name } }) => name),
    groupOf: (pipeline: string) => recorded.inputs(`${part(pipeline)}-schedule`).groupName,
    delivery: recorded.document("churn-platform-delivery-policy-jenkins", "policy") as PolicyDocument,
    watched: (pipeline: string) => recorded.inputs(`${part(pipeline)}-alarm-missing-run`).metricQueries[0].metric,
  };
}

const alarm = (pipeline: string, key: string) => `churn-model-churn-${pipeline}-alarm-${key}`;

it("watches that what has a schedule runs: each pipeline by one alarm", async () => {
  const { alarms, groups, groupOf, watched } = await scheduled({
    training: "0 3 * * 1",
    batch: "0 5 * * *",
    monitor: "0 * * * *",
  });
  expect(alarms).toEqual([
    alarm("batch", "missing-run"),
    alarm("monitoring", "monitor-overdue"),
    alarm("training", "missing-run"),
  ]);
  for (const pipeline of ["training", "batch"]) {
    expect(watched(pipeline)).toMatchObject({
      metricName: "ExecutionsStarted",
      dimensions: {
        StateMachineArn: `arn:aws:states:us-east-1:123456789012:stateMachine:churn-dev-model-churn-${pipeline}-machine`,
      },
    });
  }
  expect(groups).toEqual([]);
  expect(groupOf("training")).toBeUndefined();
});

it("misses no run that no schedule owes", async () => {
  expect((await scheduled({ monitor: "0 * * * *" })).alarms).toEqual([alarm("monitoring", "monitor-overdue")]);
});

it("watches schedules that are further apart than an alarm looks back by a group of their own", async () => {
  const monthly = "0 3 1 * *";
  const { alarms, groups, groupOf, watched, delivery } = await scheduled({ training: monthly, batch: monthly, monitor: monthly });
  const pipelines = ["batch", "monitoring", "training"];
  expect(alarms).toEqual(pipelines.map((pipeline) => alarm(pipeline, "missing-run")));
  expect([...groups].sort()).toEqual(pipelines.map((pipeline) => `churn-dev-model-churn-${pipeline}-schedule-group`));
  for (const pipeline of pipelines) {
    expect(groupOf(pipeline)).toBe(`churn-dev-model-churn-${pipeline}-schedule-group`);
    expect(watched(pipeline)).toMatchObject({
      metricName: "InvocationDroppedCount",
      dimensions: { ScheduleGroup: groupOf(pipeline) },
    });
    // Who deploys models makes their schedules and the groups of these.
    const arn = (resource: string) => `arn:aws:scheduler:us-east-1:123456789012:${resource}`;
    const may = (action: string, resource: string) => isAllowed([delivery], { action, resource: arn(resource) });
    const group = String(groupOf(pipeline));
    expect(may("scheduler:CreateScheduleGroup", `schedule-group/${group}`)).toBe(true);
    expect(may("scheduler:CreateSchedule", `schedule/${group}/churn-dev-model-churn-${pipeline}-schedule`)).toBe(true);
    expect(may("scheduler:DeleteScheduleGroup", "schedule-group/default")).toBe(false);
    expect(may("scheduler:UpdateSchedule", "schedule/default/other")).toBe(false);
  }
});
