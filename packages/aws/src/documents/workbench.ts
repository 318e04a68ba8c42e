import { createHash } from "node:crypto";
import { durationSeconds, parseStorage, type Zone, zones } from "@cyclops/core";
import { leastIdleMinutes } from "../defaults";
import { arnOf, bucketArnOf, bucketOf, type Place } from "./place";
import { type PolicyDocument, type PolicyStatement, policy } from "./policy";
import { machinesOf } from "./starter";

/** Part of a name that stands for a user: readable, and different for users whose readable parts are equal. */
export function userKey(user: string): string {
  const readable =
    user
      .split("@")[0]
      ?.toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 20) ?? "";
  return `${readable || "user"}-${createHash("sha256").update(user).digest("hex").slice(0, 5)}`;
}

/** Minutes without activity after which Studio ends a notebook; it ends none before an hour. */
export const idleMinutes = (duration: string): number => Math.max(leastIdleMinutes, Math.ceil(durationSeconds(duration) / 60));

/** GiB of a home volume; Studio's least is 5. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DefaultEbsStorageSettings.html */
export const homeGib = (storage: string): number => Math.max(5, Math.ceil((parseStorage(storage) ?? 0) / 2 ** 30));

/**
 * What notebooks may do: read every zone but that of the models, write nothing but what they have made themselves, and use MLflow. Training
 * jobs and endpoints are the pipelines'.
 */
export function workbenchPolicy(input: {
  place: Place;
  zones: Readonly<Record<Zone, string>>;
  /** The key that data is written with, and those before it: the domain's volumes stay with the one that it was made with. */
  keyArns: readonly string[];
  trackingArn: string;
  domain: string;
}): PolicyDocument {
  const { place, keyArns, trackingArn } = input;
  const readable = zones.filter((zone) => zone !== "models").map((zone) => bucketOf(input.zones[zone]));
  const models = bucketOf(input.zones.models);
  const own: PolicyStatement[] = [
    {
      Sid: "FindRows",
      Effect: "Allow",
      Action: ["s3:ListBucket", "s3:GetBucketLocation"],
      Resource: [...readable, models].map((bucket) => bucketArnOf(place, bucket)),
    },
    {
      Sid: "ReadRows",
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: readable.map((bucket) => bucketArnOf(place, bucket, "*")),
    },
    {
      Sid: "Artifacts",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:PutObject"],
      Resource: bucketArnOf(place, models, "mlflow/*"),
    },
    { Sid: "Key", Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey", "kms:CreateGrant"], Resource: keyArns },
    {
      Sid: "Tracking",
      Effect: "Allow",
      Action: ["sagemaker:CallMlflowAppApi", "sagemaker:DescribeMlflowApp"],
      Resource: trackingArn,
    },
  ];
  // https://docs.aws.amazon.com/sagemaker/latest/dg/studio-updated-jl-admin-guide-permissions.html
  const studio: PolicyStatement[] = [
    {
      Sid: "OwnApps",
      Effect: "Allow",
      Action: [
        "sagemaker:CreateApp",
        "sagemaker:DeleteApp",
        "sagemaker:DescribeApp",
        "sagemaker:CreateSpace",
        "sagemaker:UpdateSpace",
        "sagemaker:DeleteSpace",
        "sagemaker:DescribeSpace",
        "sagemaker:AddTags",
      ],
      Resource: [`app/${input.domain}/*`, `space/${input.domain}/*`].map((resource) => arnOf(place, "sagemaker", resource)),
    },
    {
      Sid: "Studio",
      Effect: "Allow",
      Action: ["sagemaker:DescribeDomain", "sagemaker:DescribeUserProfile", "sagemaker:CreatePresignedDomainUrl"],
      Resource: [`domain/${input.domain}`, `user-profile/${input.domain}/*`].map((resource) =>
        arnOf(place, "sagemaker", resource),
      ),
    },
    {
      // None of them can be narrowed to resources. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
      Sid: "Lists",
      Effect: "Allow",
      Action: ["sagemaker:ListApps", "sagemaker:ListDomains", "sagemaker:ListSpaces", "sagemaker:ListUserProfiles"],
      Resource: "*",
      Condition: { StringEquals: { "aws:RequestedRegion": place.region } },
    },
    {
      Sid: "Logs",
      Effect: "Allow",
      Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: [
        arnOf(place, "logs", "log-group:/aws/sagemaker/studio"),
        arnOf(place, "logs", "log-group:/aws/sagemaker/studio:*"),
      ],
    },
    {
      Sid: "Executions",
      Effect: "Allow",
      Action: ["states:DescribeStateMachine", "states:ListExecutions"],
      Resource: machinesOf(place),
    },
  ];
  return policy(...own, ...studio);
}
