import { ArgumentError } from "@cyclops/core";
import { describe, expect, it } from "vitest";
import { repeatIntervals } from "../../src/documents/alert-rules";
import { type AlertChannels, alertChannels, alertmanagerConfig, alertmanagerServer } from "../../src/documents/alertmanager";
import { platformRules } from "../../src/documents/platform-rules";
import type { Plain } from "../support/recorded";

const smtp = { host: "mail.example.com", from: "mlops@example.com" };
const channels: AlertChannels = {
  email: ["oncall@example.com"],
  webhook: ["https://hooks.example.com/mlops"],
  smtp: { ...smtp, secretName: "smtp", username: "mlops" },
  webhooks: { secretNames: ["slack", "smtp"], authorities: "company-authorities" },
};
const config: Plain = alertmanagerConfig(channels);
const [receiver] = config.receivers;

describe("the channels of a stack", () => {
  it("are those of the spec, and the secret webhooks of the cluster", () => {
    expect(alertChannels(undefined, {})).toBeUndefined();
    expect(alertChannels({ email: [], webhook: [] }, {})).toBeUndefined();
    expect(alertChannels(undefined, { webhooks: { secretNames: ["slack"] } })).toMatchObject({ email: [], webhook: [] });
    expect(alertChannels({ email: ["a@example.com"], webhook: [] }, { smtp })).toMatchObject({ email: ["a@example.com"], smtp });
  });

  it.each([undefined, { host: "", from: "a@example.com" }, { host: "mail" } as Plain])(
    "have no mail without a mail server: %j",
    (given) => {
      const make = () => alertChannels({ email: ["a@example.com"], webhook: [] }, given ? { smtp: given } : {});
      expect(make).toThrow(ArgumentError);
      expect(make).toThrow(
        /^alerts\.email: needs a mail server.*smtp: \{host, from\}.*pulumi config set --path cyclops-onprem:smtp\.host/,
      );
    },
  );
});

describe("the routes", () => {
  it("tell of a severity at its own pace, and repeat as often as the cooldown allows", () => {
    const routes: Plain[] = config.route.routes.slice(1);
    expect(routes.map(({ matchers }) => matchers)).toEqual([['severity="critical"'], ['severity="warn"']]);
    expect(routes.map(({ group_wait }) => group_wait)).toEqual(["10s", "1m"]);
    for (const { routes: inner } of routes) {
      expect(inner.map(({ matchers, repeat_interval }: Plain) => [matchers[0], repeat_interval])).toEqual(
        repeatIntervals.map((interval) => [`repeat="${interval}"`, interval]),
      );
    }
  });

  it("tell once about all alerts of one KPI of one model", () => {
    expect(config.route.group_by).toEqual(["stack", "environment", "model", "kpi"]);
  });

  it("mute the warning of a KPI while it is critical, and no other", () => {
    expect(config.inhibit_rules).toEqual([
      {
        source_matchers: ['severity="critical"'],
        target_matchers: ['severity="warn"'],
        equal: ["stack", "environment", "model", "kpi"],
      },
    ]);
  });

  it("remember what was sent for longer than the longest interval, else it would be sent again too soon", () => {
    const hours = (text: string) => Number.parseInt(text, 10) * (text.endsWith("d") ? 24 : 1);
    const retention = server().template.spec.containers[0].command.find((flag: string) => flag.startsWith("--data.retention="));
    expect(hours(retention.split("=")[1])).toBeGreaterThan(Math.max(...repeatIntervals.map(hours)));
  });
});

