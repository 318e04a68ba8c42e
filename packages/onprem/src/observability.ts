import { applyAll, asOutput, type MlopsOptions, type ResolvedStackSpec, type StackContext } from "@cyclops/core";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterArgs, GrafanaArgs, ObservabilityBinding, PrometheusArgs, SmtpArgs, WebhookArgs } from "./args";
import { addressOf, bindRole, claimArgs, dataVolumeOptions, OnpremComponent, volumeOptions } from "./component";
import { Credentials } from "./credentials";
import { metricRetention, ports, serverStorage } from "./defaults";
import { type AlertChannels, alertChannels, alertmanagerConfig, alertmanagerServer } from "./documents/alertmanager";
import { roleLabels, skipAwait, volumeLabels } from "./documents/labels";
import {
  alertmanagerConfigApiVersion,
  operatorAlerts,
  operatorApiVersion,
  operatorRules,
  podMonitor,
  pushgatewayMonitor,
  scorerMonitor,
} from "./documents/operator";
import { platformRules } from "./documents/platform-rules";
import {
  ownRules,
  prometheusConfig,
  prometheusServer,
  rulesLabel,
  scorersService,
  scrapeJobs,
  volumesService,
} from "./documents/prometheus";
import { pushgatewayServer } from "./documents/pushgateway";
import { type RuleFile, recordingRules } from "./documents/recording-rules";
import { sidecarRules } from "./documents/rules-sidecar";
import { volumeContainer, type WatchedServers, watchRules } from "./documents/watch-sidecar";
import { webUser } from "./documents/web-user";
import { Grafana } from "./grafana";
import { objectName } from "./naming";

/** Arguments of `Observability`. */
export interface ObservabilityArgs {
  context: StackContext;
  namespace: pulumi.Input<string>;
  /** Whom alerts are sent to. @default - nobody: they are shown by Prometheus and on the dashboards */
  alerts?: ResolvedStackSpec["alerts"];
  /** @default {kind: "grafana"} */
  dashboards?: GrafanaArgs;
  /** Needed for `alerts.email`. @default - none */
  smtp?: SmtpArgs;
  /** @default {} */
  webhooks?: WebhookArgs;
  /** Class of the volumes. @default - the cluster's default class */
  storageClass?: string;
  /** Servers that shall answer, by name, besides those of the monitoring itself. @default {} */
  servers?: pulumi.Input<WatchedServers>;
  /** Host and port of the metrics of the stack's workflow controller. @default - there is none to scrape */
  argo?: pulumi.Input<string>;
  /** Images and registry, and `monitoring`: own servers, or those of an operator. @default {} */
  cluster?: ClusterArgs;
}

interface Children {
  /** Users of the servers. */
  credentials: typeof Credentials;
  "pushgateway-service": typeof k8s.core.v1.Service;
  "pushgateway-volume": typeof k8s.core.v1.PersistentVolumeClaim;
  pushgateway: typeof k8s.apps.v1.StatefulSet;
  rules: typeof k8s.core.v1.ConfigMap;
  /** Headless Service before the scorers of all models: by it Prometheus finds them. */
  scorers: typeof k8s.core.v1.Service;
  /** The same before all pods that say how full their volume is. */
  volumes: typeof k8s.core.v1.Service;
  "alertmanager-config": typeof k8s.core.v1.ConfigMap;
  "alertmanager-service": typeof k8s.core.v1.Service;
  "alertmanager-volume": typeof k8s.core.v1.PersistentVolumeClaim;
  alertmanager: typeof k8s.apps.v1.StatefulSet;
  "prometheus-account": typeof k8s.core.v1.ServiceAccount;
  "prometheus-role": typeof k8s.rbac.v1.Role;
  "prometheus-binding": typeof k8s.rbac.v1.RoleBinding;
  "prometheus-config": typeof k8s.core.v1.ConfigMap;
  "prometheus-service": typeof k8s.core.v1.Service;
  "prometheus-volume": typeof k8s.core.v1.PersistentVolumeClaim;
  prometheus: typeof k8s.apps.v1.StatefulSet;
  grafana: typeof Grafana;
  "watch-account": typeof k8s.core.v1.ServiceAccount;
  "watch-role": typeof k8s.rbac.v1.Role;
  "watch-binding": typeof k8s.rbac.v1.RoleBinding;
  [resource: `operator-${string}`]: typeof k8s.apiextensions.CustomResource;
}

type Server = "pushgateway" | "alertmanager" | "prometheus";

/** Name of the Secret of a server's user. */
const userSecret = (name: string, server: Server): string => objectName(`${name}-${server}-user`);

