import { applyAll, asOutput, type MlopsOptions, type ResolvedStackSpec, type StackContext, type Zone } from "@cyclops/core";
import * as budgets from "@pulumi/aws/budgets";
import * as cloudtrail from "@pulumi/aws/cloudtrail";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as iam from "@pulumi/aws/iam";
import * as sns from "@pulumi/aws/sns";
import type * as pulumi from "@pulumi/pulumi";
import type { AuditArgs, BudgetActionArgs } from "./args";
import { Bucket } from "./bucket";
import { AwsComponent } from "./component";
import { auditDays } from "./defaults";
import {
  addressKey,
  budgetActionPolicy,
  budgetFilter,
  dataEvents,
  failureMessage,
  failurePattern,
  topicPolicy,
  trailArn,
} from "./documents/alerts";
import { trailStatements } from "./documents/bucket-policy";
import { arnOf, bucketArnOf, bucketOf, type Place } from "./documents/place";
import { trustOf } from "./documents/policy";
import { stopPolicy } from "./documents/starter";
import { accountName, nameLimits } from "./naming";

/** Arguments of `Observability`. */
export interface ObservabilityArgs {
  context: StackContext;
  place: pulumi.Input<Place>;
  zones: pulumi.Input<Record<Zone, string>>;
  keyArn: pulumi.Input<string>;
  /** Role that the budget's action takes the right to start pipelines from. */
  starter: { arn: pulumi.Input<string>; name: pulumi.Input<string> };
  /** Whom alerts are sent to. @default - nobody: they are shown in CloudWatch */
  alerts?: ResolvedStackSpec["alerts"];
  /** @default - none */
  budget?: ResolvedStackSpec["budget"];
  /** @default {kind: "stop-starts"} */
  budgetAction?: BudgetActionArgs;
  /** @default {kind: "trail"} */
  audit?: AuditArgs;
  /** Address of the folder with the runbooks. @default - this release's, on GitHub */
  runbooks?: string;
}

interface Children {
  topic: typeof sns.Topic;
  "topic-policy": typeof sns.TopicPolicy;
  [subscription: `subscription-${string}`]: typeof sns.TopicSubscription;
  failures: typeof cloudwatch.EventRule;
  "failures-target": typeof cloudwatch.EventTarget;
  audit: typeof Bucket;
  trail: typeof cloudtrail.Trail;
  budget: typeof budgets.Budget;
  "budget-role": typeof iam.Role;
  "budget-policy": typeof iam.RolePolicy;
  "budget-stop": typeof iam.Policy;
  "budget-action": typeof budgets.BudgetAction;
}

type Budget = NonNullable<ResolvedStackSpec["budget"]>;

/**
 * What all models are watched with: a topic for alarms and failures, the record of who touched the data, and the budget.
 *
 * @example new Observability("churn-observability", { context, place, zones, keyArn, starter, alerts: { email: ["a@example.com"], webhook: [] } })
 */
export class Observability extends AwsComponent<Children> {
  /** ARN of the topic; resolves when alarms may publish to it. */
  public readonly alertTopicArn: pulumi.Output<string>;

  constructor(name: string, args: ObservabilityArgs, opts?: MlopsOptions<Children>) {
    super("Observability", name, args.context, args.place, opts);
    this.alertTopicArn = this.makeTopic(args);
    this.subscribe(args);
    this.watchFailures(args);
    if (args.audit?.kind !== "none") this.makeTrail(name, args);
    if (args.budget) this.makeBudget(args, args.budget);
    this.finish({ alertTopicArn: this.alertTopicArn });
  }

  private makeTopic({ place, keyArn }: ObservabilityArgs): pulumi.Output<string> {
    const topic = this.child("topic", sns.Topic, { kmsMasterKeyId: keyArn });
    // From the name, which is known before the topic is there and while it changes: another ARN is another policy and another subscription.
    const topicArn = applyAll([asOutput(place), topic.name], (known, topicName) => arnOf(known, "sns", topicName));
    const document = applyAll([asOutput(place), topicArn], (known, arn) => JSON.stringify(topicPolicy(known, arn)));
    const policy = this.child("topic-policy", sns.TopicPolicy, { arn: topicArn, policy: document });
    return applyAll([topicArn, policy.urn], (arn) => arn);
  }

