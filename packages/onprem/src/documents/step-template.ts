import { durationSeconds, finalExitCodes, pausedSeconds, type ResolvedStepSpec, retryPauses, workloadOf } from "@cyclops/core";
import type { ClusterArgs, PlatformBinding } from "../args";
import { imageUsers } from "../defaults";
import { storageUserOf } from "./credentials";
import { roleLabels } from "./labels";
import {
  containerSecurity,
  documentAnnotation,
  documentVolume,
  imageOf,
  podSecurity,
  pullSecrets,
  resourcesOf,
  scratch,
  secretsDirectory,
  secretVolumes,
  spotPlacement,
  storageEnvironment,
  trackingEnvironment,
} from "./pod";
import { type Pipeline, runLabels } from "./runs";
import { webPassword } from "./web-user";

/** What all steps of one pipeline share. */
export interface PipelineContext {
  readonly model: string;
  readonly binding: PlatformBinding;
  /** Text of the model document. */
  readonly document: string;
  /** ServiceAccount of each workload. */
  readonly accounts: Readonly<Record<string, string>>;
  /** Named secrets of the data source. */
  readonly secrets: readonly string[];
  /** Whether the monitor opens the data source too, to look for what is new. @default false */
  readonly watchesSource?: boolean;
  readonly cluster: ClusterArgs;
}

/** How instances of a step are told apart: sharing the input, or training together. */
export type Fan =
  | { readonly kind: "shards"; readonly count: number }
  | { readonly kind: "ranks"; readonly count: number; readonly service: string };

/** Fields of a step's spec that decide how its pod runs. */
export type StepPod = Pick<ResolvedStepSpec, "size" | "spot" | "retries" | "timeout"> &
  Partial<Pick<ResolvedStepSpec, "gpu" | "image" | "command" | "environment">>;

/** Port on which instance 0 of a distributed training waits; the default of torchrun. */
const rendezvousPort = 29_500;

/** Labels of the pods of one step of one model. */
export const stepLabels = (model: string, step: string): Record<string, string> => ({
  ...roleLabels("step", step),
  "cyclops.dev/model": model,
});

/** Argo template of one step: one pod that runs a runtime command, or the user's. */
export function stepTemplate(step: string, spec: StepPod, context: PipelineContext, fan?: Fan) {
  const { binding, cluster } = context;
  const named = secretVolumes(step === "ingest" || (step === "monitor" && context.watchesSource) ? context.secrets : []);
  const pushed = step === "monitor" ? pushgatewayUser(binding) : [];
  const account = context.accounts[workloadOf(step)];
  const image = spec.image ?? imageOf("runtime", cluster);
  return {
    name: step,
    ...(account === undefined ? {} : { serviceAccountName: account }),
    automountServiceAccountToken: true,
    metadata: { labels: stepLabels(context.model, step) },
    ...(fan === undefined ? {} : { inputs: { parameters: [{ name: "instance" }] } }),
    activeDeadlineSeconds: durationSeconds(spec.timeout),
    ...(spec.retries === 0 ? {} : { retryStrategy: retryStrategy(spec) }),
    ...(spec.spot ? spotPlacement(cluster.scheduling) : {}),
    ...(fan?.kind === "ranks"
      ? { podSpecPatch: JSON.stringify({ hostname: rankHost("{{inputs.parameters.instance}}"), subdomain: fan.service }) }
      : {}),
    container: {
      name: "main",
      image,
      imagePullPolicy: "IfNotPresent",
      // What a step that fails says last becomes the message of its pod, of the workflow's node, and of the alert; where it leaves no message,
      // the end of its log.
      // https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/
      terminationMessagePolicy: "FallbackToLogsOnError",
      command: spec.command ?? ["cyclops-runtime", step],
      env: [
        { name: "CYCLOPS_CONFIG", value: documentVolume.file },
        { name: "CYCLOPS_RUN_ID", value: "{{workflow.name}}" },
        { name: "CYCLOPS_SECRETS_DIR", value: secretsDirectory },
        { name: "CYCLOPS_IMAGE", value: image },
        ...storageEnvironment(binding.objectStore, binding.secrets.objectStore[storageUserOf[step] ?? step]),
        ...trackingEnvironment(binding.trackingUri, binding.secrets.trackingWriter),
        ...(fan === undefined ? [] : fanEnvironment(fan, binding.namespace)),
        ...Object.entries(spec.environment ?? {}).map(([name, value]) => ({ name, value })),
      ],
      resources: resourcesOf(spec.size, spec.gpu, cluster.scheduling?.gpuResource),
      securityContext: containerSecurity,
      volumeMounts: [documentVolume.mount, scratch.mount, ...named.mounts, ...pushed.map(({ mount }) => mount)],
    },
    volumes: [documentVolume.volume, scratch.volume, ...named.volumes, ...pushed.map(({ volume }) => volume)],
  };
}

