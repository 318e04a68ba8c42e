import type { ResourceRules } from "../cloud";
import { source } from "./source";

/** A part of a bucket: its identifier is the bucket's name, and it cannot move to another. */
const bucketPart = (file: string, ...immutable: string[]): ResourceRules => ({
  source: source(`s3/${file}`),
  immutable: ["bucket", ...immutable],
  id: "{bucket}",
});

/** Storage, keys, images, identities. */
export const data: Readonly<Record<string, ResourceRules>> = {
  "aws:s3/bucket:Bucket": {
    source: source("s3/bucket"),
    immutable: ["bucket", "bucketPrefix", "objectLockConfiguration.objectLockEnabled", "objectLockEnabled"],
    name: "bucket",
    outputs: {
      arn: "arn:{partition}:s3:::{name}",
      bucketDomainName: "{name}.s3.amazonaws.com",
      bucketRegionalDomainName: "{name}.s3.{region}.amazonaws.com",
      bucketRegion: "{region}",
    },
    defaults: { forceDestroy: false },
  },
  "aws:s3/bucketPolicy:BucketPolicy": bucketPart("bucket_policy"),
  "aws:s3/bucketVersioning:BucketVersioning": bucketPart("bucket_versioning", "expectedBucketOwner"),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": bucketPart("bucket_public_access_block"),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": bucketPart("bucket_ownership_controls"),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": bucketPart(
    "bucket_lifecycle_configuration",
    "expectedBucketOwner",
  ),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": bucketPart(
    "bucket_server_side_encryption_configuration",
    "expectedBucketOwner",
  ),
  "aws:s3/bucketNotification:BucketNotification": bucketPart("bucket_notification"),
  "aws:s3/bucketLogging:BucketLogging": bucketPart("bucket_logging", "expectedBucketOwner"),
  "aws:s3/bucketObjectv2:BucketObjectv2": {
    source: source("s3/object"),
    immutable: ["bucket", "key"],
    name: "key",
    id: "{bucket}/{key}",
    outputs: { arn: "arn:{partition}:s3:::{bucket}/{key}", versionId: "{hex}" },
  },
  "aws:kms/key:Key": {
    source: source("kms/key"),
    immutable: ["customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion", "xksKeyId"],
    id: "{uuid}",
    outputs: { arn: "arn:{partition}:kms:{region}:{account}:key/{id}", keyId: "{uuid}" },
  },
  "aws:kms/alias:Alias": {
    source: source("kms/alias"),
    immutable: ["name", "namePrefix"],
    outputs: { arn: "arn:{partition}:kms:{region}:{account}:{name}", targetKeyArn: "{targetKeyId}" },
  },
  "aws:secretsmanager/secret:Secret": {
    source: source("secretsmanager/secret"),
    immutable: ["name", "namePrefix"],
    id: "{arn}",
    outputs: { arn: "arn:{partition}:secretsmanager:{region}:{account}:secret:{name}-{hex}" },
  },
  "aws:secretsmanager/secretVersion:SecretVersion": {
    source: source("secretsmanager/secret_version"),
    immutable: ["secretBinary", "secretId", "secretString"],
    id: "{secretId}|{uuid}",
    outputs: { arn: "{secretId}", versionId: "{uuid}" },
  },
  "aws:ecr/repository:Repository": {
    source: source("ecr/repository"),
    immutable: ["name", "encryptionConfigurations"],
    outputs: {
      arn: "arn:{partition}:ecr:{region}:{account}:repository/{name}",
      registryId: "{account}",
      repositoryUrl: "{account}.dkr.ecr.{region}.amazonaws.com/{name}",
    },
  },
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": {
    source: source("ecr/lifecycle_policy"),
    immutable: ["policy", "repository"],
    // A repository has one policy: https://github.com/pulumi/pulumi-aws/blob/master/provider/resources.go
    deleteBeforeReplace: true,
    id: "{repository}",
    outputs: { registryId: "{account}" },
  },
  "aws:ecr/repositoryPolicy:RepositoryPolicy": {
    source: source("ecr/repository_policy"),
    immutable: ["repository"],
    id: "{repository}",
    outputs: { registryId: "{account}" },
  },
  "aws:iam/role:Role": {
    source: source("iam/role"),
    immutable: ["name", "namePrefix", "path"],
    outputs: { arn: "arn:{partition}:iam::{account}:role/{name}", uniqueId: "AROA{hex}", createDate: "2026-01-01T00:00:00Z" },
  },
  "aws:iam/policy:Policy": {
    source: source("iam/policy"),
    immutable: ["name", "namePrefix", "path", "description"],
    id: "{arn}",
    outputs: { arn: "arn:{partition}:iam::{account}:policy/{name}", policyId: "ANPA{hex}" },
  },
  "aws:iam/rolePolicy:RolePolicy": {
    source: source("iam/role_policy"),
    immutable: ["name", "namePrefix", "role"],
    id: "{role}:{name}",
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    source: source("iam/role_policy_attachment"),
    immutable: ["role", "policyArn"],
    deleteBeforeReplace: true, // as above
    id: "{role}/{policyArn}",
  },
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
    source: source("iam/openid_connect_provider"),
    immutable: ["url"],
    id: "{arn}",
    outputs: { arn: "arn:{partition}:iam::{account}:oidc-provider/{url}" },
  },
};
