import { applyAll, asOutput, type MlopsOptions, type ResolvedWorkbenchSpec, type StackContext, type Zone } from "@cyclops/core";
import * as iam from "@pulumi/aws/iam";
import * as sagemaker from "@pulumi/aws/sagemaker";
import type * as pulumi from "@pulumi/pulumi";
import { AwsComponent, dataOptions, keepsData } from "./component";
import { workbenchInstances } from "./defaults";
import { studioUrl } from "./documents/console";
import type { Place } from "./documents/place";
import { trustOf } from "./documents/policy";
import { homeGib, idleMinutes, userKey, workbenchPolicy } from "./documents/workbench";
import { nameLimits } from "./naming";
import type { WorkbenchNetwork } from "./network";

/** Arguments of `Workbench`. */
export interface WorkbenchArgs {
  context: StackContext;
  place: pulumi.Input<Place>;
  spec: ResolvedWorkbenchSpec;
  /** VPC of the home folders. */
  network: WorkbenchNetwork;
  zones: pulumi.Input<Record<Zone, string>>;
  keyArn: pulumi.Input<string>;
  /** ARNs of the keys that data was written with before. @default [] */
  formerKeyArns?: pulumi.Input<string[]>;
  /** ARN of MLflow. */
  trackingUri: pulumi.Input<string>;
}

interface Children {
  role: typeof iam.Role;
  policy: typeof iam.RolePolicy;
  domain: typeof sagemaker.Domain;
  [profile: `profile-${string}`]: typeof sagemaker.UserProfile;
}

/**
 * Notebooks: a SageMaker Studio domain with a profile for each user, whose JupyterLab ends itself when idle.
 *
 * @example new Workbench("churn-workbench", { context, place, spec: resolved.workbench, network, zones, keyArn, trackingUri })
 */
export class Workbench extends AwsComponent<Children> {
  /** Address of each user's workbench, by user; opened by who is logged in to the account's console. */
  public readonly workbenchUrls: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: WorkbenchArgs, opts?: MlopsOptions<Children>) {
    super("Workbench", name, args.context, args.place, opts);
    const role = this.makeRole(args);
    const domain = this.makeDomain(name, args, role);
    this.allow(args, role, domain);
    this.workbenchUrls = this.makeProfiles(args, domain);
    this.finish({ workbenchUrls: this.workbenchUrls });
  }

  private makeRole({ place }: WorkbenchArgs): iam.Role {
    return this.child("role", iam.Role, {
      description: "Notebooks: read the zones, write experiments",
      assumeRolePolicy: asOutput(place).apply(({ accountId }) => JSON.stringify(trustOf("sagemaker.amazonaws.com", accountId))),
    });
  }

  private makeDomain(name: string, { context, spec, network, keyArn }: WorkbenchArgs, role: iam.Role): sagemaker.Domain {
    const minutes = idleMinutes(spec.idleShutdown);
    const idleSettings = {
      lifecycleManagement: "ENABLED",
      idleTimeoutInMinutes: minutes,
      // Nobody may choose a longer time than the stack's.
      minIdleTimeoutInMinutes: minutes,
      maxIdleTimeoutInMinutes: minutes,
    };
    const size = homeGib(spec.storage);
    return this.child(
      "domain",
      sagemaker.Domain,
      {
        authMode: "IAM",
        domainName: this.nameIn(nameLimits.sagemaker, `${name}-domain`),
        vpcId: network.vpcId,
        subnetIds: network.subnetIds,
        appNetworkAccessType: network.vpcOnly ? "VpcOnly" : "PublicInternetOnly",
        kmsKeyId: keyArn,
        defaultUserSettings: {
          executionRole: role.arn,
          securityGroups: network.securityGroupIds,
          jupyterLabAppSettings: {
            appLifecycleManagement: { idleSettings },
            defaultResourceSpec: { instanceType: workbenchInstances[spec.size] },
          },
          spaceStorageSettings: { defaultEbsStorageSettings: { defaultEbsVolumeSizeInGb: size, maximumEbsVolumeSizeInGb: size } },
          // Cells' outputs may hold rows.
          sharingSettings: { notebookOutputOption: "Disabled" },
        },
        domainSettings: { executionRoleIdentityConfig: "USER_PROFILE_NAME" },
        retentionPolicy: { homeEfsFileSystem: keepsData(context) ? "Retain" : "Delete" },
        tagPropagation: "ENABLED",
      },
      // The key of a domain cannot be changed: another one would be another domain, without anybody's home folder.
      { ...dataOptions(context), ignoreChanges: ["kmsKeyId"] },
    );
  }

  private allow(
    { place, zones, keyArn, formerKeyArns = [], trackingUri }: WorkbenchArgs,
    role: iam.Role,
    domain: sagemaker.Domain,
  ): void {
    const document = applyAll(
      [asOutput(place), asOutput(zones), asOutput(keyArn), asOutput(formerKeyArns), asOutput(trackingUri), domain.id],
      (known, all, key, former, trackingArn, id) =>
        JSON.stringify(workbenchPolicy({ place: known, zones: all, keyArns: [key, ...former], trackingArn, domain: id })),
    );
    this.child("policy", iam.RolePolicy, { role: role.id, policy: document });
  }

  private makeProfiles({ place, spec }: WorkbenchArgs, domain: sagemaker.Domain): pulumi.Output<Record<string, string>> {
    const profiles = spec.users.map((user) => {
      const userProfileName = userKey(user);
      return this.child(`profile-${userProfileName}`, sagemaker.UserProfile, {
        domainId: domain.id,
        userProfileName,
        tags: { "cyclops:user": user },
      });
    });
    return applyAll(
      [asOutput(place), domain.id, ...profiles.map(({ userProfileName }) => userProfileName)],
      (known, id, ...names) =>
        Object.fromEntries(spec.users.map((user, index) => [user, studioUrl(known, id, names[index] ?? "")])),
    );
  }
}
