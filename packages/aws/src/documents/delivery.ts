import type { ResolvedDeliverySpec, Zone } from "@cyclops/core";
import { formerKeys } from "./keys";
import { arnOf, bucketArnOf, bucketOf, globalArnOf, type Place, prefixOf } from "./place";
import { type PolicyDocument, type PolicyStatement, policy } from "./policy";

/** Issuer of the tokens of GitHub Actions. https://docs.github.com/actions/security-for-github-actions/security-hardening-your-deployments/configuring-openid-connect-in-amazon-web-services */
export const githubIssuer = "token.actions.githubusercontent.com";

/** Workflows of a repository's branches may take the role, with a token of GitHub's. */
export const githubTrust = (
  providerArn: string,
  { repository, branches }: NonNullable<ResolvedDeliverySpec["github"]>,
): PolicyDocument =>
  policy({
    Effect: "Allow",
    Principal: { Federated: providerArn },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: {
      StringEquals: {
        [`${githubIssuer}:aud`]: "sts.amazonaws.com",
        [`${githubIssuer}:sub`]: branches.map((branch) => `repo:${repository}:ref:refs/heads/${branch}`),
      },
    },
  });

/** One principal may take the role; without one, whom the account's own policies let take it. */
export const jenkinsTrust = (place: Place, principal?: string): PolicyDocument =>
  policy({ Effect: "Allow", Principal: { AWS: principal ?? globalArnOf(place, "root") }, Action: "sts:AssumeRole" });

/**
 * What deploying models takes: to change and start what the models of the platform consist of, to approve versions, and to push images.
 * Roles are neither made nor changed: a pipeline that could give rights would have all of them, so a model's first `pulumi up` is the platform team's.
 */
