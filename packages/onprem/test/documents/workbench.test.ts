import { describe, expect, it } from "vitest";
import { jupyterhubValues, userKey, workbenchServer } from "../../src/documents/workbench";
import { binding } from "../support/contexts";
import type { Plain } from "../support/recorded";
import { resolveStack } from "../support/specs";

function workbenchOf(workbench: Plain = {}) {
  const resolved = resolveStack({ name: "churn", workbench: { users: ["ana@example.com"], ...workbench } }).workbench;
  if (!resolved) throw new Error("no workbench");
  return resolved;
}

describe("userKey", () => {
  it("is readable, fits into a name, and differs between users who look alike", () => {
    const users = ["ana@example.com", "ana@example.org", "Ana", "a.very.long.user.name.indeed@example.com", "_", "ana"];
    const keys = users.map(userKey);
    expect(keys[0]).toMatch(/^ana-[0-9a-f]{5}$/);
    expect(keys[4]).toMatch(/^user-[0-9a-f]{5}$/);
    expect(new Set(keys).size).toBe(users.length);
    for (const key of keys) expect(key).toMatch(/^[a-z][a-z0-9-]{0,24}[a-z0-9]$/);
  });

  it("stays the same", () => {
    expect(userKey("ana@example.com")).toBe(userKey("ana@example.com"));
  });
});

describe("a JupyterLab", () => {
  const server = (changes: Plain = {}): Plain =>
    workbenchServer({
      name: "churn-ana",
      statefulSet: "churn-server-ana",
      service: "churn-service-ana",
      account: "churn-account-ana",
      tokenSecret: "token",
      spec: workbenchOf({ idleShutdown: "90m", size: "M", storage: "20Gi" }),
      binding,
      cluster: {},
      claim: "home-ana",
      ...changes,
    });

  it("asks for its user's token, and shuts itself down when idle", () => {
    const { command, env } = server().template.spec.containers[0];
    expect(env[0]).toEqual({ name: "JUPYTER_TOKEN", valueFrom: { secretKeyRef: { name: "token", key: "token" } } });
    expect(command.join(" ")).toContain("--idle-seconds 5400 --statefulset churn-server-ana --namespace churn-dev");
    expect(command.join(" ")).not.toContain("token");
  });

  it("has its home on the claim of its user", () => {
    const { containers, volumes } = server().template.spec;
    expect(containers[0].volumeMounts).toContainEqual({ name: "home", mountPath: "/home/notebooks" });
    expect(volumes).toContainEqual({ name: "home", persistentVolumeClaim: { claimName: "home-ana" } });
  });

  it("reads zones and writes runs as the workbench's own users", () => {
    const names = server().template.spec.containers[0].env.flatMap(({ valueFrom }: Plain) =>
      valueFrom ? [valueFrom.secretKeyRef.name] : [],
    );
    expect([...new Set(names)]).toEqual(["token", "key-workbench", "mlflow-writer"]);
  });
});

describe("JupyterHub", () => {
  const values = (changes: Plain = {}, cluster: Plain = {}): Plain =>
    jupyterhubValues({ spec: workbenchOf(changes), cluster, binding });

  it("admits the users of the spec and culls idle servers", () => {
    expect(values({ users: ["ana", "bo"], idleShutdown: "2h" })).toMatchObject({
      hub: { config: { Authenticator: { allowed_users: ["ana", "bo"] } } },
      cull: { enabled: true, timeout: 7200 },
    });
  });

  it("gives each server size, home and image", () => {
    const { singleuser, imagePullSecrets } = values(
      { size: "S", storage: "5Gi" },
      { registry: "mirror.example.com:5000/c", imagePullSecrets: ["p"] },
    );
    expect(singleuser).toMatchObject({
      cpu: { guarantee: 0.25, limit: 2 },
      memory: { guarantee: "1G", limit: "1G" },
      storage: { capacity: "5Gi" },
    });
    expect(singleuser.image).toEqual({
      name: "mirror.example.com:5000/c/cyclops-iac/cyclops-workbench",
      tag: "0.1.0",
      pullPolicy: "IfNotPresent",
    });
    expect(imagePullSecrets).toEqual(["p"]);
    expect(values({ size: "L" }).singleuser.cpu).toEqual({ guarantee: 4, limit: 8 });
  });

  it("lets servers find the zones and MLflow, by the label that network policies know", () => {
    const { extraEnv, extraLabels } = values().singleuser;
    expect(extraLabels).toEqual({ "cyclops.dev/role": "workbench" });
    expect(Object.keys(extraEnv).sort()).toEqual([
      "AWS_ACCESS_KEY_ID",
      "AWS_ENDPOINT_URL",
      "AWS_REGION",
      "AWS_SECRET_ACCESS_KEY",
      "MLFLOW_TRACKING_PASSWORD",
      "MLFLOW_TRACKING_URI",
      "MLFLOW_TRACKING_USERNAME",
    ]);
    expect(extraEnv.AWS_ACCESS_KEY_ID.valueFrom.secretKeyRef.name).toBe("key-workbench");
  });

  it("asks for nothing that Pod Security restricted refuses", () => {
    const { singleuser, hub, scheduling, prePuller } = values();
    expect(singleuser.cloudMetadata.blockWithIptables).toBe(false);
    expect(singleuser.extraPodConfig.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(hub.config.KubeSpawner.container_security_context).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    });
    // Both need rights in the cluster as a whole, or a DaemonSet on every node.
    expect([scheduling.userScheduler.enabled, prePuller.hook.enabled, prePuller.continuous.enabled]).toEqual([
      false,
      false,
      false,
    ]);
  });
});
