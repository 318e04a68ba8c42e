import { repeatIntervals } from "./alert-rules";
import { type AlertChannels, alertGroup, severityPace, switchPace, switchReceiver } from "./alertmanager";
import { roleLabels } from "./labels";
import { watchdog } from "./platform-rules";
import { scrapeJobs } from "./prometheus";

/** Version of most custom resources of the Prometheus operator. https://prometheus-operator.dev/docs/api-reference/api/ */
export const operatorApiVersion = "monitoring.coreos.com/v1";
/** Version of AlertmanagerConfig: the one that operators serve without a conversion webhook. */
export const alertmanagerConfigApiVersion = "monitoring.coreos.com/v1alpha1";

/** The namespace as a label of a target. The operator does it by itself, and rules rest on it. */
const namespaced = { action: "replace", sourceLabels: ["__meta_kubernetes_namespace"], targetLabel: "namespace" };

/** Labels of the series of scorers, and what Kubernetes knows them by. */
const scorerLabels: readonly (readonly [label: string, source: string])[] = [
  ["pod", "__meta_kubernetes_pod_name"],
  ["model", "__meta_kubernetes_pod_label_cyclops_dev_model"],
];

/** Spec of the PodMonitor of a namespace's scorers. */
export function scorerMonitor() {
  return {
    selector: { matchLabels: roleLabels("scorer") },
    podMetricsEndpoints: [
      {
        port: "http",
        path: "/metrics",
        interval: "15s",
        relabelings: [
          { action: "replace", targetLabel: "job", replacement: scrapeJobs.scorers },
          namespaced,
          ...scorerLabels.map(([targetLabel, source]) => ({ action: "replace", sourceLabels: [source], targetLabel })),
        ],
        // The scorer's own label `model` says the same, and would be kept under another name.
        metricRelabelings: [{ action: "labeldrop", regex: "exported_model" }],
      },
    ],
  };
}

/** Spec of the ServiceMonitor of the Pushgateway, whose series say themselves whose they are. The operator reads its user's Secret. */
export function pushgatewayMonitor(labels: Record<string, string>, userSecret: string) {
  const basicAuth = { username: { name: userSecret, key: "username" }, password: { name: userSecret, key: "password" } };
  return {
    selector: { matchLabels: labels },
    endpoints: [{ port: "http", path: "/metrics", interval: "15s", honorLabels: true, relabelings: [namespaced], basicAuth }],
  };
}

/** Spec of the PodMonitor of one port of the pods with these labels, with the namespace as a label as in the stack's own Prometheus. */
export const podMonitor = (labels: Record<string, string>, port: string, job: string) => ({
  selector: { matchLabels: labels },
  podMetricsEndpoints: [
    {
      port,
      path: "/metrics",
      interval: "15s",
      relabelings: [{ action: "replace", targetLabel: "job", replacement: job }, namespaced],
    },
  ],
});

/**
 * Rules for a PrometheusRule: the same, with the namespace as a label. By it an operator's Alertmanager knows whose AlertmanagerConfig they
 * are for.
 */
export function operatorRules<Rule extends object>(
  { groups }: { groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[] },
  namespace: string,
) {
  return {
    groups: groups.map(({ name, rules }) => ({
      name,
      rules: rules.map((rule) =>
        "alert" in rule && "labels" in rule && typeof rule.labels === "object"
          ? { ...rule, labels: { ...rule.labels, namespace } }
          : { ...rule },
      ),
    })),
  };
}

/** Spec of an AlertmanagerConfig with the routes, the inhibition and the channels that the stack's own Alertmanager would have. */
export function operatorAlerts({ email, webhook, smtp, webhooks }: AlertChannels) {
  const { secretNames = [], authorities, deadMansSwitch } = webhooks;
  const match = (name: string, value: string) => ({ name, value, matchType: "=" });
  const tls = authorities === undefined ? {} : { tlsConfig: { ca: { configMap: { name: authorities, key: "ca.crt" } } } };
  const http = authorities === undefined ? {} : { httpConfig: tls };
  return {
    route: {
      receiver: "channels",
      groupBy: [...alertGroup],
      repeatInterval: "24h",
      routes: [
        {
          receiver: switchReceiver,
          matchers: [match("alertname", watchdog)],
          groupWait: switchPace.group_wait,
          groupInterval: switchPace.group_interval,
          repeatInterval: switchPace.repeat_interval,
        },
        ...Object.entries(severityPace).map(([severity, { group_wait, group_interval }]) => ({
          receiver: "channels",
          matchers: [match("severity", severity)],
          groupWait: group_wait,
          groupInterval: group_interval,
          routes: repeatIntervals.map((interval) => ({
            receiver: "channels",
            matchers: [match("repeat", interval)],
            repeatInterval: interval,
          })),
        })),
      ],
    },
    inhibitRules: [
      { sourceMatch: [match("severity", "critical")], targetMatch: [match("severity", "warn")], equal: [...alertGroup] },
    ],
    receivers: [
      {
        name: "channels",
        ...(smtp === undefined ? {} : { emailConfigs: email.map((to) => ({ ...mailConfig(to, smtp), ...tls })) }),
        webhookConfigs: [
          ...webhook.map((url) => ({ url, sendResolved: true, ...http })),
          ...secretNames.map((name) => ({ urlSecret: { name, key: "url" }, sendResolved: true, ...http })),
        ],
      },
      {
        name: switchReceiver,
        webhookConfigs: deadMansSwitch === undefined ? [] : [{ ...switchAddress(deadMansSwitch), sendResolved: false, ...http }],
      },
    ],
  };
}

const switchAddress = ({ url, secretName = "" }: NonNullable<AlertChannels["webhooks"]["deadMansSwitch"]>) =>
  url === undefined ? { urlSecret: { name: secretName, key: "url" } } : { url };

function mailConfig(to: string, smtp: NonNullable<AlertChannels["smtp"]>) {
  const { host, port = 587, from, username = from, secretName, requireTls = true } = smtp;
  return {
    to,
    from,
    smarthost: `${host}:${port}`,
    requireTLS: requireTls,
    sendResolved: false,
    ...(secretName === undefined ? {} : { authUsername: username, authPassword: { name: secretName, key: "password" } }),
  };
}
