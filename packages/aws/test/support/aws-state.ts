import type { RecordedResource, StateByType } from "@cyclops/core/testing";

const account = "123456789012";
const region = "us-east-1";

type State = (resource: RecordedResource) => Record<string, unknown>;
/** Text of an input. */
type Text = (input: string) => string;

const textOf =
  ({ inputs }: RecordedResource): Text =>
  (input) =>
    String(inputs[input]);

/** State of a resource with an ARN in account and region. */
const withArn =
  (service: string, path: (text: Text) => string, others?: State): State =>
  (resource) => ({
    arn: `arn:aws:${service}:${region}:${account}:${path(textOf(resource))}`,
    ...others?.(resource),
  });

/** State of a resource with an ARN that has neither account nor region, or no region. */
const global =
  (prefix: string, path: (text: Text) => string): State =>
  (resource) => ({ arn: `arn:aws:${prefix}:${path(textOf(resource))}` });

/** What AWS computes of the resources that others refer to, in its own forms. */
export const awsState: StateByType = {
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": withArn("cloudwatch", (text) => `alarm:${text("alarmName")}`),
  "aws:cloudwatch/metricAlarm:MetricAlarm": withArn("cloudwatch", (text) => `alarm:${text("name")}`),
  "aws:cloudwatch/logGroup:LogGroup": withArn("logs", (text) => `log-group:${text("name")}`),
  "aws:ec2/vpcEndpoint:VpcEndpoint": () => ({ prefixListId: "pl-63a5400a" }),
  "aws:ecr/repository:Repository": withArn(
    "ecr",
    (text) => `repository/${text("name")}`,
    ({ inputs }) => ({ repositoryUrl: `${account}.dkr.ecr.${region}.amazonaws.com/${String(inputs.name)}` }),
  ),
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": global(
    `iam::${account}`,
    (text) => `oidc-provider/${text("url").replace("https://", "")}`,
  ),
  "aws:iam/policy:Policy": global(`iam::${account}`, (text) => `policy/${text("name")}`),
  "aws:iam/role:Role": global(`iam::${account}`, (text) => `role/${text("name")}`),
  "aws:kms/key:Key": withArn(
    "kms",
    () => "key/11111111-2222-3333-4444-555555555555",
    () => ({ keyId: "11111111-2222-3333-4444-555555555555" }),
  ),
  "aws:s3/bucket:Bucket": global("s3::", (text) => `${text("bucket")}`),
  "aws:sagemaker/endpoint:Endpoint": withArn("sagemaker", (text) => `endpoint/${text("name")}`),
  "aws:sagemaker/mlflowApp:MlflowApp": withArn("sagemaker", () => "mlflow-app/app-ABCDEFGHIJKL"),
  "aws:sfn/stateMachine:StateMachine": withArn("states", (text) => `stateMachine:${text("name")}`),
  "aws:sns/topic:Topic": withArn("sns", (text) => `${text("name")}`),
  "aws:appautoscaling/policy:Policy": withArn(
    "autoscaling",
    (text) => `scalingPolicy:00000000:resource/sagemaker/${text("name")}`,
  ),
};
