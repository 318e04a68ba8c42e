import { applyAll, asOutput, type MlopsOptions, type ResolvedWorkbenchSpec, type StackContext } from "@cyclops/core";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterArgs, PlatformBinding, WorkbenchArgs as WorkbenchKind } from "./args";
import { addressOf, bindRole, claimArgs, dataVolumeOptions, OnpremComponent } from "./component";
import { Credentials } from "./credentials";
import { defaultCharts, ports } from "./defaults";
import { chartSource } from "./documents/chart";
import { roleLabels } from "./documents/labels";
import { jupyterhubValues, userKey, workbenchServer } from "./documents/workbench";
import { objectName } from "./naming";

/** Arguments of `Workbench`. */
export interface WorkbenchArgs {
  context: StackContext;
  namespace: pulumi.Input<string>;
  spec: ResolvedWorkbenchSpec;
  platform: pulumi.Input<PlatformBinding>;
  /** @default {kind: "jupyterlab"} */
  workbench?: WorkbenchKind;
  /** Class of the home volumes. @default - the cluster's default class */
  storageClass?: string;
  /** Images and registry. @default {} */
  cluster?: ClusterArgs;
}

interface Children {
  credentials: typeof Credentials;
  release: typeof k8s.helm.v3.Release;
  [home: `home-${string}`]: typeof k8s.core.v1.PersistentVolumeClaim;
  [server: `server-${string}`]: typeof k8s.apps.v1.StatefulSet;
  [service: `service-${string}`]: typeof k8s.core.v1.Service;
  [account: `account-${string}`]: typeof k8s.core.v1.ServiceAccount;
  [role: `role-${string}`]: typeof k8s.rbac.v1.Role;
  [binding: `binding-${string}`]: typeof k8s.rbac.v1.RoleBinding;
}

/**
 * Notebooks: one JupyterLab per user, each with a token, a home volume and an idle shutdown of its own; or JupyterHub by Helm.
 *
 * @example new Workbench("churn-workbench", { context, namespace, spec: resolved.workbench, platform: platform.binding })
 */
export class Workbench extends OnpremComponent<Children> {
  /** Address of each user's workbench inside the cluster, by user. */
  public readonly workbenchUrls: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: WorkbenchArgs, opts?: MlopsOptions<Children>) {
    super("Workbench", name, args.context, args.namespace, opts);
    const { workbench = { kind: "jupyterlab" } } = args;
    this.workbenchUrls = workbench.kind === "jupyterhub" ? this.installHub(name, args, workbench) : this.makeLabs(name, args);
    this.finish({ workbenchUrls: this.workbenchUrls });
  }

  private installHub(
    name: string,
    { spec, cluster = {}, namespace, platform }: WorkbenchArgs,
    hub: Extract<WorkbenchKind, { kind: "jupyterhub" }>,
  ) {
    const { values = {} } = hub;
    this.child("release", k8s.helm.v3.Release, {
      name: objectName(name),
      namespace,
      atomic: true,
      timeout: 600,
      ...chartSource(hub, defaultCharts.jupyterhub),
      values: asOutput(platform).apply((binding) => ({ ...jupyterhubValues({ spec, cluster, binding }), ...values })),
    });
    return pulumi.output(
      Object.fromEntries(spec.users.map((user) => [user, `http://proxy-public/user/${encodeURIComponent(user)}`])),
    );
  }

  private makeLabs(name: string, args: WorkbenchArgs) {
    const { context, namespace, cluster = {}, spec } = args;
    const tokenOf = (user: string) => objectName(`${name}-token-${userKey(user)}`);
    const credentials = this.child("credentials", Credentials, {
      context,
      namespace,
      cluster,
      secrets: Object.fromEntries(spec.users.map((user) => [userKey(user), { name: tokenOf(user), kind: "token" as const }])),
    });
    for (const user of spec.users) this.makeLab(name, userKey(user), tokenOf(user), args, credentials);
    return pulumi.output(
      Object.fromEntries(spec.users.map((user) => [user, addressOf(this.placeOf(`service-${userKey(user)}`), ports.workbench)])),
    );
  }

  private makeLab(name: string, key: string, tokenSecret: string, args: WorkbenchArgs, credentials: Credentials): void {
    const { platform, spec, storageClass, cluster = {} } = args;
    const lab = `${name}-${key}`;
    const statefulSet = objectName(`${name}-server-${key}`);
    const account = this.child(`account-${key}`, k8s.core.v1.ServiceAccount, { automountServiceAccountToken: false });
    const role = this.child(`role-${key}`, k8s.rbac.v1.Role, {
      rules: [{ apiGroups: ["apps"], resources: ["statefulsets/scale"], resourceNames: [statefulSet], verbs: ["get", "patch"] }],
    });
    const binding = bindRole(this.placeOf(`role-${key}`), [this.placeOf(`account-${key}`)]);
    const granted = this.child(`binding-${key}`, k8s.rbac.v1.RoleBinding, binding, { dependsOn: [role, account] });
    const volume = claimArgs({ storage: spec.storage, storageClass });
    const home = this.child(`home-${key}`, k8s.core.v1.PersistentVolumeClaim, volume, dataVolumeOptions(args.context));
    this.child(`service-${key}`, k8s.core.v1.Service, {
      spec: { selector: roleLabels("workbench", lab), ports: [{ name: "http", port: ports.workbench, targetPort: "http" }] },
    });
    const document = applyAll(
      [asOutput(platform), this.placeOf(`service-${key}`), this.placeOf(`account-${key}`), this.placeOf(`home-${key}`)],
      (platformBinding, { name: service }, { name: accountName }, { name: claim }) =>
        workbenchServer({
          name: lab,
          statefulSet,
          service,
          account: accountName,
          tokenSecret,
          spec,
          binding: platformBinding,
          claim,
          cluster,
        }),
    );
    // Idle shutdown and its user decide whether it runs.
    this.child(
      `server-${key}`,
      k8s.apps.v1.StatefulSet,
      { spec: document },
      { ignoreChanges: ["spec.replicas"], dependsOn: [credentials.ready, granted, home] },
    );
  }
}
