import type { MlopsOptions, StackContext, Workload } from "@cyclops/core";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { bindRole, OnpremComponent } from "./component";
import { type PolicyRule, rulesOf } from "./documents/identity";

/** Arguments of `Identity`. */
export interface IdentityArgs {
  context: StackContext;
  namespace: pulumi.Input<string>;
  /** The workloads that exist. */
  workloads: readonly Workload[];
  /** Rules that a workload needs besides its own. @default {} */
  rules?: Partial<Record<Workload, readonly PolicyRule[]>>;
}

interface Children {
  [account: `account-${string}`]: typeof k8s.core.v1.ServiceAccount;
  [role: `role-${string}`]: typeof k8s.rbac.v1.Role;
  [binding: `binding-${string}`]: typeof k8s.rbac.v1.RoleBinding;
}

/**
 * One ServiceAccount for each workload of a model, each with the least Role; nothing is granted in the cluster as a whole.
 *
 * @example new Identity("churn-identity", { context, namespace: "churn-dev", workloads: ["train", "scorer"] })
 */
export class Identity extends OnpremComponent<Children> {
  /** Name of the ServiceAccount of each workload. */
  public readonly accounts: pulumi.Output<Record<string, string>>;
  /** What gives the accounts their rights: whoever runs as one of them depends on it. */
  public readonly ready: pulumi.Resource[];

  constructor(name: string, args: IdentityArgs, opts?: MlopsOptions<Children>) {
    super("Identity", name, args.context, args.namespace, opts);
    const names: Record<string, pulumi.Output<string>> = {};
    this.ready = [];
    for (const workload of args.workloads) {
      this.ready.push(this.grant(workload, args));
      names[workload] = this.placeOf(`account-${workload}`).apply((place) => place.name);
    }
    this.accounts = pulumi.output(names);
    this.finish({ accounts: this.accounts });
  }

  private grant(workload: Workload, { rules = {} }: IdentityArgs): pulumi.Resource {
    const needed = rulesOf(workload, rules[workload]);
    const account = this.child(`account-${workload}`, k8s.core.v1.ServiceAccount, {
      // Argo leaves the choice of a step's pod to its account; pods that call no API get no token.
      automountServiceAccountToken: needed.length > 0,
    });
    if (needed.length === 0) return account;
    const role = this.child(`role-${workload}`, k8s.rbac.v1.Role, { rules: needed });
    const args = bindRole(this.placeOf(`role-${workload}`), [this.placeOf(`account-${workload}`)]);
    return this.child(`binding-${workload}`, k8s.rbac.v1.RoleBinding, args, { dependsOn: [role, account] });
  }
}