export function deliveryPolicy(input: {
  place: Place;
  zones: Readonly<Record<Zone, string>>;
  keyArn: string;
  formerKeyArns: readonly string[];
}): PolicyDocument {
  const { place, zones, keyArn } = input;
  const prefix = prefixOf(place);
  const of = (service: string, ...kinds: string[]) => kinds.map((kind) => arnOf(place, service, `${kind}${prefix}-*`));
  const allow = (
    Sid: string,
    Action: string[],
    Resource: string | string[],
    Condition?: PolicyStatement["Condition"],
  ): PolicyStatement => ({
    Sid,
    Effect: "Allow",
    Action,
    Resource,
    ...(Condition ? { Condition } : {}),
  });
  const inRegion = { StringEquals: { "aws:RequestedRegion": place.region } };
  const models = bucketOf(zones.models);
  const roles = globalArnOf(place, `role/${prefix}-*`);
  return policy(
    allow(
      "Machines",
      [
        "states:CreateStateMachine",
        "states:UpdateStateMachine",
        "states:DeleteStateMachine",
        "states:DescribeStateMachine",
        "states:ListStateMachineVersions",
        "states:ListTagsForResource",
        "states:TagResource",
        "states:StartExecution",
        "states:ListExecutions",
      ],
      of("states", "stateMachine:"),
    ),
    allow(
      "Executions",
      ["states:DescribeExecution", "states:GetExecutionHistory", "states:StopExecution"],
      arnOf(place, "states", `execution:${prefix}-*`),
    ),
    // Only looked at, never run: it has no resource. https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html
    allow("CheckMachines", ["states:ValidateStateMachineDefinition"], "*", inRegion),
    allow(
      "Schedules",
      ["scheduler:CreateSchedule", "scheduler:UpdateSchedule", "scheduler:DeleteSchedule", "scheduler:GetSchedule"],
      // In the account's own group, or in one of the stack's.
      of("scheduler", "schedule/default/", "schedule/"),
    ),
    allow(
      "ScheduleGroups",
      [
        "scheduler:CreateScheduleGroup",
        "scheduler:DeleteScheduleGroup",
        "scheduler:GetScheduleGroup",
        "scheduler:ListTagsForResource",
        "scheduler:TagResource",
      ],
      of("scheduler", "schedule-group/"),
    ),
    allow(
      "Rules",
      [
        "events:PutRule",
        "events:DeleteRule",
        "events:DescribeRule",
        "events:PutTargets",
        "events:RemoveTargets",
        "events:ListTargetsByRule",
        "events:ListTagsForResource",
        "events:TagResource",
      ],
      of("events", "rule/"),
    ),
    allow(
      "Serving",
      [
        "sagemaker:CreateModel",
        "sagemaker:DescribeModel",
        "sagemaker:DeleteModel",
        "sagemaker:CreateEndpointConfig",
        "sagemaker:DescribeEndpointConfig",
        "sagemaker:DeleteEndpointConfig",
        "sagemaker:CreateEndpoint",
        "sagemaker:UpdateEndpoint",
        "sagemaker:DescribeEndpoint",
        "sagemaker:DeleteEndpoint",
        "sagemaker:InvokeEndpoint",
        "sagemaker:CreateModelPackageGroup",
        "sagemaker:DescribeModelPackageGroup",
        "sagemaker:DeleteModelPackageGroup",
        "sagemaker:DescribeModelPackage",
        "sagemaker:UpdateModelPackage",
        "sagemaker:ListTags",
        "sagemaker:AddTags",
      ],
      of("sagemaker", "model/", "endpoint-config/", "endpoint/", "model-package-group/", "model-package/"),
    ),
    allow("Versions", ["sagemaker:ListModelPackages"], "*", inRegion),
    // Scaling of endpoints, and of nothing else. https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsapplicationautoscaling.html
    allow(
      "Scaling",
      [
        "application-autoscaling:RegisterScalableTarget",
        "application-autoscaling:DeregisterScalableTarget",
        "application-autoscaling:PutScalingPolicy",
        "application-autoscaling:DeleteScalingPolicy",
      ],
      "*",
      { StringEquals: { "application-autoscaling:service-namespace": "sagemaker" } },
    ),
    allow(
      "LookAtScaling",
      [
        "application-autoscaling:DescribeScalableTargets",
        "application-autoscaling:DescribeScalingPolicies",
        "application-autoscaling:ListTagsForResource",
      ],
      "*",
      inRegion,
    ),
    allow(
      "Alarms",
      [
        "cloudwatch:PutMetricAlarm",
        "cloudwatch:PutCompositeAlarm",
        "cloudwatch:DeleteAlarms",
        "cloudwatch:DescribeAlarms",
        "cloudwatch:ListTagsForResource",
        "cloudwatch:TagResource",
      ],
      of("cloudwatch", "alarm:"),
    ),
    allow(
      "Dashboards",
      ["cloudwatch:PutDashboard", "cloudwatch:GetDashboard", "cloudwatch:DeleteDashboards"],
      globalDashboards(place, prefix),
    ),
    allow(
      "Logs",
      [
        "logs:CreateLogGroup",
        "logs:DeleteLogGroup",
        "logs:PutRetentionPolicy",
        "logs:ListTagsForResource",
        "logs:TagResource",
        "logs:AssociateKmsKey",
      ],
      arnOf(place, "logs", `log-group:/aws/vendedlogs/states/${prefix}-*`),
    ),
    allow("FindLogs", ["logs:DescribeLogGroups"], "*", inRegion),
    allow(
      "Documents",
      ["s3:GetObject", "s3:GetObjectTagging", "s3:PutObject", "s3:PutObjectTagging", "s3:DeleteObject"],
      bucketArnOf(place, models, "*/config/*"),
    ),
    allow("Key", ["kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"], keyArn),
    ...formerKeys(input.formerKeyArns),
    allow(
      "Images",
      [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:CompleteLayerUpload",
        "ecr:GetDownloadUrlForLayer",
        "ecr:InitiateLayerUpload",
        "ecr:PutImage",
        "ecr:UploadLayerPart",
      ],
      of("ecr", "repository/"),
    ),
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
    allow("RegistryLogin", ["ecr:GetAuthorizationToken"], "*", inRegion),
    allow("LookAtRoles", ["iam:GetRole", "iam:GetRolePolicy", "iam:ListRolePolicies", "iam:ListAttachedRolePolicies"], roles),
    allow("HandRolesOn", ["iam:PassRole"], roles, {
      StringEquals: {
        "iam:PassedToService": [
          "sagemaker.amazonaws.com",
          "states.amazonaws.com",
          "scheduler.amazonaws.com",
          "events.amazonaws.com",
        ],
      },
    }),
  );
}

/** Dashboards have no region. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html */
const globalDashboards = ({ partition, accountId }: Place, prefix: string): string =>
  `arn:${partition}:cloudwatch::${accountId}:dashboard/${prefix}-*`;
