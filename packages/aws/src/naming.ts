import { type NameLimit, physicalName } from "@cyclops/core";
import type { Place } from "./documents/place";

const sageMaker = (page: string) => `https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_${page}.html`;

/** Limits of AWS's names. */
export const nameLimits = {
  /** Endpoints, endpoint configurations, models, package groups, domains, user profiles: `[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}`. */
  sagemaker: { maxLength: 63, source: sageMaker("CreateEndpoint") },
  mlflowApp: { maxLength: 256, source: sageMaker("CreateMlflowApp") },
  /**
   * Beginning of the names of jobs. A tuning job's name may have 32 characters, the least of all kinds: a hyphen and eight characters of the
   * execution's name come after it. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateHyperParameterTuningJob.html
   */
  jobPrefix: { maxLength: 22, source: sageMaker("CreateHyperParameterTuningJob") },
  bucket: { maxLength: 63, source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html" },
  role: { maxLength: 64, source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html" },
  policy: { maxLength: 128, source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html" },
  /** `alias/` and up to 250 characters. */
  keyAlias: { maxLength: 250, source: "https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html" },
  repository: { maxLength: 256, source: "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html" },
  stateMachine: {
    maxLength: 80,
    source: "https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html",
  },
  schedule: { maxLength: 64, source: "https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html" },
  scheduleGroup: {
    maxLength: 64,
    source: "https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateScheduleGroup.html",
  },
  rule: { maxLength: 64, source: "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html" },
  topic: { maxLength: 256, source: "https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html" },
  alarm: { maxLength: 255, source: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html" },
  dashboard: { maxLength: 255, source: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html" },
  /** 512, less the beginning that all of them have. */
  logGroup: {
    maxLength: 480,
    source: "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html",
  },
  trail: { maxLength: 128, source: "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html" },
  budget: {
    maxLength: 100,
    source: "https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Budget.html",
  },
  securityGroup: {
    maxLength: 255,
    source: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html",
  },
} as const satisfies Record<string, NameLimit>;

/**
 * Name in the account of what is called `name` in Pulumi: `<stack>-<instance>-…`. The instance comes first, because an account may hold
 * several of one stack.
 */
export function accountName(place: Pick<Place, "stack" | "instance">, limit: NameLimit, name: string): string {
  const lower = name.toLowerCase();
  const rest = lower.startsWith(`${place.stack}-`) ? lower.slice(place.stack.length + 1) : lower;
  return physicalName(limit, place.stack, place.instance, ...rest.split("-").filter(Boolean));
}

/** Name of a bucket. All buckets of the world share one name space, so account and region are in it. */
export const bucketName = ({ stack, instance, accountId, region }: Omit<Place, "partition">, what: string): string =>
  physicalName(nameLimits.bucket, stack, instance, accountId, region, what);

interface Kind {
  /** The input that names it, and what is allowed. @default - it has no name, AWS gives one, or it is named by what it belongs to */
  readonly name?: { readonly field: string; readonly limit: NameLimit; readonly start?: string };
  /** Whether it carries all tags of a stack, or the library's own alone. @default false: it can carry none */
  readonly tags?: boolean | "own";
}

/** Every type of resource in use: what it is named by, and whether it can be tagged. A type that is not here cannot be made. */
export const resourceKinds: Readonly<Record<string, Kind>> = {
  "aws:appautoscaling/policy:Policy": { name: { field: "name", limit: nameLimits.alarm } },
  "aws:appautoscaling/target:Target": { tags: true },
  "aws:budgets/budget:Budget": { name: { field: "name", limit: nameLimits.budget }, tags: true },
  "aws:budgets/budgetAction:BudgetAction": { tags: true },
  "aws:cloudtrail/trail:Trail": { name: { field: "name", limit: nameLimits.trail }, tags: true },
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": { name: { field: "alarmName", limit: nameLimits.alarm }, tags: true },
  "aws:cloudwatch/dashboard:Dashboard": { name: { field: "dashboardName", limit: nameLimits.dashboard } },
  "aws:cloudwatch/eventRule:EventRule": { name: { field: "name", limit: nameLimits.rule }, tags: true },
  "aws:cloudwatch/eventTarget:EventTarget": {},
  // AWS writes logs of executions into groups of this beginning without a resource policy that would grow with each of them.
  // https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
  "aws:cloudwatch/logGroup:LogGroup": {
    name: { field: "name", limit: nameLimits.logGroup, start: "/aws/vendedlogs/states/" },
    tags: true,
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": { name: { field: "name", limit: nameLimits.alarm }, tags: true },
  "aws:ec2/routeTable:RouteTable": { tags: true },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {},
  "aws:ec2/securityGroup:SecurityGroup": { name: { field: "name", limit: nameLimits.securityGroup }, tags: true },
  "aws:ec2/subnet:Subnet": { tags: true },
  "aws:ec2/vpc:Vpc": { tags: true },
  "aws:ec2/vpcEndpoint:VpcEndpoint": { tags: true },
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": {},
  "aws:ecr/repository:Repository": { name: { field: "name", limit: nameLimits.repository }, tags: true },
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": { tags: true },
  "aws:iam/policy:Policy": { name: { field: "name", limit: nameLimits.policy }, tags: true },
  "aws:iam/role:Role": { name: { field: "name", limit: nameLimits.role }, tags: true },
  "aws:iam/rolePolicy:RolePolicy": { name: { field: "name", limit: nameLimits.policy } },
  "aws:kms/alias:Alias": { name: { field: "name", limit: nameLimits.keyAlias, start: "alias/" } },
  "aws:kms/key:Key": { tags: true },
  "aws:s3/bucket:Bucket": { tags: true },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {},
  "aws:s3/bucketNotification:BucketNotification": {},
  // An object carries ten tags, other resources fifty; its bucket has all of them, and is what is billed.
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
  "aws:s3/bucketObjectv2:BucketObjectv2": { tags: "own" },
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": {},
  "aws:s3/bucketPolicy:BucketPolicy": {},
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {},
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {},
  "aws:s3/bucketVersioning:BucketVersioning": {},
  "aws:sagemaker/domain:Domain": { name: { field: "domainName", limit: nameLimits.sagemaker }, tags: true },
  "aws:sagemaker/endpoint:Endpoint": { name: { field: "name", limit: nameLimits.sagemaker }, tags: true },
  "aws:sagemaker/endpointConfiguration:EndpointConfiguration": {
    name: { field: "name", limit: nameLimits.sagemaker },
    tags: true,
  },
  "aws:sagemaker/mlflowApp:MlflowApp": { name: { field: "name", limit: nameLimits.mlflowApp }, tags: true },
  "aws:sagemaker/model:Model": { name: { field: "name", limit: nameLimits.sagemaker }, tags: true },
  "aws:sagemaker/modelPackageGroup:ModelPackageGroup": {
    name: { field: "modelPackageGroupName", limit: nameLimits.sagemaker },
    tags: true,
  },
  "aws:sagemaker/userProfile:UserProfile": { tags: true },
  "aws:scheduler/schedule:Schedule": { name: { field: "name", limit: nameLimits.schedule } },
  "aws:scheduler/scheduleGroup:ScheduleGroup": { name: { field: "name", limit: nameLimits.scheduleGroup }, tags: true },
  "aws:sfn/stateMachine:StateMachine": { name: { field: "name", limit: nameLimits.stateMachine }, tags: true },
  "aws:sns/topic:Topic": { name: { field: "name", limit: nameLimits.topic }, tags: true },
  "aws:sns/topicPolicy:TopicPolicy": {},
  "aws:sns/topicSubscription:TopicSubscription": {},
};
