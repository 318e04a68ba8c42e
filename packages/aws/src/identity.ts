import { applyAll, asOutput, type MlopsOptions, type ResolvedModelSpec, type StackContext, type Workload } from "@cyclops/core";
import * as iam from "@pulumi/aws/iam";
import type * as pulumi from "@pulumi/pulumi";
import type { PlatformBinding } from "./args";
import { AwsComponent } from "./component";
import { workloadPolicy } from "./documents/identity";
import type { Place } from "./documents/place";
import { trustOf } from "./documents/policy";

/** Arguments of `Identity`. */
export interface IdentityArgs {
  context: StackContext;
  /** Name of the model. */
  model: string;
  /** The model's resolved spec. */
  spec: ResolvedModelSpec;
  platform: pulumi.Input<PlatformBinding>;
  /** Where the platform is. @default - what the binding says */
  place?: pulumi.Input<Place>;
  /** The workloads that exist, with the address of the model document that each of them reads. */
  workloads: Partial<Record<Workload, pulumi.Input<string>>>;
  /** ARN of the training's state machine, where the monitor starts trainings. @default - it starts none */
  trainingArn?: pulumi.Input<string>;
}

interface Children {
  [role: `role-${string}`]: typeof iam.Role;
  [policy: `policy-${string}`]: typeof iam.RolePolicy;
}

/**
 * One role for each workload of a model, each with the least policy: its folders of its zones, and what its step calls.
 *
 * @example new Identity("churn-identity", { context, model: "churn", spec, platform: platform.binding, workloads: { train: "s3://…/churn.json" } })
 */
export class Identity extends AwsComponent<Children> {
  /** ARN of the role of each workload. */
  public readonly accounts: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: IdentityArgs, opts?: MlopsOptions<Children>) {
    super("Identity", name, args.context, args.place ?? args.platform, opts);
    const entries = Object.entries(args.workloads) as [Workload, pulumi.Input<string>][];
    const granted = entries.map(([workload, configUri]) => this.grant(workload, configUri, args));
    this.accounts = applyAll(granted, (...arns) =>
      Object.fromEntries(entries.map(([workload], index) => [workload, arns[index] ?? ""])),
    );
    this.finish({ accounts: this.accounts });
  }

  /** @returns the role's ARN, known as soon as the role may do what it is for */
  private grant(workload: Workload, configUri: pulumi.Input<string>, args: IdentityArgs): pulumi.Output<string> {
    const { model, spec, platform, place = platform, trainingArn } = args;
    const role = this.child(`role-${workload}`, iam.Role, {
      description: `${model}: ${workload}`,
      assumeRolePolicy: asOutput(place).apply(({ accountId }) => JSON.stringify(trustOf("sagemaker.amazonaws.com", accountId))),
    });
    const document = applyAll([asOutput(platform), asOutput(configUri), asOutput(trainingArn)], (binding, uri, training) =>
      JSON.stringify(workloadPolicy(workload, { model, spec, binding, configUri: uri, trainingArn: training ?? null })),
    );
    const policy = this.child(`policy-${workload}`, iam.RolePolicy, { role: role.id, policy: document });
    return applyAll([role.arn, policy.urn], (arn) => arn);
  }
}
