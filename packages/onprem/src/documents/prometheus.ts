import { ArgumentError, parseDuration, parseStorage } from "@cyclops/core";
import type { ClusterArgs } from "../args";
import { imageUsers, ports, serverResources } from "../defaults";
import type { PolicyRule } from "./identity";
import { contentHash, roleLabels } from "./labels";
import { imageOf, podSpec } from "./pod";
import { rulesSidecar } from "./rules-sidecar";
import { statefulSet, type VolumeArgs } from "./stateful-set";

/** Label of the ConfigMaps whose keys are rule files. */
export const rulesLabel = "cyclops.dev/prometheus-rules";

/** Jobs of the scrape configuration: values of the label `job`, which rules match. The Pushgateway's series keep their own, `cyclops-monitor`. */
export const scrapeJobs = {
  scorers: "cyclops-scorers",
  pushgateway: "cyclops-pushgateway",
  prometheus: "cyclops-prometheus",
  rules: "cyclops-rules",
  alertmanager: "cyclops-alertmanager",
} as const;

const rulesDirectory = "/etc/prometheus-rules";
const configDirectory = "/etc/prometheus-config";

/** What Prometheus and the sidecar beside it read of the Kubernetes API, in their namespace: which scorers there are, and the rules. */
export const prometheusRules: PolicyRule[] = [
  { apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch"] },
  { apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list", "watch"] },
];

/** Labels of the series of scorers: their model is a label of the pod, since the series of the process itself do not name it. */
export const scorerRelabelings = [
  { source: "__meta_kubernetes_namespace", target: "namespace" },
  { source: "__meta_kubernetes_pod_name", target: "pod" },
  { source: "__meta_kubernetes_pod_label_cyclops_dev_model", target: "model" },
  { source: "__meta_kubernetes_pod_label_cyclops_dev_scorer", target: "scorer" },
] as const;

/**
 * Configuration of Prometheus 2.42 or newer: the scorers of its own namespace, the Pushgateway and the servers of the monitoring itself.
 *
 * @param alertmanager address `host:port`; undefined where nobody is told about alerts
 */
export function prometheusConfig(input: { pushgateway: string; alertmanager?: string | undefined }) {
  const { pushgateway, alertmanager } = input;
  const fixed = (job: string, target: string) => ({ job_name: job, static_configs: [{ targets: [target] }] });
  return {
    global: { scrape_interval: "15s", evaluation_interval: "15s" },
    rule_files: [`${rulesDirectory}/*.yaml`, `${rulesDirectory}/*.yml`],
    ...(alertmanager === undefined ? {} : { alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] } }),
    scrape_configs: [
      {
        job_name: scrapeJobs.scorers,
        kubernetes_sd_configs: [
          {
            role: "pod",
            namespaces: { own_namespace: true },
            selectors: [{ role: "pod", label: "cyclops.dev/role=scorer" }],
          },
        ],
        relabel_configs: [
          { source_labels: ["__meta_kubernetes_pod_container_port_name"], regex: "http", action: "keep" },
          // A pod that has ended is listed for a while, and is not down.
          { source_labels: ["__meta_kubernetes_pod_phase"], regex: "Succeeded|Failed", action: "drop" },
          ...scorerRelabelings.map(({ source, target }) => ({ source_labels: [source], target_label: target })),
        ],
        // The scorer's own label `model` says the same, and would be kept under another name.
        metric_relabel_configs: [{ regex: "exported_model", action: "labeldrop" }],
      },
      // What was pushed says itself whose it is.
      { ...fixed(scrapeJobs.pushgateway, pushgateway), honor_labels: true },
      fixed(scrapeJobs.prometheus, `localhost:${ports.prometheus}`),
      fixed(scrapeJobs.rules, `localhost:${ports.rules}`),
      ...(alertmanager === undefined ? [] : [fixed(scrapeJobs.alertmanager, alertmanager)]),
    ],
  };
}

/**
 * Bytes that Prometheus may fill, in its own notation: four fifths of the volume, since the log of what is not yet in a block comes on top.
 *
 * @throws ArgumentError for what is no size
 */
export function retentionSize(storage: string): string {
  const bytes = parseStorage(storage);
  if (bytes === undefined) throw new ArgumentError("monitoring.storage", `"${storage}" is not a size.`, 'Write e.g. "20Gi".');
  return `${Math.floor((bytes * 0.8) / 2 ** 20)}MB`;
}

/** @throws ArgumentError for what is no duration */
export function retentionTime(retention: string): string {
  if (parseDuration(retention) === undefined)
    throw new ArgumentError("monitoring.retention", `"${retention}" is not a duration.`, 'Write e.g. "30d".');
  return retention;
}

