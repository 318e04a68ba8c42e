import { createHash } from "node:crypto";
import { durationSeconds, type ResolvedWorkbenchSpec } from "@cyclops/core";
import type { ClusterArgs, PlatformBinding } from "../args";
import { imageUsers, ports } from "../defaults";
import { roleLabels, volumeLabels } from "./labels";
import {
  fromSecret,
  imageOf,
  podSecurity,
  podSpec,
  resourcesOf,
  startupProbe,
  storageEnvironment,
  trackingEnvironment,
} from "./pod";
import { claimVolume, statefulSet } from "./stateful-set";
import { volumeSidecar } from "./watch-sidecar";

/** Part of a name that stands for a user: readable, and different for users whose readable parts are equal. */
export function userKey(user: string): string {
  const readable =
    user
      .split("@")[0]
      ?.toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 20) ?? "";
  return `${readable || "user"}-${createHash("sha256").update(user).digest("hex").slice(0, 5)}`;
}

/** What notebooks need to find the zones and MLflow. */
const userEnvironment = ({ objectStore, secrets, trackingUri }: PlatformBinding) => [
  ...storageEnvironment(objectStore, secrets.objectStore.workbench),
  ...trackingEnvironment(trackingUri, secrets.trackingWriter),
];

/** Spec of the StatefulSet of one user's JupyterLab; it scales itself to zero when nobody has used it for a while. */
export function workbenchServer(input: {
  name: string;
  statefulSet: string;
  service: string;
  account: string;
  tokenSecret: string;
  spec: ResolvedWorkbenchSpec;
  binding: PlatformBinding;
  /** Claim of the home. */
  claim: string;
  cluster: ClusterArgs;
}) {
  const { binding, cluster, spec } = input;
  const container = {
    name: "jupyterlab",
    image: imageOf("workbench", cluster),
    command: [
      "cyclops-runtime",
      "workbench",
      "--port",
      String(ports.workbench),
      "--idle-seconds",
      String(durationSeconds(spec.idleShutdown)),
      "--statefulset",
      input.statefulSet,
      "--namespace",
      binding.namespace,
      "--directory",
      "/home/notebooks",
    ],
    env: [
      fromSecret("JUPYTER_TOKEN", input.tokenSecret, "token"),
      { name: "HOME", value: "/home/notebooks" },
      ...userEnvironment(binding),
    ],
    ports: [{ name: "http", containerPort: ports.workbench }],
    readinessProbe: { httpGet: { path: "/api", port: "http" }, periodSeconds: 5 },
    startupProbe: startupProbe({ httpGet: { path: "/api", port: "http" } }, 180),
    resources: resourcesOf(spec.size),
    volumeMounts: [{ name: "home", mountPath: "/home/notebooks" }],
  };
  // Of the notebook's own image: another one of the runtime would end what runs here.
  const sidecar = volumeSidecar({ name: "home", claim: input.claim, image: "workbench", cluster });
  // The token of the API is for the idle shutdown, which scales this StatefulSet and can do nothing else.
  const pod = podSpec(
    { user: imageUsers.runtime, cluster, container, sidecars: [sidecar], volumes: [claimVolume("home", input.claim)] },
    { serviceAccountName: input.account, automountServiceAccountToken: true },
  );
  const labels = roleLabels("workbench", input.name);
  return statefulSet({ labels, podLabels: volumeLabels, service: input.service, pod });
}

/** Values of the JupyterHub chart: one server per user, idle ones are culled. https://z2jh.jupyter.org/en/stable/resources/reference.html */
export function jupyterhubValues({
  spec,
  cluster,
  binding,
}: {
  spec: ResolvedWorkbenchSpec;
  cluster: ClusterArgs;
  binding: PlatformBinding;
}) {
  const image = imageOf("workbench", cluster);
  const tagAt = image.lastIndexOf(":");
  const { requests, limits } = resourcesOf(spec.size);
  return {
    cull: { enabled: true, timeout: durationSeconds(spec.idleShutdown) },
    imagePullSecrets: cluster.imagePullSecrets ?? [],
    hub: {
      config: {
        Authenticator: { allowed_users: [...spec.users] },
        KubeSpawner: { container_security_context: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } } },
      },
    },
    proxy: { service: { type: "ClusterIP" } },
    singleuser: {
      image: { name: image.slice(0, tagAt), tag: image.slice(tagAt + 1), pullPolicy: "IfNotPresent" },
      uid: imageUsers.runtime,
      fsGid: imageUsers.runtime,
      allowPrivilegeEscalation: false,
      cpu: { guarantee: Number.parseFloat(requests.cpu) / (requests.cpu.endsWith("m") ? 1000 : 1), limit: Number(limits.cpu) },
      memory: { guarantee: requests.memory.replace("Gi", "G"), limit: limits.memory.replace("Gi", "G") },
      storage: { capacity: spec.storage },
      // By this label the network policies know a workbench.
      extraLabels: roleLabels("workbench"),
      extraEnv: Object.fromEntries(userEnvironment(binding).map((variable) => [variable.name, variable])),
      // Blocks the metadata service with a privileged container, which Pod Security `restricted` forbids; the network policies do it here.
      cloudMetadata: { blockWithIptables: false },
      extraPodConfig: { securityContext: podSecurity(imageUsers.runtime) },
    },
    scheduling: { userScheduler: { enabled: false } },
    prePuller: { hook: { enabled: false }, continuous: { enabled: false } },
  };
}
