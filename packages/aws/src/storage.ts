import { ArgumentError, applyAll, asOutput, type MlopsOptions, type StackContext, type Zone, zones } from "@cyclops/core";
import * as kms from "@pulumi/aws/kms";
import * as pulumi from "@pulumi/pulumi";
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
  /** ARNs of other keys that data was written with. @default [] */
  formerKeys?: pulumi.Input<string>[];
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
  /** ARNs of the keys that data was written with before. */
  public readonly formerKeyArns: pulumi.Output<string[]>;

  constructor(name: string, args: StorageArgs, opts?: MlopsOptions<Children>) {
    super("Storage", name, args.context, args.place, opts);
    const keys = this.makeKeys(name, args);
    this.keyArn = keys.current;
    this.formerKeyArns = pulumi.all(keys.former);
    this.zones = this.makeBuckets(args);
    this.finish({ zones: this.zones, keyArn: this.keyArn, formerKeyArns: this.formerKeyArns });
  }

  private makeKeys(name: string, args: StorageArgs): { current: pulumi.Output<string>; former: pulumi.Input<string>[] } {
    const { key = { kind: "create" }, formerKeys = [] } = args;
    if (key.kind === "create") return { current: this.makeKey(args), former: formerKeys };
    const own = keepsOwnKey(name, key) ? [this.makeKey(args)] : [];
    return { current: asOutput(key.arn), former: [...own, ...formerKeys] };
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

/**
 * Whether the key that the stack has made stays. A key that goes out of a program is scheduled for deletion, and after that nobody reads what was
 * written with it: so it does not go by being left out.
 *
 * @throws ArgumentError where the program does not say
 */
function keepsOwnKey(name: string, { ownKey }: Extract<KeyArgs, { kind: "existing" }>): boolean {
  // Configuration may hold anything, or nothing.
  const given: unknown = ownKey;
  if (given === "keep" || given === "none") return given === "keep";
  throw new ArgumentError(
    `${name}: key.ownKey`,
    given === undefined ? "is missing." : `${JSON.stringify(given)} does not exist.`,
    'Write "keep" where the stack has made a key before, so that what was written with it can be read, and "none" where it never has.',
  );
}
