import { ArgumentError } from "@cyclops/core";
import { describe, expect, it } from "vitest";
import { MlopsStack, type MlopsStackArgs, Model, Observability, Platform } from "../src";
import { watchRules } from "../src/documents/watch-sidecar";
import { binding } from "./support/contexts";
import { kindOf, type Plain, type Recorded, record } from "./support/recorded";
import { fullStack } from "./support/specs";

const smtp = { host: "mail.example.com", from: "mlops@example.com" };
const operator = { kind: "operator", namespace: "monitoring", url: "http://prometheus.monitoring.svc:9090" } as const;
const existing = { kind: "existing", url: "https://grafana.example.com/" } as const;

const addresses = {
  kind: "install",
  pushgateway: "http://pushgateway:9091",
  prometheus: "http://prometheus:9090",
  grafana: "http://grafana:3000",
} as const;

const stack = (args: Partial<MlopsStackArgs> = {}, config: Record<string, string> = {}) =>
  record(
    () => {
      const { dashboardUrls } = new MlopsStack("churn", { spec: fullStack, ...args });
      return { dashboardUrls };
    },
    { config },
  );
const own = "churn-platform-observability-";
const partsOf = ({ resources }: Recorded) =>
  resources.filter(({ custom, name }) => custom && name.startsWith(own)).map(({ name }) => name.slice(own.length));
const containerOf = (recorded: Recorded, name: string): Plain =>
  recorded.object(`${own}${name}`).spec.template.spec.containers[0];

const targetsOf = (recorded: Recorded, job: string): string[] | undefined => {
  const config = JSON.parse(recorded.object(`${own}prometheus-config`).data["prometheus.yml"]);
  return config.scrape_configs.find(({ job_name }: Plain) => job_name === job)?.static_configs[0].targets;
};

