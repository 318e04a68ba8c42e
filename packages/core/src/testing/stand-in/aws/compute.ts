import type { ResourceRules } from "../cloud";
import { anotherKindOfSource, assignedIpv6, comesOrGoes, privateNames, tenancy } from "./conditions";
import { source } from "./source";

const sagemaker = "arn:{partition}:sagemaker:{region}:{account}";

/** SageMaker, Step Functions, and the network they run in. */
export const compute: Readonly<Record<string, ResourceRules>> = {
  "aws:sagemaker/model:Model": {
    source: source("sagemaker/model"),
    immutable: "*",
    conditions: [comesOrGoes("inferenceExecutionConfig", "sagemaker/model"), comesOrGoes("vpcConfig", "sagemaker/model")],
    outputs: { arn: `${sagemaker}:model/{name}` },
  },
  "aws:sagemaker/endpointConfiguration:EndpointConfiguration": {
    source: source("sagemaker/endpoint_configuration"),
    immutable: "*",
    outputs: { arn: `${sagemaker}:endpoint-config/{name}` },
  },
  "aws:sagemaker/endpoint:Endpoint": {
    source: source("sagemaker/endpoint"),
    immutable: ["name"],
    conditions: [comesOrGoes("deploymentConfig.autoRollbackConfiguration", "sagemaker/endpoint")],
    outputs: { arn: `${sagemaker}:endpoint/{name}` },
  },
  "aws:sagemaker/modelPackageGroup:ModelPackageGroup": {
    source: source("sagemaker/model_package_group"),
    immutable: ["modelPackageGroupName", "modelPackageGroupDescription"],
    name: "modelPackageGroupName",
    outputs: { arn: `${sagemaker}:model-package-group/{name}` },
  },
  "aws:sagemaker/modelPackageGroupPolicy:ModelPackageGroupPolicy": {
    source: source("sagemaker/model_package_group_policy"),
    immutable: ["modelPackageGroupName"],
    id: "{modelPackageGroupName}",
  },
  "aws:sagemaker/mlflowApp:MlflowApp": {
    source: source("sagemaker/mlflow_app"),
    immutable: ["roleArn"],
    id: "{arn}",
    outputs: { arn: `${sagemaker}:mlflow-app/app-{hex}` },
  },
  "aws:sagemaker/mlflowTrackingServer:MlflowTrackingServer": {
    source: source("sagemaker/mlflow_tracking_server"),
    immutable: ["mlflowVersion", "roleArn", "trackingServerName"],
    name: "trackingServerName",
    outputs: {
      arn: `${sagemaker}:mlflow-tracking-server/{name}`,
      trackingServerUrl: "https://t-{hex}.{region}.experiments.sagemaker.aws",
    },
  },
  "aws:sagemaker/domain:Domain": {
    source: source("sagemaker/domain"),
    // A zone more is another domain, with other home folders: https://github.com/hashicorp/terraform-provider-aws/issues/48778
    immutable: ["authMode", "domainName", "domainSettings.securityGroupIds", "kmsKeyId", "subnetIds", "vpcId"],
    conditions: [comesOrGoes("retentionPolicy", "sagemaker/domain")],
    name: "domainName",
    id: "d-{hex}",
    outputs: {
      arn: `${sagemaker}:domain/{id}`,
      url: "https://{id}.studio.{region}.sagemaker.aws",
      homeEfsFileSystemId: "fs-{hex}",
      securityGroupIdForDomainBoundary: "sg-{hex}",
    },
  },
  "aws:sagemaker/userProfile:UserProfile": {
    source: source("sagemaker/user_profile"),
    immutable: ["domainId", "userProfileName", "singleSignOnUserIdentifier", "singleSignOnUserValue"],
    name: "userProfileName",
    id: "{arn}",
    outputs: { arn: `${sagemaker}:user-profile/{domainId}/{name}`, homeEfsFileSystemUid: "200001" },
  },
  "aws:sagemaker/studioLifecycleConfig:StudioLifecycleConfig": {
    source: source("sagemaker/studio_lifecycle_config"),
    immutable: "*",
    name: "studioLifecycleConfigName",
    outputs: { arn: `${sagemaker}:studio-lifecycle-config/{name}` },
  },
  "aws:appautoscaling/target:Target": {
    source: source("appautoscaling/target"),
    immutable: ["resourceId", "scalableDimension", "serviceNamespace"],
    id: "{resourceId}",
    outputs: { arn: "arn:{partition}:application-autoscaling:{region}:{account}:scalable-target/{hex}" },
  },
  "aws:appautoscaling/policy:Policy": {
    source: source("appautoscaling/policy"),
    immutable: ["name", "resourceId", "scalableDimension", "serviceNamespace"],
    id: "{serviceNamespace}/{resourceId}/{name}",
    outputs: { arn: "arn:{partition}:autoscaling:{region}:{account}:scalingPolicy:{uuid}" },
  },
  "aws:sfn/stateMachine:StateMachine": {
    source: source("sfn/state_machine"),
    immutable: ["name", "namePrefix", "type"],
    id: "{arn}",
    outputs: {
      arn: "arn:{partition}:states:{region}:{account}:stateMachine:{name}",
      status: "ACTIVE",
      creationDate: "2026-01-01T00:00:00Z",
    },
  },
  "aws:ec2/vpc:Vpc": {
    source: source("ec2/vpc_"),
    immutable: ["cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength"],
    conditions: [tenancy],
    id: "vpc-{hex}",
    outputs: { arn: "arn:{partition}:ec2:{region}:{account}:vpc/{id}" },
  },
  "aws:ec2/subnet:Subnet": {
    source: source("ec2/vpc_subnet"),
    immutable: [
      "availabilityZone",
      "availabilityZoneId",
      "cidrBlock",
      "ipv4IpamPoolId",
      "ipv4NetmaskLength",
      "ipv6IpamPoolId",
      "ipv6Native",
      "ipv6NetmaskLength",
      "outpostArn",
      "vpcId",
    ],
    conditions: [assignedIpv6],
    id: "subnet-{hex}",
    outputs: { arn: "arn:{partition}:ec2:{region}:{account}:subnet/{id}" },
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    source: source("ec2/vpc_security_group"),
    immutable: ["name", "namePrefix", "description", "vpcId"],
    id: "sg-{hex}",
    outputs: { arn: "arn:{partition}:ec2:{region}:{account}:security-group/{id}" },
    defaults: { description: "Managed by Pulumi" },
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
    source: source("ec2/vpc_security_group_ingress_rule"),
    immutable: ["securityGroupId"],
    conditions: anotherKindOfSource("ec2/vpc_security_group_ingress_rule"),
    id: "sgr-{hex}",
    outputs: { arn: "arn:{partition}:ec2:{region}:{account}:security-group-rule/{id}", securityGroupRuleId: "sgr-{hex}" },
  },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {
    source: source("ec2/vpc_security_group_egress_rule"),
    immutable: ["securityGroupId"],
    conditions: anotherKindOfSource("ec2/vpc_security_group_egress_rule"),
    id: "sgr-{hex}",
    outputs: { arn: "arn:{partition}:ec2:{region}:{account}:security-group-rule/{id}", securityGroupRuleId: "sgr-{hex}" },
  },
  "aws:ec2/routeTable:RouteTable": {
    source: source("ec2/vpc_route_table"),
    immutable: ["vpcId"],
    id: "rtb-{hex}",
    outputs: { arn: "arn:{partition}:ec2:{region}:{account}:route-table/{id}" },
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    source: source("ec2/vpc_route_table_association"),
    immutable: ["subnetId", "gatewayId"],
    id: "rtbassoc-{hex}",
  },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    source: source("ec2/vpc_endpoint"),
    immutable: [
      "dnsOptions.privateDnsPreference",
      "dnsOptions.privateDnsSpecifiedDomains",
      "resourceConfigurationArn",
      "serviceName",
      "serviceNetworkArn",
      "serviceRegion",
      "vpcEndpointType",
      "vpcId",
    ],
    conditions: [privateNames],
    id: "vpce-{hex}",
    outputs: { arn: "arn:{partition}:ec2:{region}:{account}:vpc-endpoint/{id}", state: "available", prefixListId: "pl-{hex}" },
  },
};
