import { applyAll, asOutput, type MlopsOptions, type ResolvedDeliverySpec, type StackContext, type Zone } from "@cyclops/core";
import * as iam from "@pulumi/aws/iam";
import type * as pulumi from "@pulumi/pulumi";
import type { GithubProviderArgs } from "./args";
import { AwsComponent } from "./component";
import { deliveryPolicy, githubIssuer, githubTrust, jenkinsTrust } from "./documents/delivery";
import type { Place } from "./documents/place";
import type { PolicyDocument } from "./documents/policy";

/** Arguments of `Delivery`. */
export interface DeliveryArgs {
  context: StackContext;
  place: pulumi.Input<Place>;
  spec: ResolvedDeliverySpec;
  zones: pulumi.Input<Record<Zone, string>>;
  keyArn: pulumi.Input<string>;
  /** ARNs of the keys that data was written with before. @default [] */
  formerKeyArns?: pulumi.Input<string[]>;
  /** @default {kind: "create"} */
  githubProvider?: GithubProviderArgs;
  /** ARN of the role or user that Jenkins agents have. @default - whatever the account's own policies let take the role */
  jenkinsPrincipal?: pulumi.Input<string>;
}

type System = "github" | "jenkins";

interface Children {
  provider: typeof iam.OpenIdConnectProvider;
  "role-github": typeof iam.Role;
  "policy-github": typeof iam.RolePolicy;
  "role-jenkins": typeof iam.Role;
  "policy-jenkins": typeof iam.RolePolicy;
}

/**
 * CI identities that may deploy the platform's models, and give nobody any rights. GitHub's workflows come with a token of GitHub's, Jenkins'
 * agents with the identity they have: no password or key is kept anywhere.
 *
 * @example new Delivery("churn-delivery", { context, place, spec: { jenkins: true }, zones, keyArn })
 */
export class Delivery extends AwsComponent<Children> {
  /** ARNs of the roles by CI system. */
  public readonly accounts: Record<string, pulumi.Output<string>>;

  constructor(name: string, args: DeliveryArgs, opts?: MlopsOptions<Children>) {
    super("Delivery", name, args.context, args.place, opts);
    const { github, jenkins } = args.spec;
    this.accounts = {
      ...(github ? { github: this.makeGithub(args, github) } : {}),
      ...(jenkins ? { jenkins: this.makeJenkins(args) } : {}),
    };
    this.finish({ accounts: this.accounts });
  }

  private makeGithub(args: DeliveryArgs, github: NonNullable<ResolvedDeliverySpec["github"]>): pulumi.Output<string> {
    const { githubProvider = { kind: "create" } } = args;
    const provider =
      githubProvider.kind === "existing"
        ? asOutput(githubProvider.arn)
        : // AWS checks GitHub's certificate itself: no thumbprint.
          this.child("provider", iam.OpenIdConnectProvider, {
            url: `https://${githubIssuer}`,
            clientIdLists: ["sts.amazonaws.com"],
          }).arn;
    return this.makeRole(
      "github",
      args,
      provider.apply((arn) => githubTrust(arn, github)),
    );
  }

  private makeJenkins(args: DeliveryArgs): pulumi.Output<string> {
    const trust = applyAll([asOutput(args.place), asOutput(args.jenkinsPrincipal)], jenkinsTrust);
    return this.makeRole("jenkins", args, trust);
  }

  private makeRole(
    system: System,
    { place, zones, keyArn, formerKeyArns = [] }: DeliveryArgs,
    trust: pulumi.Output<PolicyDocument>,
  ): pulumi.Output<string> {
    const role = this.child(`role-${system}`, iam.Role, {
      description: "CI: deploy models, push images",
      assumeRolePolicy: trust.apply((document) => JSON.stringify(document)),
      maxSessionDuration: 3600,
    });
    const document = applyAll(
      [asOutput(place), asOutput(zones), asOutput(keyArn), asOutput(formerKeyArns)],
      (known, all, key, former) =>
        JSON.stringify(deliveryPolicy({ place: known, zones: all, keyArn: key, formerKeyArns: former })),
    );
    this.child(`policy-${system}`, iam.RolePolicy, { role: role.id, policy: document });
    return role.arn;
  }
}
