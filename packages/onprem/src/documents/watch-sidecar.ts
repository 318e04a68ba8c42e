import type { ClusterArgs } from "../args";
import { type ImageName, imageUsers, ports, serverResources } from "../defaults";
import type { PolicyRule } from "./identity";
import { containerSecurity, imageOf, startupProbe } from "./pod";

/** What the sidecar reads of the Kubernetes API, in its namespace. */
export const watchRules: PolicyRule[] = [
  { apiGroups: ["argoproj.io"], resources: ["workflows"], verbs: ["get", "list"] },
  { apiGroups: ["argoproj.io"], resources: ["cronworkflows"], verbs: ["list"] },
];

/** File that is there after the first look. */
const looked = "/tmp/looked";

/** A volume of the pod: its name in the pod, and the claim behind it, by which it is told of. */
interface WatchedVolume {
  name: string;
  claim: string;
}

/** Where a volume is mounted, and how the command is told. */
function watched({ name, claim }: WatchedVolume) {
  const mountPath = `/volumes/${claim}`;
  return { options: ["--volume", `${claim}=${mountPath}`], mount: { name, mountPath, readOnly: true } };
}

/** The image's own user: that of the pod is the server's. */
const security = { ...containerSecurity, runAsUser: imageUsers.runtime, runAsGroup: imageUsers.runtime };

/** Servers that shall answer, by name: addresses that begin with `http://`, `https://` or `postgresql://`. */
export type WatchedServers = Readonly<Record<string, string>>;

/** Container that tells the Prometheus beside it of runs, servers and the volume of its pod: `cyclops-runtime watch`. */
export function watchSidecar(input: {
  namespace: string;
  servers: WatchedServers;
  volume: WatchedVolume;
  /** Who may ask for what it has seen: the pod's own containers, or other pods too. */
  reach: "pod" | "cluster";
  /** Seconds between two looks. @default - the command's own */
  seconds?: number;
  cluster: ClusterArgs;
}) {
  const { servers } = input;
  const volume = watched(input.volume);
  // Who asks from outside of the pod, as the kubelet does, reaches no port of the loopback.
  const health =
    input.reach === "pod" ? { exec: { command: ["test", "-e", looked] } } : { httpGet: { path: "/metrics", port: "watch" } };
  return {
    name: "watch",
    image: imageOf("runtime", input.cluster),
    command: [
      "cyclops-runtime",
      "watch",
      "--namespace",
      input.namespace,
      ...Object.entries(servers).flatMap(([name, address]) => ["--server", `${name}=${address}`]),
      ...volume.options,
      // What it tells names models, steps and what is wrong with them.
      "--host",
      input.reach === "pod" ? "127.0.0.1" : "0.0.0.0",
      "--port",
      String(ports.watch),
      "--looked",
      looked,
      ...(input.seconds === undefined ? [] : ["--interval", String(input.seconds)]),
    ],
    securityContext: security,
    ...(input.reach === "pod" ? {} : { ports: [{ name: "watch", containerPort: ports.watch }] }),
    readinessProbe: { ...health, periodSeconds: 15, failureThreshold: 4 },
    startupProbe: startupProbe(health, 600),
    resources: serverResources.watch,
    volumeMounts: [volume.mount],
  };
}

/** Name of the container that is beside a server for its volume. */
export const volumeContainer = "volume";

/**
 * Container that tells Prometheus how full the volume of its pod is, and nothing else: `cyclops-runtime watch`. Its pod has `volumeLabels`.
 *
 * It has no probes: one that fails would keep the server beside it from its clients, who need it more.
 *
 * @param image one with the runtime @default "runtime"
 */
export function volumeSidecar(
  input: WatchedVolume & { image?: Extract<ImageName, "runtime" | "workbench">; cluster: ClusterArgs },
) {
  const volume = watched(input);
  return {
    name: volumeContainer,
    image: imageOf(input.image ?? "runtime", input.cluster),
    command: ["cyclops-runtime", "watch", ...volume.options, "--host", "0.0.0.0", "--port", String(ports.volume)],
    securityContext: security,
    ports: [{ name: volumeContainer, containerPort: ports.volume }],
    resources: serverResources.volume,
    volumeMounts: [volume.mount],
  };
}
