import type { RecordedResource, StateByType } from "@cyclops/core/testing";

const account = "123456789012";
const region = "us-east-1";

type State = (resource: RecordedResource) => Record<string, unknown>;

/** State of a resource with an ARN in account and region. */
const withArn =
  (service: string, path: (inputs: Readonly<Record<string, unknown>>, name: string) => string, others?: State): State =>
  (resource) => ({
    arn: `arn:aws:${service}:${region}:${account}:${path(resource.inputs, resource.name)}`,
    ...others?.(resource),
  });

/** State of a resource with an ARN that has neither account nor region, or no region. */
const global =
  (prefix: string, path: (inputs: Readonly<Record<string, unknown>>) => string): State =>
  ({ inputs }) => ({ arn: `arn:aws:${prefix}:${path(inputs)}` });

/** What AWS computes of the resources that others refer to, in its own forms. */
export const awsState: StateByType = {
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": withArn("cloudwatch", ({ alarmName }) => `alarm:${alarmName}`),
  "aws:cloudwatch/metricAlarm:MetricAlarm": withArn("cloudwatch", ({ name }) => `alarm:${name}`),
  "aws:cloudwatch/logGroup:LogGroup": withArn("logs", ({ name }) => `log-group:${name}`),
  "aws:ec2/vpcEndpoint:VpcEndpoint": () => ({ prefixListId: "pl-63a5400a" }),
  "aws:ecr/repository:Repository": withArn(
    "ecr",
    ({ name }) => `repository/${name}`,
    ({ inputs }) => ({ repositoryUrl: `${account}.dkr.ecr.${region}.amazonaws.com/${String(inputs.name)}` }),
  ),
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": global(
    `iam::${account}`,
    ({ url }) => `oidc-provider/${String(url).replace("https://", "")}`,
  ),
  "aws:iam/policy:Policy": global(`iam::${account}`, ({ name }) => `policy/${name}`),
  "aws:iam/role:Role": global(`iam::${account}`, ({ name }) => `role/${name}`),
  "aws:kms/key:Key": withArn(
    "kms",
    () => "key/11111111-2222-3333-4444-555555555555",
    () => ({ keyId: "11111111-2222-3333-4444-555555555555" }),
  ),
  "aws:s3/bucket:Bucket": global("s3::", ({ bucket }) => `${bucket}`),
  "aws:sagemaker/endpoint:Endpoint": withArn("sagemaker", ({ name }) => `endpoint/${name}`),
  "aws:sagemaker/mlflowApp:MlflowApp": withArn("sagemaker", () => "mlflow-app/app-ABCDEFGHIJKL"),
  "aws:sfn/stateMachine:StateMachine": withArn("states", ({ name }) => `stateMachine:${name}`),
  "aws:sns/topic:Topic": withArn("sns", ({ name }) => `${name}`),
  "aws:appautoscaling/policy:Policy": withArn("autoscaling", ({ name }) => `scalingPolicy:00000000:resource/sagemaker/${name}`),
};
