import { describe, expect, it } from "vitest";
import { databaseServer } from "../../src/documents/database";
import { platformJob } from "../../src/documents/job";
import { objectStoreServer } from "../../src/documents/object-store";
import { volumeClaim } from "../../src/documents/stateful-set";
import { allowedHosts, trackingServer } from "../../src/documents/tracking";
import type { Plain } from "../support/recorded";

const base = { name: "churn", service: "svc", claim: "claim", cluster: {} };
const containerOf = (server: Plain): Plain => server.template.spec.containers[0];

it("claims a volume of the size and class that were asked for", () => {
  const claim = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "7Gi" } } };
  expect(volumeClaim({ storage: "7Gi", storageClass: "fast" })).toEqual({ ...claim, storageClassName: "fast" });
  expect(volumeClaim({ storage: "7Gi" })).toEqual(claim);
});

describe.each<[string, () => Plain]>([
  ["the database", () => databaseServer({ ...base, passwordSecret: "password" })],
  ["the object store", () => objectStoreServer({ ...base, configSecret: "identities", securitySecret: "security" })],
])("the volume of %s", (_, server) => {
  it("is mounted by a pod of the StatefulSet's own labels", () => {
    const { selector, template } = server();
    expect(template.metadata.labels).toMatchObject(selector.matchLabels);
    // A selector can never change.
    expect(Object.keys(selector.matchLabels)).toEqual(["cyclops.dev/role", "cyclops.dev/name"]);
    expect(containerOf(server()).volumeMounts.map(({ name }: Plain) => name)).toContain("data");
  });

  it("is a claim of its own, since that of a StatefulSet's template can never grow", () => {
    expect(server()).not.toHaveProperty("volumeClaimTemplates");
    expect(server().template.spec.volumes).toContainEqual({ name: "data", persistentVolumeClaim: { claimName: "claim" } });
  });
});

it("keeps the database's files below the root of the volume, and its password in a Secret", () => {
  const { env } = containerOf(databaseServer({ ...base, passwordSecret: "password" }));
  expect(env).toContainEqual({ name: "PGDATA", value: "/var/lib/postgresql/data/pgdata" });
  expect(env).toContainEqual({ name: "POSTGRES_PASSWORD", valueFrom: { secretKeyRef: { name: "password", key: "password" } } });
});

it("opens the object store with identities from a Secret", () => {
  const server: Plain = objectStoreServer({ ...base, configSecret: "identities", securitySecret: "security" });
  expect(containerOf(server).command).toContain("-s3.config=/etc/seaweedfs/s3.json");
  // With the seven of SeaweedFS, five zones on a disk of 20 GiB leave nothing for the last two.
  expect(containerOf(server).env).toContainEqual({ name: "WEED_MASTER_VOLUME_GROWTH_COPY_1", value: "1" });
  expect(containerOf(server).volumeMounts).toContainEqual({ name: "config", mountPath: "/etc/seaweedfs", readOnly: true });
  expect(server.template.spec.volumes).toContainEqual({
    name: "config",
    secret: { secretName: "identities", defaultMode: 0o440 },
  });
});

describe("the object store's other servers", () => {
  const server: Plain = objectStoreServer({ ...base, configSecret: "identities", securitySecret: "security" });
  const { command, env, volumeMounts } = containerOf(server);

  it("listen where no other pod reaches them, and serve no catalogs and no calls that make users", () => {
    // Of `weed server -h`: an address that is not named is that of -ip.bind, a port that is 0 is not opened.
    expect(command.filter((flag: string) => /bind|iceberg|lance|iam|disableHttp|telemetry|metrics/.test(flag)).sort()).toEqual([
      "-disableHttp",
      "-ip.bind=127.0.0.1",
      "-master.telemetry=false",
      "-s3.iam=false",
      "-s3.ip.bind=0.0.0.0",
      "-s3.port.iceberg=0",
      "-s3.port.lance=0",
    ]);
  });

  it("know each other by a certificate, without which SeaweedFS would serve gRPC to everybody", () => {
    const plain = Object.fromEntries(env.flatMap(({ name, value }: Plain) => (value === undefined ? [] : [[name, value]])));
    const file = (name: string) => `/etc/seaweedfs-security/${name}`;
    expect(plain).toMatchObject({ WEED_GRPC_CA: file("tls.crt") });
    for (const part of ["MASTER", "VOLUME", "FILER", "S3", "CLIENT"]) {
      expect(plain).toMatchObject({ [`WEED_GRPC_${part}_CERT`]: file("tls.crt"), [`WEED_GRPC_${part}_KEY`]: file("tls.key") });
    }
    expect(volumeMounts).toContainEqual({ name: "security", mountPath: "/etc/seaweedfs-security", readOnly: true });
    // Items that must be there: a pod without them does not start.
    const items = ["tls.crt", "tls.key"].map((key) => ({ key, path: key }));
    expect(server.template.spec.volumes).toContainEqual({
      name: "security",
      secret: { secretName: "security", defaultMode: 0o440, items },
    });
  });

  it("sign access to volumes with keys from a Secret, and set no key that S3 would sign sessions with", () => {
    const keys = env.flatMap(({ name, valueFrom }: Plain) =>
      valueFrom ? [`${name} ${valueFrom.secretKeyRef.name} ${valueFrom.secretKeyRef.key}`] : [],
    );
    expect(keys).toEqual([
      "WEED_JWT_SIGNING_KEY security jwt-signing-key",
      "WEED_JWT_SIGNING_READ_KEY security jwt-signing-read-key",
    ]);
  });
});

