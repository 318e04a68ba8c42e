import type { RecordedResource, SecurityRule } from "@cyclops/core/testing";
import type { PolicyDocument, PolicyStatement } from "../../src/documents/policy";

/** Policies of an identity or a resource, by the input that holds them. */
const policyInputs: Readonly<Record<string, readonly string[]>> = {
  "aws:iam/policy:Policy": ["policy"],
  "aws:iam/role:Role": ["assumeRolePolicy"],
  "aws:iam/rolePolicy:RolePolicy": ["policy"],
  "aws:kms/key:Key": ["policy"],
  "aws:s3/bucketPolicy:BucketPolicy": ["policy"],
  "aws:sns/topicPolicy:TopicPolicy": ["policy"],
};

/** Statements of the policies of a resource. */
export function statementsOf({ type, inputs }: RecordedResource): PolicyStatement[] {
  return (policyInputs[type] ?? []).flatMap((input) => (JSON.parse(String(inputs[input])) as PolicyDocument).Statement);
}

const list = (value: string | readonly string[] | undefined): readonly string[] => (value === undefined ? [] : [value].flat());
const ofType = (type: string) => (resource: RecordedResource) => resource.custom && resource.type === `aws:${type}`;
const isIdentityPolicy = ({ type }: RecordedResource) =>
  type === "aws:iam/rolePolicy:RolePolicy" || type === "aws:iam/policy:Policy";
const firstProblem = (statements: readonly PolicyStatement[], problem: (statement: PolicyStatement) => string | undefined) =>
  statements.map(problem).find((found) => found !== undefined);

