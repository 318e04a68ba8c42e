import { applyAll, asOutput, type MlopsOptions, type StackContext } from "@cyclops/core";
import * as s3 from "@pulumi/aws/s3";
import type * as pulumi from "@pulumi/pulumi";
import { AwsComponent, dataOptions, keepsData } from "./component";
import { oldVersionDays } from "./defaults";
import { bucketPolicy } from "./documents/bucket-policy";
import type { Place } from "./documents/place";
import type { PolicyStatement } from "./documents/policy";
import { bucketName } from "./naming";

/** Arguments of `Bucket`. */
export interface BucketArgs {
  context: StackContext;
  place: pulumi.Input<Place>;
  /** What it is for, e.g. the name of a zone: the end of its name. */
  purpose: string;
  /** ARN of the key that objects are encrypted with. */
  keyArn: pulumi.Input<string>;
  /** Days after which objects expire; null: never. */
  expireDays: number | null;
  /** Whether EventBridge is told about new objects. @default false */
  events?: boolean;
  /** What its policy says besides that TLS is needed. @default - nothing */
  statements?: (place: Place, bucket: string) => PolicyStatement[];
}

interface Children {
  bucket: typeof s3.Bucket;
  ownership: typeof s3.BucketOwnershipControls;
  access: typeof s3.BucketPublicAccessBlock;
  encryption: typeof s3.BucketServerSideEncryptionConfiguration;
  versioning: typeof s3.BucketVersioning;
  lifecycle: typeof s3.BucketLifecycleConfiguration;
  policy: typeof s3.BucketPolicy;
  notification: typeof s3.BucketNotification;
}

/**
 * A bucket that nobody outside reaches: encrypted, versioned, over TLS alone.
 *
 * @example new Bucket("churn-raw", { context, place, purpose: "raw", keyArn, expireDays: null })
 */
export class Bucket extends AwsComponent<Children> {
  /** Its name; resolves when it is closed. */
  public readonly bucketName: pulumi.Output<string>;

  constructor(name: string, args: BucketArgs, opts?: MlopsOptions<Children>) {
    super("Bucket", name, args.context, args.place, opts);
    const bucket = this.makeBucket(args);
    const access = this.closeBucket(bucket, args);
    this.keepVersions(bucket, args);
    const policy = this.makePolicy(bucket, args, access);
    if (args.events) this.child("notification", s3.BucketNotification, { bucket: bucket.bucket, eventbridge: true });
    this.bucketName = applyAll([bucket.bucket, policy.urn], (bucketId) => bucketId);
    this.finish({ bucketName: this.bucketName });
  }

  private makeBucket({ context, place, purpose }: BucketArgs): s3.Bucket {
    return this.child(
      "bucket",
      s3.Bucket,
      { bucket: asOutput(place).apply((known) => bucketName(known, purpose)), forceDestroy: !keepsData(context) },
      dataOptions(context),
    );
  }

  private closeBucket({ bucket }: s3.Bucket, { keyArn }: BucketArgs): s3.BucketPublicAccessBlock {
    this.child("ownership", s3.BucketOwnershipControls, { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } });
    const access = this.child("access", s3.BucketPublicAccessBlock, {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    // A key of the bucket's own for a while instead of one call of KMS for each object.
    const encryption = { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn };
    this.child("encryption", s3.BucketServerSideEncryptionConfiguration, {
      bucket,
      rules: [{ applyServerSideEncryptionByDefault: encryption, bucketKeyEnabled: true }],
    });
    return access;
  }

  private keepVersions({ bucket }: s3.Bucket, { expireDays }: BucketArgs): void {
    const versioning = this.child("versioning", s3.BucketVersioning, { bucket, versioningConfiguration: { status: "Enabled" } });
    this.child(
      "lifecycle",
      s3.BucketLifecycleConfiguration,
      {
        bucket,
        rules: [
          {
            id: "expire",
            status: "Enabled",
            filter: { prefix: "" },
            ...(expireDays === null ? {} : { expiration: { days: expireDays } }),
            noncurrentVersionExpiration: { noncurrentDays: oldVersionDays },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
      // Rules for old versions are refused while there are none. https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-configuration-examples.html
      { dependsOn: [versioning] },
    );
  }

  private makePolicy({ bucket }: s3.Bucket, args: BucketArgs, access: pulumi.Resource): s3.BucketPolicy {
    const document = applyAll([asOutput(args.place), asOutput(bucket)], (place, id) =>
      JSON.stringify(bucketPolicy(place, id, ...(args.statements?.(place, id) ?? []))),
    );
    // S3 refuses two changes of a bucket's access at the same time.
    return this.child("policy", s3.BucketPolicy, { bucket, policy: document }, { dependsOn: [access] });
  }
}