  private subscribe({ alerts }: ObservabilityArgs): void {
    const { email = [], webhook = [] } = alerts ?? {};
    const addresses = [
      ...email.map((endpoint) => ({ protocol: "email", endpoint })),
      ...webhook.map((endpoint) => ({ protocol: "https", endpoint })),
    ];
    for (const address of addresses) {
      this.child(`subscription-${addressKey(address.endpoint)}`, sns.TopicSubscription, {
        topic: this.alertTopicArn,
        ...address,
      });
    }
  }

  private watchFailures({ place, runbooks }: ObservabilityArgs): void {
    const rule = this.child("failures", cloudwatch.EventRule, {
      description: "Pipelines that failed",
      eventPattern: asOutput(place).apply((known) => JSON.stringify(failurePattern(known))),
    });
    this.child("failures-target", cloudwatch.EventTarget, {
      rule: rule.name,
      targetId: "alerts",
      arn: this.alertTopicArn,
      inputTransformer: failureMessage(runbooks),
    });
  }

  private makeTrail(name: string, { context, place, zones, keyArn }: ObservabilityArgs): void {
    const trailName = asOutput(place).apply((known) => accountName(known, nameLimits.trail, `${name}-trail`));
    const bucket = this.child("audit", Bucket, {
      context,
      place,
      purpose: "audit",
      keyArn,
      expireDays: auditDays,
      statements: (known, id) =>
        trailStatements(known, id, trailArn(known, accountName(known, nameLimits.trail, `${name}-trail`))),
    });
    const arns = applyAll([asOutput(place), asOutput(zones)], (known, all) =>
      Object.values(all).map((zone) => bucketArnOf(known, bucketOf(zone))),
    );
    this.child("trail", cloudtrail.Trail, {
      name: trailName,
      s3BucketName: bucket.bucketName,
      kmsKeyId: keyArn,
      enableLogFileValidation: true,
      includeGlobalServiceEvents: false,
      advancedEventSelectors: arns.apply((all) => dataEvents(all)),
    });
  }

  private makeBudget(args: ObservabilityArgs, { monthlyUsd, alertAt }: Budget): void {
    const { place, budgetAction = { kind: "stop-starts" } } = args;
    const budget = this.child("budget", budgets.Budget, {
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: String(monthlyUsd),
      limitUnit: "USD",
      costFilters: [asOutput(place).apply(budgetFilter)],
      notifications: alertAt.map((share) => ({
        comparisonOperator: "GREATER_THAN",
        notificationType: "ACTUAL",
        threshold: share * 100,
        thresholdType: "PERCENTAGE",
        subscriberSnsTopicArns: [this.alertTopicArn],
      })),
    });
    if (budgetAction.kind === "stop-starts") this.makeAction(args, budget, budgetAction.approval ?? "manual");
  }

  private makeAction({ place, starter }: ObservabilityArgs, budget: budgets.Budget, approval: "manual" | "automatic"): void {
    const known = asOutput(place);
    const stop = this.child("budget-stop", iam.Policy, {
      description: "Attached by the budget: nothing is started any more",
      policy: known.apply((each) => JSON.stringify(stopPolicy(each))),
    });
    const role = this.child("budget-role", iam.Role, {
      description: "The budget: stops what starts pipelines",
      assumeRolePolicy: known.apply(({ accountId }) => JSON.stringify(trustOf("budgets.amazonaws.com", accountId))),
    });
    const document = applyAll([asOutput(starter.arn), stop.arn], (arn, policyArn) =>
      JSON.stringify(budgetActionPolicy(arn, policyArn)),
    );
    const policy = this.child("budget-policy", iam.RolePolicy, { role: role.id, policy: document });
    this.child(
      "budget-action",
      budgets.BudgetAction,
      {
        budgetName: budget.name,
        actionType: "APPLY_IAM_POLICY",
        approvalModel: approval.toUpperCase(),
        notificationType: "ACTUAL",
        actionThreshold: { actionThresholdType: "PERCENTAGE", actionThresholdValue: 100 },
        definition: { iamActionDefinition: { policyArn: stop.arn, roles: [starter.name] } },
        executionRoleArn: role.arn,
        subscribers: [{ subscriptionType: "SNS", address: this.alertTopicArn }],
      },
      { dependsOn: [policy] },
    );
  }
}
