import { ArgumentError } from "@cyclops/core";
import { describe, expect, it } from "vitest";
import { alertmanagerServer } from "../../src/documents/alertmanager";
import { grafanaProvisioning, grafanaServer } from "../../src/documents/grafana";
import { platformRules } from "../../src/documents/platform-rules";
import {
  ownRules,
  prometheusConfig,
  prometheusServer,
  retentionSize,
  scorersService,
  volumesService,
} from "../../src/documents/prometheus";
import { pushgatewayServer } from "../../src/documents/pushgateway";
import { sidecarRules } from "../../src/documents/rules-sidecar";
import { watchRules } from "../../src/documents/watch-sidecar";
import type { Plain } from "../support/recorded";

const place = {
  namespace: "churn-dev",
  scorers: "scorers.churn-dev.svc",
  volumes: "volumes.churn-dev.svc",
  pushgateway: "pushgateway.churn-dev.svc:9091",
};
const server = (changes: Plain = {}): Plain =>
  prometheusServer({
    name: "churn",
    service: "prometheus",
    namespace: "churn-dev",
    account: "prometheus",
    userSecrets: { prometheus: "prometheus-user", pushgateway: "pushgateway-user" },
    configMap: "config",
    retention: "30d",
    storage: "20Gi",
    claim: "claim",
    command: "prometheus",
    cluster: {},
    ...changes,
  });
const containers = (document: Plain): Record<string, Plain> =>
  Object.fromEntries(document.template.spec.containers.map((container: Plain) => [container.name, container]));
const jobs = (config: Plain): Record<string, Plain> =>
  Object.fromEntries(config.scrape_configs.map((job: Plain) => [job.job_name, job]));

