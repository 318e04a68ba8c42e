import { describe, expect, it } from "vitest";
import {
  routePath,
  scorerAutoscaler,
  scorerDeployment,
  scorerLabels,
  scorerRoute,
  scorerService,
} from "../../src/documents/endpoint";
import { binding } from "../support/contexts";
import type { Plain } from "../support/recorded";
import { fullModel, resolveModel } from "../support/specs";

function endpointOf(endpoint: Plain = {}) {
  const resolved = resolveModel({ ...fullModel, endpoint }).endpoint;
  if (!resolved) throw new Error("no endpoint");
  return resolved;
}
const deployment = (role: "all" | "stable" | "canary", changes: Plain = {}): Plain =>
  scorerDeployment({
    name: "churn",
    model: "churn",
    role,
    spec: endpointOf(changes.endpoint),
    binding,
    configMap: "config",
    account: "scorer",
    cluster: {},
    ...changes,
  });

describe("scorers", () => {
  it("read the registry as the user that may only read, and write what they capture", () => {
    const { env, command } = deployment("all").template.spec.containers[0];
    expect(command).toEqual(["cyclops-runtime", "serve", "--host", "0.0.0.0", "--port", "8080"]);
    const secrets = env.flatMap(({ name, valueFrom }: Plain) => (valueFrom ? [[name, valueFrom.secretKeyRef.name]] : []));
    expect(Object.fromEntries(secrets)).toEqual({
      AWS_ACCESS_KEY_ID: "key-scorer",
      AWS_SECRET_ACCESS_KEY: "key-scorer",
      MLFLOW_TRACKING_USERNAME: "mlflow-reader",
      MLFLOW_TRACKING_PASSWORD: "mlflow-reader",
    });
    expect(env).toContainEqual({ name: "CYCLOPS_SCORER_ROLE", value: "all" });
  });

  it("are ready when they know their model, and alive without one", () => {
    const { readinessProbe, startupProbe, livenessProbe } = deployment("all").template.spec.containers[0];
    expect(readinessProbe.httpGet.path).toBe("/readyz");
    expect([startupProbe.httpGet.path, livenessProbe.httpGet.path]).toEqual(["/healthz", "/healthz"]);
  });

  it("are asked every second while they start, for three minutes", () => {
    const { startupProbe } = deployment("all").template.spec.containers[0];
    expect(startupProbe).toMatchObject({ periodSeconds: 1, failureThreshold: 180 });
  });

  it("are replaced one by one, without a gap", () => {
    expect(deployment("all").strategy).toEqual({ type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } });
    expect(deployment("all").template.spec.containers[0].lifecycle.preStop.exec.command).toEqual(["sleep", "5"]);
  });

  it("leave their number to the autoscaler; a canary's to the rollout, from none", () => {
    expect(deployment("all")).not.toHaveProperty("replicas");
    expect(deployment("stable")).not.toHaveProperty("replicas");
    expect(deployment("canary").replicas).toBe(0);
  });

  it("of the two sides of a route are never selected by one Service", () => {
    expect(scorerLabels("churn", "stable")).not.toEqual(scorerLabels("churn", "canary"));
    // A selector can never change, and this is what stacks have.
    expect(scorerLabels("churn", "stable")).toEqual(scorerLabels("churn", "all"));
    expect(scorerLabels("churn", "all")["cyclops.dev/scorer"]).toBe("all");
    expect(deployment("canary").selector.matchLabels).toEqual(scorerLabels("churn", "canary"));
    expect(deployment("canary").template.metadata.labels).toEqual({
      ...scorerLabels("churn", "canary"),
      "cyclops.dev/model": "churn",
    });
  });
});

it("scales between the bounds of the spec, by CPU", () => {
  const autoscaler: Plain = scorerAutoscaler("churn", endpointOf({ replicas: { min: 2, max: 9 }, targetUtilization: 55 }));
  expect(autoscaler).toMatchObject({
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "churn" },
    minReplicas: 2,
    maxReplicas: 9,
    metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 55 } } }],
  });
});

it("answers one address for every ready replica where it is headless", () => {
  expect(scorerService({ a: "b" })).toEqual({ selector: { a: "b" }, ports: [{ name: "http", port: 8080, targetPort: "http" }] });
  expect(scorerService({ a: "b" }, true)).toMatchObject({ clusterIP: "None", publishNotReadyAddresses: false });
});

describe("the route", () => {
  const route: Plain = scorerRoute({ gateway: { name: "public", url: "https://x" }, model: "churn", stable: "s", canary: "c" });

  it("starts with everything on the stable side", () => {
    expect(route.rules[0].backendRefs.map(({ name, weight }: Plain) => [name, weight])).toEqual([
      ["s", 100],
      ["c", 0],
    ]);
  });

  it("takes the model's path away", () => {
    expect(routePath("churn")).toBe("/churn");
    expect(route.rules[0]).toMatchObject({
      matches: [{ path: { type: "PathPrefix", value: "/churn" } }],
      filters: [{ type: "URLRewrite", urlRewrite: { path: { type: "ReplacePrefixMatch", replacePrefixMatch: "/" } } }],
    });
  });

  it("names the Gateway no further than its owner does", () => {
    expect(route.parentRefs).toEqual([{ group: "gateway.networking.k8s.io", kind: "Gateway", name: "public" }]);
    expect(route).not.toHaveProperty("hostnames");
    const full: Plain = scorerRoute({
      gateway: { name: "g", namespace: "n", sectionName: "https", hostnames: ["a.example.com"], url: "x" },
      model: "m",
      stable: "s",
      canary: "c",
    });
    expect(full).toMatchObject({
      parentRefs: [{ name: "g", namespace: "n", sectionName: "https" }],
      hostnames: ["a.example.com"],
    });
  });
});
