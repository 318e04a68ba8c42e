import type { ClusterArgs } from "../args";
import { imageUsers, ports, serverResources } from "../defaults";
import { roleLabels } from "./labels";
import { imageOf, podSpec, startupProbe } from "./pod";
import { claimVolume, statefulSet } from "./stateful-set";

/** Spec of the StatefulSet of SeaweedFS: master, volume server, filer and S3 gateway in one process. */
export function objectStoreServer(input: {
  name: string;
  service: string;
  configSecret: string;
  /** Claim of its volume. */
  claim: string;
  cluster: ClusterArgs;
}) {
  const labels = roleLabels("object-store", input.name);
  const health = { httpGet: { path: "/healthz", port: "s3" } };
  const container = {
    name: "seaweedfs",
    image: imageOf("objectStore", input.cluster),
    // Its own address must not be the pod's, which changes with every restart: the parts talk over the loopback.
    command: [
      "weed",
      "server",
      "-dir=/data",
      "-ip=127.0.0.1",
      "-ip.bind=0.0.0.0",
      "-master.volumeSizeLimitMB=1024",
      "-volume.max=0",
      "-filer",
      "-s3",
      `-s3.port=${ports.objectStore}`,
      "-s3.config=/etc/seaweedfs/s3.json",
    ],
    // A zone gets one file of up to 1 GiB at a time. SeaweedFS would set aside seven for each, and the last zones of a small disk would get
    // none: every write there fails as an internal error. https://github.com/seaweedfs/seaweedfs/wiki/Volume-Management
    env: [{ name: "WEED_MASTER_VOLUME_GROWTH_COPY_1", value: "1" }],
    ports: [{ name: "s3", containerPort: ports.objectStore }],
    readinessProbe: { ...health, periodSeconds: 5, failureThreshold: 3 },
    startupProbe: startupProbe(health, 120),
    resources: serverResources.objectStore,
    volumeMounts: [
      { name: "data", mountPath: "/data" },
      { name: "config", mountPath: "/etc/seaweedfs", readOnly: true },
    ],
  };
  const volumes = [
    claimVolume("data", input.claim),
    { name: "config", secret: { secretName: input.configSecret, defaultMode: 0o440 } },
  ];
  const pod = podSpec(
    { user: imageUsers.objectStore, cluster: input.cluster, container, volumes },
    { terminationGracePeriodSeconds: 30 },
  );
  return statefulSet({ labels, service: input.service, pod });
}
