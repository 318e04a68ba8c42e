import { describe, expect, it } from "vitest";
import { argoValues, imageParts } from "../../src/documents/argo-values";
import type { Plain } from "../support/recorded";

describe("imageParts", () => {
  it.each([
    ["quay.io/argoproj/argoexec:v3.7.3", { registry: "quay.io", repository: "argoproj/argoexec", tag: "v3.7.3" }],
    ["mirror.example.com:5000/a/b/argoexec:1", { registry: "mirror.example.com:5000", repository: "a/b/argoexec", tag: "1" }],
  ])("splits %s", (image, parts) => {
    expect(imageParts(image)).toEqual(parts);
  });

  it.each(["argoexec:v1", "quay.io/argoproj/argoexec", "mirror.example.com:5000/argoexec"])("refuses %s", (image) => {
    expect(() => imageParts(image)).toThrow(`the image "${image}" needs a registry and a tag`);
  });
});

describe("the chart's values", () => {
  const values = (cluster: Plain = {}, definitions = true, requeueTime?: string): Plain =>
    argoValues({ name: "churn-argo", namespace: "churn-dev", definitions, requeueTime, cluster });

  it("keep to one namespace", () => {
    expect(values()).toMatchObject({
      singleNamespace: true,
      createAggregateRoles: false,
      controller: { workflowNamespaces: ["churn-dev"], clusterWorkflowTemplates: { enabled: false } },
      workflow: { serviceAccount: { create: false }, rbac: { create: false } },
      server: { enabled: false },
    });
  });

  it("have the controller look again after a second, or after the time that is given", () => {
    expect(values().controller.extraEnv).toEqual([{ name: "DEFAULT_REQUEUE_TIME", value: "1s" }]);
    expect(values({}, true, "2m").controller.extraEnv).toEqual([{ name: "DEFAULT_REQUEUE_TIME", value: "120s" }]);
  });

  it.each(["0s", "soon", ""])("refuse to look again after %j", (requeueTime) => {
    expect(() => values({}, true, requeueTime)).toThrow(`"${requeueTime}" is not a duration of at least a second`);
  });

  it("leave the definitions, which are the cluster's, and bring them only where asked for", () => {
    expect(values().crds).toEqual({ install: true, keep: true });
    expect(values({}, false).crds).toEqual({ install: false, keep: true });
  });

  it("keep to Pod Security restricted, executor included", () => {
    const { controller, executor } = values();
    expect(controller.podSecurityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
    for (const context of [controller.securityContext, executor.securityContext]) {
      expect(context).toMatchObject({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
        readOnlyRootFilesystem: true,
      });
    }
    expect(executor.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 8737 });
    expect(controller.podLabels).toEqual({ "cyclops.dev/role": "argo" });
  });

  it("take both images from the mirror", () => {
    const { controller, executor, images } = values({ registry: "mirror.example.com/c", imagePullSecrets: ["p"] });
    expect([controller.image.registry, executor.image.registry]).toEqual(["mirror.example.com", "mirror.example.com"]);
    expect(controller.image.repository).toBe("c/argoproj/workflow-controller");
    expect(images).toEqual({ pullPolicy: "IfNotPresent", pullSecrets: [{ name: "p" }] });
  });
});
