/** What AWS makes up, so that nobody knows it before: others can only learn it from the resource. Each with why that spreads no replacement. */
export const given: Readonly<Record<string, string>> = {
  "aws:kms/key:Key": "its ARN is a random number; nothing of it that the stack sets needs another key",
  "aws:sagemaker/mlflowApp:MlflowApp": "its ARN is a random number; another app for another role alone, whose name stays",
  "aws:sagemaker/domain:Domain":
    "its id is random; another domain for another network alone, which the binding of the network names",
  "aws:ec2/vpc:Vpc": "its id is random; another VPC for other addresses alone, which the binding of the network names",
  "aws:ec2/subnet:Subnet": "as the VPC: its zone is ignored where nobody has named it",
  "aws:ec2/routeTable:RouteTable": "as the VPC",
  "aws:ec2/securityGroup:SecurityGroup": "as the VPC: what may pass is updated",
  "aws:ec2/vpcEndpoint:VpcEndpoint": "the prefix list of S3 is the region's",
};

/**
 * What the stack names itself: another one is made for another name alone, and names belong to the instance. Others take names and ARNs
 * from these resources, and so wait until they are there; where one had to be made anew, they would go with it. `edges.test.ts` holds this
 * against the table of what the provider replaces.
 */
export const named: Readonly<Record<string, string>> = {
  "aws:appautoscaling/target:Target": "named after the endpoint",
  "aws:budgets/budget:Budget": "limit and filters are updated",
  "aws:cloudwatch/eventRule:EventRule": "patterns are updated",
  "aws:cloudwatch/logGroup:LogGroup": "retention and key are updated",
  "aws:cloudwatch/metricAlarm:MetricAlarm": "all of an alarm is updated",
  "aws:ecr/repository:Repository": "its key is ignored: no repository can change it",
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": "named after GitHub's issuer",
  "aws:iam/policy:Policy": "its statements are updated",
  "aws:iam/role:Role": "who may take it is updated",
  "aws:iam/rolePolicy:RolePolicy": "its statements are updated; roles are handed on when they have it",
  "aws:s3/bucket:Bucket": "all else is resources of their own, which are updated",
  "aws:s3/bucketPolicy:BucketPolicy": "its statements are updated; buckets are handed on when they have it",
  "aws:sagemaker/endpoint:Endpoint": "what it serves is the rollouts'",
  "aws:sagemaker/endpointConfiguration:EndpointConfiguration": "the first one stays as it was made",
  "aws:sagemaker/model:Model": "the first one stays as it was made",
  "aws:sagemaker/modelPackageGroup:ModelPackageGroup": "its description follows from its name",
  "aws:sfn/stateMachine:StateMachine": "its definition is updated",
  "aws:sns/topic:Topic": "its key is updated",
  "aws:sns/topicPolicy:TopicPolicy": "its statements are updated; the topic is handed on when it has it",
};
