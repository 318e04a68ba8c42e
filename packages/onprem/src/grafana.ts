import { applyAll, asOutput, type MlopsOptions, type StackContext } from "@cyclops/core";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterArgs } from "./args";
import { addressOf, bindRole, OnpremComponent } from "./component";
import { Credentials } from "./credentials";
import { ports } from "./defaults";
import { grafanaProvisioning, grafanaServer } from "./documents/grafana";
import { roleLabels } from "./documents/labels";
import { sidecarRules } from "./documents/rules-sidecar";
import { objectName } from "./naming";

/** Arguments of `Grafana`. */
export interface GrafanaServerArgs {
  context: StackContext;
  namespace: pulumi.Input<string>;
  /** Address of Prometheus, its data source. */
  prometheus: pulumi.Input<string>;
  /** Secret of its user, key `password`. @default - it asks for none */
  prometheusSecret?: string;
  /** Address under which people reach it. @default - its Service */
  url?: string;
  /** Images and registry. @default {} */
  cluster?: ClusterArgs;
}

interface Children {
  credentials: typeof Credentials;
  account: typeof k8s.core.v1.ServiceAccount;
  role: typeof k8s.rbac.v1.Role;
  binding: typeof k8s.rbac.v1.RoleBinding;
  config: typeof k8s.core.v1.ConfigMap;
  service: typeof k8s.core.v1.Service;
  server: typeof k8s.apps.v1.Deployment;
}

/**
 * Grafana with one data source and the dashboards of all ConfigMaps that are labelled for it. The administrator's password is generated in
 * the cluster.
 *
 * @example new Grafana("churn-grafana", { context, namespace: "churn-dev", prometheus: "http://prometheus.churn-dev.svc:9090" })
 */
export class Grafana extends OnpremComponent<Children> {
  /** Address under which people reach it. */
  public readonly url: pulumi.Output<string>;

  constructor(name: string, args: GrafanaServerArgs, opts?: MlopsOptions<Children>) {
    super("Grafana", name, args.context, args.namespace, opts);
    const password = objectName(`${name}-administrator`);
    const credentials = this.child("credentials", Credentials, {
      context: args.context,
      namespace: args.namespace,
      cluster: args.cluster ?? {},
      secrets: { administrator: { name: password, kind: "password" } },
    });
    const granted = this.makeAccount();
    const config = this.makeConfig(args);
    this.makeService(name);
    this.url = args.url === undefined ? addressOf(this.placeOf("service"), ports.grafana) : pulumi.output(args.url);
    this.makeServer(name, args, password, [credentials.ready, granted, config]);
    this.finish({ url: this.url });
  }

  private makeAccount(): k8s.rbac.v1.RoleBinding {
    const account = this.child("account", k8s.core.v1.ServiceAccount, { automountServiceAccountToken: false });
    const role = this.child("role", k8s.rbac.v1.Role, { rules: sidecarRules });
    const args = bindRole(this.placeOf("role"), [this.placeOf("account")]);
    return this.child("binding", k8s.rbac.v1.RoleBinding, args, { dependsOn: [role, account] });
  }

  private makeConfig({ context, prometheus, prometheusSecret }: GrafanaServerArgs): k8s.core.v1.ConfigMap {
    const data = asOutput(prometheus).apply((url) => {
      const folder = `${context.name} ${context.environment}`;
      const files = grafanaProvisioning({ prometheus: url, folder, asksForUser: prometheusSecret !== undefined });
      return Object.fromEntries(
        Object.entries(files).map(([file, document]) => [file, `${JSON.stringify(document, null, 2)}\n`]),
      );
    });
    return this.child("config", k8s.core.v1.ConfigMap, { data });
  }

  private makeService(name: string): void {
    this.child("service", k8s.core.v1.Service, {
      spec: { selector: roleLabels("grafana", name), ports: [{ name: "http", port: ports.grafana, targetPort: "http" }] },
    });
  }

  private makeServer(
    name: string,
    { cluster = {}, prometheusSecret }: GrafanaServerArgs,
    passwordSecret: string,
    dependsOn: pulumi.Resource[],
  ): void {
    const spec = applyAll(
      [this.placeOf("account"), this.placeOf("config"), this.url],
      ({ name: account, namespace }, { name: configMap }, url) =>
        grafanaServer({ name, namespace, account, url, passwordSecret, prometheusSecret, configMap, cluster }),
    );
    this.child("server", k8s.apps.v1.Deployment, { spec }, { dependsOn });
  }
}
