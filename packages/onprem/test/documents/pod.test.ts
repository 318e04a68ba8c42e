import { describe, expect, it } from "vitest";
import { defaultImages, sizeResources } from "../../src/defaults";
import {
  imageOf,
  podSpec,
  resourcesOf,
  secretVolumes,
  spotPlacement,
  storageEnvironment,
  trackingEnvironment,
} from "../../src/documents/pod";
import { podProblems } from "../support/pods";
import type { Plain } from "../support/recorded";

describe("imageOf", () => {
  it("takes the library's image, from a mirror where there is one", () => {
    expect(imageOf("database", {})).toBe(defaultImages.database);
    expect(imageOf("database", { registry: "mirror.example.com:5000/cyclops/" })).toMatch(
      /^mirror\.example\.com:5000\/cyclops\/library\/postgres:/,
    );
  });

  it("prefers an image given by name to the mirror", () => {
    expect(imageOf("runtime", { registry: "mirror.example.com", images: { runtime: "registry.example.com/own:2" } })).toBe(
      "registry.example.com/own:2",
    );
  });

  it("starts from images with a registry and a fixed tag", () => {
    for (const image of Object.values(defaultImages)) expect(image).toMatch(/^[a-z0-9.-]+\.[a-z]+\/[a-z0-9/-]+:v?\d+(\.\d+)+$/);
  });
});

describe("resourcesOf", () => {
  it("never promises less memory than a pod may take, and lets CPU burst", () => {
    for (const size of ["S", "M", "L", "XL"] as const) {
      const { requests, limits } = resourcesOf(size);
      expect(requests.memory).toBe(limits.memory);
      expect(limits).toEqual({ cpu: sizeResources[size].cpuLimit, memory: sizeResources[size].memory });
    }
  });

  it("counts GPUs only where there are any", () => {
    expect(resourcesOf("S", 0).limits).not.toHaveProperty(["nvidia.com/gpu"]);
    expect(resourcesOf("S", 2).limits).toHaveProperty(["nvidia.com/gpu"], "2");
    expect(resourcesOf("S", 1, "amd.com/gpu").requests).toHaveProperty(["amd.com/gpu"], "1");
  });
});

it("prefers the spot nodes that the cluster's owner names", () => {
  const placement: Plain = spotPlacement({
    spot: { nodeSelector: { pool: "cheap" }, tolerations: [{ key: "cheap", operator: "Exists" }] },
  });
  expect(placement.tolerations).toEqual([{ key: "cheap", operator: "Exists" }]);
  const [preferred] = placement.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution;
  expect(preferred.preference.matchExpressions).toEqual([{ key: "pool", operator: "In", values: ["cheap"] }]);
  expect(placement.affinity.nodeAffinity).not.toHaveProperty("requiredDuringSchedulingIgnoredDuringExecution");
});

it("takes credentials from Secrets, and no value of them", () => {
  const variables = [
    ...storageEnvironment({ endpoint: "https://s3", region: "eu" }, "keys"),
    ...trackingEnvironment("http://mlflow", "user"),
  ];
  const plain = variables.filter(({ value }) => value !== undefined).map(({ name }) => name);
  expect(plain).toEqual(["AWS_ENDPOINT_URL", "AWS_REGION", "MLFLOW_TRACKING_URI"]);
  expect(variables).toHaveLength(7);
});

it("mounts each named secret below a folder of its own", () => {
  const { volumes, mounts } = secretVolumes(["a", "b"]);
  expect(volumes.map(({ secret }) => secret?.secretName)).toEqual(["a", "b"]);
  expect(mounts).toEqual([
    { name: "secret-a", mountPath: "/etc/cyclops-secrets/a", readOnly: true },
    { name: "secret-b", mountPath: "/etc/cyclops-secrets/b", readOnly: true },
  ]);
});

describe("podSpec", () => {
  const resources = { requests: { cpu: "1", memory: "1Gi" }, limits: { memory: "1Gi" } };
  const probe = { httpGet: { path: "/", port: 1 } };
  const container = { name: "c", image: "registry.example.com/a:1", resources, readinessProbe: probe, startupProbe: probe };
  const spec: Plain = podSpec({ user: 7, cluster: { imagePullSecrets: ["p"] }, container }, { restartPolicy: "Never" });
  const problems = (change: (pod: Plain) => void): string[] => {
    const changed = structuredClone(spec);
    change(changed);
    return podProblems({ where: "pod", use: "server", labels: {}, spec: changed });
  };

  it("closes a pod, and lets the caller add to it", () => {
    expect(problems(() => undefined)).toEqual([]);
    expect(spec).toMatchObject({
      restartPolicy: "Never",
      imagePullSecrets: [{ name: "p" }],
      enableServiceLinks: false,
      automountServiceAccountToken: false,
    });
    expect(spec.securityContext).toMatchObject({ runAsUser: 7, runAsGroup: 7, fsGroup: 7 });
  });

  it.each<[string, (pod: Plain) => void]>([
    ["pod: may run as root", (pod) => delete pod.securityContext.runAsNonRoot],
    ["pod: may run as root", (pod) => (pod.securityContext.runAsUser = 0)],
    ["pod: has no seccomp profile", (pod) => delete pod.securityContext.seccompProfile],
    ["pod: shares a namespace of the host", (pod) => (pod.hostNetwork = true)],
    ["pod: leaves the token of the API to the default", (pod) => delete pod.automountServiceAccountToken],
    ["pod: has the token of the default account", (pod) => (pod.automountServiceAccountToken = true)],
    ["pod: mounts hostPath as h", (pod) => pod.volumes.push({ name: "h", hostPath: { path: "/" } })],
    ["pod: has init containers, which these rules do not look at yet", (pod) => (pod.initContainers = [{}])],
    ["pod: c may gain privileges", (pod) => delete pod.containers[0].securityContext.allowPrivilegeEscalation],
    ["pod: c keeps capabilities", (pod) => delete pod.containers[0].securityContext.capabilities],
    ["pod: c may write its root", (pod) => (pod.containers[0].securityContext.readOnlyRootFilesystem = false)],
    ["pod: c is privileged", (pod) => (pod.containers[0].securityContext.privileged = true)],
    ["pod: c takes a port of the host", (pod) => (pod.containers[0].ports = [{ hostPort: 80 }])],
    ["pod: c asks for no CPU or memory", (pod) => delete pod.containers[0].resources.requests.cpu],
    ["pod: c has no limit of memory", (pod) => delete pod.containers[0].resources.limits],
    [
      "pod: c runs a moving image, registry.example.com:5000/a",
      (pod) => (pod.containers[0].image = "registry.example.com:5000/a"),
    ],
    ["pod: c runs a moving image, a:latest", (pod) => (pod.containers[0].image = "a:latest")],
    ["pod: c pulls its image every time", (pod) => (pod.containers[0].imagePullPolicy = "Always")],
    ["pod: c serves without probes", (pod) => delete pod.containers[0].startupProbe],
    ["pod: volume keeps a server from its clients", (pod) => (pod.containers[0].name = "volume")],
    ["pod: c mounts x, which is no volume", (pod) => pod.containers[0].volumeMounts.push({ name: "x", mountPath: "/x" })],
  ])("would be found out: %s", (problem, change) => {
    expect(problems(change)).toEqual([problem]);
  });
});
