import path from "node:path";
import { clouds, difference, SdkReader } from "@cyclops/core/testing/stand-in";
import { describe, expect, it } from "vitest";

const sdk = new SdkReader(path.resolve(__dirname, "../../../../node_modules/@pulumi/aws"));
const { aws } = clouds;

/** What a change of some inputs replaces, by the table. */
function between(type: string, before: object, after: object) {
  const description = sdk.resource(type);
  if (!description || !aws) throw new Error(`no ${type}`);
  return difference(description, aws, { ...before }, { ...after });
}

const ingress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const egress = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const control = "aws:cloudcontrol/resource:Resource";
const state = (value: object) => JSON.stringify(value);
const schema = state({ createOnlyProperties: ["/properties/Name", "/properties/Store/Uri"] });

/** [what, type, before, after]: rules that the table once lacked. Each follows from the file that the type's `source` names. */
const replaced: [string, string, object, object][] = [
  ["a zone more", "aws:sagemaker/domain:Domain", { subnetIds: ["a"] }, { subnetIds: ["a", "b"] }],
  [
    "groups of a domain",
    "aws:sagemaker/domain:Domain",
    { domainSettings: { securityGroupIds: ["a"] } },
    { domainSettings: { securityGroupIds: ["b"] } },
  ],
  ["a retention policy", "aws:sagemaker/domain:Domain", {}, { retentionPolicy: { homeEfsFileSystem: "Delete" } }],
  [
    "another MLflow",
    "aws:sagemaker/mlflowTrackingServer:MlflowTrackingServer",
    { mlflowVersion: "2.16" },
    { mlflowVersion: "3.0" },
  ],
  ["its role", "aws:sagemaker/mlflowTrackingServer:MlflowTrackingServer", { roleArn: "a" }, { roleArn: "b" }],
  ["a model's network", "aws:sagemaker/model:Model", {}, { vpcConfig: { subnets: ["a"], securityGroupIds: ["b"] } }],
  ["a secret's value", "aws:secretsmanager/secretVersion:SecretVersion", { secretString: "a" }, { secretString: "b" }],
  ["a secret's bytes", "aws:secretsmanager/secretVersion:SecretVersion", { secretBinary: "a" }, { secretBinary: "b" }],
  ["rules of a repository", "aws:ecr/lifecyclePolicy:LifecyclePolicy", { policy: "a" }, { policy: "b" }],
  ["an alarm's actions", "aws:cloudwatch/compositeAlarm:CompositeAlarm", { actionsEnabled: true }, { actionsEnabled: false }],
  [
    "what a log policy is about",
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
    { resourceArn: "a" },
    { resourceArn: "b" },
  ],
  [
    "a create-only property",
    control,
    { desiredState: state({ Name: "a" }), schema },
    { desiredState: state({ Name: "b" }), schema },
  ],
  [
    "a part of one",
    control,
    { desiredState: state({ Store: { Uri: "a" } }), schema },
    { desiredState: state({ Store: { Uri: "b" } }), schema },
  ],
  ["any property of a type without schema", control, { desiredState: state({ Size: 1 }) }, { desiredState: state({ Size: 2 }) }],
  ["an external key", "aws:kms/key:Key", { xksKeyId: "a" }, { xksKeyId: "b" }],
  [
    "the lock of a bucket",
    "aws:s3/bucket:Bucket",
    {},
    { objectLockConfiguration: { objectLockEnabled: "Enabled", rule: { defaultRetention: {} } } },
  ],
  ...["Versioning", "LifecycleConfiguration", "ServerSideEncryptionConfiguration", "Logging"].map(
    (part): [string, string, object, object] => [
      `the owner of a bucket (${part})`,
      `aws:s3/bucket${part}:Bucket${part}`,
      { expectedBucketOwner: "1" },
      { expectedBucketOwner: "2" },
    ],
  ),
  ["the length of a network", "aws:ec2/vpc:Vpc", { ipv4NetmaskLength: 20 }, { ipv4NetmaskLength: 24 }],
  ["instances of one's own", "aws:ec2/vpc:Vpc", {}, { instanceTenancy: "dedicated" }],
  ...["ipv6Native", "outpostArn", "ipv4IpamPoolId", "ipv4NetmaskLength", "ipv6IpamPoolId", "ipv6NetmaskLength"].map(
    (input): [string, string, object, object] => [input, "aws:ec2/subnet:Subnet", { [input]: "a" }, { [input]: "b" }],
  ),
  [
    "IPv6 addresses that are in use",
    "aws:ec2/subnet:Subnet",
    { ipv6CidrBlock: "a", assignIpv6AddressOnCreation: true },
    { ipv6CidrBlock: "b", assignIpv6AddressOnCreation: true },
  ],
  ["another kind of source", ingress, { cidrIpv4: "10.0.0.0/8" }, { prefixListId: "pl-1" }],
  ["another kind of destination", egress, { cidrIpv4: "10.0.0.0/8" }, { referencedSecurityGroupId: "sg-1" }],
  [
    "what an endpoint leads to",
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    { resourceConfigurationArn: "a" },
    { resourceConfigurationArn: "b" },
  ],
  ["its service network", "aws:ec2/vpcEndpoint:VpcEndpoint", { serviceNetworkArn: "a" }, { serviceNetworkArn: "b" }],
  [
    "its private names",
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    { dnsOptions: { privateDnsPreference: "ALL_DOMAINS" } },
    { dnsOptions: { privateDnsPreference: "VERIFIED_DOMAINS_ONLY" } },
  ],
  [
    "private names of a gateway",
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    { vpcEndpointType: "Gateway", privateDnsEnabled: false },
    { vpcEndpointType: "Gateway", privateDnsEnabled: true },
  ],
];