/**
 * Actions that AWS can narrow to no resource. Those with `null` have no condition either.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
const withoutResources = new Set([
  "application-autoscaling:DeleteScalingPolicy",
  "application-autoscaling:DeregisterScalableTarget",
  "application-autoscaling:DescribeScalableTargets",
  "application-autoscaling:DescribeScalingPolicies",
  "application-autoscaling:ListTagsForResource",
  "application-autoscaling:PutScalingPolicy",
  "application-autoscaling:RegisterScalableTarget",
  "cloudwatch:GetMetricData",
  "cloudwatch:PutMetricData",
  "ec2:DescribeDhcpOptions",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSecurityGroups",
  "ec2:DescribeSubnets",
  "ec2:DescribeVpcs",
  "ecr:GetAuthorizationToken",
  "logs:CreateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:DescribeLogGroups",
  "logs:DescribeResourcePolicies",
  "logs:GetLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:UpdateLogDelivery",
  "sagemaker:ListApps",
  "sagemaker:ListDomains",
  "sagemaker:ListModelPackages",
  "sagemaker:ListSpaces",
  "sagemaker:ListUserProfiles",
  "states:ValidateStateMachineDefinition",
]);

/** What C10 checks on AWS. */
export const securityRules: SecurityRule[] = [
  {
    title: "public access blocks block everything",
    applies: ofType("s3/bucketPublicAccessBlock:BucketPublicAccessBlock"),
    problem: ({ inputs }) =>
      ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].find((key) => inputs[key] !== true),
  },
  {
    title: "buckets are encrypted with the stack's key",
    applies: ofType("s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"),
    problem: ({ inputs }) =>
      /"sseAlgorithm":"aws:kms"/.test(JSON.stringify(inputs)) && /:key\//.test(JSON.stringify(inputs)) ? undefined : "no key",
  },
  {
    title: "bucket policies deny what comes without TLS",
    applies: ofType("s3/bucketPolicy:BucketPolicy"),
    problem: (resource) =>
      statementsOf(resource).some(
        ({ Effect, Principal, Action, Condition }) =>
          Effect === "Deny" && Principal === "*" && Action === "s3:*" && Condition?.Bool?.["aws:SecureTransport"] === "false",
      )
        ? undefined
        : "lets plain HTTP in",
  },
  {
    title: "policies of buckets, keys and topics let nobody else in",
    applies: ({ type }) =>
      ["aws:s3/bucketPolicy:BucketPolicy", "aws:kms/key:Key", "aws:sns/topicPolicy:TopicPolicy"].includes(type),
    problem: (resource) =>
      firstProblem(statementsOf(resource), ({ Effect, Principal, Sid }) => {
        if (Effect === "Deny") return undefined;
        const principals = typeof Principal === "object" ? Object.values(Principal).flat() : [Principal];
        return principals.some((each) => each === "*" || each === undefined) ? `${Sid}: anybody` : undefined;
      }),
  },
  {
    title: "services take roles and keys for this account alone",
    applies: ofType("iam/role:Role"),
    problem: (resource) =>
      firstProblem(statementsOf(resource), ({ Principal, Condition }) => {
        if (Principal === "*" || typeof Principal !== "object") return "anybody may take it";
        if (!("Service" in Principal)) return undefined;
        return Condition?.StringEquals?.["aws:SourceAccount"] === undefined
          ? "another account's resources may take it"
          : undefined;
      }),
  },
  {
    title: "GitHub's role is for branches of one repository",
    applies: (resource) =>
      ofType("iam/role:Role")(resource) &&
      statementsOf(resource).some(({ Action }) => Action === "sts:AssumeRoleWithWebIdentity"),
    problem: (resource) =>
      firstProblem(statementsOf(resource), ({ Condition }) => {
        const { StringEquals = {} } = Condition ?? {};
        const subjects = list(StringEquals["token.actions.githubusercontent.com:sub"]);
        const known = subjects.length > 0 && subjects.every((subject) => /^repo:[^*]+:ref:refs\/heads\/[^*]+$/.test(subject));
        return known && StringEquals["token.actions.githubusercontent.com:aud"] === "sts.amazonaws.com"
          ? undefined
          : "any workflow";
      }),
  },
  {
    title: "no identity has a wildcard as action",
    applies: isIdentityPolicy,
    problem: (resource) =>
      firstProblem(statementsOf(resource), ({ Effect, Action, Sid }) =>
        Effect === "Allow" && list(Action).some((action) => action.includes("*"))
          ? `${Sid}: ${list(Action).join(", ")}`
          : undefined,
      ),
  },
  {
    title: "identities have the resource * only for actions that AWS narrows to none",
    applies: isIdentityPolicy,
    problem: (resource) =>
      firstProblem(statementsOf(resource), ({ Effect, Action, Resource, Sid }) => {
        if (Effect !== "Allow" || !list(Resource).includes("*")) return undefined;
        const wide = list(Action).filter((action) => !withoutResources.has(action));
        return wide.length > 0 ? `${Sid}: ${wide.join(", ")} on *` : undefined;
      }),
  },
  {
    title: "roles have no policies of AWS",
    applies: ofType("iam/role:Role"),
    problem: ({ inputs }) => (inputs.managedPolicyArns === undefined ? undefined : "has managed policies"),
  },
  {
    title: "roles are handed to the services they are for",
    applies: (resource) =>
      isIdentityPolicy(resource) && statementsOf(resource).some(({ Action }) => list(Action).includes("iam:PassRole")),
    problem: (resource) =>
      firstProblem(statementsOf(resource), ({ Action, Resource, Condition, Sid }) => {
        if (!list(Action).includes("iam:PassRole")) return undefined;
        if (list(Resource).some((arn) => !/^arn:aws:iam::\d{12}:role\/[a-z]/.test(arn))) return `${Sid}: any role`;
        return Condition?.StringEquals?.["iam:PassedToService"] === undefined ? `${Sid}: to any service` : undefined;
      }),
  },
  {
    title: "keys turn themselves over",
    applies: ofType("kms/key:Key"),
    problem: ({ inputs }) => (inputs.enableKeyRotation === true ? undefined : "never"),
  },
  {
    title: "topics, logs, images, trails, documents and notebooks are encrypted with the stack's key",
    applies: ({ type }) =>
      [
        "aws:sns/topic:Topic",
        "aws:cloudwatch/logGroup:LogGroup",
        "aws:ecr/repository:Repository",
        "aws:cloudtrail/trail:Trail",
        "aws:s3/bucketObjectv2:BucketObjectv2",
        "aws:sagemaker/domain:Domain",
      ].includes(type),
    problem: ({ inputs }) => (/arn:aws:kms:[^"]*:key\//.test(JSON.stringify(inputs)) ? undefined : "with none of ours"),
  },
  {
    title: "security groups let in their own members alone",
    applies: ofType("ec2/securityGroup:SecurityGroup"),
    problem: ({ inputs }) => {
      const rules = [inputs.ingress, inputs.egress].flat() as {
        self?: boolean;
        cidrBlocks?: string[];
        prefixListIds?: string[];
      }[];
      return rules.every(({ self, prefixListIds, cidrBlocks }) => cidrBlocks === undefined && (self === true || prefixListIds))
        ? undefined
        : "open to others";
    },
  },
  {
    title: "notebooks end when idle",
    applies: ofType("sagemaker/domain:Domain"),
    problem: ({ inputs }) => {
      const settings = JSON.stringify(inputs.defaultUserSettings);
      return /"lifecycleManagement":"ENABLED"/.test(settings) && /"idleTimeoutInMinutes":\d+/.test(settings)
        ? undefined
        : "never";
    },
  },
];