describe("the configuration of Prometheus", () => {
  it("finds scorers by the headless Service of their namespace, ready or not, and asks the API nothing", () => {
    const { "cyclops-scorers": job } = jobs(prometheusConfig(place));
    expect(job.dns_sd_configs).toEqual(
      ["A", "AAAA"].map((type) => ({ names: ["scorers.churn-dev.svc"], port: 8080, refresh_interval: "15s", type })),
    );
    expect(job.relabel_configs).toEqual([{ target_label: "namespace", replacement: "churn-dev" }]);
    expect(JSON.stringify(prometheusConfig(place))).not.toContain("kubernetes_sd");
    expect(scorersService()).toEqual({
      clusterIP: "None",
      publishNotReadyAddresses: true,
      selector: { "cyclops.dev/role": "scorer" },
      ports: [{ name: "http", port: 8080, targetPort: "http" }],
    });
  });

  it("finds every pod that tells of its volume in the same way", () => {
    const { "cyclops-volumes": job } = jobs(prometheusConfig(place));
    expect(job).toEqual({
      job_name: "cyclops-volumes",
      dns_sd_configs: ["A", "AAAA"].map((type) => ({
        names: ["volumes.churn-dev.svc"],
        port: 9097,
        refresh_interval: "15s",
        type,
      })),
    });
    expect(volumesService()).toEqual({
      clusterIP: "None",
      publishNotReadyAddresses: true,
      selector: { "cyclops.dev/volume": "watched" },
      ports: [{ name: "volume", port: 9097, targetPort: "volume" }],
    });
  });

  it("looks as often as the stack says, and refuses what is no interval", () => {
    const config: Plain = prometheusConfig({ ...place, interval: "1m" });
    expect(config.global).toEqual({ scrape_interval: "60s", evaluation_interval: "60s" });
    expect(jobs(config)["cyclops-scorers"].dns_sd_configs[0].refresh_interval).toBe("60s");
    expect(containers(server({ interval: "1m" })).rules?.command.join(" ")).toContain(" --interval 60");
    expect(() => prometheusConfig({ ...place, interval: "often" })).toThrow(ArgumentError);
    expect(() => prometheusConfig({ ...place, interval: "often" })).toThrow("monitoring.interval");
  });

  it("leaves the labels of pushed series to those who pushed them, and of no others", () => {
    const honoring = Object.values(jobs(prometheusConfig(place))).filter(({ honor_labels }) => honor_labels);
    expect(honoring.map(({ static_configs }) => static_configs[0].targets)).toEqual([["pushgateway.churn-dev.svc:9091"]]);
  });

  it("sends alerts where there is an Alertmanager, and watches it", () => {
    const without: Plain = prometheusConfig(place);
    expect(without).not.toHaveProperty("alerting");
    const config: Plain = prometheusConfig({ ...place, alertmanager: "alertmanager.churn-dev.svc:9093" });
    const targets = [{ targets: ["alertmanager.churn-dev.svc:9093"] }];
    expect(config.alerting.alertmanagers).toEqual([expect.objectContaining({ static_configs: targets })]);
    expect(jobs(config)["cyclops-alertmanager"].static_configs).toEqual(targets);
    expect(Object.keys(jobs(without))).not.toContain("cyclops-alertmanager");
  });

  it("asks every server that wants a password with one, from a file that is mounted", () => {
    const secrets = { prometheus: "prometheus-user", pushgateway: "pushgateway-user", alertmanager: "alertmanager-user" };
    const config: Plain = prometheusConfig({ ...place, alertmanager: "a:9093" });
    const { volumes, containers: made } = server({ userSecrets: secrets }).template.spec;
    const mounts: Plain[] = made[0].volumeMounts;
    const secretBehind = (file: string) => {
      const mount = mounts.find(({ mountPath }) => file === `${mountPath}/password`);
      const volume = volumes.find(({ name }: Plain) => name === mount?.name);
      return volume?.secret.items.some(({ path }: Plain) => path === "password") && volume.secret.secretName;
    };
    const asked = { ...jobs(config), alerting: config.alerting.alertmanagers[0] };
    const logins = Object.entries(asked).flatMap(([job, { basic_auth: login }]) =>
      login ? [[job, login.username, secretBehind(login.password_file)]] : [],
    );
    expect(logins).toEqual([
      ["cyclops-pushgateway", "monitoring-client", "pushgateway-user"],
      ["cyclops-prometheus", "monitoring-client", "prometheus-user"],
      ["cyclops-alertmanager", "monitoring-client", "alertmanager-user"],
      ["alerting", "monitoring-client", "alertmanager-user"],
    ]);
  });

  it("names in its own rules only jobs that it scrapes", () => {
    const stack = { stack: "churn", environment: "dev" };
    const text = JSON.stringify([ownRules(stack), platformRules(stack)]);
    const named = text.match(/(?<=job=~?\\"[a-z|-]*)cyclops-[a-z]+/g) ?? [];
    const known = Object.keys(jobs(prometheusConfig({ ...place, alertmanager: "a:9093", argo: "argo:8080" })));
    const own = ["cyclops-pushgateway", "cyclops-rules", "cyclops-watch", "cyclops-volumes", "cyclops-alertmanager"];
    const expected = [...own, "cyclops-argo"];
    expect(new Set(named)).toEqual(new Set(expected));
    expect(named.filter((job) => !known.includes(job))).toEqual([]);
  });
});

describe("the pod of Prometheus", () => {
  const { prometheus, rules } = containers(server());

  it("keeps values for a time and on a share of its volume", () => {
    expect(prometheus.command).toEqual(
      expect.arrayContaining([
        "--storage.tsdb.path=/prometheus/data",
        "--storage.tsdb.retention.time=30d",
        "--storage.tsdb.retention.size=16384MB",
      ]),
    );
    expect(retentionSize("1Gi")).toBe("819MB");
    expect(retentionSize("2Ti")).toBe("1677721MB");
  });

  it.each([{ retention: "a month" }, { storage: "20GB" }])("refuses %j with the mend", (changes) => {
    expect(() => server(changes)).toThrow(ArgumentError);
    expect(() => server(changes)).toThrow(/monitoring\.(retention|storage): ".*" is not a .*\. Write e\.g\./);
  });

  it("has its rules from the sidecar, through a folder that only the sidecar writes", () => {
    const mount = (container: Plain) => container.volumeMounts.find(({ name }: Plain) => name === "rules");
    expect(mount(prometheus)).toMatchObject({ mountPath: "/etc/prometheus-rules", readOnly: true });
    expect(mount(rules)).toEqual({ name: "rules", mountPath: "/etc/prometheus-rules" });
    const { command } = rules;
    expect(command.slice(0, 2)).toEqual(["cyclops-runtime", "rules"]);
    const option = (name: string) => command[command.indexOf(`--${name}`) + 1];
    expect([option("namespace"), option("label"), option("directory")]).toEqual([
      "churn-dev",
      "cyclops.dev/prometheus-rules=true",
      "/etc/prometheus-rules",
    ]);
    expect(option("reload")).toBe("http://localhost:9090/-/reload");
    // Where the runtime looks for a named secret: below CYCLOPS_SECRETS_DIR.
    expect(rules.env).toEqual([{ name: "CYCLOPS_SECRETS_DIR", value: "/etc/cyclops-secrets" }]);
    const user = rules.volumeMounts.find(
      ({ mountPath }: Plain) => mountPath === `/etc/cyclops-secrets/${option("reload-secret")}`,
    );
    expect(server().template.spec.volumes.find(({ name }: Plain) => name === user.name).secret).toMatchObject({
      secretName: "prometheus-user",
      items: ["username", "password"].map((key) => ({ key, path: key })),
    });
    expect(prometheus.command).toContain("--web.enable-lifecycle");
    const { rule_files } = prometheusConfig(place);
    expect(rule_files.every((pattern) => pattern.startsWith("/etc/prometheus-rules/*.y"))).toBe(true);
  });

  it("runs each image as its own user, in one group that owns the volumes", () => {
    const { securityContext } = server().template.spec;
    expect(securityContext).toMatchObject({ runAsUser: 65_534, fsGroup: 65_534, runAsNonRoot: true });
    expect(rules.securityContext).toMatchObject({
      runAsUser: 65_532,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
    });
  });

  it("reads ConfigMaps, runs and schedules of its namespace, and nothing else of the API", () => {
    expect([...sidecarRules, ...watchRules]).toEqual([
      { apiGroups: [""], resources: ["configmaps"], verbs: ["list"] },
      { apiGroups: ["argoproj.io"], resources: ["workflows"], verbs: ["get", "list"] },
      { apiGroups: ["argoproj.io"], resources: ["cronworkflows"], verbs: ["list"] },
    ]);
  });

  it("is told of runs, servers and its volume by a sidecar that answers it alone", () => {
    const servers = { tracking: "http://mlflow:5000/health", database: "postgresql://database:5432" };
    const { watch } = containers(server({ servers, interval: "1m" }));
    expect(watch.command).toEqual([
      "cyclops-runtime",
      "watch",
      ...["--namespace", "churn-dev"],
      ...["--server", "tracking=http://mlflow:5000/health"],
      ...["--server", "database=postgresql://database:5432"],
      ...["--volume", "claim=/volumes/claim"],
      ...["--host", "127.0.0.1"],
      ...["--port", "9096"],
      ...["--looked", "/tmp/looked"],
      ...["--interval", "60"],
    ]);
    expect(watch.volumeMounts).toContainEqual({ name: "data", mountPath: "/volumes/claim", readOnly: true });
    expect(watch).not.toHaveProperty("ports");
    // The kubelet asks from outside of the pod.
    expect(watch.readinessProbe).toMatchObject({ exec: { command: ["test", "-e", "/tmp/looked"] } });
    const { "cyclops-watch": job, "cyclops-argo": argo } = jobs(prometheusConfig({ ...place, argo: "argo:8080" }));
    expect(job.static_configs).toEqual([{ targets: ["localhost:9096"] }]);
    expect(argo.static_configs).toEqual([{ targets: ["argo:8080"] }]);
    expect(jobs(prometheusConfig(place))).not.toHaveProperty("cyclops-argo");
  });

  it("takes the program's name from the binding, for images that name it otherwise", () => {
    expect(containers(server({ command: "/opt/prometheus" })).prometheus.command[0]).toBe("/opt/prometheus");
  });
});

const pushgatewayDocument = (changes: Plain = {}): Plain =>
  pushgatewayServer({
    name: "churn",
    service: "s",
    userSecret: "pushgateway-user",
    claim: "claim",
    command: "pushgateway",
    cluster: {},
    ...changes,
  });
const alertmanagerDocument = (): Plain =>
  alertmanagerServer({
    name: "churn",
    service: "s",
    namespace: "churn-dev",
    userSecret: "alertmanager-user",
    configMap: "config",
    channels: { email: [], webhook: [], webhooks: {} },
    claim: "claim",
    command: "alertmanager",
    cluster: {},
  });

describe.each<[string, () => Plain]>([
  ["prometheus", server],
  ["pushgateway", pushgatewayDocument],
  ["alertmanager", alertmanagerDocument],
])("who asks %s", (name, make) => {
  const { containers: made, volumes } = make().template.spec;
  const [container] = made;

  it("needs the password whose hash the server has from its Secret, and nothing else of it", () => {
    const flag = container.command.find((part: string) => part.startsWith("--web.config.file="));
    const mount = container.volumeMounts.find(({ mountPath }: Plain) => flag === `--web.config.file=${mountPath}/web.yml`);
    expect(volumes.find((volume: Plain) => volume.name === mount.name).secret).toEqual({
      secretName: `${name}-user`,
      defaultMode: 0o440,
      items: [{ key: "web.yml", path: "web.yml" }],
    });
  });

  it("is not the kubelet by HTTP, whom it would answer 401", () => {
    const probes = ["readinessProbe", "startupProbe", "livenessProbe"].map((probe) => container[probe]);
    for (const probe of probes) expect(probe).toMatchObject({ tcpSocket: { port: "http" } });
    expect(JSON.stringify(probes)).not.toContain("httpGet");
  });
});

it("keeps pushed values on a volume: a pod that moves would forget them until the next run of the monitor", () => {
  const document = pushgatewayDocument();
  const { pushgateway } = containers(document);
  expect(pushgateway.command).toContain("--persistence.file=/data/metrics");
  expect(pushgateway.volumeMounts).toContainEqual({ name: "data", mountPath: "/data" });
  expect(document.template.spec.volumes).toContainEqual({ name: "data", persistentVolumeClaim: { claimName: "claim" } });
  expect(document.template.spec.automountServiceAccountToken).toBe(false);
  expect(Object.keys(containers(document))).toEqual(["pushgateway", "volume"]);
});

it("has the Pushgateway's pod watch where Prometheus is an operator's, for others to ask", () => {
  const watch = { account: "watch", namespace: "churn-dev", servers: {} };
  const document = pushgatewayDocument({ watch });
  expect(Object.keys(containers(document))).toEqual(["pushgateway", "watch"]);
  const { watch: sidecar } = containers(document);
  expect(document.template.spec).toMatchObject({ serviceAccountName: "watch", automountServiceAccountToken: true });
  expect(sidecar.command.join(" ")).toContain(" --host 0.0.0.0 --port 9096 ");
  expect(sidecar.ports).toEqual([{ name: "watch", containerPort: 9096 }]);
  expect(sidecar.readinessProbe).toMatchObject({ httpGet: { path: "/metrics", port: "watch" } });
});

describe("Grafana", () => {
  const grafanaOf = (changes: Plain = {}): Plain =>
    grafanaServer({
      name: "churn",
      namespace: "churn-dev",
      account: "grafana",
      url: "https://grafana.example.com",
      passwordSecret: "administrator",
      configMap: "config",
      cluster: {},
      ...changes,
    });
  const document = grafanaOf();
  const { grafana, rules } = containers(document);

  it("has the administrator's password from a Secret, and asks the internet nothing", () => {
    const env = Object.fromEntries(grafana.env.map(({ name, value, valueFrom }: Plain) => [name, value ?? valueFrom]));
    expect(env.GF_SECURITY_ADMIN_PASSWORD).toEqual({ secretKeyRef: { name: "administrator", key: "password" } });
    expect(env).toMatchObject({
      GF_SERVER_ROOT_URL: "https://grafana.example.com",
      GF_ANALYTICS_REPORTING_ENABLED: "false",
      GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
      GF_PLUGINS_PREINSTALL_DISABLED: "true",
      GF_USERS_ALLOW_SIGN_UP: "false",
    });
  });

  it("asks the stack's Prometheus with its password, by a variable, and another's without", () => {
    const sourceOf = (asksForUser: boolean): Plain =>
      grafanaProvisioning({ prometheus: "http://p", folder: "f", asksForUser })["datasources.yaml"].datasources[0] as Plain;
    const { basicAuth, basicAuthUser, secureJsonData } = sourceOf(true);
    expect({ basicAuth, basicAuthUser }).toEqual({ basicAuth: true, basicAuthUser: "monitoring-client" });
    const variable = secureJsonData.basicAuthPassword.replace(/^\$/, "");
    expect(containers(grafanaOf({ prometheusSecret: "prometheus-user" })).grafana?.env).toContainEqual({
      name: variable,
      valueFrom: { secretKeyRef: { name: "prometheus-user", key: "password" } },
    });
    expect(sourceOf(false)).not.toHaveProperty("basicAuth");
    expect(JSON.stringify(document)).not.toContain(variable);
  });

  it("shows the dashboards that the sidecar brings, in the folder in which it looks", () => {
    const files: Plain = grafanaProvisioning({ prometheus: "http://prometheus:9090", folder: "churn dev", asksForUser: false });
    const path = files["dashboards.yaml"].providers[0].options.path;
    expect(rules.command).toEqual(expect.arrayContaining(["--label", "grafana_dashboard=1", "--directory", path]));
    // Grafana looks into the folder itself.
    expect(rules.command).not.toContain("--reload");
    expect(grafana.volumeMounts).toContainEqual({ name: "dashboards", mountPath: path, readOnly: true });
    expect(files["datasources.yaml"].datasources[0]).toMatchObject({
      type: "prometheus",
      url: "http://prometheus:9090",
      isDefault: true,
    });
    const provisioning = document.template.spec.volumes.find(({ name }: Plain) => name === "provisioning");
    expect(provisioning.configMap.items.map(({ key }: Plain) => key).sort()).toEqual(Object.keys(files).sort());
  });
});
