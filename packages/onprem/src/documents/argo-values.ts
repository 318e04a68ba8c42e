import type { Input } from "@pulumi/pulumi";
import type { ClusterArgs } from "../args";
import { imageUsers, serverResources } from "../defaults";
import { bindingSeconds } from "./duration";
import { roleLabels } from "./labels";
import { containerSecurity, imageOf, podSecurity, pullSecrets } from "./pod";

/** Registry, repository and tag of an image, as the chart wants them. */
export function imageParts(image: string): { registry: string; repository: string; tag: string } {
  const tagAt = image.lastIndexOf(":");
  const slashAt = image.indexOf("/");
  if (slashAt < 0 || tagAt < slashAt)
    throw new Error(`the image "${image}" needs a registry and a tag, e.g. quay.io/argoproj/argoexec:v3.7.3`);
  return { registry: image.slice(0, slashAt), repository: image.slice(slashAt + 1, tagAt), tag: image.slice(tagAt + 1) };
}

/**
 * Environment of the controller that says how soon it looks at a workflow again: each event of a pod waits for so long, and events
 * meanwhile become one look. With Argo's own 10 s a short step costs more time after its end than while it runs (decision 0027).
 * https://argo-workflows.readthedocs.io/en/latest/environment-variables/
 *
 * @throws ArgumentError for what is no duration, or shorter than a second: a controller that looks sooner may see what was before
 */
function requeueEnvironment(requeueTime = "1s"): { name: string; value: string }[] {
  return [{ name: "DEFAULT_REQUEUE_TIME", value: `${bindingSeconds("argo.requeueTime", requeueTime)}s` }];
}

/** Port of the chart's Service before the controller's metrics. */
const metricsServicePort = 8080;

/** Host and port of the controller's metrics; undefined where the values of a user turn them off, or name the controller otherwise. */
export function argoMetrics(name: string, namespace: string, values: Readonly<Record<string, unknown>> = {}): string | undefined {
  const replaced = ["controller", "fullnameOverride"].some((key) => key in values);
  return replaced ? undefined : `${name}-workflow-controller.${namespace}.svc:${metricsServicePort}`;
}

/** Values of the Argo Workflows chart: a controller for one namespace, without cluster roles and without the user interface. */
export function argoValues({
  name,
  namespace,
  definitions,
  requeueTime,
  cluster,
}: {
  name: string;
  namespace: Input<string>;
  definitions: boolean;
  requeueTime?: string | undefined;
  cluster: ClusterArgs;
}) {
  const { registry, repository, tag } = imageParts(imageOf("argoController", cluster));
  return {
    fullnameOverride: name,
    singleNamespace: true,
    createAggregateRoles: false,
    // They are the cluster's, and a deleted definition takes every workflow of the cluster with it. The provider leaves in the cluster what
    // has Helm's annotation for it: https://helm.sh/docs/howto/charts_tips_and_tricks/#tell-helm-not-to-uninstall-a-resource
    crds: { install: definitions, keep: true },
    images: { pullPolicy: "IfNotPresent", pullSecrets: pullSecrets(cluster) },
    workflow: { serviceAccount: { create: false }, rbac: { create: false } },
    controller: {
      image: { registry, repository, tag },
      workflowNamespaces: [namespace],
      clusterWorkflowTemplates: { enabled: false },
      podLabels: roleLabels("argo"),
      podSecurityContext: podSecurity(imageUsers.argo),
      securityContext: containerSecurity,
      resources: serverResources.argoController,
      extraEnv: requeueEnvironment(requeueTime),
      // Without TLS, whose certificate nobody could check: Argo makes it itself. Network policies let Prometheus alone in.
      metricsConfig: { enabled: true, secure: false },
    },
    executor: {
      image: imageParts(imageOf("argoExecutor", cluster)),
      securityContext: { ...containerSecurity, runAsNonRoot: true, runAsUser: imageUsers.argo },
    },
    server: { enabled: false },
  };
}