/**
 * What all models are watched with: Prometheus, Alertmanager where there are channels, a Pushgateway for the KPIs of the monitors, and Grafana.
 * Or, with an operator that exists, its custom resources and the Pushgateway.
 *
 * @example new Observability("churn-observability", { context, namespace: "churn-dev", alerts: { email: [], webhook: ["https://…"] } })
 */
export class Observability extends OnpremComponent<Children> {
  /** Addresses. */
  public readonly binding: pulumi.Output<ObservabilityBinding>;

  constructor(name: string, args: ObservabilityArgs, opts?: MlopsOptions<Children>) {
    super("Observability", name, args.context, args.namespace, opts);
    const { monitoring = { kind: "install" } } = args.cluster ?? {};
    const channels = alertChannels(args.alerts, args);
    const asking: Server[] =
      monitoring.kind === "operator"
        ? ["pushgateway"]
        : ["pushgateway", "prometheus", ...(channels ? (["alertmanager"] as const) : [])];
    const users = this.makeUsers(name, args, asking);
    const pushgateway = this.makePushgateway(name, args, users, monitoring);
    const servers =
      monitoring.kind === "operator"
        ? this.useOperator(name, args, monitoring, channels)
        : this.makeServers(name, args, monitoring, channels, users, pushgateway);
    const { dashboards = { kind: "grafana" } } = args;
    const grafana =
      dashboards.kind === "existing"
        ? pulumi.output(withoutSlash(dashboards.url))
        : this.makeGrafana(
            args,
            dashboards,
            servers.prometheus,
            asking.includes("prometheus") ? userSecret(name, "prometheus") : undefined,
            users,
          );
    this.binding = applyAll(
      [pushgateway, servers.prometheus, asOutput(servers.alertmanager), grafana],
      (pushed, prometheus, alertmanager, url) => ({
        kind: monitoring.kind,
        pushgateway: pushed,
        prometheus,
        ...(alertmanager === undefined ? {} : { alertmanager }),
        grafana: url,
        secrets: { pushgateway: userSecret(name, "pushgateway"), ...secretsOf(name, asking) },
      }),
    );
    this.finish({ binding: this.binding });
  }

  /** @returns what the servers wait for */
  private makeUsers(
    name: string,
    { context, namespace, cluster = {} }: ObservabilityArgs,
    servers: readonly Server[],
  ): k8s.batch.v1.Job {
    const secrets = Object.fromEntries(
      Object.entries(secretsOf(name, servers)).map(([server, secret]) => [
        server,
        { name: secret, kind: "web-user" as const, username: webUser },
      ]),
    );
    return this.child("credentials", Credentials, { context, namespace, cluster, secrets }).ready;
  }

  /** @returns the address */
  private makePushgateway(
    name: string,
    args: ObservabilityArgs,
    users: pulumi.Resource,
    { kind, commands = {} }: PrometheusArgs,
  ): pulumi.Output<string> {
    const { cluster = {}, storageClass } = args;
    const { pushgateway: command = "pushgateway" } = commands;
    const volume = claimArgs({ storage: serverStorage.pushgateway, storageClass });
    const claimed = this.child("pushgateway-volume", k8s.core.v1.PersistentVolumeClaim, volume, volumeOptions);
    const address = this.makeService(name, "pushgateway");
    // An operator's Prometheus is no pod of the stack's: the one beside which the watch then runs is this.
    const granted = kind === "operator" ? [this.makeWatchAccount()] : [];
    const watcher = kind === "operator" ? this.placeOf("watch-account") : undefined;
    const spec = applyAll(
      [this.placeOf("pushgateway-service"), this.placeOf("pushgateway-volume"), asOutput(args.servers), asOutput(watcher)],
      ({ name: service, namespace }, { name: claim }, servers = {}, watch) =>
        pushgatewayServer({
          name,
          service,
          userSecret: userSecret(name, "pushgateway"),
          claim,
          command,
          cluster,
          ...(watch === undefined ? {} : { watch: { account: watch.name, namespace, servers } }),
        }),
    );
    this.child("pushgateway", k8s.apps.v1.StatefulSet, { spec }, { dependsOn: [users, ...granted, claimed] });
    return address;
  }

  private makeWatchAccount(): k8s.rbac.v1.RoleBinding {
    const account = this.child("watch-account", k8s.core.v1.ServiceAccount, { automountServiceAccountToken: false });
    const role = this.child("watch-role", k8s.rbac.v1.Role, { rules: watchRules });
    const args = bindRole(this.placeOf("watch-role"), [this.placeOf("watch-account")]);
    return this.child("watch-binding", k8s.rbac.v1.RoleBinding, args, { dependsOn: [role, account] });
  }

