import type { Size } from "@cyclops/core";
import type { ClusterArgs } from "../args";
import { defaultImages, type ImageName, sizeResources, spotLabel } from "../defaults";

/** Plain Kubernetes documents: what the API takes, without Pulumi's inputs. */
export interface EnvironmentVariable {
  name: string;
  value?: string;
  valueFrom?: { secretKeyRef?: { name: string; key: string; optional?: boolean }; fieldRef?: { fieldPath: string } };
}
export interface Volume {
  name: string;
  configMap?: { name: string; items?: { key: string; path: string }[] };
  secret?: { secretName: string; optional?: boolean; defaultMode?: number; items?: { key: string; path: string }[] };
  emptyDir?: { sizeLimit?: string; medium?: string };
  persistentVolumeClaim?: { claimName: string };
  downwardAPI?: { items: { path: string; fieldRef: { fieldPath: string } }[] };
}
export interface VolumeMount {
  name: string;
  mountPath: string;
  readOnly?: boolean;
  subPath?: string;
}

/** Image to run: a single override first, else the library's behind the given registry. */
export function imageOf(name: ImageName, { images, registry }: Pick<ClusterArgs, "images" | "registry">): string {
  const own = images?.[name];
  if (own !== undefined) return own;
  const fallback = defaultImages[name];
  // The first part of every default is its registry; a mirror keeps the path behind it.
  return registry === undefined ? fallback : `${registry.replace(/\/$/, "")}/${fallback.split("/").slice(1).join("/")}`;
}

/** What Pod Security `restricted` asks of a pod. https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted */
export function podSecurity(user: number) {
  return { runAsNonRoot: true, runAsUser: user, runAsGroup: user, fsGroup: user, seccompProfile: { type: "RuntimeDefault" } };
}

/** What Pod Security `restricted` asks of a container, and a read-only root besides. */
export const containerSecurity = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  readOnlyRootFilesystem: true,
};

/** Scratch space of a container with a read-only root. */
export const scratch: { volume: Volume; mount: VolumeMount } = {
  volume: { name: "tmp", emptyDir: {} },
  mount: { name: "tmp", mountPath: "/tmp" },
};

/** The container of a pod; what all containers have in common is added. */
interface ContainerDocument {
  name: string;
  image: string;
  resources: { requests: Record<string, string>; limits: Record<string, string> };
  volumeMounts?: VolumeMount[];
}

/**
 * Spec of a pod of one container, or of one with others beside it: closed as far as Pod Security asks, without a token of the API, with
 * scratch space.
 */
export function podSpec<Container extends ContainerDocument, Rest extends object, Sidecar extends ContainerDocument = never>(
  input: {
    user: number;
    cluster: ClusterArgs;
    container: Container;
    /** Containers that serve the first one. @default [] */
    sidecars?: Sidecar[];
    volumes?: Volume[];
  },
  rest: Rest,
) {
  const { user, cluster, container, sidecars = [], volumes = [] } = input;
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: podSecurity(user),
    imagePullSecrets: pullSecrets(cluster),
    ...rest,
    containers: [complete(container), ...sidecars.map(complete)],
    volumes: [...volumes, scratch.volume],
  };
}

/** A container with what all have in common. */
const complete = <Container extends ContainerDocument>(container: Container) => ({
  imagePullPolicy: "IfNotPresent",
  securityContext: containerSecurity,
  ...container,
  volumeMounts: [...(container.volumeMounts ?? []), scratch.mount],
});

/**
 * Probe of a server that is starting: asked every second, so that it counts as ready soon after it is, and restarted after so many
 * seconds. The other probes wait for this one, and the kubelet asks for readiness at once when it has succeeded: their periods may be
 * longer. https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/#startup-probe
 */
export const startupProbe = <Question extends object>(question: Question, seconds: number) => ({
  ...question,
  periodSeconds: 1,
  failureThreshold: seconds,
});

