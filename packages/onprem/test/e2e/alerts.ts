import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import https from "node:https";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { run } from "./command";

/** An alert as Alertmanager tells a webhook. https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */
export interface Alert {
  readonly status: "firing" | "resolved";
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/**
 * A webhook on this machine, with a certificate of its own for the address under which pods reach it.
 *
 * @returns its URL, the certificate to trust, what it has been told, and how to end it
 */
export async function receiveAlerts(address: string) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "cyclops-alerts-"));
  const [keyFile, certificateFile] = [path.join(folder, "key.pem"), path.join(folder, "certificate.pem")];
  const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=cyclops-e2e"];
  await run("openssl", [...request, "-addext", `subjectAltName=IP:${address}`, "-keyout", keyFile, "-out", certificateFile]);
  const [key, certificate] = [readFileSync(keyFile, "utf8"), readFileSync(certificateFile, "utf8")];
  rmSync(folder, { recursive: true });

  const told: Alert[] = [];
  const server = https.createServer({ key, cert: certificate }, (incoming, answer) => {
    let body = "";
    incoming.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    incoming.on("end", () => {
      told.push(...(JSON.parse(body) as { alerts: Alert[] }).alerts);
      answer.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `https://${address}:${port}/alerts`, certificate, alerts: () => told, stop: () => void server.close() };
}