/** The user that a Pushgateway asks for: the runtime's named secret `cyclops-pushgateway`. */
function pushgatewayUser({ observability }: PlatformBinding) {
  const secret = observability?.secrets?.pushgateway;
  return secret === undefined ? [] : [webPassword("pushgateway-user", secret, `${secretsDirectory}/cyclops-pushgateway`)];
}

function retryStrategy({ retries, command }: StepPod) {
  // No `maxDuration`: Argo counts it from the start of the first attempt, and stops a later one that is still running.
  const { firstSeconds, factor, longestSeconds: cap } = retryPauses;
  const backoff = { duration: `${firstSeconds}s`, factor, cap: `${cap}s` };
  // A command of the user's has exit codes of its own, of which nothing is known.
  const expression =
    command === undefined ? { expression: `asInt(lastRetry.exitCode) not in [${finalExitCodes.join(", ")}]` } : {};
  return { limit: String(retries), retryPolicy: "Always", backoff, ...expression };
}

/** Seconds that a step takes at most, with all its attempts and the pauses between them. */
export function longestSeconds({ retries, timeout }: Pick<StepPod, "retries" | "timeout">): number {
  return durationSeconds(timeout) * (retries + 1) + pausedSeconds(retries);
}

// Without the workflow's name, which may leave no room below the 63 characters of a host name: one training of a model runs at a time.
const rankHost = (rank: string) => `rank-${rank}`;

function fanEnvironment(fan: Fan, namespace: string) {
  const instance = "{{inputs.parameters.instance}}";
  if (fan.kind === "shards") return [{ name: "CYCLOPS_SHARD", value: `${instance}/${fan.count}` }];
  return [
    { name: "CYCLOPS_RANK", value: instance },
    { name: "CYCLOPS_WORLD_SIZE", value: String(fan.count) },
    { name: "CYCLOPS_RENDEZVOUS", value: `${rankHost("0")}.${fan.service}.${namespace}.svc:${rendezvousPort}` },
  ];
}

/** Task of a DAG that runs a step after others, once for each instance. */
export function stepTask(step: string, after: readonly string[], fan?: Fan) {
  return {
    name: step,
    template: step,
    ...(after.length === 0 ? {} : { dependencies: [...after] }),
    ...(fan === undefined
      ? {}
      : { withSequence: { count: String(fan.count) }, arguments: { parameters: [{ name: "instance", value: "{{item}}" }] } }),
  };
}

/**
 * What every workflow of the library has in common. A run carries its document: what is deployed meanwhile is for the next run, and takes
 * nothing away from this one.
 */
export function workflowDefaults(
  { cluster, document, model }: Pick<PipelineContext, "cluster" | "document" | "model">,
  pipeline: Pipeline,
  retentionSeconds: number,
) {
  return {
    // Whoever starts a run: it is known by these.
    workflowMetadata: { labels: runLabels(model, pipeline) },
    securityContext: podSecurity(imageUsers.runtime),
    podMetadata: { labels: roleLabels("step"), annotations: { [documentAnnotation]: document } },
    imagePullSecrets: pullSecrets(cluster),
    ttlStrategy: { secondsAfterCompletion: retentionSeconds },
    podGC: { strategy: "OnPodSuccess", deleteDelayDuration: "600s" },
  };
}
