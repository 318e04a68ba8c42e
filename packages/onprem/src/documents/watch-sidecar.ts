import type { ClusterArgs } from "../args";
import { imageUsers, ports, serverResources } from "../defaults";
import type { PolicyRule } from "./identity";
import { containerSecurity, imageOf, startupProbe } from "./pod";

/** What the sidecar reads of the Kubernetes API, in its namespace. */
export const watchRules: PolicyRule[] = [
  { apiGroups: ["argoproj.io"], resources: ["workflows"], verbs: ["get", "list"] },
  { apiGroups: ["argoproj.io"], resources: ["cronworkflows"], verbs: ["list"] },
];

/** File that is there after the first look. */
const looked = "/tmp/looked";

/** Servers that shall answer, by name: addresses that begin with `http://`, `https://` or `postgresql://`. */
export type WatchedServers = Readonly<Record<string, string>>;

/** Container that tells the Prometheus beside it of runs, servers and the volume of its pod: `cyclops-runtime watch`. */
export function watchSidecar(input: {
  namespace: string;
  servers: WatchedServers;
  /** The volume of the pod: its name in the pod, and the server whose it is. */
  volume: { name: string; server: string };
  /** Who may ask for what it has seen: the pod's own containers, or other pods too. */
  reach: "pod" | "cluster";
  /** Seconds between two looks. @default - the command's own */
  seconds?: number;
  cluster: ClusterArgs;
}) {
  const { servers, volume } = input;
  const mountPath = `/volumes/${volume.server}`;
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
      "--volume",
      `${volume.server}=${mountPath}`,
      // What it tells names models, steps and what is wrong with them.
      "--host",
      input.reach === "pod" ? "127.0.0.1" : "0.0.0.0",
      "--port",
      String(ports.watch),
      "--looked",
      looked,
      ...(input.seconds === undefined ? [] : ["--interval", String(input.seconds)]),
    ],
    securityContext: { ...containerSecurity, runAsUser: imageUsers.runtime, runAsGroup: imageUsers.runtime },
    ...(input.reach === "pod" ? {} : { ports: [{ name: "watch", containerPort: ports.watch }] }),
    readinessProbe: { ...health, periodSeconds: 15, failureThreshold: 4 },
    startupProbe: startupProbe(health, 600),
    resources: serverResources.watch,
    volumeMounts: [{ name: volume.name, mountPath, readOnly: true }],
  };
}
