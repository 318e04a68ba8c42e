import type { ResourceRules } from "../cloud";
import { createOnly } from "./conditions";
import { source } from "./source";

/** Schedules, events, metrics, logs, messages, audit, cost. */
export const operations: Readonly<Record<string, ResourceRules>> = {
  "aws:scheduler/schedule:Schedule": {
    source: source("scheduler/schedule"),
    immutable: ["name", "namePrefix", "groupName"],
    id: "{groupName}/{name}",
    outputs: { arn: "arn:{partition}:scheduler:{region}:{account}:schedule/{groupName}/{name}" },
    defaults: { groupName: "default", state: "ENABLED", scheduleExpressionTimezone: "UTC" },
  },
  "aws:scheduler/scheduleGroup:ScheduleGroup": {
    source: source("scheduler/schedule_group"),
    immutable: ["name", "namePrefix"],
    outputs: { arn: "arn:{partition}:scheduler:{region}:{account}:schedule-group/{name}", state: "ACTIVE" },
  },
  "aws:cloudwatch/eventRule:EventRule": {
    source: source("events/rule"),
    immutable: ["name", "namePrefix", "eventBusName"],
    outputs: { arn: "arn:{partition}:events:{region}:{account}:rule/{name}" },
    defaults: { eventBusName: "default" },
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    source: source("events/target"),
    immutable: ["eventBusName", "rule", "targetId"],
    name: "targetId",
    id: "{rule}-{name}",
    defaults: { eventBusName: "default" },
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    source: source("cloudwatch/metric_alarm"),
    immutable: ["name"],
    outputs: { arn: "arn:{partition}:cloudwatch:{region}:{account}:alarm:{name}" },
  },
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": {
    source: source("cloudwatch/composite_alarm"),
    immutable: ["actionsEnabled", "alarmName"],
    name: "alarmName",
    outputs: { arn: "arn:{partition}:cloudwatch:{region}:{account}:alarm:{name}" },
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    source: source("cloudwatch/dashboard"),
    immutable: ["dashboardName"],
    name: "dashboardName",
    outputs: { dashboardArn: "arn:{partition}:cloudwatch::{account}:dashboard/{name}" },
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    source: source("logs/group"),
    immutable: ["name", "namePrefix", "logGroupClass"],
    outputs: { arn: "arn:{partition}:logs:{region}:{account}:log-group:{name}" },
  },
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": {
    source: source("logs/metric_filter"),
    immutable: ["name", "logGroupName"],
  },
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": {
    source: source("logs/resource_policy"),
    immutable: ["policyName", "resourceArn"],
    name: "policyName",
  },
  "aws:sns/topic:Topic": {
    source: source("sns/topic"),
    immutable: ["name", "namePrefix", "fifoTopic"],
    id: "{arn}",
    outputs: { arn: "arn:{partition}:sns:{region}:{account}:{name}", owner: "{account}" },
  },
  "aws:sns/topicPolicy:TopicPolicy": {
    source: source("sns/topic_policy"),
    immutable: ["arn"],
    id: "{arn}",
    outputs: { owner: "{account}" },
  },
  "aws:sns/topicSubscription:TopicSubscription": {
    source: source("sns/topic_subscription"),
    immutable: ["endpoint", "protocol", "topic"],
    id: "{arn}",
    outputs: { arn: "{topic}:{uuid}", ownerId: "{account}" },
  },
  "aws:cloudtrail/trail:Trail": {
    source: source("cloudtrail/trail"),
    immutable: ["name"],
    id: "{arn}",
    outputs: { arn: "arn:{partition}:cloudtrail:{region}:{account}:trail/{name}", homeRegion: "{region}" },
  },
  "aws:budgets/budget:Budget": {
    source: source("budgets/budget"),
    immutable: ["accountId", "name", "namePrefix"],
    id: "{account}:{name}",
    outputs: { arn: "arn:{partition}:budgets::{account}:budget/{name}" },
  },
  "aws:budgets/budgetAction:BudgetAction": {
    source: source("budgets/budget_action"),
    immutable: ["accountId", "actionType", "budgetName"],
    id: "{account}:{uuid}:{budgetName}",
    outputs: {
      arn: "arn:{partition}:budgets::{account}:budget/{budgetName}/action/{uuid}",
      actionId: "{uuid}",
      status: "STANDBY",
    },
  },
  "aws:cloudcontrol/resource:Resource": {
    source: source("cloudcontrol/resource"),
    immutable: ["typeName"],
    conditions: [createOnly],
    id: "{uuid}",
    // What Cloud Control reads back: at the least what was asked for.
    outputs: { properties: "{desiredState}" },
  },
};
