import { ArgumentError, type ResolvedStackSpec } from "@cyclops/core";
import type { ClusterArgs, SmtpArgs, WebhookArgs } from "../args";
import { imageUsers, ports, serverResources } from "../defaults";
import { repeatIntervals } from "./alert-rules";
import { roleLabels, volumeLabels } from "./labels";
import { watchdog } from "./platform-rules";
import { imageOf, podSpec, startupProbe, type Volume, type VolumeMount } from "./pod";
import { claimVolume, statefulSet } from "./stateful-set";
import { volumeSidecar } from "./watch-sidecar";
import { webConfig, webConfigFlag, webProbe } from "./web-user";

/** Whom alerts are sent to. */
export interface AlertChannels {
  readonly email: readonly string[];
  /** Addresses of webhooks. */
  readonly webhook: readonly string[];
  readonly smtp?: SmtpArgs | undefined;
  readonly webhooks: WebhookArgs;
}

/** Receiver of the alert that always fires, and of nothing else. */
export const switchReceiver = "dead-mans-switch";
/** Once a minute: a switch is set to the few that it may miss. */
export const switchPace = { group_wait: "0s", group_interval: "1m", repeat_interval: "50s" } as const;

/**
 * The channels of a stack; undefined where it has none.
 *
 * @throws ArgumentError for mail without a mail server
 */
export function alertChannels(
  alerts: ResolvedStackSpec["alerts"],
  { smtp, webhooks = {} }: { smtp?: SmtpArgs; webhooks?: WebhookArgs },
): AlertChannels | undefined {
  const { email = [], webhook = [] } = alerts ?? {};
  if (email.length > 0 && !(smtp?.host && smtp.from)) {
    throw new ArgumentError(
      "alerts.email",
      "needs a mail server, which a cluster does not have.",
      "Give its name and a sender: smtp: {host, from} in the program, or `pulumi config set --path cyclops-onprem:smtp.host …` and `…:smtp.from …`; " +
        "`cyclops plan` takes them with --config or --bindings.",
    );
  }
  const { secretNames = [], deadMansSwitch } = webhooks;
  if (deadMansSwitch && (deadMansSwitch.url === undefined) === (deadMansSwitch.secretName === undefined)) {
    throw new ArgumentError(
      "webhooks.deadMansSwitch",
      "needs an address, and one only.",
      "Give `url`, or `secretName` where the address holds a token.",
    );
  }
  if (email.length + webhook.length + secretNames.length === 0 && !deadMansSwitch) return undefined;
  return { email, webhook, smtp, webhooks };
}

/** Labels of the alerts that are told about together; severities apart, so that a warning does not hide behind an older critical alert. */
export const alertGroup = ["stack", "environment", "model", "kpi"] as const;

/** How soon an alert is told about, and how soon one that joins its group. */
export const severityPace = {
  critical: { group_wait: "10s", group_interval: "1m" },
  warn: { group_wait: "1m", group_interval: "5m" },
} as const;

const receiver = "channels";
const secretsDirectory = "/etc/alertmanager-secrets";
const authoritiesFile = "/etc/alertmanager-authorities/ca.crt";

/**
 * Configuration of Alertmanager 0.25 or newer. Every channel gets every alert: by mail when it starts, by webhook also when it ends.
 * A critical alert mutes the warning of the same KPI. No secret is in it: passwords and secret addresses are read from files (secret
 * addresses need 0.26).
 */
export function alertmanagerConfig({ email, webhook, smtp, webhooks }: AlertChannels) {
  const { secretNames = [], authorities, deadMansSwitch } = webhooks;
  const tls = authorities === undefined ? {} : { tls_config: { ca_file: authoritiesFile } };
  const http = authorities === undefined ? {} : { http_config: tls };
  const mail = smtp === undefined ? {} : { global: smtpGlobal(smtp) };
  return {
    ...mail,
    route: {
      receiver,
      group_by: [...alertGroup],
      repeat_interval: "24h",
      routes: [
        { matchers: [`alertname="${watchdog}"`], receiver: switchReceiver, ...switchPace },
        ...Object.entries(severityPace).map(([severity, pace]) => ({
          matchers: [`severity="${severity}"`],
          ...pace,
          routes: repeatIntervals.map((interval) => ({ matchers: [`repeat="${interval}"`], repeat_interval: interval })),
        })),
      ],
    },
    inhibit_rules: [{ source_matchers: ['severity="critical"'], target_matchers: ['severity="warn"'], equal: [...alertGroup] }],
    receivers: [
      {
        name: receiver,
        email_configs: email.map((to) => ({ to, send_resolved: false, ...tls })),
        webhook_configs: [
          ...webhook.map((url) => ({ url, send_resolved: true, ...http })),
          ...secretNames.map((name) => ({ url_file: urlFile(name), send_resolved: true, ...http })),
        ],
      },
      {
        // Without a switch nobody is told that nothing is wrong.
        name: switchReceiver,
        webhook_configs:
          deadMansSwitch === undefined ? [] : [{ ...switchAddress(deadMansSwitch), send_resolved: false, ...http }],
      },
    ],
  };
}

