import type { ClusterArgs } from "../args";
import { imageUsers, ports, serverResources } from "../defaults";
import type { PolicyRule } from "./identity";
import { containerSecurity, imageOf, secretsDirectory, startupProbe } from "./pod";

/** Name under which the sidecar reads the user of its server. */
const serverSecret = "server";
/** Where that Secret is mounted. */
const serverSecretDirectory = `${secretsDirectory}/${serverSecret}`;

/** What the sidecar reads of the Kubernetes API, in its namespace. Its server has the same account, and asks the API nothing. */
export const sidecarRules: PolicyRule[] = [{ apiGroups: [""], resources: ["configmaps"], verbs: ["list"] }];

/** Container that keeps a folder of the server beside it equal to the labelled ConfigMaps of a namespace: `cyclops-runtime rules`. */
export function rulesSidecar(input: {
  namespace: string;
  /** `key=value` */
  label: string;
  directory: string;
  /** Name of the volume behind the folder. */
  volume: string;
  /** Between two looks. @default - the command's own */
  seconds?: number;
  /** Address at which the server loads its files anew, and the volume with its user. @default - the server looks for itself */
  reload?: { url: string; userVolume: string };
  cluster: ClusterArgs;
}) {
  const health = { httpGet: { path: "/metrics", port: "rules" } };
  return {
    name: "rules",
    image: imageOf("runtime", input.cluster),
    command: [
      "cyclops-runtime",
      "rules",
      "--namespace",
      input.namespace,
      "--label",
      input.label,
      "--directory",
      input.directory,
      "--port",
      String(ports.rules),
      ...(input.seconds === undefined ? [] : ["--interval", String(input.seconds)]),
      ...(input.reload === undefined ? [] : ["--reload", input.reload.url, "--reload-secret", serverSecret]),
    ],
    ...(input.reload === undefined ? {} : { env: [{ name: "CYCLOPS_SECRETS_DIR", value: secretsDirectory }] }),
    // The image's own user: that of the pod is the server's. Both are in the group of the volumes.
    securityContext: { ...containerSecurity, runAsUser: imageUsers.runtime, runAsGroup: imageUsers.runtime },
    ports: [{ name: "rules", containerPort: ports.rules }],
    readinessProbe: { ...health, periodSeconds: 15, failureThreshold: 4 },
    // Its port opens after the first look, which needs the server.
    startupProbe: startupProbe(health, 600),
    resources: serverResources.rules,
    volumeMounts: [
      { name: input.volume, mountPath: input.directory },
      ...(input.reload === undefined
        ? []
        : [{ name: input.reload.userVolume, mountPath: serverSecretDirectory, readOnly: true }]),
    ],
  };
}
