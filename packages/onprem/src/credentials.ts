import { applyAll, asOutput, type MlopsOptions, type StackContext } from "@cyclops/core";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterArgs } from "./args";
import { bindRole, OnpremComponent } from "./component";
import { credentialsRules, type ListedSecret } from "./documents/credentials";
import { platformJob } from "./documents/job";

/** Arguments of `Credentials`. */
export interface CredentialsArgs {
  context: StackContext;
  namespace: pulumi.Input<string>;
  /** The Secrets by key, in the order in which they refer to each other; all but `existing` ones are made. Names are those of the objects. */
  secrets: Readonly<Record<string, ListedSecret>>;
  /** Images and registry. @default {} */
  cluster?: ClusterArgs;
}

interface Children {
  account: typeof k8s.core.v1.ServiceAccount;
  role: typeof k8s.rbac.v1.Role;
  binding: typeof k8s.rbac.v1.RoleBinding;
  config: typeof k8s.core.v1.ConfigMap;
  job: typeof k8s.batch.v1.Job;
  [secret: `secret-${string}`]: typeof k8s.core.v1.Secret;
}

/**
 * Passwords and keys that are generated inside the cluster, so that no value ever passes the engine, its state or a log.
 * Makes the Secrets empty and a Job that fills them once; the Job may touch these Secrets and nothing else.
 *
 * @example new Credentials("notebooks", { context, namespace: "churn-dev", secrets: { token: { name: "notebook", kind: "token" } } })
 */
export class Credentials extends OnpremComponent<Children> {
  /** Has succeeded when every Secret is filled: what reads one depends on it. */
  public readonly ready: k8s.batch.v1.Job;

  constructor(name: string, args: CredentialsArgs, opts?: MlopsOptions<Children>) {
    super("Credentials", name, args.context, args.namespace, opts);
    const secrets = this.makeSecrets(args);
    const config = this.makeConfig(args);
    const granted = this.makeAccount(args);
    this.ready = this.fill(args, [...secrets, config, granted]);
    this.finish({});
  }

  private makeSecrets({ secrets }: CredentialsArgs): k8s.core.v1.Secret[] {
    // The values are the Job's: the engine neither sends nor compares them.
    const own = Object.entries(secrets).filter(([, { kind }]) => kind !== "existing");
    return own.map(([key, { name }]) =>
      this.child(
        `secret-${key}`,
        k8s.core.v1.Secret,
        { metadata: { name }, type: "Opaque" },
        { ignoreChanges: ["data", "stringData"] },
      ),
    );
  }

  private makeConfig({ namespace, secrets }: CredentialsArgs): k8s.core.v1.ConfigMap {
    return this.child("config", k8s.core.v1.ConfigMap, {
      data: {
        "config.json": asOutput(namespace).apply((place) =>
          JSON.stringify({ namespace: place, secrets: Object.values(secrets) }),
        ),
      },
    });
  }

  private makeAccount({ secrets }: CredentialsArgs): k8s.rbac.v1.RoleBinding {
    const account = this.child("account", k8s.core.v1.ServiceAccount, { automountServiceAccountToken: false });
    const role = this.child("role", k8s.rbac.v1.Role, { rules: credentialsRules(Object.values(secrets)) });
    const args = bindRole(this.placeOf("role"), [this.placeOf("account")]);
    return this.child("binding", k8s.rbac.v1.RoleBinding, args, { dependsOn: [role, account] });
  }

  private fill({ cluster = {} }: CredentialsArgs, dependsOn: pulumi.Resource[]): k8s.batch.v1.Job {
    const spec = applyAll([this.placeOf("config"), this.placeOf("account")], ({ name: configMap }, { name: serviceAccount }) =>
      platformJob({ command: "credentials", configMap, serviceAccount, usesApi: true, cluster }),
    );
    return this.child("job", k8s.batch.v1.Job, { spec }, { dependsOn });
  }
}
