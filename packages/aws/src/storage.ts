import { applyAll, asOutput, type MlopsOptions, type StackContext, type Zone, zones } from "@cyclops/core";
import * as kms from "@pulumi/aws/kms";
import type * as pulumi from "@pulumi/pulumi";
import type { KeyArgs } from "./args";
import { Bucket } from "./bucket";
import { AwsComponent, dataOptions, keepsData } from "./component";
import { keyDeletionDays, zoneExpiry } from "./defaults";
import { keyPolicy } from "./documents/key-policy";
import type { Place } from "./documents/place";

/** Arguments of `Storage`. */
export interface StorageArgs {
  context: StackContext;
  place: pulumi.Input<Place>;
  /** @default {kind: "create"} */
  key?: KeyArgs;
  /** Zones whose bucket exists, by the bucket's name. @default {} */
  buckets?: Partial<Record<Zone, pulumi.Input<string>>>;
}

interface Children extends Record<Zone, typeof Bucket> {
  key: typeof kms.Key;
  alias: typeof kms.Alias;
}

/**
 * Zone buckets (raw, curated, features, models, predictions) with versioning and expiry, and the key that a stack's data is encrypted with.
 *
 * @example new Storage("churn-storage", { context, place })
 */
export class Storage extends AwsComponent<Children> {
  /** Address of each zone, `s3://bucket`; resolves when every bucket is closed. */
  public readonly zones: pulumi.Output<Record<Zone, string>>;
  /** ARN of the key. */
  public readonly keyArn: pulumi.Output<string>;

  constructor(name: string, args: StorageArgs, opts?: MlopsOptions<Children>) {
    super("Storage", name, args.context, args.place, opts);
    const { key = { kind: "create" } } = args;
    this.keyArn = key.kind === "existing" ? asOutput(key.arn) : this.makeKey(args);
    this.zones = this.makeBuckets(args);
    this.finish({ zones: this.zones, keyArn: this.keyArn });
  }

  private makeKey({ context, place }: StorageArgs): pulumi.Output<string> {
    const { prod, other } = keyDeletionDays;
    const key = this.child(
      "key",
      kms.Key,
      {
        description: `Data of the stack ${context.name} (${context.environment})`,
        enableKeyRotation: true,
        deletionWindowInDays: keepsData(context) ? prod : other,
        policy: asOutput(place).apply((known) => JSON.stringify(keyPolicy(known))),
      },
      // Without the key nobody can read the data again.
      dataOptions(context),
    );
    this.child("alias", kms.Alias, { targetKeyId: key.keyId });
    return key.arn;
  }

  private makeBuckets({ context, place, buckets = {} }: StorageArgs): pulumi.Output<Record<Zone, string>> {
    const names = zones.map((zone) => asOutput(buckets[zone] ?? this.makeBucket(zone, context, place)));
    return applyAll(
      names,
      (...all) => Object.fromEntries(zones.map((zone, index) => [zone, `s3://${all[index]}`])) as Record<Zone, string>,
    );
  }

  private makeBucket(zone: Zone, context: StackContext, place: pulumi.Input<Place>): pulumi.Output<string> {
    // Others than raw are written by the pipelines, which say themselves when they have.
    return this.child(zone, Bucket, {
      context,
      place,
      purpose: zone,
      keyArn: this.keyArn,
      expireDays: zoneExpiry[zone],
      events: zone === "raw",
    }).bucketName;
  }
}
