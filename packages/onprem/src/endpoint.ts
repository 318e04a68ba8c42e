import {
  ArgumentError,
  applyAll,
  asOutput,
  type GatewayServing,
  type MlopsOptions,
  type ResolvedEndpointSpec,
  type Serving,
} from "@cyclops/core";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { GatewayArgs } from "./args";
import { OnpremComponent, type Place } from "./component";
import { ports } from "./defaults";
import {
  routePath,
  type ScorerRole,
  scorerAutoscaler,
  scorerDeployment,
  scorerLabels,
  scorerRoute,
  scorerService,
} from "./documents/endpoint";
import { skipAwait } from "./documents/labels";
import { scorerDocumentText } from "./documents/model-document";
import { documentKey } from "./documents/pod";
import type { ModelPartArgs } from "./model-args";
import { objectName } from "./naming";

/** Arguments of `ModelEndpoint`. */
export interface ModelEndpointArgs extends Omit<ModelPartArgs, "serving"> {}

interface Children {
  config: typeof k8s.core.v1.ConfigMap;
  deployment: typeof k8s.apps.v1.Deployment;
  service: typeof k8s.core.v1.Service;
  pods: typeof k8s.core.v1.Service;
  autoscaler: typeof k8s.autoscaling.v2.HorizontalPodAutoscaler;
  disruption: typeof k8s.policy.v1.PodDisruptionBudget;
  canary: typeof k8s.apps.v1.Deployment;
  "canary-service": typeof k8s.core.v1.Service;
  "canary-pods": typeof k8s.core.v1.Service;
  route: typeof k8s.apiextensions.CustomResource;
}

// What a rollout has changed may differ from what the engine last sent; where the engine does send, its word counts.
const rolloutOwns = { "pulumi.com/patchForce": "true" };

/**
 * Online predictions: scorers that follow the registry's aliases, an autoscaler and a disruption budget. The first `up` needs no model:
 * until one is deployed, predictions answer 503. With a Gateway, rollouts shift the weights of a route; without, the scorer splits traffic.
 *
 * @example new ModelEndpoint("churn-endpoint", { context, model: "churn", spec, platform: platform.binding, accounts: identity.accounts })
 */
export class ModelEndpoint extends OnpremComponent<Children> {
  /** Address for predictions. */
  public readonly endpointUrl: pulumi.Output<string>;
  /** What the deploy and monitor steps need to know. */
  public readonly serving: pulumi.Output<Serving>;

  constructor(name: string, args: ModelEndpointArgs, opts?: MlopsOptions<Children>) {
    super("ModelEndpoint", name, args.context, asOutput(args.platform).namespace, opts);
    const { endpoint } = args.spec;
    if (!endpoint) throw new ArgumentError(`${name}: spec.endpoint`, "is missing.", "Add endpoint: {} to the model.");
    const { gateway } = args.cluster ?? {};
    const config = this.child("config", k8s.core.v1.ConfigMap, {
      data: { [documentKey]: asOutput(args.platform).apply((binding) => scorerDocumentText(args, binding)) },
    });
    const role = gateway ? "stable" : "all";
    const labels = scorerLabels(name, role);
    const deployment = this.makeScorers("deployment", name, args, endpoint, config, role);
    this.makeServices(labels);
    this.makeAvailability(labels, endpoint, deployment);
    if (gateway) this.makeRoute(name, args, endpoint, config, gateway);
    this.serving = servingOf(name, args, gateway, this.placeOf("service"));
    this.endpointUrl = this.serving.url;
    this.finish({ endpointUrl: this.endpointUrl });
  }

  private makeScorers(
    key: "deployment" | "canary",
    name: string,
    args: ModelEndpointArgs,
    spec: ResolvedEndpointSpec,
    config: k8s.core.v1.ConfigMap,
    role: ScorerRole,
  ): k8s.apps.v1.Deployment {
    const document = applyAll(
      [asOutput(args.platform), this.placeOf("config"), asOutput(args.accounts)],
      (binding, { name: configMap }, accounts) =>
        scorerDeployment({
          name,
          model: args.model,
          role,
          spec,
          binding,
          configMap,
          account: accounts.scorer ?? "default",
          cluster: args.cluster ?? {},
        }),
    );
    const opts = { dependsOn: [config], ...(role === "canary" ? { ignoreChanges: ["spec.replicas"] } : {}) };
    return this.child(key, k8s.apps.v1.Deployment, { metadata: { annotations: rolloutOwns }, spec: document }, opts);
  }

  private makeServices(labels: Record<string, string>): void {
    this.child("service", k8s.core.v1.Service, { spec: scorerService(labels) });
    this.child("pods", k8s.core.v1.Service, { metadata: { annotations: skipAwait }, spec: scorerService(labels, true) });
  }

  private makeAvailability(labels: Record<string, string>, spec: ResolvedEndpointSpec, deployment: k8s.apps.v1.Deployment): void {
    const document = this.placeOf("deployment").apply(({ name: target }) => scorerAutoscaler(target, spec));
    this.child("autoscaler", k8s.autoscaling.v2.HorizontalPodAutoscaler, { spec: document }, { dependsOn: [deployment] });
    this.child("disruption", k8s.policy.v1.PodDisruptionBudget, {
      spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
    });
  }

  private makeRoute(
    name: string,
    args: ModelEndpointArgs,
    spec: ResolvedEndpointSpec,
    config: k8s.core.v1.ConfigMap,
    gateway: GatewayArgs,
  ): void {
    this.makeScorers("canary", name, args, spec, config, "canary");
    const labels = scorerLabels(name, "canary");
    // A canary has no pods until a rollout starts one: waiting for its Service would never end.
    const canary = this.child("canary-service", k8s.core.v1.Service, {
      metadata: { annotations: skipAwait },
      spec: scorerService(labels),
    });
    this.child("canary-pods", k8s.core.v1.Service, { metadata: { annotations: skipAwait }, spec: scorerService(labels, true) });
    const document = applyAll([this.placeOf("service"), this.placeOf("canary-service")], (stable, { name: canaryName }) =>
      scorerRoute({ gateway, model: args.model, stable: stable.name, canary: canaryName }),
    );
    this.child(
      "route",
      k8s.apiextensions.CustomResource,
      { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute", metadata: { annotations: rolloutOwns }, spec: document },
      {
        ignoreChanges: ["spec.rules[0].backendRefs", "spec.rules[0].filters"],
        dependsOn: [this.nodes.service, canary],
      },
    );
  }
}

/** Names that a rollout changes, known before anything is made. */
export function gatewayNames(name: string): { route: string; canaryDeployment: string } {
  return { route: objectName(`${name}-route`), canaryDeployment: objectName(`${name}-canary`) };
}

function servingOf(
  name: string,
  { model }: ModelEndpointArgs,
  gateway: GatewayArgs | undefined,
  service: pulumi.Output<Place>,
): pulumi.Output<Serving> {
  return service.apply(({ namespace, name: serviceName }) => {
    const inside = (host: string) => `${host}.${namespace}.svc:${ports.scorer}`;
    const route: GatewayServing | null = gateway
      ? {
          ...gatewayNames(name),
          namespace,
          port: ports.scorer,
          stableService: serviceName,
          canaryService: objectName(`${name}-canary-service`),
          canaryPods: inside(objectName(`${name}-canary-pods`)),
        }
      : null;
    const url = gateway ? `${gateway.url.replace(/\/$/, "")}${routePath(model)}` : `http://${inside(serviceName)}`;
    return { url, pods: inside(objectName(`${name}-pods`)), gateway: route };
  });
}
