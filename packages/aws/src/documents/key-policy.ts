import { arnOf, globalArnOf, type Place } from "./place";
import { type PolicyDocument, policy } from "./policy";

/**
 * Policy of the key of a stack. IAM decides who of the account may use it (a role's own policy names the key); the services that write logs,
 * messages and records in their own name are named here. In a key's policy the resource `*` is this key.
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
export function keyPolicy(place: Place): PolicyDocument {
  const ours = { StringEquals: { "aws:SourceAccount": place.accountId } };
  return policy(
    {
      Sid: "AccountDecidesByIam",
      Effect: "Allow",
      Principal: { AWS: globalArnOf(place, "root") },
      Action: "kms:*",
      Resource: "*",
    },
    {
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
      Sid: "Logs",
      Effect: "Allow",
      Principal: { Service: `logs.${place.region}.amazonaws.com` },
      Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey", "kms:DescribeKey"],
      Resource: "*",
      Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": arnOf(place, "logs", "*") } },
    },
    {
      // https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
      Sid: "Messages",
      Effect: "Allow",
      Principal: { Service: ["cloudwatch.amazonaws.com", "events.amazonaws.com", "budgets.amazonaws.com"] },
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: "*",
      Condition: ours,
    },
    {
      // https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
      Sid: "Audit",
      Effect: "Allow",
      Principal: { Service: "cloudtrail.amazonaws.com" },
      Action: ["kms:GenerateDataKey", "kms:DescribeKey"],
      Resource: "*",
      Condition: { ...ours, StringLike: { "kms:EncryptionContext:aws:cloudtrail:arn": arnOf(place, "cloudtrail", "trail/*") } },
    },
  );
}
