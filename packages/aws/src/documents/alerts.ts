import { createHash } from "node:crypto";
import { runbook } from "@cyclops/core";
import { arnOf, type Place, platformTag, prefixOf } from "./place";
import { type PolicyDocument, policy } from "./policy";

/** Who may publish to the topic of alerts: CloudWatch, EventBridge and Budgets, for this account. */
export const topicPolicy = ({ accountId }: Place, topicArn: string): PolicyDocument =>
  policy({
    Sid: "Publish",
    Effect: "Allow",
    Principal: { Service: ["cloudwatch.amazonaws.com", "events.amazonaws.com", "budgets.amazonaws.com"] },
    Action: "sns:Publish",
    Resource: topicArn,
    Condition: { StringEquals: { "aws:SourceAccount": accountId } },
  });

/** Part of a name that stands for an address that is told of alerts. */
export const addressKey = (address: string): string => createHash("sha256").update(address).digest("hex").slice(0, 8);

/** Executions of the platform's and its models' state machines that end badly. https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
export const failurePattern = (place: Place) => ({
  source: ["aws.states"],
  "detail-type": ["Step Functions Execution Status Change"],
  detail: {
    status: ["FAILED", "TIMED_OUT"],
    stateMachineArn: [{ prefix: arnOf(place, "states", `stateMachine:${prefixOf(place)}-`) }],
  },
});

/** What people read about a failure. */
export const failureMessage = (runbooks?: string) => ({
  inputPaths: {
    machine: "$.detail.stateMachineArn",
    run: "$.detail.executionArn",
    status: "$.detail.status",
    error: "$.detail.error",
    cause: "$.detail.cause",
  },
  inputTemplate: `"<status>: <machine>. Run: <run>. Error: <error>. Cause: <cause>. What to do: ${runbook("runbooks.md", "failed-run", runbooks)}"`,
});

/**
 * What counts as the stack's: everything with its tag, once the bill's administrator has activated it.
 * https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/activating-tags.html
 */
export const budgetFilter = (place: Place) => ({ name: "TagKeyValue", values: [`user:${platformTag}$${prefixOf(place)}`] });

/** What Budgets may do in the stack's name: attach one policy to one role, and take it away. */
export const budgetActionPolicy = (roleArn: string, policyArn: string): PolicyDocument =>
  policy({
    Sid: "StopAndGo",
    Effect: "Allow",
    Action: ["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
    Resource: roleArn,
    Condition: { ArnEquals: { "iam:PolicyARN": policyArn } },
  });

/** Selects reads and writes of objects in buckets, and nothing else: what is done to the account itself is in the account's own trail. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html */
export const dataEvents = (bucketArns: readonly string[]) => [
  {
    name: "Objects of the zones",
    fieldSelectors: [
      { field: "eventCategory", equals: ["Data"] },
      { field: "resources.type", equals: ["AWS::S3::Object"] },
      { field: "resources.ARN", startsWiths: bucketArns.map((arn) => `${arn}/`) },
    ],
  },
];

/** ARN of a trail, known before it is made: its bucket's policy names it. */
export const trailArn = (place: Place, name: string): string => arnOf(place, "cloudtrail", `trail/${name}`);