/** Spec of the StatefulSet of Prometheus, with the sidecar that brings it the rules. */
export function prometheusServer(input: {
  name: string;
  service: string;
  namespace: string;
  account: string;
  configMap: string;
  /** What the ConfigMap holds: a change makes a new pod. */
  config: Record<string, string>;
  retention: string;
  volume: VolumeArgs;
  command: string;
  cluster: ClusterArgs;
}) {
  const { cluster, volume } = input;
  const health = (path: string) => ({ httpGet: { path, port: "http" } });
  const container = {
    name: "prometheus",
    image: imageOf("prometheus", cluster),
    // Flags that both 2.42 and 3 know.
    command: [
      input.command,
      `--config.file=${configDirectory}/prometheus.yml`,
      "--storage.tsdb.path=/prometheus/data",
      `--storage.tsdb.retention.time=${retentionTime(input.retention)}`,
      `--storage.tsdb.retention.size=${retentionSize(volume.storage)}`,
      `--web.listen-address=0.0.0.0:${ports.prometheus}`,
      `--web.external-url=http://${input.service}.${input.namespace}.svc:${ports.prometheus}`,
      // For the sidecar. It can also stop the server, which then starts again; network policies say who reaches the port.
      "--web.enable-lifecycle",
    ],
    ports: [{ name: "http", containerPort: ports.prometheus }],
    readinessProbe: { ...health("/-/ready"), periodSeconds: 5 },
    // After a hard stop the log of the last hours is read again.
    startupProbe: { ...health("/-/ready"), periodSeconds: 3, failureThreshold: 200 },
    livenessProbe: { ...health("/-/healthy"), periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 6 },
    resources: serverResources.prometheus,
    volumeMounts: [
      { name: "data", mountPath: "/prometheus" },
      { name: "config", mountPath: configDirectory, readOnly: true },
      { name: "rules", mountPath: rulesDirectory, readOnly: true },
    ],
  };
  const sidecar = rulesSidecar({
    namespace: input.namespace,
    label: `${rulesLabel}=true`,
    directory: rulesDirectory,
    volume: "rules",
    reload: `http://localhost:${ports.prometheus}/-/reload`,
    cluster,
  });
  const pod = podSpec(
    {
      user: imageUsers.prometheus,
      cluster,
      container,
      sidecars: [sidecar],
      volumes: [
        { name: "config", configMap: { name: input.configMap } },
        { name: "rules", emptyDir: { sizeLimit: "64Mi" } },
      ],
    },
    { serviceAccountName: input.account, automountServiceAccountToken: true, terminationGracePeriodSeconds: 120 },
  );
  return statefulSet({
    labels: roleLabels("prometheus", input.name),
    annotations: contentHash(input.config),
    service: input.service,
    pod,
    volume: { name: "data", ...volume },
  });
}

/** Rules about the monitoring itself: what is broken here is seen nowhere else. */
export function ownRules({ stack, environment }: { stack: string; environment: string }) {
  const rule = (alert: string, kpi: string, expr: string, hold: string, summary: string, description: string) => ({
    alert,
    expr,
    for: hold,
    labels: { severity: "warn", kpi, model: "none", stack, environment, repeat: "24h" },
    annotations: { summary, description, runbook_url: "docs/targets/onprem.md#dashboards-and-alerts" },
  });
  const down = `up{job=~"${scrapeJobs.pushgateway}|${scrapeJobs.rules}|${scrapeJobs.alertmanager}"} == 0`;
  return {
    groups: [
      {
        name: "cyclops-monitoring",
        rules: [
          rule(
            "CyclopsRulesRefused",
            "rules",
            "max by (configmap, file) (cyclops_rules_refused) > 0",
            "5m",
            "Prometheus refuses a rule file",
            "{{ $labels.file }} of the ConfigMap {{ $labels.configmap }} is not in force: its last good version is, if there was one.",
          ),
          rule(
            "CyclopsMonitoringDown",
            "monitoring",
            down,
            "10m",
            "A part of the monitoring does not answer",
            "{{ $labels.job }} at {{ $labels.instance }} has not answered for ten minutes.",
          ),
          rule(
            "CyclopsNotificationsFail",
            "notifications",
            "sum by (integration) (rate(alertmanager_notifications_failed_total[15m])) > 0",
            "15m",
            "Alerts do not arrive",
            "Alertmanager cannot send by {{ $labels.integration }}: see its log.",
          ),
        ],
      },
    ],
  };
}
