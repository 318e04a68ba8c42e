import type { ClusterArgs } from "../args";
import { imageUsers, serverResources } from "../defaults";
import { roleLabels } from "./labels";
import { type EnvironmentVariable, imageOf, podSpec, type Volume, type VolumeMount } from "./pod";

/** Spec of a Job that runs one of the runtime's platform commands until it succeeds. Its ConfigMap's name says what that holds. */
export function platformJob(input: {
  command: "credentials" | "buckets" | "users";
  configMap: string;
  serviceAccount: string;
  /** Whether the command talks to the Kubernetes API. */
  usesApi: boolean;
  environment?: EnvironmentVariable[];
  volumes?: Volume[];
  mounts?: VolumeMount[];
  cluster: ClusterArgs;
}) {
  const { cluster, command } = input;
  const container = {
    name: command,
    image: imageOf("runtime", cluster),
    command: ["cyclops-runtime", command, "--config", "/etc/cyclops/config.json"],
    env: input.environment ?? [],
    resources: serverResources.job,
    volumeMounts: [{ name: "config", mountPath: "/etc/cyclops", readOnly: true }, ...(input.mounts ?? [])],
  };
  const volumes = [{ name: "config", configMap: { name: input.configMap } }, ...(input.volumes ?? [])];
  const pod = podSpec(
    { user: imageUsers.runtime, cluster, container, volumes },
    {
      serviceAccountName: input.serviceAccount,
      automountServiceAccountToken: input.usesApi,
      restartPolicy: "Never",
    },
  );
  return {
    backoffLimit: 6,
    activeDeadlineSeconds: 600,
    template: { metadata: { labels: roleLabels(command) }, spec: pod },
  };
}