/** The same for what the table once called replaced. */
const updated: [string, string, object, object][] = [
  [
    "how apps reach the network",
    "aws:sagemaker/domain:Domain",
    { appNetworkAccessType: "PublicInternetOnly" },
    { appNetworkAccessType: "VpcOnly" },
  ],
  [
    "who makes groups",
    "aws:sagemaker/domain:Domain",
    { appSecurityGroupManagement: "Service" },
    { appSecurityGroupManagement: "Customer" },
  ],
  [
    "whether homes stay",
    "aws:sagemaker/domain:Domain",
    { retentionPolicy: { homeEfsFileSystem: "Delete" } },
    { retentionPolicy: { homeEfsFileSystem: "Retain" } },
  ],
  [
    "how containers are called",
    "aws:sagemaker/model:Model",
    { inferenceExecutionConfig: { mode: "Serial" } },
    { inferenceExecutionConfig: { mode: "Direct" } },
  ],
  [
    "subnets of a model",
    "aws:sagemaker/model:Model",
    { vpcConfig: { subnets: ["a"], securityGroupIds: ["b"] } },
    { vpcConfig: { subnets: ["c"], securityGroupIds: ["b"] } },
  ],
  [
    "alarms of a rollback",
    "aws:sagemaker/endpoint:Endpoint",
    { deploymentConfig: { autoRollbackConfiguration: { alarms: [{ alarmName: "a" }] } } },
    { deploymentConfig: { autoRollbackConfiguration: { alarms: [{ alarmName: "b" }] } } },
  ],
  ["instances of everybody", "aws:ec2/vpc:Vpc", { instanceTenancy: "dedicated" }, { instanceTenancy: "default" }],
  ["IPv6 addresses that are not in use", "aws:ec2/subnet:Subnet", { ipv6CidrBlock: "a" }, { ipv6CidrBlock: "b" }],
  ["another source of the kind", ingress, { cidrIpv4: "10.0.0.0/8" }, { cidrIpv4: "10.1.0.0/16" }],
  [
    "private names of an interface",
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    { vpcEndpointType: "Interface", privateDnsEnabled: false },
    { vpcEndpointType: "Interface", privateDnsEnabled: true },
  ],
  [
    "a property that is not create-only",
    control,
    { desiredState: state({ Size: 1 }), schema },
    { desiredState: state({ Size: 2 }), schema },
  ],
];

describe("what the provider of AWS replaces", () => {
  it.each(replaced)("%s: %s is made anew", (_what, type, before, after) => {
    const { changed, replaces } = between(type, before, after);
    expect(changed.length).toBeGreaterThan(0);
    expect(replaces.length).toBeGreaterThan(0);
  });

  it.each(updated)("%s: %s is updated", (_what, type, before, after) => {
    const { changed, replaces } = between(type, before, after);
    expect(changed.length).toBeGreaterThan(0);
    expect(replaces).toEqual([]);
  });

  it("adds or takes away no rollback of an endpoint in place", () => {
    const rollback = { deploymentConfig: { autoRollbackConfiguration: { alarms: [{ alarmName: "a" }] } } };
    expect(between("aws:sagemaker/endpoint:Endpoint", {}, rollback).replaces).toEqual(["deploymentConfig"]);
    expect(between("aws:sagemaker/endpoint:Endpoint", rollback, {}).replaces).toEqual(["deploymentConfig"]);
  });

  it.each([
    ["aws:ecr/lifecyclePolicy:LifecyclePolicy", { policy: "a" }, { policy: "b" }],
    ["aws:iam/rolePolicyAttachment:RolePolicyAttachment", { policyArn: "a" }, { policyArn: "b" }],
  ])("deletes %s first, of which there is room for one", (type, before, after) => {
    expect(between(type, before, after).deleteBeforeReplace).toBe(true);
  });
});
