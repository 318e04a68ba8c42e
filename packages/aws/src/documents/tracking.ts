import { formerKeys } from "./keys";
import { bucketArnOf, bucketOf, type Place } from "./place";
import { type PolicyDocument, policy } from "./policy";

/** Folder of the models zone in which MLflow keeps artifacts. */
export const artifactFolder = "mlflow";

/** What MLflow itself may do: keep artifacts in its folder. https://docs.aws.amazon.com/sagemaker/latest/dg/mlflow-create-tracking-server-iam.html */
export function trackingPolicy(
  place: Place,
  modelsZone: string,
  keyArn: string,
  formerKeyArns: readonly string[],
): PolicyDocument {
  const bucket = bucketOf(modelsZone);
  return policy(
    {
      Sid: "Find",
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: bucketArnOf(place, bucket),
      Condition: { StringLike: { "s3:prefix": [artifactFolder, `${artifactFolder}/*`] } },
    },
    {
      Sid: "Artifacts",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
      Resource: bucketArnOf(place, bucket, `${artifactFolder}/*`),
    },
    { Sid: "Key", Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: keyArn },
    ...formerKeys(formerKeyArns),
  );
}

/** Images without a tag go, the oldest first. https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html */
export const imageExpiry = (kept: number) => ({
  rules: [
    {
      rulePriority: 1,
      description: "Images that were replaced",
      selection: { tagStatus: "untagged", countType: "imageCountMoreThan", countNumber: kept },
      action: { type: "expire" },
    },
  ],
});
