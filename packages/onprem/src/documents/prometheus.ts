import { ArgumentError, parseDuration, parseStorage, runbook } from "@cyclops/core";
import type { ClusterArgs } from "../args";
import { imageUsers, monitoringInterval, ports, serverResources } from "../defaults";
import { bindingSeconds } from "./duration";
import { roleLabels, volumeLabels } from "./labels";
import { imageOf, podSpec, startupProbe } from "./pod";
import { rulesSidecar } from "./rules-sidecar";
import { claimVolume, statefulSet } from "./stateful-set";
import { volumeContainer, type WatchedServers, watchSidecar } from "./watch-sidecar";
import { webConfig, webConfigFlag, webPassword, webProbe, webUser } from "./web-user";

/** Label of the ConfigMaps whose keys are rule files. */
export const rulesLabel = "cyclops.dev/prometheus-rules";

/** Jobs of the scrape configuration: values of the label `job`, which rules match. The Pushgateway's series keep their own, `cyclops-monitor`. */
export const scrapeJobs = {
  scorers: "cyclops-scorers",
  pushgateway: "cyclops-pushgateway",
  prometheus: "cyclops-prometheus",
  rules: "cyclops-rules",
  alertmanager: "cyclops-alertmanager",
  watch: "cyclops-watch",
  volumes: "cyclops-volumes",
  argo: "cyclops-argo",
} as const;

const rulesDirectory = "/etc/prometheus-rules";
const configDirectory = "/etc/prometheus-config";

/** Servers that ask for a password, and the Secrets of their users. */
interface UserSecrets {
  readonly prometheus: string;
  readonly pushgateway: string;
  readonly alertmanager?: string | undefined;
}

const passwordVolume = (server: keyof UserSecrets) => `password-${server}`;
const passwordDirectory = (server: keyof UserSecrets) => `/etc/prometheus-passwords/${server}`;

/** How Prometheus asks a server for what it wants to know; it reads the file anew each time. */
const login = (server: keyof UserSecrets) => ({
  basic_auth: { username: webUser, password_file: `${passwordDirectory(server)}/password` },
});

/** Spec of a headless Service before pods that Prometheus finds by its name; one that is not ready is watched too. */
const foundService = (selector: Record<string, string>, name: string, port: number) => ({
  clusterIP: "None",
  publishNotReadyAddresses: true,
  selector,
  ports: [{ name, port, targetPort: name }],
});

/** Spec of the Service before the scorers of all models of a namespace. */
export const scorersService = () => foundService(roleLabels("scorer"), "http", ports.scorer);

/** Spec of the Service before all pods that say how full their volume is. */
export const volumesService = () => foundService(volumeLabels, volumeContainer, ports.volume);

/**
 * Configuration of Prometheus 2.42 or newer: the scorers, the volumes, the Pushgateway and the servers of the monitoring itself.
 *
 * Scorers and volumes are found by name resolution and not by the Kubernetes API: Prometheus needs no right for it, and builds without the
 * API's client, such as those of Linux distributions, can do it too. What a scorer is, its series say themselves.
 *
 * @param scorers name of the headless Service before all scorers
 * @param volumes name of the headless Service before all pods that say how full their volume is
 * @param pushgateway address `host:port`
 * @param alertmanager address `host:port`; undefined where nobody is told about alerts
 * @param argo address `host:port` of the metrics of the stack's workflow controller; undefined where it has none
 */