it("has the database ask for the password on the loopback too, where port-forwards come from", () => {
  const { env } = containerOf(databaseServer({ ...base, passwordSecret: "password" }));
  expect(env).toContainEqual({ name: "POSTGRES_INITDB_ARGS", value: "--auth-host=scram-sha-256" });
});

describe("MLflow", () => {
  const server: Plain = trackingServer({
    name: "churn",
    service: "mlflow",
    namespace: "churn-dev",
    artifacts: "s3://models/mlflow",
    cluster: {},
    authenticationSecret: "auth",
    databaseUrlSecret: "url",
    storage: [{ name: "AWS_REGION", value: "eu" }],
  });

  it("asks for users, and keeps every secret out of its command", () => {
    const { command, env } = containerOf(server);
    expect(command.join(" ")).toContain("--app-name basic-auth");
    expect(command.join(" ")).toContain("--artifacts-destination s3://models/mlflow");
    const secrets = env.flatMap(({ name, valueFrom }: Plain) =>
      valueFrom ? [`${name} ${valueFrom.secretKeyRef.name} ${valueFrom.secretKeyRef.key}`] : [],
    );
    expect(secrets).toEqual(["MLFLOW_BACKEND_STORE_URI url url", "MLFLOW_FLASK_SERVER_SECRET_KEY auth flask-secret-key"]);
  });

  it("is never two versions at once, since a start migrates the database", () => {
    expect(server).toMatchObject({ replicas: 1, strategy: { type: "Recreate" } });
  });

  it("answers to its own names alone", () => {
    expect(allowedHosts("mlflow", "churn-dev")).toEqual(
      expect.arrayContaining(["mlflow", "mlflow.churn-dev.svc:*", "mlflow.churn-dev.svc.cluster.local:*", "localhost"]),
    );
    const allowed = containerOf(server)
      .env.find(({ name }: Plain) => name === "MLFLOW_SERVER_ALLOWED_HOSTS")
      .value.split(",");
    expect(allowed).toEqual(allowedHosts("mlflow", "churn-dev"));
    // The port is that of any tunnel; the name is never open.
    expect(allowed.filter((host: string) => host.replace(/:\*$/, "").includes("*"))).toEqual([]);
    expect(allowed).toContain(containerOf(server).readinessProbe.httpGet.httpHeaders[0].value);
  });
});

describe("a platform job", () => {
  const job = (changes: Plain = {}): Plain =>
    platformJob({
      command: "users",
      configMap: "config",
      serviceAccount: "account",
      usesApi: false,
      cluster: {},
      ...changes,
    });

  it("runs a command of the runtime until it succeeds, for ten minutes at most", () => {
    expect(job()).toMatchObject({
      backoffLimit: 6,
      activeDeadlineSeconds: 600,
      template: { spec: { restartPolicy: "Never", serviceAccountName: "account" } },
    });
    expect(containerOf(job()).command).toEqual(["cyclops-runtime", "users", "--config", "/etc/cyclops/config.json"]);
  });

  it("has a token of the API where it talks to the API", () => {
    expect(job().template.spec.automountServiceAccountToken).toBe(false);
    expect(job({ usesApi: true }).template.spec.automountServiceAccountToken).toBe(true);
  });

  it("adds the mounts it is given to its own", () => {
    const mounts = [{ name: "s", mountPath: "/s" }];
    const withMounts = job({ mounts, volumes: [{ name: "s", secret: { secretName: "s" } }] });
    expect(containerOf(withMounts).volumeMounts.map(({ mountPath }: Plain) => mountPath)).toEqual(["/etc/cyclops", "/s", "/tmp"]);
    expect(withMounts.template.spec.volumes.map(({ name }: Plain) => name)).toEqual(["config", "s", "tmp"]);
  });
});