describe("the servers", () => {
  it("are Prometheus, the Pushgateway and Grafana, and Alertmanager where somebody is told", async () => {
    const silent = await stack();
    expect(partsOf(silent)).toEqual(expect.arrayContaining(["prometheus", "pushgateway", "grafana-server"]));
    expect(partsOf(silent)).not.toContain("alertmanager");
    expect(silent.object(`${own}prometheus-config`).data["prometheus.yml"]).not.toContain("alertmanager");
    const told = await stack({ spec: { ...fullStack, alerts: { webhook: ["https://hooks.example.com/a"] } } });
    expect(partsOf(told).filter((part) => part.startsWith("alertmanager"))).toEqual([
      "alertmanager-volume",
      "alertmanager-service",
      "alertmanager-config",
      "alertmanager",
    ]);
    const config = JSON.parse(told.object(`${own}prometheus-config`).data["prometheus.yml"]);
    expect(config.alerting.alertmanagers[0].static_configs[0].targets).toEqual([
      "churn-platform-observability-alertmanager-service.churn-dev.svc:9093",
    ]);
  });

  it("take sizes, programs and images from the configuration", async () => {
    const recorded = await stack(
      { spec: { ...fullStack, alerts: { webhook: ["https://hooks.example.com/a"] } } },
      {
        "cyclops-onprem:monitoring": JSON.stringify({
          kind: "install",
          storage: "5Gi",
          retention: "90d",
          commands: { alertmanager: "prometheus-alertmanager", pushgateway: "prometheus-pushgateway" },
        }),
        "cyclops-onprem:images": JSON.stringify({ prometheus: "registry.example.com/prometheus:2.42" }),
      },
    );
    expect(containerOf(recorded, "prometheus").image).toBe("registry.example.com/prometheus:2.42");
    expect(containerOf(recorded, "prometheus").command).toContain("--storage.tsdb.retention.time=90d");
    expect(recorded.object(`${own}prometheus-volume`).spec.resources.requests.storage).toBe("5Gi");
    expect(["prometheus", "alertmanager", "pushgateway"].map((name) => containerOf(recorded, name).command[0])).toEqual([
      "prometheus",
      "prometheus-alertmanager",
      "prometheus-pushgateway",
    ]);
  });

  it("watch runs, and whether MLflow, its database, the object store and Argo answer", async () => {
    const recorded = await stack();
    const containers: Plain[] = recorded.object(`${own}prometheus`).spec.template.spec.containers;
    const { command } = containers.find(({ name }) => name === "watch");
    const servers = command.filter((_: string, at: number) => command[at - 1] === "--server");
    expect(servers).toEqual([
      "object-store=http://churn-platform-storage-service.churn-dev.svc:8333",
      "tracking=http://churn-platform-tracking-service.churn-dev.svc:5000/health",
      "database=postgresql://churn-platform-tracking-database-service.churn-dev.svc:5432",
    ]);
    expect(recorded.object("churn-platform-tracking-database-service").spec.ports[0].port).toBe(5432);
    expect(targetsOf(recorded, "cyclops-argo")).toEqual(["churn-platform-orchestration-workflow-controller.churn-dev.svc:8080"]);
    expect(recorded.object(`${own}prometheus-role`).rules).toContainEqual(watchRules[0]);
    const files = Object.keys(recorded.object(`${own}rules`).data);
    expect(files.sort()).toEqual(["monitoring.yaml", "platform.yaml", "recording.yaml"]);
  });

  it("watch no database whose address is in a Secret, and no controller that is not theirs or was given other values", async () => {
    const external = await stack({ database: { kind: "external", secretName: "database" }, argo: { kind: "existing" } });
    expect(JSON.stringify(external.object(`${own}prometheus`))).not.toContain("postgresql://");
    expect(targetsOf(external, "cyclops-argo")).toBeUndefined();
    const other = await stack({ argo: { kind: "install", values: { controller: { replicas: 2 } } } });
    expect(targetsOf(other, "cyclops-argo")).toBeUndefined();
  });

  it("know every run and every schedule by model and pipeline, and how long a schedule may be silent", async () => {
    const recorded = await stack();
    const days = { training: 7, batch: 1, monitoring: 1 / 24 };
    for (const [pipeline, interval] of Object.entries(days)) {
      const labels = { "cyclops.dev/model": "churn", "cyclops.dev/pipeline": pipeline };
      const template = recorded.object(`churn-model-churn-${pipeline}-template`).spec;
      expect(template.workflowMetadata, pipeline).toEqual({ labels });
      // A step's own sentence gets as far as the alert.
      const policies = template.templates.flatMap(({ container }: Plain) => container?.terminationMessagePolicy ?? []);
      expect(new Set(policies), pipeline).toEqual(new Set(["FallbackToLogsOnError"]));
      const { metadata, spec } = recorded.object(`churn-model-churn-${pipeline}-schedule`);
      expect(metadata.labels, pipeline).toMatchObject(labels);
      expect(metadata.annotations, pipeline).toEqual({ "cyclops.dev/longest-interval": String(interval * 86_400) });
      // A run whose template is missing fails before it has the template's labels.
      expect(spec.workflowMetadata, pipeline).toEqual({ labels });
    }
  });

  it("lead to runbooks at the address of the configuration", async () => {
    const recorded = await stack({}, { "cyclops-onprem:runbooks": "https://wiki.example.com/cyclops" });
    const files = [`${own}rules`, "churn-model-churn-monitoring-rules"].flatMap((name) =>
      Object.values<string>(recorded.object(name).data),
    );
    const urls = files.join().match(/(?<="runbook_url": ")[^"]+/g) ?? [];
    expect(urls.length).toBeGreaterThan(40);
    expect(urls.filter((url) => !url.startsWith("https://wiki.example.com/cyclops/"))).toEqual([]);
  });

  it("wait for what they need", async () => {
    const recorded = await stack();
    const urn = (name: string) => recorded.named(`${own}${name}`).urn;
    expect(recorded.named(`${own}prometheus`).dependencies).toContain(urn("prometheus-binding"));
    expect(recorded.named(`${own}grafana-server`).dependencies).toContain(urn("grafana-credentials-job"));
    for (const server of ["prometheus", "pushgateway", "grafana-server"])
      expect(recorded.named(`${own}${server}`).dependencies).toContain(urn("credentials-job"));
  });

  it("stand alone, too", async () => {
    const recorded = await record(
      () =>
        new Observability("watch", {
          context: { name: "churn", environment: "dev", tags: {} },
          namespace: "churn-dev",
          dashboards: existing,
        }),
    );
    expect(recorded.ofKind("StatefulSet").map(({ name }) => name)).toEqual(["watch-pushgateway", "watch-prometheus"]);
  });
});