  private makeServers(
    name: string,
    args: ObservabilityArgs,
    monitoring: Extract<PrometheusArgs, { kind: "install" }>,
    channels: AlertChannels | undefined,
    users: pulumi.Resource,
    pushgateway: pulumi.Output<string>,
  ): Servers {
    const alertmanager = channels && this.makeAlertmanager(name, args, monitoring, channels, users);
    this.child("rules", k8s.core.v1.ConfigMap, {
      metadata: { labels: { [rulesLabel]: "true" } },
      data: {
        "recording.yaml": text(recordingRules()),
        "monitoring.yaml": text(ownRules(stackOf(args))),
        "platform.yaml": text(platformRules(stackOf(args))),
      },
    });
    const prometheus = this.makePrometheus(name, args, monitoring, users, pushgateway, alertmanager);
    return { prometheus, alertmanager };
  }

  private makeAlertmanager(
    name: string,
    args: ObservabilityArgs,
    { commands = {} }: Extract<PrometheusArgs, { kind: "install" }>,
    channels: AlertChannels,
    users: pulumi.Resource,
  ): pulumi.Output<string> {
    const { cluster = {}, storageClass } = args;
    const config = this.child("alertmanager-config", k8s.core.v1.ConfigMap, {
      data: { "alertmanager.yml": text(alertmanagerConfig(channels)) },
    });
    const address = this.makeService(name, "alertmanager");
    const volume = claimArgs({ storage: serverStorage.alertmanager, storageClass });
    const claimed = this.child("alertmanager-volume", k8s.core.v1.PersistentVolumeClaim, volume, volumeOptions);
    const { alertmanager: command = "alertmanager" } = commands;
    const spec = applyAll(
      [this.placeOf("alertmanager-service"), this.placeOf("alertmanager-config"), this.placeOf("alertmanager-volume")],
      ({ name: service, namespace }, { name: configMap }, { name: claim }) =>
        alertmanagerServer({
          name,
          service,
          namespace,
          userSecret: userSecret(name, "alertmanager"),
          configMap,
          channels,
          claim,
          command,
          cluster,
        }),
    );
    this.child("alertmanager", k8s.apps.v1.StatefulSet, { spec }, { dependsOn: [users, config, claimed] });
    return address;
  }

  private makePrometheus(
    name: string,
    args: ObservabilityArgs,
    {
      commands = {},
      interval,
      retention = metricRetention,
      storage = serverStorage.prometheus,
    }: Extract<PrometheusArgs, { kind: "install" }>,
    users: pulumi.Resource,
    pushgateway: pulumi.Output<string>,
    alertmanager: pulumi.Output<string> | undefined,
  ): pulumi.Output<string> {
    const { cluster = {}, context, storageClass } = args;
    const account = this.child("prometheus-account", k8s.core.v1.ServiceAccount, { automountServiceAccountToken: false });
    const role = this.child("prometheus-role", k8s.rbac.v1.Role, { rules: [...sidecarRules, ...watchRules] });
    const granted = bindRole(this.placeOf("prometheus-role"), [this.placeOf("prometheus-account")]);
    const binding = this.child("prometheus-binding", k8s.rbac.v1.RoleBinding, granted, { dependsOn: [role, account] });
    const config = this.makePrometheusConfig(args, pushgateway, alertmanager, interval);
    const address = this.makeService(name, "prometheus");
    const volume = claimArgs({ storage, storageClass });
    const claimed = this.child("prometheus-volume", k8s.core.v1.PersistentVolumeClaim, volume, dataVolumeOptions(context));
    const { prometheus: command = "prometheus" } = commands;
    const userSecrets = {
      prometheus: userSecret(name, "prometheus"),
      pushgateway: userSecret(name, "pushgateway"),
      alertmanager: alertmanager && userSecret(name, "alertmanager"),
    };
    const spec = applyAll(
      [
        this.placeOf("prometheus-service"),
        this.placeOf("prometheus-account"),
        this.placeOf("prometheus-config"),
        this.placeOf("prometheus-volume"),
        asOutput(args.servers),
      ],
      ({ name: service, namespace }, { name: accountName }, { name: configMap }, { name: claim }, servers = {}) =>
        prometheusServer({
          name,
          service,
          namespace,
          account: accountName,
          userSecrets,
          configMap,
          retention,
          interval,
          storage,
          claim,
          servers,
          command,
          cluster,
        }),
    );
    this.child("prometheus", k8s.apps.v1.StatefulSet, { spec }, { dependsOn: [users, binding, config, claimed] });
    return address;
  }

