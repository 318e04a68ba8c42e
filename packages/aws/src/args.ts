import type { ResolvedStackSpec, Size, StackSpec, Zone } from "@cyclops/core";
import type * as pulumi from "@pulumi/pulumi";
import type { Place } from "./documents/place";

/** The key that data, logs and messages are encrypted with. */
export type KeyArgs =
  | {
      /** A customer-managed key of the stack, which turns itself over every year. */
      kind: "create";
    }
  | {
      /** A key that exists. Its policy must let CloudWatch, CloudWatch Logs, CloudTrail, S3 and SNS use it: see `documents/key-policy.ts`. */
      kind: "existing";
      /** Its ARN. */
      arn: pulumi.Input<string>;
      /**
       * What becomes of a key that the stack has made itself. `keep`: it stays, because data was written with it, and whoever may read the data
       * may still use it for that. `none`: the stack never made one, or its owner wants it deleted, and with it all that only it can read.
       * Which of the two it is cannot be seen from the program, so it has to be said.
       */
      ownKey: "keep" | "none";
    };

/** Where jobs, endpoints and notebooks are. */
export type NetworkKind =
  | {
      /** SageMaker's own network: nothing of the stack can be reached from outside, jobs can reach data sources. Notebooks get a VPC for their home folders. */
      kind: "service";
      /** Networks of that VPC, in CIDR form. @default "10.66.0.0/20" */
      cidr?: string;
      /** Names of two zones. @default - the first two of the region */
      availabilityZones?: string[];
    }
  | {
      /** A VPC without any way to or from the internet; the services are reached through VPC endpoints. */
      kind: "private";
      /** Its networks, in CIDR form. @default "10.66.0.0/20" */
      cidr?: string;
      /** Names of two zones. @default - the first two of the region */
      availabilityZones?: string[];
    }
  | {
      /** A VPC that exists, with its own way to the services (endpoints, or NAT). */
      kind: "existing";
      vpcId: pulumi.Input<string>;
      subnetIds: pulumi.Input<string>[];
      securityGroupIds: pulumi.Input<string>[];
    };

/** Experiment tracking. */
export type TrackingKind =
  | {
      /** SageMaker's serverless MLflow. */
      kind: "app";
    }
  | {
      /** An MLflow app or tracking server that exists. */
      kind: "existing";
      /** Its ARN. */
      arn: pulumi.Input<string>;
    };

/** Who vouches for GitHub's tokens; an account has one such provider at most. */
export type GithubProviderArgs =
  | {
      /** The account's provider for `token.actions.githubusercontent.com` is made by this stack. */
      kind: "create";
    }
  | {
      /** It exists. */
      kind: "existing";
      /** Its ARN. */
      arn: pulumi.Input<string>;
    };

/** Record of who has read or changed the data. */
export type AuditArgs =
  | {
      /** A CloudTrail trail with the data events of the zones, and a bucket for it. */
      kind: "trail";
    }
  | {
      /** None by this stack: a trail of the organization does it. */
      kind: "none";
    };

/** What happens by itself when the budget is used up. */
export type BudgetActionArgs =
  | {
      /** Nothing that is scheduled or triggered starts any more, until the policy is detached. */
      kind: "stop-starts";
      /** `manual`: a person says so in the console; `automatic`: at once. @default "manual" */
      approval?: "manual" | "automatic";
    }
  | {
      /** Messages only. */
      kind: "none";
    };

/** Settings that every component of a stack shares; the same for its platform and its models. */
export interface AccountArgs {
  /** Images in ECR, by URI. @default - that of the platform's own repository, with the tag of `defaults.ts` */
  images?: { runtime?: pulumi.Input<string> };
  /** Instance types that take the place of those of `defaults.ts`. @default {} */
  instanceTypes?: InstanceTypeArgs;
  /** Days for which logs are kept; one of the numbers that CloudWatch has. @default 30 */
  logRetentionDays?: number;
  /** Address of the folder with the pages `runbooks.md` and `concepts/kpis.md`, to which every alarm leads. @default - this release's, on GitHub */
  runbooks?: string;
}

