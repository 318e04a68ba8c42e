import type { PhysicalName, RecordedResource } from "@cyclops/core/testing";

interface Rule {
  readonly field: string;
  readonly maxLength: number;
  readonly pattern: RegExp;
  /** Other input that the name must be unique in. @default - the account */
  readonly scope?: string;
}

const sagemaker = { maxLength: 63, pattern: /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/ };
const iam = { pattern: /^[\w+=,.@-]+$/ };

/** AWS's own rules of names, written down from the vendor's pages and botocore's models, not from the package's table. */
const rules: Readonly<Record<string, Rule>> = {
  "aws:budgets/budget:Budget": { field: "name", maxLength: 100, pattern: /^[^:\\/]+$/ },
  "aws:cloudtrail/trail:Trail": { field: "name", maxLength: 128, pattern: /^[a-zA-Z0-9][a-zA-Z0-9._-]+[a-zA-Z0-9]$/ },
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": { field: "alarmName", maxLength: 255, pattern: /^[\w.-]+$/ },
  "aws:cloudwatch/dashboard:Dashboard": { field: "dashboardName", maxLength: 255, pattern: /^[\w-]+$/ },
  "aws:cloudwatch/eventRule:EventRule": { field: "name", maxLength: 64, pattern: /^[.\-_A-Za-z0-9]+$/ },
  "aws:cloudwatch/logGroup:LogGroup": { field: "name", maxLength: 512, pattern: /^\/aws\/vendedlogs\/states\/[\w-]+$/ },
  "aws:cloudwatch/metricAlarm:MetricAlarm": { field: "name", maxLength: 255, pattern: /^[\w.-]+$/ },
  "aws:ec2/securityGroup:SecurityGroup": {
    field: "name",
    maxLength: 255,
    pattern: /^(?!sg-)[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]+$/,
  },
  "aws:ecr/repository:Repository": { field: "name", maxLength: 256, pattern: /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/ },
  "aws:iam/policy:Policy": { field: "name", maxLength: 128, ...iam },
  "aws:iam/role:Role": { field: "name", maxLength: 64, ...iam },
  "aws:iam/rolePolicy:RolePolicy": { field: "name", maxLength: 128, ...iam, scope: "role" },
  "aws:kms/alias:Alias": { field: "name", maxLength: 256, pattern: /^alias\/(?!aws\/)[a-zA-Z0-9/_-]+$/ },
  "aws:s3/bucket:Bucket": {
    field: "bucket",
    maxLength: 63,
    pattern: /^(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9](?!.*--)[a-z0-9-]{1,61}[a-z0-9]$/,
  },
  "aws:s3/bucketObjectv2:BucketObjectv2": { field: "key", maxLength: 1024, pattern: /^[a-z0-9/.-]+$/, scope: "bucket" },
  "aws:sagemaker/domain:Domain": { field: "domainName", ...sagemaker },
  "aws:sagemaker/endpoint:Endpoint": { field: "name", ...sagemaker },
  "aws:sagemaker/endpointConfiguration:EndpointConfiguration": { field: "name", ...sagemaker },
  "aws:sagemaker/mlflowApp:MlflowApp": { field: "name", maxLength: 256, pattern: /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}$/ },
  "aws:sagemaker/model:Model": { field: "name", ...sagemaker },
  "aws:sagemaker/modelPackageGroup:ModelPackageGroup": { field: "modelPackageGroupName", ...sagemaker },
  "aws:sagemaker/userProfile:UserProfile": { field: "userProfileName", ...sagemaker, scope: "domainId" },
  "aws:scheduler/schedule:Schedule": { field: "name", maxLength: 64, pattern: /^[0-9a-zA-Z\-_.]+$/ },
  "aws:scheduler/scheduleGroup:ScheduleGroup": { field: "name", maxLength: 64, pattern: /^[0-9a-zA-Z\-_.]+$/ },
  "aws:sfn/stateMachine:StateMachine": { field: "name", maxLength: 80, pattern: /^[a-zA-Z0-9_-]+$/ },
  "aws:sns/topic:Topic": { field: "name", maxLength: 256, pattern: /^[A-Za-z0-9_-]+$/ },
};

/** The name by which AWS knows a resource, with AWS's rules. */
export function physicalName({ type, custom, read, inputs }: RecordedResource): PhysicalName | undefined {
  const rule = rules[type];
  if (!rule || !custom || read) return undefined;
  const { field, scope, maxLength, pattern } = rule;
  return { name: String(inputs[field]), maxLength, pattern, ...(scope === undefined ? {} : { scope: String(inputs[scope]) }) };
}