describe("the users of the servers", () => {
  const usersOf = (recorded: Recorded): Plain[] =>
    JSON.parse(recorded.object(`${own}credentials-config`).data["config.json"]).secrets;

  it("are one for each server that is the stack's own, each with a Secret of its own", async () => {
    const told = { ...fullStack, alerts: { webhook: ["https://hooks.example.com/a"] } };
    const namesOf = async (args: Partial<MlopsStackArgs>) =>
      usersOf(await stack(args)).map(({ name, kind }) => `${name} ${kind}`);
    const user = (server: string) => `${own}${server}-user web-user`;
    expect(await namesOf({})).toEqual([user("pushgateway"), user("prometheus")]);
    expect(await namesOf({ spec: told })).toEqual([user("pushgateway"), user("prometheus"), user("alertmanager")]);
    expect(await namesOf({ spec: told, monitoring: operator })).toEqual([user("pushgateway")]);
  });

  it("are named in the binding, for models in other stacks, and known to who pushes and who asks", async () => {
    const recorded = await record(() => {
      const { binding: made } = new Platform("churn", { spec: fullStack });
      return { made };
    });
    const { secrets } = (recorded.outputs.made as Plain).observability;
    expect(secrets).toEqual({
      pushgateway: "churn-observability-pushgateway-user",
      prometheus: "churn-observability-prometheus-user",
    });
    const whole = await stack();
    const [monitor] = whole.object("churn-model-churn-monitoring-template").spec.templates.slice(1);
    expect(JSON.stringify(monitor.volumes)).toContain(`${own}pushgateway-user`);
    expect(JSON.stringify(whole.object(`${own}grafana-server`))).toContain(`${own}prometheus-user`);
    const foreign = await stack({ monitoring: operator });
    expect(JSON.stringify(foreign.object(`${own}grafana-server`))).not.toContain("-user");
    expect(foreign.object(`${own}operator-pushgateway`).spec.endpoints[0].basicAuth.password.name).toBe(`${own}pushgateway-user`);
  });
});

describe("mail", () => {
  const spec = { ...fullStack, alerts: { email: ["oncall@example.com"] } };

  it("without a mail server is refused before anything is registered, by stack and platform", async () => {
    const { resources } = await record(() => {
      for (const make of [() => new MlopsStack("churn", { spec }), () => new Platform("churn", { spec })])
        expect(make).toThrow(ArgumentError);
    });
    expect(resources).toEqual([]);
  });

  it("goes through the mail server of the configuration", async () => {
    const recorded = await stack({ spec }, { "cyclops-onprem:smtp": JSON.stringify({ ...smtp, secretName: "smtp" }) });
    const config = JSON.parse(recorded.object(`${own}alertmanager-config`).data["alertmanager.yml"]);
    expect(config.global).toMatchObject({ smtp_smarthost: "mail.example.com:587", smtp_auth_username: "mlops@example.com" });
  });
});

describe("a model", () => {
  it("pushes its KPIs, and brings its rules and its dashboard", async () => {
    const recorded = await stack();
    const [step] = recorded
      .object("churn-model-churn-monitoring-template")
      .spec.templates.filter(({ name }: Plain) => name === "monitor");
    expect(step.container.env).toContainEqual({
      name: "CYCLOPS_METRIC_SINK",
      value: "pushgateway:http://churn-platform-observability-pushgateway-service.churn-dev.svc:9091",
    });
    const rules = recorded.object("churn-model-churn-monitoring-rules");
    expect(rules.metadata.labels["cyclops.dev/prometheus-rules"]).toBe("true");
    const alerts: Plain[] = JSON.parse(rules.data["alerts.yaml"]).groups.flatMap((group: Plain) => group.rules);
    expect(alerts.length).toBeGreaterThan(15);
    for (const { labels } of alerts) expect(labels).toMatchObject({ model: "churn", stack: "churn", environment: "dev" });
    const dashboard = recorded.object("churn-model-churn-monitoring-dashboard");
    expect(dashboard.metadata.labels.grafana_dashboard).toBe("1");
    expect(Object.keys(dashboard.data)).toEqual(["churn-dev-churn.json"]);
    expect(recorded.outputs.dashboardUrls).toEqual({
      churn: `http://churn-platform-observability-grafana-service.churn-dev.svc:3000/d/${JSON.parse(dashboard.data["churn-dev-churn.json"]).uid}`,
    });
  });

  it("has dashboards with addresses that Grafana takes, different for every model", async () => {
    const longest = "a-name-of-forty-characters-as-is-allowed";
    const models = { [longest]: fullStack.models.churn, [`${longest.slice(0, -1)}x`]: fullStack.models.churn };
    const { dashboardUrls } = (await stack({ spec: { ...fullStack, models } })).outputs as Plain;
    const uids = Object.values<string>(dashboardUrls).map((url) => url.split("/d/")[1] ?? "");
    expect(new Set(uids).size).toBe(2);
    for (const uid of uids) expect(uid).toMatch(/^[a-z0-9-]{1,40}$/);
  });

  it("of a platform that was deployed before there was monitoring pushes nothing, and has no address", async () => {
    const recorded = await record(() => {
      const { dashboardUrl } = new Model("churn", { spec: fullStack, model: "churn", platform: binding });
      return { dashboardUrl };
    });
    expect(JSON.stringify(recorded.object("churn-monitoring-template"))).not.toContain("CYCLOPS_METRIC_SINK");
    expect(recorded.outputs.dashboardUrl).toBeUndefined();
  });

  it("without monitoring has neither", async () => {
    const { monitoring: _, ...model } = fullStack.models.churn;
    const recorded = await stack({ spec: { ...fullStack, models: { churn: model } } });
    expect(recorded.resources.filter(({ name }) => name.includes("monitoring"))).toEqual([]);
    expect(recorded.outputs.dashboardUrls).toEqual({});
  });
});

