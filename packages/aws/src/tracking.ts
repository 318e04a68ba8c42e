import { applyAll, asOutput, type MlopsOptions, type StackContext, type Zone } from "@cyclops/core";
import * as ecr from "@pulumi/aws/ecr";
import * as iam from "@pulumi/aws/iam";
import * as sagemaker from "@pulumi/aws/sagemaker";
import type * as pulumi from "@pulumi/pulumi";
import type { AccountArgs, TrackingKind } from "./args";
import { AwsComponent, dataOptions, keepsData } from "./component";
import { runtimeTag, untaggedImages } from "./defaults";
import { type Place, registryOf } from "./documents/place";
import { trustOf } from "./documents/policy";
import { artifactFolder, imageExpiry, trackingPolicy } from "./documents/tracking";

/** Arguments of `Tracking`. */
export interface TrackingArgs {
  context: StackContext;
  place: pulumi.Input<Place>;
  /** Zone addresses. */
  zones: pulumi.Input<Record<Zone, string>>;
  keyArn: pulumi.Input<string>;
  /** ARNs of the keys that data was written with before. @default [] */
  formerKeyArns?: pulumi.Input<string[]>;
  /** @default {kind: "app"} */
  tracking?: TrackingKind;
  /** @default - the repository's image with the tag of `defaults.ts` */
  images?: NonNullable<AccountArgs["images"]>;
}

interface Children {
  role: typeof iam.Role;
  policy: typeof iam.RolePolicy;
  app: typeof sagemaker.MlflowApp;
  repository: typeof ecr.Repository;
  expiry: typeof ecr.LifecyclePolicy;
}

/**
 * Experiment tracking and model registry: SageMaker's serverless MLflow, with its artifacts in the models zone, and a repository for images.
 *
 * @example new Tracking("churn-tracking", { context, place, zones: storage.zones, keyArn: storage.keyArn })
 */
export class Tracking extends AwsComponent<Children> {
  /** ARN of MLflow: with the plug-in `sagemaker-mlflow` it is the address. */
  public readonly trackingUri: pulumi.Output<string>;
  /** URI of the runtime image. */
  public readonly runtimeImage: pulumi.Output<string>;

  constructor(name: string, args: TrackingArgs, opts?: MlopsOptions<Children>) {
    super("Tracking", name, args.context, args.place, opts);
    const { tracking = { kind: "app" }, images = {} } = args;
    this.trackingUri = tracking.kind === "existing" ? asOutput(tracking.arn) : this.makeApp(args);
    // Made also where an image is named: it may be one of this repository, or the one that replicas run until the next rollout.
    const own = this.makeRepository(args);
    this.runtimeImage = images.runtime === undefined ? own : asOutput(images.runtime);
    this.finish({ trackingUri: this.trackingUri, runtimeImage: this.runtimeImage });
  }

  private makeApp({ context, place, zones, keyArn, formerKeyArns = [] }: TrackingArgs): pulumi.Output<string> {
    const role = this.child("role", iam.Role, {
      description: "MLflow: artifacts in the models zone",
      assumeRolePolicy: asOutput(place).apply(({ accountId }) => JSON.stringify(trustOf("sagemaker.amazonaws.com", accountId))),
    });
    const document = applyAll(
      [asOutput(place), asOutput(zones), asOutput(keyArn), asOutput(formerKeyArns)],
      (known, { models }, key, former) => JSON.stringify(trackingPolicy(known, models, key, former)),
    );
    const policy = this.child("policy", iam.RolePolicy, { role: role.id, policy: document });
    return this.child(
      "app",
      sagemaker.MlflowApp,
      {
        artifactStoreUri: asOutput(zones).apply(({ models }) => `${models}/${artifactFolder}`),
        roleArn: role.arn,
        // The pipelines register versions themselves, after the gate.
        modelRegistrationMode: "AutoModelRegistrationDisabled",
      },
      // The role of an app cannot be changed: another one would be another app, without anybody's experiments.
      { ...dataOptions(context), ignoreChanges: ["roleArn"], dependsOn: [policy] },
    ).arn;
  }

  private makeRepository({ context, place, keyArn }: TrackingArgs): pulumi.Output<string> {
    const repository = this.child(
      "repository",
      ecr.Repository,
      {
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: keyArn }],
        forceDelete: !keepsData(context),
      },
      // The key of a repository cannot be changed: another one would be another repository, without the images.
      { ...dataOptions(context), ignoreChanges: ["encryptionConfigurations"] },
    );
    this.child("expiry", ecr.LifecyclePolicy, {
      repository: repository.name,
      policy: JSON.stringify(imageExpiry(untaggedImages)),
    });
    return applyAll(
      [asOutput(place), repository.name],
      (known, repositoryName) => `${registryOf(known)}/${repositoryName}:${runtimeTag}`,
    );
  }
}