  private makePrometheusConfig(
    args: ObservabilityArgs,
    pushgateway: pulumi.Output<string>,
    alertmanager: pulumi.Output<string> | undefined,
    interval: string | undefined,
  ): k8s.core.v1.ConfigMap {
    // There may be no scorer yet, and never one: nothing to wait for.
    const found = { scorers: scorersService(), volumes: volumesService() };
    for (const key of ["scorers", "volumes"] as const)
      this.child(key, k8s.core.v1.Service, { metadata: { annotations: skipAwait }, spec: found[key] });
    const data = applyAll(
      [this.placeOf("scorers"), this.placeOf("volumes"), pushgateway, asOutput(alertmanager), asOutput(args.argo)],
      ({ name: scorers, namespace }, { name: volumes }, pushed, alerted, argo) => {
        const config = prometheusConfig({
          namespace,
          scorers: `${scorers}.${namespace}.svc`,
          volumes: `${volumes}.${namespace}.svc`,
          pushgateway: hostOf(pushed),
          alertmanager: alerted && hostOf(alerted),
          argo,
          interval,
        });
        return { "prometheus.yml": text(config) };
      },
    );
    return this.child("prometheus-config", k8s.core.v1.ConfigMap, { data });
  }

  /** @returns the address */
  private makeService(name: string, server: Server): pulumi.Output<string> {
    const labels = roleLabels(server, name);
    this.child(`${server}-service`, k8s.core.v1.Service, {
      metadata: { labels },
      spec: { selector: labels, ports: [{ name: "http", port: ports[server], targetPort: "http" }] },
    });
    return addressOf(this.placeOf(`${server}-service`), ports[server]);
  }

  private useOperator(
    name: string,
    args: ObservabilityArgs,
    { labels = {}, url }: Extract<PrometheusArgs, { kind: "operator" }>,
    channels: AlertChannels | undefined,
  ): Servers {
    const make = (key: string, kind: string, spec: pulumi.Input<object>, apiVersion: string = operatorApiVersion) =>
      this.child(`operator-${key}`, k8s.apiextensions.CustomResource, { apiVersion, kind, metadata: { labels }, spec });
    make("scorers", "PodMonitor", scorerMonitor());
    make("pushgateway", "ServiceMonitor", pushgatewayMonitor(roleLabels("pushgateway", name), userSecret(name, "pushgateway")));
    make("watch", "PodMonitor", podMonitor(roleLabels("pushgateway", name), "watch", scrapeJobs.watch));
    make("volumes", "PodMonitor", podMonitor(volumeLabels, volumeContainer, scrapeJobs.volumes));
    if (args.argo !== undefined) make("argo", "PodMonitor", podMonitor(roleLabels("argo"), "metrics", scrapeJobs.argo));
    const rules = asOutput(args.namespace).apply((namespace) => {
      const files: RuleFile[] = [recordingRules({ namespace }), platformRules({ ...stackOf(args), namespace })];
      return operatorRules({ groups: files.flatMap(({ groups }) => groups) }, namespace);
    });
    make("rules", "PrometheusRule", rules);
    if (channels) make("alerts", "AlertmanagerConfig", operatorAlerts(channels), alertmanagerConfigApiVersion);
    return { prometheus: pulumi.output(url), alertmanager: undefined };
  }

  private makeGrafana(
    { context, namespace, cluster = {} }: ObservabilityArgs,
    { url }: Extract<GrafanaArgs, { kind: "grafana" }>,
    prometheus: pulumi.Output<string>,
    prometheusSecret: string | undefined,
    users: pulumi.Resource,
  ): pulumi.Output<string> {
    const args = {
      context,
      namespace,
      cluster,
      prometheus,
      ...(prometheusSecret === undefined ? {} : { prometheusSecret }),
      ...(url === undefined ? {} : { url: withoutSlash(url) }),
    };
    return this.child("grafana", Grafana, args, { dependsOn: [users] }).url;
  }
}

interface Servers {
  readonly prometheus: pulumi.Output<string>;
  readonly alertmanager: pulumi.Output<string> | undefined;
}

/** Names of the Secrets of servers' users, by server. */
const secretsOf = (name: string, servers: readonly Server[]): Partial<Record<Server, string>> =>
  Object.fromEntries(servers.map((server) => [server, userSecret(name, server)]));

/** An address to which a path can be added. */
const withoutSlash = (url: string): string => url.replace(/\/$/, "");

// JSON is YAML, and two runs write the same.
const text = (document: object): string => `${JSON.stringify(document, null, 2)}\n`;

const stackOf = ({ context, cluster }: ObservabilityArgs) => ({
  stack: context.name,
  environment: context.environment,
  runbooks: cluster?.runbooks,
});

const hostOf = (address: string): string => new URL(address).host;
