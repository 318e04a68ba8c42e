import { describe, expect, it } from "vitest";
import { alertmanagerConfig } from "../../src/documents/alertmanager";
import { operatorAlerts, operatorRules, pushgatewayMonitor, scorerMonitor } from "../../src/documents/operator";
import { prometheusConfig } from "../../src/documents/prometheus";
import { recordingRules } from "../../src/documents/recording-rules";
import type { Plain } from "../support/recorded";

const channels = {
  email: ["a@example.com", "b@example.com"],
  webhook: ["https://hooks.example.com/mlops"],
  smtp: { host: "mail.example.com", from: "mlops@example.com", secretName: "smtp" },
  webhooks: { secretNames: ["slack"], authorities: "company" },
};

it("gives the series of scorers the job and the labels that the rules know", () => {
  const [{ relabelings, port, metricRelabelings }] = scorerMonitor().podMetricsEndpoints as [Plain];
  const [job] = (prometheusConfig({ namespace: "n", scorers: "s", volumes: "v", pushgateway: "p:1" }) as Plain).scrape_configs;
  expect(port).toBe("http");
  expect(relabelings[0]).toEqual({ action: "replace", targetLabel: "job", replacement: job.job_name });
  expect(relabelings.slice(1).map(({ targetLabel }: Plain) => targetLabel)).toEqual(["namespace", "pod", "model"]);
  // The label that scorers have on their pods: see the document of the endpoint.
  expect(relabelings[3].sourceLabels).toEqual(["__meta_kubernetes_pod_label_cyclops_dev_model"]);
  expect(metricRelabelings).toEqual([{ action: "labeldrop", regex: "exported_model" }]);
});

it("keeps the labels of what was pushed", () => {
  const [endpoint] = pushgatewayMonitor({ a: "b" }, "user").endpoints;
  expect(endpoint).toMatchObject({ port: "http", path: "/metrics", interval: "15s", honorLabels: true });
  // The one label that they have not: instances of one spec push the same.
  expect(endpoint?.relabelings).toEqual([
    { action: "replace", sourceLabels: ["__meta_kubernetes_namespace"], targetLabel: "namespace" },
  ]);
});

it("asks the Pushgateway with the user of a Secret, by reference", () => {
  const [endpoint] = pushgatewayMonitor({ a: "b" }, "user").endpoints;
  const key = (name: string) => ({ name: "user", key: name });
  expect(endpoint?.basicAuth).toEqual({ username: key("username"), password: key("password") });
});

it("tells the operator's Alertmanager by a label whose alerts they are, and leaves recorded series as they are", () => {
  const alert = { alert: "A", expr: "1", labels: { severity: "warn" }, annotations: {} };
  const { groups }: Plain = operatorRules({ groups: [{ name: "g", rules: [alert] }] }, "churn-dev");
  expect(groups[0].rules[0].labels).toEqual({ severity: "warn", namespace: "churn-dev" });
  expect(operatorRules(recordingRules(), "churn-dev")).toEqual(recordingRules());
});

describe("the AlertmanagerConfig", () => {
  const own: Plain = alertmanagerConfig(channels);
  const config: Plain = operatorAlerts(channels);

  it("has the routes and the inhibition of the stack's own Alertmanager", () => {
    const matcher = ({ name, value, matchType }: Plain) => `${name}${matchType}"${value}"`;
    const route = ({ matchers, groupWait, groupInterval, routes }: Plain): Plain => ({
      matchers: matchers.map(matcher),
      group_wait: groupWait,
      group_interval: groupInterval,
      routes: routes.map((inner: Plain) => ({ matchers: inner.matchers.map(matcher), repeat_interval: inner.repeatInterval })),
    });
    const [always, ...others] = config.route.routes;
    expect(others.map(route)).toEqual(own.route.routes.slice(1));
    expect({ ...route({ ...always, routes: [] }), repeat_interval: always.repeatInterval, receiver: always.receiver }).toEqual({
      ...own.route.routes[0],
      routes: [],
    });
    expect(config.route.groupBy).toEqual(own.route.group_by);
    expect(config.inhibitRules.map(({ equal }: Plain) => equal)).toEqual(own.inhibit_rules.map(({ equal }: Plain) => equal));
  });

  it("has its channels, with secrets by reference", () => {
    const [receiver] = config.receivers;
    expect(receiver.emailConfigs.map(({ to }: Plain) => to)).toEqual(channels.email);
    expect(receiver.emailConfigs[0]).toMatchObject({
      smarthost: "mail.example.com:587",
      authUsername: "mlops@example.com",
      authPassword: { name: "smtp", key: "password" },
      requireTLS: true,
    });
    expect(receiver.webhookConfigs.map(({ url, urlSecret }: Plain) => url ?? urlSecret)).toEqual([
      "https://hooks.example.com/mlops",
      { name: "slack", key: "url" },
    ]);
    expect(receiver.webhookConfigs[0].httpConfig.tlsConfig.ca).toEqual({ configMap: { name: "company", key: "ca.crt" } });
    const switchOf = (deadMansSwitch: Plain): Plain =>
      (operatorAlerts({ ...channels, webhooks: { deadMansSwitch } }) as Plain).receivers[1].webhookConfigs;
    expect(config.receivers[1].webhookConfigs).toEqual([]);
    expect(switchOf({ secretName: "ping" })).toEqual([{ urlSecret: { name: "ping", key: "url" }, sendResolved: false }]);
    expect(switchOf({ url: "https://a" })).toEqual([{ url: "https://a", sendResolved: false }]);
  });

  it("names a receiver of its own in every route", () => {
    const routes = (route: Plain): Plain[] => [route, ...(route.routes ?? []).flatMap(routes)];
    expect(new Set(routes(config.route).map(({ receiver }) => receiver))).toEqual(
      new Set(config.receivers.map(({ name }: Plain) => name)),
    );
  });
});
