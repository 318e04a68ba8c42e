import { durationSeconds, type ResolvedEndpointSpec } from "@cyclops/core";
import type { ClusterArgs, GatewayArgs, PlatformBinding } from "../args";
import { imageUsers, ports } from "../defaults";
import { roleLabels } from "./labels";
import { configVolume, imageOf, podSpec, resourcesOf, startupProbe, storageEnvironment, trackingEnvironment } from "./pod";

/** Which part of the traffic a scorer serves: all of it, or its side of a route. */
export type ScorerRole = "all" | "stable" | "canary";

/**
 * Labels of the scorers of a canary, or of the Deployment that is always there. That one's are the same with a Gateway and without: another
 * selector would be another Deployment, and nobody would answer until its pods do.
 * https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#label-selector-updates
 */
export const scorerLabels = (name: string, role: ScorerRole): Record<string, string> => ({
  ...roleLabels("scorer", name),
  "cyclops.dev/scorer": role === "canary" ? "canary" : "all",
});

/** Spec of a Deployment of scorers. The number of replicas belongs to the autoscaler, that of a canary to the rollout. */
export function scorerDeployment(input: {
  name: string;
  model: string;
  role: ScorerRole;
  spec: ResolvedEndpointSpec;
  binding: PlatformBinding;
  /** Its name says what it holds: a change makes new scorers, one after the other. */
  configMap: string;
  account: string;
  cluster: ClusterArgs;
}) {
  const { binding, cluster, role, spec } = input;
  const labels = scorerLabels(input.name, role);
  const config = configVolume(input.configMap);
  const health = { httpGet: { path: "/healthz", port: "http" } };
  const container = {
    name: "scorer",
    image: imageOf("runtime", cluster),
    command: ["cyclops-runtime", "serve", "--host", "0.0.0.0", "--port", String(ports.scorer)],
    env: [
      { name: "CYCLOPS_CONFIG", value: config.file },
      { name: "CYCLOPS_SCORER_ROLE", value: role },
      ...storageEnvironment(binding.objectStore, binding.secrets.objectStore.scorer),
      ...trackingEnvironment(binding.trackingUri, binding.secrets.trackingReader),
    ],
    ports: [{ name: "http", containerPort: ports.scorer }],
    readinessProbe: { httpGet: { path: "/readyz", port: "http" }, periodSeconds: 2, timeoutSeconds: 3 },
    startupProbe: startupProbe(health, 180),
    livenessProbe: { ...health, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
    // Endpoints forget a pod a moment after it is told to stop: it goes on answering until then.
    lifecycle: { preStop: { exec: { command: ["sleep", "5"] } } },
    resources: resourcesOf(spec.size, spec.gpu, cluster.scheduling?.gpuResource),
    volumeMounts: [config.mount],
  };
  const pod = podSpec(
    { user: imageUsers.runtime, cluster, container, volumes: [config.volume] },
    {
      serviceAccountName: input.account,
      terminationGracePeriodSeconds: 60,
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "kubernetes.io/hostname",
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: { matchLabels: labels },
        },
      ],
    },
  );
  return {
    ...(role === "canary" ? { replicas: 0 } : {}),
    selector: { matchLabels: labels },
    strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    template: {
      // By the label of its model Prometheus tells the series of its process apart.
      metadata: { labels: { ...labels, "cyclops.dev/model": input.model } },
      spec: pod,
    },
  };
}

/** Spec of a Service before scorers; a headless one answers the address of every replica that is ready. */
export function scorerService(labels: Record<string, string>, headless = false) {
  return {
    selector: labels,
    ports: [{ name: "http", port: ports.scorer, targetPort: "http" }],
    ...(headless ? { clusterIP: "None", publishNotReadyAddresses: false } : {}),
  };
}

/** Spec of the autoscaler. */
export function scorerAutoscaler(deployment: string, { replicas, targetUtilization }: ResolvedEndpointSpec) {
  return {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deployment },
    minReplicas: replicas.min,
    maxReplicas: replicas.max,
    metrics: [
      { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: targetUtilization } } },
    ],
    // A new pod uses much CPU while it loads the model: wait before taking replicas away again.
    behavior: { scaleDown: { stabilizationWindowSeconds: durationSeconds("5m") } },
  };
}

/** Path of a model behind a Gateway. */
export const routePath = (model: string): string => `/${model}`;

/** Spec of the HTTPRoute; the weights are the rollout's from then on. */
export function scorerRoute(input: { gateway: GatewayArgs; model: string; stable: string; canary: string }) {
  const { gateway } = input;
  return {
    parentRefs: [
      {
        group: "gateway.networking.k8s.io",
        kind: "Gateway",
        name: gateway.name,
        ...(gateway.namespace === undefined ? {} : { namespace: gateway.namespace }),
        ...(gateway.sectionName === undefined ? {} : { sectionName: gateway.sectionName }),
      },
    ],
    ...(gateway.hostnames === undefined ? {} : { hostnames: gateway.hostnames }),
    rules: [
      {
        matches: [{ path: { type: "PathPrefix", value: routePath(input.model) } }],
        filters: [{ type: "URLRewrite", urlRewrite: { path: { type: "ReplacePrefixMatch", replacePrefixMatch: "/" } } }],
        backendRefs: [
          { group: "", kind: "Service", name: input.stable, port: ports.scorer, weight: 100 },
          { group: "", kind: "Service", name: input.canary, port: ports.scorer, weight: 0 },
        ],
      },
    ],
  };
}