/** Instance types of SageMaker by size, e.g. `{S: "ml.m6i.large"}`. */
export interface InstanceTypeArgs {
  /** Steps of pipelines. @default {} */
  jobs?: Partial<Record<Size, string>>;
  /** Endpoints. @default {} */
  endpoints?: Partial<Record<Size, string>>;
  /** With GPUs, by their number. @default {} */
  gpu?: Partial<Record<number, string>>;
}

/** The settings among any arguments; those that are not given are left out. */
export function accountArgs({ images, instanceTypes, logRetentionDays, runbooks }: AccountArgs): AccountArgs {
  const given = { images, instanceTypes, logRetentionDays, runbooks };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** Bindings of a platform. */
export interface PlatformBindings extends AccountArgs {
  /** Account that the stack is made in. @default - that of the credentials */
  accountId?: pulumi.Input<string>;
  /** Region of the AWS provider. @default - the provider's */
  region?: pulumi.Input<string>;
  /**
   * What tells stacks of one spec apart, and stands in their physical names after the spec's name: lower-case letters, digits and single
   * hyphens. @default - the name of the Pulumi stack
   */
  instance?: string;
  /** @default {kind: "create"} */
  key?: KeyArgs;
  /** ARNs of other keys that data of the stack was written with: who may read the data may still read with them. @default [] */
  formerKeys?: pulumi.Input<string>[];
  /** @default {kind: "service"} */
  network?: NetworkKind;
  /** Zones whose bucket exists, by the bucket's name; the stack changes nothing about it. @default {} */
  buckets?: Partial<Record<Zone, pulumi.Input<string>>>;
  /** @default {kind: "app"} */
  tracking?: TrackingKind;
  /** @default {kind: "create"} */
  githubProvider?: GithubProviderArgs;
  /** ARN of the role or user that Jenkins agents have, which may take the stack's role for Jenkins. @default - whatever the account's own policies let take it */
  jenkinsPrincipal?: pulumi.Input<string>;
  /** @default {kind: "trail"} */
  audit?: AuditArgs;
  /** @default {kind: "stop-starts"} */
  budgetAction?: BudgetActionArgs;
}

/** Arguments of `Platform`. */
export interface PlatformArgs extends PlatformBindings {
  /** The stack spec; its `models` are left to `Model`. */
  spec: StackSpec | ResolvedStackSpec;
}

/** Arguments of `MlopsStack`. */
export interface MlopsStackArgs extends PlatformBindings {
  /** The stack spec. */
  spec: StackSpec | ResolvedStackSpec;
}

/** Subnets and security groups of jobs and endpoints. */
export interface NetworkBinding {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

/** What a model needs to know of its platform; plain names, addresses and ARNs, no secret. */
export interface PlatformBinding extends Place {
  /** Zone addresses, `s3://bucket`. */
  readonly zones: Readonly<Record<Zone, string>>;
  /** ARN of the key that everything is encrypted with. */
  readonly keyArn: string;
  /** ARNs of the keys that data was written with before. */
  readonly formerKeyArns: readonly string[];
  /** ARN of MLflow: the tracking URI. */
  readonly trackingUri: string;
  readonly images: {
    /** URI of the runtime image in ECR. */
    readonly runtime: string;
  };
  /** VPC of jobs and endpoints; null: SageMaker's own network. */
  readonly network: NetworkBinding | null;
  /** ARN of the SNS topic that alarms and failures go to. */
  readonly alertTopicArn: string;
  /** ARN of the role with which schedules and rules start state machines. */
  readonly starterRoleArn: string;
}

/** Arguments of `Model`. */
export interface ModelArgs extends AccountArgs {
  /** The stack spec that contains the model. */
  spec: StackSpec | ResolvedStackSpec;
  /** Name of the model in `spec.models`. */
  model: string;
  /** The platform's binding: `platform.binding`, or `Platform.reference(new pulumi.StackReference(...))`. */
  platform: pulumi.Input<PlatformBinding>;
  /** Where the platform is, e.g. `platform.place`: it is known before the rest of a new platform's binding. @default - what the binding says */
  place?: pulumi.Input<Place>;
  /** Zone addresses of the platform, e.g. `platform.zones`: they too are known before the rest, and while that changes. @default - what the binding says */
  zones?: pulumi.Input<Record<Zone, string>>;
}