describe("an operator", () => {
  const args = {
    monitoring: { ...operator, labels: { release: "prometheus" } },
    dashboards: existing,
    webhooks: { secretNames: ["slack"] },
  };

  it("gets custom resources with its labels in place of servers", async () => {
    const recorded = await stack(args);
    expect(recorded.ofKind("StatefulSet").map(({ name }) => name)).toContain(`${own}pushgateway`);
    expect(partsOf(recorded).filter((part) => /^(prometheus|alertmanager|grafana|rules)/.test(part))).toEqual([]);
    const monitors = ["PodMonitor", "PodMonitor", "PodMonitor", "PodMonitor", "ServiceMonitor"];
    const kinds = [...monitors, "PrometheusRule", "PrometheusRule", "AlertmanagerConfig"];
    const made = recorded.resources.filter(({ inputs }) => kinds.includes(String(inputs.kind)));
    expect(made.map(kindOf).sort()).toEqual([...kinds].sort());
    for (const { inputs } of made)
      expect((inputs.metadata as Plain).labels).toMatchObject({ release: "prometheus", team: "retention" });
  });

  it("finds the Pushgateway's Service by its labels, and the scorers by theirs", async () => {
    const recorded = await stack(args);
    const { matchLabels } = recorded.object(`${own}operator-pushgateway`).spec.selector;
    expect(recorded.object(`${own}pushgateway-service`).metadata.labels).toMatchObject(matchLabels);
    const scorers = recorded.object(`${own}operator-scorers`).spec.selector.matchLabels;
    expect(recorded.object("churn-model-churn-endpoint-deployment").spec.template.metadata.labels).toMatchObject({
      ...scorers,
      "cyclops.dev/model": "churn",
    });
    const watch = recorded.object(`${own}operator-watch`).spec;
    const { metadata, spec } = recorded.object(`${own}pushgateway`).spec.template;
    expect(metadata.labels).toMatchObject(watch.selector.matchLabels);
    expect(spec.containers.flatMap(({ ports }: Plain) => ports).map(({ name }: Plain) => name)).toContain(
      watch.podMetricsEndpoints[0].port,
    );
    const volumes = recorded.object(`${own}operator-volumes`).spec;
    const store = recorded.object("churn-platform-storage-server").spec.template;
    expect(store.metadata.labels).toMatchObject(volumes.selector.matchLabels);
    expect(store.spec.containers.flatMap(({ ports }: Plain) => ports).map(({ name }: Plain) => name)).toContain(
      volumes.podMetricsEndpoints[0].port,
    );
  });

  it("gets the rules of the platform for this namespace alone, and no monitor of a controller that is not the stack's", async () => {
    const recorded = await stack({ ...args, argo: { kind: "existing" } });
    expect(partsOf(recorded)).not.toContain("operator-argo");
    const { groups } = recorded.object(`${own}operator-rules`).spec;
    const alerts: Plain[] = groups.flatMap(({ rules }: Plain) => rules).filter(({ alert }: Plain) => alert);
    expect(alerts.map(({ alert }) => alert)).toContain("CyclopsRunFailed");
    for (const { alert, expr, labels } of alerts) {
      expect(labels.namespace).toBe("churn-dev");
      if (alert !== "CyclopsWatchdog") expect(expr).toContain('namespace="churn-dev"');
    }
  });

  it("gets the model's alerts with the namespace, by which its Alertmanager tells whose they are", async () => {
    const recorded = await stack(args);
    const { groups } = recorded.object("churn-model-churn-monitoring-operator-rules").spec;
    const alerts: Plain[] = groups.flatMap(({ rules }: Plain) => rules);
    expect(alerts.length).toBeGreaterThan(15);
    for (const { labels } of alerts) expect(labels.namespace).toBe("churn-dev");
    expect(recorded.outputs.dashboardUrls).toMatchObject({
      churn: expect.stringMatching(/^https:\/\/grafana\.example\.com\/d\//),
    });
  });

  it("needs to be known to the model too: its rules would be read by nobody", async () => {
    const platform = { ...binding, observability: { ...addresses, kind: "operator" as const } };
    const model = () => new Model("churn", { spec: fullStack, model: "churn", platform });
    await expect(record(model)).rejects.toThrow(
      /churn: monitoring\.kind: is "install", and the platform has the monitoring "operator"\. Give the model .*monitoring\.kind operator/,
    );
  });
});
