import type { ClusterArgs } from "../args";
import { imageUsers, ports, serverResources } from "../defaults";
import { roleLabels } from "./labels";
import { fromSecret, imageOf, podSpec, startupProbe } from "./pod";
import { rulesSidecar } from "./rules-sidecar";
import { webUser } from "./web-user";

/** Label of the ConfigMaps whose keys are dashboards, by which the usual sidecar of Grafana finds them too. */
export const dashboardLabel = "grafana_dashboard";

/** Name by which dashboards may ask for the stack's Prometheus. */
const datasourceUid = "cyclops-prometheus";

const dashboardsDirectory = "/var/lib/grafana-dashboards";

// Grafana puts the variable's value in its place. https://grafana.com/docs/grafana/latest/administration/provisioning/
const passwordVariable = "CYCLOPS_PROMETHEUS_PASSWORD";
const login = {
  basicAuth: true,
  basicAuthUser: webUser,
  secureJsonData: { basicAuthPassword: `$${passwordVariable}` },
};

/**
 * Files of Grafana's provisioning: one data source, and a folder of dashboards that nobody changes by hand.
 *
 * @param asksForUser whether Prometheus is the stack's own
 */
export function grafanaProvisioning({
  prometheus,
  folder,
  asksForUser,
}: {
  prometheus: string;
  folder: string;
  asksForUser: boolean;
}) {
  return {
    "datasources.yaml": {
      apiVersion: 1,
      prune: true,
      datasources: [
        {
          name: "Prometheus",
          uid: datasourceUid,
          type: "prometheus",
          access: "proxy",
          url: prometheus,
          ...(asksForUser ? login : {}),
          isDefault: true,
          editable: false,
          jsonData: { httpMethod: "POST", timeInterval: "15s" },
        },
      ],
    },
    "dashboards.yaml": {
      apiVersion: 1,
      providers: [
        {
          name: "cyclops",
          folder,
          type: "file",
          disableDeletion: false,
          allowUiUpdates: false,
          updateIntervalSeconds: 15,
          options: { path: dashboardsDirectory },
        },
      ],
    },
  };
}

/**
 * Spec of the Deployment of Grafana. It keeps nothing: data source and dashboards come from ConfigMaps, the administrator's password from a
 * Secret. What is made by hand in it goes with the pod.
 */
export function grafanaServer(input: {
  name: string;
  namespace: string;
  account: string;
  /** Address under which people reach it. */
  url: string;
  passwordSecret: string;
  /** Secret of the user of Prometheus; undefined where it has none. */
  prometheusSecret?: string | undefined;
  /** Its name says what it holds: a change makes a new pod. */
  configMap: string;
  cluster: ClusterArgs;
}) {
  const { cluster } = input;
  const labels = roleLabels("grafana", input.name);
  const health = { httpGet: { path: "/api/health", port: "http" } };
  const container = {
    name: "grafana",
    image: imageOf("grafana", cluster),
    env: [
      fromSecret("GF_SECURITY_ADMIN_PASSWORD", input.passwordSecret, "password"),
      ...(input.prometheusSecret === undefined ? [] : [fromSecret(passwordVariable, input.prometheusSecret, "password")]),
      ...Object.entries(grafanaSettings(input.url)).map(([name, value]) => ({ name, value })),
    ],
    ports: [{ name: "http", containerPort: ports.grafana }],
    readinessProbe: { ...health, periodSeconds: 5, timeoutSeconds: 5 },
    startupProbe: startupProbe({ ...health, timeoutSeconds: 5 }, 300),
    livenessProbe: { ...health, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 6 },
    resources: serverResources.grafana,
    volumeMounts: [
      { name: "data", mountPath: "/var/lib/grafana" },
      { name: "provisioning", mountPath: "/etc/grafana/provisioning", readOnly: true },
      { name: "dashboards", mountPath: dashboardsDirectory, readOnly: true },
    ],
  };
  const sidecar = rulesSidecar({
    namespace: input.namespace,
    label: `${dashboardLabel}=1`,
    directory: dashboardsDirectory,
    volume: "dashboards",
    cluster,
  });
  const provisioning = [
    { key: "datasources.yaml", path: "datasources/cyclops.yaml" },
    { key: "dashboards.yaml", path: "dashboards/cyclops.yaml" },
  ];
  const pod = podSpec(
    {
      user: imageUsers.grafana,
      cluster,
      container,
      sidecars: [sidecar],
      volumes: [
        { name: "data", emptyDir: { sizeLimit: "1Gi" } },
        { name: "dashboards", emptyDir: { sizeLimit: "64Mi" } },
        { name: "provisioning", configMap: { name: input.configMap, items: provisioning } },
      ],
    },
    { serviceAccountName: input.account, automountServiceAccountToken: true },
  );
  return {
    replicas: 1,
    // Each pod has a database of its own: a session of one is unknown to the other.
    strategy: { type: "Recreate" },
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: pod },
  };
}

/** Settings: nothing is asked of the internet, nobody registers himself, the log goes to standard output. */
const grafanaSettings = (url: string) => ({
  GF_SERVER_ROOT_URL: url,
  GF_LOG_MODE: "console",
  GF_USERS_ALLOW_SIGN_UP: "false",
  GF_ANALYTICS_REPORTING_ENABLED: "false",
  GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
  GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: "false",
  GF_PLUGINS_PREINSTALL_DISABLED: "true",
  GF_SECURITY_DISABLE_GRAVATAR: "true",
  GF_NEWS_NEWS_FEED_ENABLED: "false",
});