export function prometheusConfig(input: {
  namespace: string;
  scorers: string;
  volumes: string;
  pushgateway: string;
  alertmanager?: string | undefined;
  argo?: string | undefined;
  interval?: string | undefined;
}) {
  const { namespace, scorers, volumes, pushgateway, alertmanager, argo } = input;
  const interval = `${intervalSeconds(input.interval)}s`;
  const fixed = (job: string, target: string) => ({ job_name: job, static_configs: [{ targets: [target] }] });
  // A cluster has addresses of one family or of both.
  const found = (job: string, name: string, port: number) => ({
    job_name: job,
    dns_sd_configs: ["A", "AAAA"].map((type) => ({ names: [name], port, refresh_interval: interval, type })),
  });
  return {
    global: { scrape_interval: interval, evaluation_interval: interval },
    rule_files: [`${rulesDirectory}/*.yaml`, `${rulesDirectory}/*.yml`],
    ...(alertmanager === undefined
      ? {}
      : { alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }], ...login("alertmanager") }] } }),
    scrape_configs: [
      {
        ...found(scrapeJobs.scorers, scorers, ports.scorer),
        relabel_configs: [{ target_label: "namespace", replacement: namespace }],
      },
      found(scrapeJobs.volumes, volumes, ports.volume),
      // What was pushed says itself whose it is.
      { ...fixed(scrapeJobs.pushgateway, pushgateway), honor_labels: true, ...login("pushgateway") },
      { ...fixed(scrapeJobs.prometheus, `localhost:${ports.prometheus}`), ...login("prometheus") },
      fixed(scrapeJobs.rules, `localhost:${ports.rules}`),
      fixed(scrapeJobs.watch, `localhost:${ports.watch}`),
      ...(argo === undefined ? [] : [fixed(scrapeJobs.argo, argo)]),
      ...(alertmanager === undefined ? [] : [{ ...fixed(scrapeJobs.alertmanager, alertmanager), ...login("alertmanager") }]),
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

/** @throws ArgumentError for what is no duration, or shorter than a second */
const intervalSeconds = (interval = monitoringInterval) => bindingSeconds("monitoring.interval", interval);

/** @throws ArgumentError for what is no duration */
function retentionTime(retention: string): string {
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
  userSecrets: UserSecrets;
  /** Its name says what it holds: a change makes a new pod. */
  configMap: string;
  retention: string;
  interval?: string | undefined;
  /** Size of its volume. */
  storage: string;
  /** Claim of its volume. */
  claim: string;
  /** Servers that shall answer. @default {} */
  servers?: WatchedServers;
  command: string;
  cluster: ClusterArgs;
}) {
  const { cluster, userSecrets } = input;
  const web = webConfig(userSecrets.prometheus);
  const passwords = (["prometheus", "pushgateway", "alertmanager"] as const).flatMap((server) => {
    const secret = userSecrets[server];
    return secret === undefined ? [] : [webPassword(passwordVolume(server), secret, passwordDirectory(server))];
  });
  const container = {
    name: "prometheus",
    image: imageOf("prometheus", cluster),
    // Flags that both 2.42 and 3 know.
    command: [
      input.command,
      `--config.file=${configDirectory}/prometheus.yml`,
      "--storage.tsdb.path=/prometheus/data",
      `--storage.tsdb.retention.time=${retentionTime(input.retention)}`,
      `--storage.tsdb.retention.size=${retentionSize(input.storage)}`,
      `--web.listen-address=0.0.0.0:${ports.prometheus}`,
      `--web.external-url=http://${input.service}.${input.namespace}.svc:${ports.prometheus}`,
      webConfigFlag,
      // For the sidecar.
      "--web.enable-lifecycle",
    ],
    ports: [{ name: "http", containerPort: ports.prometheus }],
    // The port opens before the log of the last hours is read. The sidecar's opens after that, and the pod is ready with both.
    readinessProbe: { ...webProbe, periodSeconds: 5 },
    startupProbe: startupProbe(webProbe, 600),
    livenessProbe: { ...webProbe, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 6 },
    resources: serverResources.prometheus,
    volumeMounts: [
      { name: "data", mountPath: "/prometheus" },
      { name: "config", mountPath: configDirectory, readOnly: true },
      { name: "rules", mountPath: rulesDirectory, readOnly: true },
      web.mount,
      ...passwords.map(({ mount }) => mount),
    ],
  };
  const sidecar = rulesSidecar({
    namespace: input.namespace,
    label: `${rulesLabel}=true`,
    directory: rulesDirectory,
    volume: "rules",
    seconds: intervalSeconds(input.interval),
    reload: { url: `http://localhost:${ports.prometheus}/-/reload`, userVolume: passwordVolume("prometheus") },
    cluster,
  });
  const watch = watchSidecar({
    namespace: input.namespace,
    servers: input.servers ?? {},
    volume: { name: "data", claim: input.claim },
    reach: "pod",
    seconds: intervalSeconds(input.interval),
    cluster,
  });
  const pod = podSpec(
    {
      user: imageUsers.prometheus,
      cluster,
      container,
      sidecars: [sidecar, watch],
      volumes: [
        claimVolume("data", input.claim),
        { name: "config", configMap: { name: input.configMap } },
        { name: "rules", emptyDir: { sizeLimit: "64Mi" } },
        web.volume,
        ...passwords.map(({ volume: each }) => each),
      ],
    },
    { serviceAccountName: input.account, automountServiceAccountToken: true, terminationGracePeriodSeconds: 120 },
  );
  return statefulSet({ labels: roleLabels("prometheus", input.name), service: input.service, pod });
}

/** Rules about the monitoring itself: what is broken here is seen nowhere else. */
export function ownRules({
  stack,
  environment,
  runbooks,
}: {
  stack: string;
  environment: string;
  runbooks?: string | undefined;
}) {
  const rule = (alert: string, kpi: string, expr: string, hold: string, summary: string, description: string) => ({
    alert,
    expr,
    for: hold,
    labels: { severity: "warn", kpi, model: "none", stack, environment, repeat: "24h" },
    annotations: { summary, description, runbook_url: runbook("runbooks.md", "monitoring", runbooks) },
  });
  const { pushgateway, rules, watch, volumes, alertmanager } = scrapeJobs;
  const down = `up{job=~"${[pushgateway, rules, watch, volumes, alertmanager].join("|")}"} == 0`;
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
