import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import { Role, RolePolicy } from "@pulumi/aws/iam";
import { Bucket, BucketPublicAccessBlock } from "@pulumi/aws/s3";
import { Endpoint, EndpointConfiguration, Model } from "@pulumi/aws/sagemaker";
import { Secret, SecretVersion } from "@pulumi/aws/secretsmanager";
import * as pulumi from "@pulumi/pulumi";

/** What the test changes from run to run: `pulumi config set`. */
const config = new pulumi.Config();
const fault = config.get("fault");

const account = getCallerIdentityOutput({}).accountId;
const bucket = new Bucket("data", {
  bucket: config.get("bucket") ?? "stand-in-data",
  tags: { stage: config.get("stage") ?? "dev" },
});
new BucketPublicAccessBlock("data-access", { bucket: bucket.id, blockPublicAcls: true });
const role = new Role("role", {
  name: "stand-in-role",
  assumeRolePolicy: JSON.stringify({ Version: "2012-10-17", Statement: [] }),
});
new RolePolicy("role-policy", { name: "read", role: role.name, policy: pulumi.interpolate`{"Resource":"${bucket.arn}/*"}` });
const model = new Model("model", {
  name: "stand-in-model",
  executionRoleArn: role.arn,
  primaryContainer: { image: config.get("image") ?? "scorer:1", modelDataUrl: pulumi.interpolate`s3://${bucket.bucket}/model` },
});
const configuration = new EndpointConfiguration("configuration", {
  productionVariants: [{ variantName: "champion", modelName: model.name, instanceType: "ml.m6i.large", initialInstanceCount: 1 }],
});
export const endpoint = new Endpoint(
  "endpoint",
  { name: "stand-in", endpointConfigName: configuration.name },
  { ignoreChanges: ["endpointConfigName"], protect: config.getBoolean("protect") ?? false },
).arn;
const secret = new Secret("secret", { name: "stand-in" });
new SecretVersion("secret-version", { secretId: secret.id, secretString: "planted-secret-value" });

/** Resources as no compiler would let them pass. */
class Raw extends pulumi.CustomResource {}
if (fault === "missing") new Raw("aws:sagemaker/endpoint:Endpoint", "faulty", { name: "faulty" });
if (fault === "unknown") new Raw("aws:s3/bucket:Bucket", "faulty", { buckett: "faulty" });
if (fault === "nested")
  new Raw("aws:sagemaker/model:Model", "faulty", { executionRoleArn: role.arn, primaryContainer: { imag: "x" } });
if (fault === "twin") new Bucket("twin", { bucket: "stand-in-data" });
if (fault === "type") new Raw("aws:sagemaker/quantum:Quantum", "faulty", {});

export const bucketArn = bucket.arn;
export const accountId = account;
