import type { ClusterArgs } from "../args";
import { imageUsers, ports, serverResources } from "../defaults";
import { roleLabels, volumeLabels } from "./labels";
import { type EnvironmentVariable, fromSecret, imageOf, podSpec, startupProbe } from "./pod";
import { claimVolume, statefulSet } from "./stateful-set";
import { volumeSidecar } from "./watch-sidecar";

const securityDirectory = "/etc/seaweedfs-security";

/**
 * Spec of the StatefulSet of SeaweedFS: master, volume server, filer and S3 gateway in one process. Only S3 can be reached from other pods,
 * and asks for keys; the other parts listen on the loopback, and take each other's calls alone.
 */
export function objectStoreServer(input: {
  name: string;
  service: string;
  configSecret: string;
  securitySecret: string;
  /** Claim of its volume. */
  claim: string;
  cluster: ClusterArgs;
}) {
  const labels = roleLabels("object-store", input.name);
  const health = { httpGet: { path: "/healthz", port: "s3" } };
  const container = {
    name: "seaweedfs",
    image: imageOf("objectStore", input.cluster),
    // Flags that both 4.44 and 4.48 know. Its own address must not be the pod's, which changes with every restart: the parts talk over
    // the loopback.
    command: [
      "weed",
      "server",
      "-dir=/data",
      "-ip=127.0.0.1",
      "-ip.bind=127.0.0.1",
      // Master and filer answer whoever asks by HTTP, without keys; their parts need gRPC alone.
      "-disableHttp",
      "-master.volumeSizeLimitMB=1024",
      "-master.telemetry=false",
      "-volume.max=0",
      "-filer",
      "-s3",
      "-s3.ip.bind=0.0.0.0",
      `-s3.port=${ports.objectStore}`,
      // Catalogs at ports of their own, and users that are made by calls: its users are those of the file.
      "-s3.port.iceberg=0",
      "-s3.port.lance=0",
      "-s3.iam=false",
      "-s3.config=/etc/seaweedfs/s3.json",
    ],
    // A zone gets one file of up to 1 GiB at a time. SeaweedFS would set aside seven for each, and the last zones of a small disk would get
    // none: every write there fails as an internal error. https://github.com/seaweedfs/seaweedfs/wiki/Volume-Management
    env: [{ name: "WEED_MASTER_VOLUME_GROWTH_COPY_1", value: "1" }, ...security(input.securitySecret)],
    ports: [{ name: "s3", containerPort: ports.objectStore }],
    readinessProbe: { ...health, periodSeconds: 5, failureThreshold: 3 },
    startupProbe: startupProbe(health, 120),
    resources: serverResources.objectStore,
    volumeMounts: [
      { name: "data", mountPath: "/data" },
      { name: "config", mountPath: "/etc/seaweedfs", readOnly: true },
      { name: "security", mountPath: securityDirectory, readOnly: true },
    ],
  };
  const certificate = ["tls.crt", "tls.key"].map((key) => ({ key, path: key }));
  const volumes = [
    claimVolume("data", input.claim),
    { name: "config", secret: { secretName: input.configSecret, defaultMode: 0o440 } },
    { name: "security", secret: { secretName: input.securitySecret, defaultMode: 0o440, items: certificate } },
  ];
  const pod = podSpec(
    {
      user: imageUsers.objectStore,
      cluster: input.cluster,
      container,
      sidecars: [volumeSidecar({ ...input, name: "data" })],
      volumes,
    },
    { terminationGracePeriodSeconds: 30 },
  );
  return statefulSet({ labels, podLabels: volumeLabels, service: input.service, pod });
}

/**
 * What stands in SeaweedFS' `security.toml` otherwise (`weed scaffold -config=security`). By gRPC the parts know each other by one
 * certificate, which is its own authority. That of the S3 gateway is the one which matters most: it listens where S3 listens, and makes
 * anybody an administrator who calls it. By HTTP a volume server wants what the master has signed, which it hands out by gRPC.
 * The filer's keys for HTTP are not set: it answers no HTTP, and S3 would sign sessions of its own with them.
 */
function security(secret: string): EnvironmentVariable[] {
  const parts = ["MASTER", "VOLUME", "FILER", "S3", "CLIENT"].flatMap((part) => [
    { name: `WEED_GRPC_${part}_CERT`, value: `${securityDirectory}/tls.crt` },
    { name: `WEED_GRPC_${part}_KEY`, value: `${securityDirectory}/tls.key` },
  ]);
  return [
    { name: "WEED_GRPC_CA", value: `${securityDirectory}/tls.crt` },
    ...parts,
    fromSecret("WEED_JWT_SIGNING_KEY", secret, "jwt-signing-key"),
    fromSecret("WEED_JWT_SIGNING_READ_KEY", secret, "jwt-signing-read-key"),
  ];
}
