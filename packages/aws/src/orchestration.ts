import { applyAll, asOutput, type MlopsOptions, type StackContext } from "@cyclops/core";
import * as iam from "@pulumi/aws/iam";
import type * as pulumi from "@pulumi/pulumi";
import { AwsComponent } from "./component";
import type { Place } from "./documents/place";
import { starterPolicy, starterTrust } from "./documents/starter";

/** Arguments of `Orchestration`. */
export interface OrchestrationArgs {
  context: StackContext;
  place: pulumi.Input<Place>;
}

interface Children {
  role: typeof iam.Role;
  policy: typeof iam.RolePolicy;
}

/**
 * What schedules and events start pipelines with: one role, which a used-up budget can take the right from.
 *
 * @example new Orchestration("churn-orchestration", { context, place })
 */
export class Orchestration extends AwsComponent<Children> {
  /** ARN of the role. */
  public readonly starterRoleArn: pulumi.Output<string>;
  /** Its name. */
  public readonly starterRoleName: pulumi.Output<string>;

  constructor(name: string, args: OrchestrationArgs, opts?: MlopsOptions<Children>) {
    super("Orchestration", name, args.context, args.place, opts);
    const place = asOutput(args.place);
    const role = this.child("role", iam.Role, {
      description: "Schedules and rules: start the stack's state machines",
      assumeRolePolicy: place.apply((known) => JSON.stringify(starterTrust(known))),
    });
    const policy = this.child("policy", iam.RolePolicy, {
      role: role.id,
      policy: place.apply((known) => JSON.stringify(starterPolicy(known))),
    });
    this.starterRoleArn = applyAll([role.arn, policy.urn], (arn) => arn);
    this.starterRoleName = role.name;
    this.finish({ starterRoleArn: this.starterRoleArn });
  }
}
