import type { Volume, VolumeMount } from "./pod";

/**
 * The user of Prometheus, Alertmanager and Pushgateway. They know no rights: who is let in may do everything. So each has a password of its
 * own, and whoever pushes a value can neither read nor silence.
 */
export const webUser = "monitoring-client";

interface Mounted {
  readonly volume: Volume;
  readonly mount: VolumeMount;
}

const mounted = (name: string, secretName: string, mountPath: string, keys: readonly string[]): Mounted => ({
  volume: { name, secret: { secretName, defaultMode: 0o440, items: keys.map((key) => ({ key, path: key })) } },
  mount: { name, mountPath, readOnly: true },
});

const webDirectory = "/etc/web-config";

/** Flag by which a server asks for its user, and where it reads the hash of the password from, anew with every request. */
export const webConfigFlag = `--web.config.file=${webDirectory}/web.yml`;

/** The server's file of its users. */
export const webConfig = (secret: string): Mounted => mounted("web-config", secret, webDirectory, ["web.yml"]);

/** Name and password of the user of a server, for those who ask it. */
export const webPassword = (name: string, secret: string, mountPath: string): Mounted =>
  mounted(name, secret, mountPath, ["username", "password"]);

/**
 * A probe of such a server. It answers 401 to whoever has no password, and a probe can have none from a Secret; its port opens when its
 * configuration and its data are read. https://github.com/prometheus/exporter-toolkit/pull/106
 */
export const webProbe = { tcpSocket: { port: "http" } };
