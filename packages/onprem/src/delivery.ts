import type { MlopsOptions, ResolvedDeliverySpec, StackContext } from "@cyclops/core";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterArgs } from "./args";
import { bindRole, OnpremComponent } from "./component";
import { deliveryRules, githubSubjects } from "./documents/delivery";

/** Arguments of `Delivery`. */
export interface DeliveryArgs {
  context: StackContext;
  namespace: pulumi.Input<string>;
  spec: ResolvedDeliverySpec;
  /** Unused; every component of a platform takes it. @default {} */
  cluster?: ClusterArgs;
}

interface Children {
  role: typeof k8s.rbac.v1.Role;
  "account-github": typeof k8s.core.v1.ServiceAccount;
  "account-jenkins": typeof k8s.core.v1.ServiceAccount;
  binding: typeof k8s.rbac.v1.RoleBinding;
}

/**
 * CI identities that may deploy models into the namespace, and nothing else. Jenkins and self-hosted GitHub runners use the ServiceAccount
 * (`kubectl create token`, an hour at a time); where the API server trusts GitHub's OIDC issuer, the repository's branches are bound directly.
 *
 * @example new Delivery("churn-delivery", { context, namespace: "churn-dev", spec: { jenkins: true } })
 */
export class Delivery extends OnpremComponent<Children> {
  /** Names of the ServiceAccounts by CI system. */
  public readonly accounts: Record<string, pulumi.Output<string>>;

  constructor(name: string, args: DeliveryArgs, opts?: MlopsOptions<Children>) {
    super("Delivery", name, args.context, args.namespace, opts);
    const role = this.child("role", k8s.rbac.v1.Role, { rules: deliveryRules });
    const systems = [...(args.spec.github ? (["github"] as const) : []), ...(args.spec.jenkins ? (["jenkins"] as const) : [])];
    const accounts = systems.map((system) =>
      this.child(`account-${system}`, k8s.core.v1.ServiceAccount, { automountServiceAccountToken: false }),
    );
    const places = systems.map((system) => [system, this.placeOf(`account-${system}`)] as const);
    this.accounts = Object.fromEntries(places.map(([system, place]) => [system, place.apply(({ name: account }) => account)]));
    const subjects = places.map(([, place]) => place);
    const binding = bindRole(this.placeOf("role"), subjects, githubSubjects(args.spec));
    this.child("binding", k8s.rbac.v1.RoleBinding, binding, { dependsOn: [role, ...accounts] });
    this.finish({ accounts: this.accounts });
  }
}
