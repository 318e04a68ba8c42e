import { kubectl } from "./cluster";
import { run } from "./command";

/** Name of the only pod of its namespace, and of the pod's container. */
export const stranger = "stranger";

/**
 * Makes a namespace of its own with one pod in it, which has no right at all and runs Python, and waits until it runs.
 *
 * @param image one with Python, that runs as any user
 * @param command what Python gets
 */
export async function makeStranger(namespace: string, image: string, command: readonly string[]): Promise<void> {
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: stranger, namespace },
    spec: {
      automountServiceAccountToken: false,
      restartPolicy: "Never",
      securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: stranger,
          image,
          imagePullPolicy: "IfNotPresent",
          command: ["python", ...command],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true },
          volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
        },
      ],
      volumes: [{ name: "tmp", emptyDir: {} }],
      terminationGracePeriodSeconds: 0,
    },
  };
  await kubectl("create", "namespace", namespace);
  await run("kubectl", ["create", "--filename", "-"], { input: JSON.stringify(pod) });
  await kubectl("wait", "--namespace", namespace, "--for=condition=Ready", `pod/${stranger}`, "--timeout=120s");
}