/** Registry credentials of a pod. */
export const pullSecrets = ({ imagePullSecrets = [] }: ClusterArgs) => imagePullSecrets.map((name) => ({ name }));

/** Requests and limits of one size, with GPUs where asked for. */
export function resourcesOf(size: Size, gpu = 0, gpuResource = "nvidia.com/gpu") {
  const { cpu, cpuLimit, memory } = sizeResources[size];
  const extra = gpu > 0 ? { [gpuResource]: String(gpu) } : {};
  return { requests: { cpu, memory, ...extra }, limits: { cpu: cpuLimit, memory, ...extra } };
}

/** Where a pod that may be interrupted can run: on spot nodes by preference, elsewhere when there are none. */
export function spotPlacement(scheduling: ClusterArgs["scheduling"]) {
  const labels = scheduling?.spot?.nodeSelector ?? { [spotLabel]: "true" };
  const tolerations = scheduling?.spot?.tolerations ?? [
    { key: spotLabel, operator: "Equal", value: "true", effect: "NoSchedule" },
  ];
  const matchExpressions = Object.entries(labels).map(([key, value]) => ({ key, operator: "In", values: [value] }));
  return {
    tolerations,
    affinity: {
      nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, preference: { matchExpressions } }] },
    },
  };
}

/** A variable whose value is a key of a Secret. */
export const fromSecret = (name: string, secret: string, key: string): EnvironmentVariable => ({
  name,
  valueFrom: { secretKeyRef: { name: secret, key } },
});

/** Where objects are stored, and whose keys open the store. */
export function storageEnvironment(
  { endpoint, region }: { endpoint: string; region: string },
  secret: string | undefined,
): EnvironmentVariable[] {
  return [
    { name: "AWS_ENDPOINT_URL", value: endpoint },
    { name: "AWS_REGION", value: region },
    ...(secret === undefined ? [] : ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].map((key) => fromSecret(key, secret, key))),
  ];
}

/** Where MLflow is, and whose user speaks to it. */
export function trackingEnvironment(uri: string, secret: string): EnvironmentVariable[] {
  return [
    { name: "MLFLOW_TRACKING_URI", value: uri },
    fromSecret("MLFLOW_TRACKING_USERNAME", secret, "username"),
    fromSecret("MLFLOW_TRACKING_PASSWORD", secret, "password"),
  ];
}

/** Key of a document in a ConfigMap, and its name as a file. */
export const documentKey = "model.json";

const documentMount = {
  mount: { name: "config", mountPath: "/etc/cyclops", readOnly: true },
  file: `/etc/cyclops/${documentKey}`,
};

/** The document of a ConfigMap in a pod. */
export const configVolume = (configMap: string): { volume: Volume; mount: VolumeMount; file: string } => ({
  ...documentMount,
  volume: { name: "config", configMap: { name: configMap } },
});

/** Annotation of a pod that holds its model document. */
export const documentAnnotation = "cyclops.dev/model-document";

/** The document of that annotation as a file. https://kubernetes.io/docs/concepts/workloads/pods/downward-api/ */
export const documentVolume: { volume: Volume; mount: VolumeMount; file: string } = {
  ...documentMount,
  volume: {
    name: "config",
    downwardAPI: { items: [{ path: documentKey, fieldRef: { fieldPath: `metadata.annotations['${documentAnnotation}']` } }] },
  },
};

/** Folder of the named secrets; not below the model document's, which is a mount of its own. */
export const secretsDirectory = "/etc/cyclops-secrets";

/** Named secrets in a pod: one folder a secret, one file a key. */
export function secretVolumes(names: readonly string[]): { volumes: Volume[]; mounts: VolumeMount[] } {
  return {
    volumes: names.map((name) => ({ name: `secret-${name}`, secret: { secretName: name, defaultMode: 0o440 } })),
    mounts: names.map((name) => ({ name: `secret-${name}`, mountPath: `${secretsDirectory}/${name}`, readOnly: true })),
  };
}
