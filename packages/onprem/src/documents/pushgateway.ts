import type { ClusterArgs } from "../args";
import { imageUsers, ports, serverResources } from "../defaults";
import { roleLabels, volumeLabels } from "./labels";
import { imageOf, podSpec, startupProbe } from "./pod";
import { claimVolume, statefulSet } from "./stateful-set";
import { volumeSidecar, type WatchedServers, watchSidecar } from "./watch-sidecar";
import { webConfig, webConfigFlag, webProbe } from "./web-user";

/**
 * Spec of the StatefulSet of the Pushgateway, which keeps the KPIs of the monitor's last run for Prometheus to scrape.
 *
 * On a volume: without it, a pod that moves to another node forgets every KPI until the monitors have run again, a day for some, and the
 * alerts about them would end.
 */
export function pushgatewayServer(input: {
  name: string;
  service: string;
  /** Secret of its user. */
  userSecret: string;
  /** Claim of its volume. */
  claim: string;
  command: string;
  /** What else the pod tells Prometheus of, and as whom it looks. @default - nothing: Prometheus' own pod does */
  watch?: { account: string; namespace: string; servers: WatchedServers };
  cluster: ClusterArgs;
}) {
  const { watch, cluster } = input;
  const web = webConfig(input.userSecret);
  const container = {
    name: "pushgateway",
    image: imageOf("pushgateway", input.cluster),
    command: [
      input.command,
      `--web.listen-address=0.0.0.0:${ports.pushgateway}`,
      webConfigFlag,
      "--persistence.file=/data/metrics",
      // Written when something has changed, at the latest after this time, and when the pod is told to stop.
      "--persistence.interval=1m",
    ],
    ports: [{ name: "http", containerPort: ports.pushgateway }],
    readinessProbe: { ...webProbe, periodSeconds: 5 },
    startupProbe: startupProbe(webProbe, 120),
    livenessProbe: { ...webProbe, periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 6 },
    resources: serverResources.pushgateway,
    volumeMounts: [{ name: "data", mountPath: "/data" }, web.mount],
  };
  const volume = { name: "data", claim: input.claim };
  const sidecar =
    watch === undefined ? volumeSidecar({ ...volume, cluster }) : watchSidecar({ ...watch, volume, reach: "cluster", cluster });
  const account = watch === undefined ? {} : { serviceAccountName: watch.account, automountServiceAccountToken: true };
  const volumes = [claimVolume("data", input.claim), web.volume];
  const pod = podSpec({ user: imageUsers.prometheus, cluster, container, sidecars: [sidecar], volumes }, account);
  const podLabels = watch === undefined ? volumeLabels : {};
  return statefulSet({ labels: roleLabels("pushgateway", input.name), podLabels, service: input.service, pod });
}
