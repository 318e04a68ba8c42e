import { bucketArnOf, type Place } from "./place";
import { type PolicyDocument, type PolicyStatement, policy } from "./policy";

/** Policy of a bucket: nothing without TLS 1.2, and what else there is to say. */
export function bucketPolicy(place: Place, bucket: string, ...others: readonly PolicyStatement[]): PolicyDocument {
  const everything = {
    Principal: "*",
    Action: "s3:*",
    Resource: [bucketArnOf(place, bucket), bucketArnOf(place, bucket, "*")],
  } as const;
  return policy(
    { Sid: "TlsOnly", Effect: "Deny", ...everything, Condition: { Bool: { "aws:SecureTransport": "false" } } },
    { Sid: "NoOldTls", Effect: "Deny", ...everything, Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
    ...others,
  );
}

/** What lets CloudTrail write a trail's records. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html */
export function trailStatements(place: Place, bucket: string, trailArn: string): PolicyStatement[] {
  const service = { Service: "cloudtrail.amazonaws.com" };
  return [
    {
      Sid: "TrailLooks",
      Effect: "Allow",
      Principal: service,
      Action: "s3:GetBucketAcl",
      Resource: bucketArnOf(place, bucket),
      Condition: { StringEquals: { "aws:SourceArn": trailArn } },
    },
    {
      Sid: "TrailWrites",
      Effect: "Allow",
      Principal: service,
      Action: "s3:PutObject",
      Resource: bucketArnOf(place, bucket, `AWSLogs/${place.accountId}/*`),
      Condition: { StringEquals: { "aws:SourceArn": trailArn, "s3:x-amz-acl": "bucket-owner-full-control" } },
    },
  ];
}