const urlFile = (secretName: string): string => `${secretsDirectory}/${secretName}/url`;

const switchAddress = ({ url, secretName = "" }: NonNullable<WebhookArgs["deadMansSwitch"]>) =>
  url === undefined ? { url_file: urlFile(secretName) } : { url };

function smtpGlobal({ host, port = 587, from, username = from, secretName, requireTls = true }: SmtpArgs) {
  return {
    smtp_smarthost: `${host}:${port}`,
    smtp_from: from,
    smtp_require_tls: requireTls,
    ...(secretName === undefined
      ? {}
      : { smtp_auth_username: username, smtp_auth_password_file: `${secretsDirectory}/${secretName}/password` }),
  };
}

/** Spec of the StatefulSet of Alertmanager; its volume holds silences, and what was sent. */
export function alertmanagerServer(input: {
  name: string;
  service: string;
  namespace: string;
  /** Secret of its user. */
  userSecret: string;
  /** Its name says what it holds: a change makes a new pod. */
  configMap: string;
  channels: AlertChannels;
  /** Claim of its volume. */
  claim: string;
  command: string;
  cluster: ClusterArgs;
}) {
  const { smtp, webhooks } = input.channels;
  const others = [smtp?.secretName, webhooks.deadMansSwitch?.secretName].filter((secret) => secret !== undefined);
  const secrets = secretMounts([...(webhooks.secretNames ?? []), ...others]);
  const authorities = authoritiesMount(webhooks.authorities);
  const web = webConfig(input.userSecret);
  const container = {
    name: "alertmanager",
    image: imageOf("alertmanager", input.cluster),
    command: [
      input.command,
      "--config.file=/etc/alertmanager/alertmanager.yml",
      "--storage.path=/data",
      // What was sent is forgotten after this time, and then sent again: longer than the longest interval between repetitions.
      "--data.retention=360h",
      `--web.listen-address=0.0.0.0:${ports.alertmanager}`,
      webConfigFlag,
      `--web.external-url=http://${input.service}.${input.namespace}.svc:${ports.alertmanager}`,
      // One instance has nobody to gossip with.
      "--cluster.listen-address=",
    ],
    ports: [{ name: "http", containerPort: ports.alertmanager }],
    readinessProbe: { ...webProbe, periodSeconds: 5 },
    startupProbe: startupProbe(webProbe, 120),
    livenessProbe: { ...webProbe, periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 6 },
    resources: serverResources.alertmanager,
    volumeMounts: [
      { name: "data", mountPath: "/data" },
      { name: "config", mountPath: "/etc/alertmanager", readOnly: true },
      web.mount,
      ...secrets.mounts,
      ...authorities.mounts,
    ],
  };
  const volumes: Volume[] = [
    claimVolume("data", input.claim),
    { name: "config", configMap: { name: input.configMap } },
    web.volume,
    ...secrets.volumes,
    ...authorities.volumes,
  ];
  const sidecars = [volumeSidecar({ ...input, name: "data" })];
  const pod = podSpec({ user: imageUsers.prometheus, cluster: input.cluster, container, sidecars, volumes }, {});
  const labels = roleLabels("alertmanager", input.name);
  return statefulSet({ labels, podLabels: volumeLabels, service: input.service, pod });
}

/** Mounts of Secrets by name, each once. */
function secretMounts(names: readonly string[]): { volumes: Volume[]; mounts: VolumeMount[] } {
  const once = [...new Set(names)];
  const volume = (index: number) => `secret-${index}`;
  return {
    volumes: once.map((secretName, index) => ({ name: volume(index), secret: { secretName, defaultMode: 0o440 } })),
    mounts: once.map((name, index) => ({ name: volume(index), mountPath: `${secretsDirectory}/${name}`, readOnly: true })),
  };
}

function authoritiesMount(configMap: string | undefined): { volumes: Volume[]; mounts: VolumeMount[] } {
  if (configMap === undefined) return { volumes: [], mounts: [] };
  return {
    volumes: [{ name: "authorities", configMap: { name: configMap, items: [{ key: "ca.crt", path: "ca.crt" }] } }],
    mounts: [{ name: "authorities", mountPath: "/etc/alertmanager-authorities", readOnly: true }],
  };
}