describe("the dead man's switch", () => {
  const [route] = config.route.routes;
  const switchOf = (deadMansSwitch?: { url?: string; secretName?: string }): Plain =>
    (alertmanagerConfig({ ...channels, webhooks: deadMansSwitch ? { deadMansSwitch } : {} }) as Plain).receivers.find(
      ({ name }: Plain) => name === route.receiver,
    );

  it("has the alert that always fires, every minute, and people never have it", () => {
    const [always] = platformRules({ stack: "s", environment: "dev" }).groups.flatMap(({ rules }) =>
      rules.filter(({ expr }) => expr === "vector(1)"),
    );
    expect(route).toEqual({
      matchers: [`alertname="${always?.alert}"`],
      receiver: "dead-mans-switch",
      group_wait: "0s",
      group_interval: "1m",
      repeat_interval: "50s",
    });
    expect(config.route.receiver).toBe(receiver.name);
    expect(receiver.name).not.toBe(route.receiver);
    expect(switchOf()).toEqual({ name: "dead-mans-switch", webhook_configs: [] });
  });

  it("is called at its address, or at one that is a secret", () => {
    expect(switchOf({ url: "https://ping.example.com/a" }).webhook_configs).toEqual([
      { url: "https://ping.example.com/a", send_resolved: false },
    ]);
    expect(switchOf({ secretName: "ping" }).webhook_configs).toEqual([
      { url_file: "/etc/alertmanager-secrets/ping/url", send_resolved: false },
    ]);
    const { volumes, containers } = server({ webhooks: { deadMansSwitch: { secretName: "ping" } } }).template.spec;
    const mount = containers[0].volumeMounts.find(({ mountPath }: Plain) => mountPath === "/etc/alertmanager-secrets/ping");
    expect(volumes.find(({ name }: Plain) => name === mount.name).secret.secretName).toBe("ping");
  });

  it("is reason enough for an Alertmanager", () => {
    expect(alertChannels(undefined, { webhooks: { deadMansSwitch: { url: "https://ping.example.com" } } })).toMatchObject({
      email: [],
    });
  });

  it.each([{}, { url: "https://a", secretName: "b" }])("has one address: %j", (deadMansSwitch) => {
    const make = () => alertChannels(undefined, { webhooks: { deadMansSwitch } });
    expect(make).toThrow(ArgumentError);
    expect(make).toThrow(/^webhooks\.deadMansSwitch: needs an address, and one only\. Give `url`, or `secretName`/);
  });
});

describe("the receiver", () => {
  it("has every channel", () => {
    expect(receiver.email_configs).toEqual([
      { to: "oncall@example.com", send_resolved: false, tls_config: { ca_file: "/etc/alertmanager-authorities/ca.crt" } },
    ]);
    expect(receiver.webhook_configs.map(({ url, url_file }: Plain) => url ?? url_file)).toEqual([
      "https://hooks.example.com/mlops",
      "/etc/alertmanager-secrets/slack/url",
      "/etc/alertmanager-secrets/smtp/url",
    ]);
  });

  it("reads secrets from files", () => {
    expect(config.global).toEqual({
      smtp_smarthost: "mail.example.com:587",
      smtp_from: "mlops@example.com",
      smtp_require_tls: true,
      smtp_auth_username: "mlops",
      smtp_auth_password_file: "/etc/alertmanager-secrets/smtp/password",
    });
    const open: Plain = alertmanagerConfig({ ...channels, smtp: { ...smtp, port: 25, requireTls: false } });
    expect(open.global).toEqual({
      smtp_smarthost: "mail.example.com:25",
      smtp_from: "mlops@example.com",
      smtp_require_tls: false,
    });
    expect(alertmanagerConfig({ ...channels, smtp: undefined })).not.toHaveProperty("global");
  });

  it("checks webhooks and the mail server with the company's own authorities where they are given", () => {
    const files = receiver.webhook_configs.map(({ http_config }: Plain) => http_config.tls_config.ca_file);
    expect(new Set(files)).toEqual(new Set(["/etc/alertmanager-authorities/ca.crt"]));
    expect((alertmanagerConfig({ ...channels, webhooks: {} }) as Plain).receivers[0].email_configs).toEqual([
      { to: "oncall@example.com", send_resolved: false },
    ]);
    const [hook] = (alertmanagerConfig({ ...channels, webhooks: {} }) as Plain).receivers[0].webhook_configs;
    expect(hook).toEqual({ url: "https://hooks.example.com/mlops", send_resolved: true });
  });
});

function server(changes: Partial<AlertChannels> = {}): Plain {
  return alertmanagerServer({
    name: "churn",
    service: "alertmanager",
    namespace: "churn-dev",
    userSecret: "alertmanager-user",
    configMap: "config",
    channels: { ...channels, ...changes },
    claim: "claim",
    command: "alertmanager",
    cluster: {},
  });
}

it("mounts every file that the configuration names, and each Secret once", () => {
  const { containers, volumes } = server().template.spec;
  const mounts: Plain[] = containers[0].volumeMounts;
  const files = JSON.stringify(config).match(/\/etc\/alertmanager-[a-z]+\/[a-z/.]+/g) ?? [];
  expect(files.length).toBeGreaterThan(3);
  expect(files.filter((file) => !mounts.some(({ mountPath }) => file.startsWith(`${mountPath}/`)))).toEqual([]);
  expect(volumes.flatMap(({ secret }: Plain) => secret?.secretName ?? [])).toEqual(["alertmanager-user", "slack", "smtp"]);
  expect(volumes.flatMap(({ configMap }: Plain) => configMap?.name ?? [])).toEqual(["config", "company-authorities"]);
  const plain = server({ smtp: undefined, webhooks: {} }).template.spec;
  expect(plain.volumes.map(({ name }: Plain) => name)).toEqual(["data", "config", "web-config", "tmp"]);
});
