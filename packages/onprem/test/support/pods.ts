import type { RecordedResource } from "@cyclops/core/plan";
import { volumeContainer } from "../../src/documents/watch-sidecar";
import { kindOf, type Plain } from "./recorded";

/** A pod as the API server gets it, and what it is for. */
export interface Pod {
  /** Name of the resource that makes it, and of the template inside of it. */
  readonly where: string;
  readonly use: "server" | "job" | "step";
  readonly spec: Plain;
  readonly labels: Readonly<Record<string, string>>;
}

const serverKinds = new Set(["Deployment", "StatefulSet"]);

/** Every pod that the resources make: of servers, of jobs, and of Argo's templates. */
export function podsOf(resources: readonly RecordedResource[]): Pod[] {
  return resources.flatMap((resource): Pod[] => {
    const kind = kindOf(resource);
    const spec: Plain = resource.inputs.spec;
    if (serverKinds.has(kind) || kind === "Job") {
      const { metadata, spec: pod } = spec.template;
      return [{ where: resource.name, use: kind === "Job" ? "job" : "server", spec: pod, labels: metadata.labels }];
    }
    return kind === "WorkflowTemplate" ? stepPods(resource.name, spec) : [];
  });
}

/** The pods of a workflow's templates, put together as Argo's controller does. */
function stepPods(name: string, workflow: Plain): Pod[] {
  return workflow.templates
    .filter(({ container }: Plain) => container)
    .map(({ container, metadata, ...template }: Plain) => ({
      where: `${name} ${template.name}`,
      use: "step" as const,
      labels: metadata.labels,
      spec: {
        ...template,
        securityContext: workflow.securityContext,
        imagePullSecrets: workflow.imagePullSecrets,
        containers: [container],
      },
    }));
}

/** What a pod breaks of Pod Security `restricted`, and of the library's own rules for pods. */
export function podProblems({ where, use, spec }: Pod): string[] {
  const problem = (holds: boolean, text: string) => (holds ? [] : [`${where}: ${text}`]);
  const { securityContext: pod = {}, containers, volumes = [], initContainers = [] } = spec;
  const mounted = new Set<string>(volumes.map((volume: Plain) => volume.name));
  const allowedVolumes = new Set(["configMap", "secret", "emptyDir", "persistentVolumeClaim", "downwardAPI"]);
  return [
    ...problem(pod.runAsNonRoot === true && pod.runAsUser > 0, "may run as root"),
    ...problem(pod.seccompProfile?.type === "RuntimeDefault", "has no seccomp profile"),
    ...problem(!spec.hostNetwork && !spec.hostPID && !spec.hostIPC, "shares a namespace of the host"),
    ...problem(typeof spec.automountServiceAccountToken === "boolean", "leaves the token of the API to the default"),
    ...problem(
      !spec.automountServiceAccountToken || typeof spec.serviceAccountName === "string",
      "has the token of the default account",
    ),
    ...problem(initContainers.length === 0, "has init containers, which these rules do not look at yet"),
    ...volumes.flatMap(({ name, ...source }: Plain) =>
      problem(
        Object.keys(source).every((kind) => allowedVolumes.has(kind)),
        `mounts ${Object.keys(source).join()} as ${name}`,
      ),
    ),
    ...containers.flatMap((container: Plain) => containerProblems(container, use, mounted).map((text) => `${where}: ${text}`)),
  ];
}

function containerProblems(container: Plain, use: Pod["use"], mounted: ReadonlySet<string>): string[] {
  const problem = (holds: boolean, text: string) => (holds ? [] : [`${container.name} ${text}`]);
  const { securityContext: security = {}, resources = {}, ports = [], volumeMounts = [] } = container;
  const tag = /:([^/@]+)$/.exec(container.image)?.[1];
  return [
    ...problem(security.allowPrivilegeEscalation === false, "may gain privileges"),
    ...problem(security.capabilities?.drop?.includes("ALL") && !security.capabilities.add, "keeps capabilities"),
    ...problem(security.readOnlyRootFilesystem === true, "may write its root"),
    ...problem(!security.privileged && !security.procMount, "is privileged"),
    ...problem(
      ports.every((port: Plain) => port.hostPort === undefined),
      "takes a port of the host",
    ),
    ...problem(Boolean(resources.requests?.cpu && resources.requests?.memory), "asks for no CPU or memory"),
    ...problem(Boolean(resources.limits?.memory), "has no limit of memory"),
    ...problem(tag !== undefined && tag !== "latest", `runs a moving image, ${container.image}`),
    ...problem(container.imagePullPolicy === "IfNotPresent", "pulls its image every time"),
    ...problem(
      use !== "server" || container.name === volumeContainer || Boolean(container.readinessProbe && container.startupProbe),
      "serves without probes",
    ),
    ...problem(
      container.name !== volumeContainer || !(container.readinessProbe || container.startupProbe || container.livenessProbe),
      "keeps a server from its clients",
    ),
    ...problem(
      volumeMounts.some((mount: Plain) => mount.mountPath === "/tmp"),
      "has no scratch space",
    ),
    ...volumeMounts
      .filter((mount: Plain) => !mounted.has(mount.name))
      .map((mount: Plain) => `${container.name} mounts ${mount.name}, which is no volume`),
  ];
}
