import {
  applyAll,
  assertSupported,
  contextOf,
  instanceName,
  type MlopsOptions,
  type PlatformOutputs,
  type ResolvedStackSpec,
  resolveSpec,
  type StackContext,
  type Zone,
} from "@cyclops/core";
import * as pulumi from "@pulumi/pulumi";
import { type ClusterArgs, clusterArgs, type PlatformArgs, type PlatformBinding, type PlatformBindings } from "./args";
import { capabilities } from "./capabilities";
import { OnpremComponent } from "./component";
import { withConfig } from "./config";
import { ports } from "./defaults";
import { Delivery } from "./delivery";
import { alertChannels } from "./documents/alertmanager";
import { argoMetrics } from "./documents/argo-values";
import { asBinding } from "./documents/binding";
import type { ExternalService, MonitoringPlace } from "./documents/network-policies";
import { namespaceName, objectName } from "./naming";
import { Network } from "./network";
import { Observability, type ObservabilityArgs } from "./observability";
import { Orchestration } from "./orchestration";
import { warnOfRecovery } from "./recovery";
import { Storage } from "./storage";
import { databaseHost, Tracking } from "./tracking";
import { Workbench } from "./workbench";

interface Children {
  network: typeof Network;
  storage: typeof Storage;
  tracking: typeof Tracking;
  orchestration: typeof Orchestration;
  observability: typeof Observability;
  workbench: typeof Workbench;
  delivery: typeof Delivery;
}

/**
 * What all models of a stack share: namespace, storage zones, MLflow, the workflow engine, monitoring, notebooks and CI identities.
 *
 * @example new Platform("churn", { spec: loadSpec("mlops.yaml") })
 */
export class Platform extends OnpremComponent<Children> implements PlatformOutputs {
  public readonly trackingUri: pulumi.Output<string>;
  public readonly zones: pulumi.Output<Record<Zone, string>>;
  public readonly workbenchUrls: pulumi.Output<Record<string, string>>;
  /** What a `Model` needs; export it as `binding` for models in other stacks. Its values are known before anything is made. */
  public readonly binding: pulumi.Output<PlatformBinding>;
  /** What models rely on: they depend on it. */
  public readonly ready: pulumi.Resource[];

  /** Whatever is in the namespace depends on it. */
  #inNamespace: pulumi.CustomResourceOptions = {};

  /** Reads the binding of a platform that another stack has exported as `binding`; something else there fails with its missing fields. */
  public static reference(stack: pulumi.StackReference): pulumi.Output<PlatformBinding> {
    return applyAll([stack.requireOutput("binding"), stack.name], asBinding);
  }

  constructor(name: string, given: PlatformArgs, opts?: MlopsOptions<Children>) {
    const args = withConfig(given);
    const spec = resolveSpec(args.spec);
    assertSupported({ ...spec, models: {} }, capabilities, "onprem");
    const notifies = alertChannels(spec.alerts, args) !== undefined;
    const context = contextOf(spec);
    const instance = instanceName(args.instance);
    const namespace = args.namespace ?? namespaceName(context, instance);
    super("Platform", name, context, namespace, opts);
    warnOfRecovery(this);
    const shared = this.makeNetwork(context, namespace, args, notifies);
    const storage = this.makeStorage(shared, instance, args);
    const tracking = this.makeTracking(shared, args, storage);
    const orchestration = this.makeOrchestration(shared, args);
    this.trackingUri = tracking.trackingUri;
    this.zones = pulumi.output({ ...storage.zones });
    const watched = watchedServers(name, shared.namespace, args, storage, tracking);
    const observability = this.makeObservability(shared, spec, args, watched);
    this.binding = bindingOf(instance, shared.namespace, storage, tracking, observability);
    this.ready = [storage.ready, tracking.ready, ...orchestration.ready];
    this.workbenchUrls = this.makeWorkbench(shared, spec, args);
    if (spec.delivery) this.child("delivery", Delivery, { ...shared, spec: spec.delivery }, this.#inNamespace);
    this.finish({ trackingUri: this.trackingUri, zones: this.zones, workbenchUrls: this.workbenchUrls, binding: this.binding });
  }

  private makeNetwork(context: StackContext, name: string, args: PlatformArgs, notifies: boolean): Shared {
    const { namespace, ready } = this.child("network", Network, {
      context,
      namespace: name,
      ...(args.patience === undefined ? {} : { patience: args.patience }),
      ...(args.egress === undefined ? {} : { egress: args.egress }),
      external: externalServices(args),
      monitoring: monitoringPlace(args, notifies),
    });
    this.#inNamespace = { dependsOn: [ready] };
    return { context, namespace, cluster: clusterArgs(args) };
  }

  private makeStorage(shared: Shared, instance: string, { objectStore, storageClass }: PlatformBindings): Storage {
    const given = { ...(objectStore ? { objectStore } : {}), ...(storageClass === undefined ? {} : { storageClass }) };
    return this.child("storage", Storage, { ...shared, instance, ...given }, this.#inNamespace);
  }

  private makeTracking(shared: Shared, { database, storageClass }: PlatformBindings, storage: Storage): Tracking {
    const tracking = {
      ...shared,
      artifacts: `${storage.zones.models}/mlflow`,
      objectStore: { endpoint: storage.endpoint, region: storage.region },
      objectStoreSecret: storage.secrets.apply((secrets) => secrets.tracking ?? ""),
      objectStoreReady: storage.keysReady,
      ...(database ? { database } : {}),
      ...(storageClass === undefined ? {} : { storageClass }),
    };
    return this.child("tracking", Tracking, tracking, this.#inNamespace);
  }

  private makeOrchestration(shared: Shared, { argo }: PlatformBindings): Orchestration {
    return this.child("orchestration", Orchestration, { ...shared, ...(argo ? { argo } : {}) }, this.#inNamespace);
  }

  private makeObservability(
    shared: Shared,
    { alerts }: ResolvedStackSpec,
    args: PlatformBindings,
    watched: Pick<ObservabilityArgs, "servers" | "argo">,
  ): Observability {
    const { dashboards, smtp, webhooks, storageClass } = args;
    const given = {
      ...watched,
      ...(alerts ? { alerts } : {}),
      ...(dashboards ? { dashboards } : {}),
      ...(smtp ? { smtp } : {}),
      ...(webhooks ? { webhooks } : {}),
      ...(storageClass === undefined ? {} : { storageClass }),
    };
    return this.child("observability", Observability, { ...shared, ...given }, this.#inNamespace);
  }

  private makeWorkbench(
    shared: Shared,
    { workbench }: ResolvedStackSpec,
    args: PlatformBindings,
  ): pulumi.Output<Record<string, string>> {
    if (!workbench) return pulumi.output<Record<string, string>>({});
    const given = {
      ...(args.workbench ? { workbench: args.workbench } : {}),
      ...(args.storageClass === undefined ? {} : { storageClass: args.storageClass }),
    };
    const notebooks = { ...shared, spec: workbench, platform: this.binding, ...given };
    return this.child("workbench", Workbench, notebooks, { dependsOn: this.ready }).workbenchUrls;
  }
}

interface Shared {
  context: StackContext;
  namespace: pulumi.Output<string>;
  cluster: ClusterArgs;
}

/**
 * What shall answer: MLflow, its database and the object store, by addresses that a client without keys may ask. The address of a database
 * that exists is in its Secret, and unknown here: that it is gone is seen by MLflow's users alone.
 */
function watchedServers(
  name: string,
  namespace: pulumi.Output<string>,
  { database, argo = { kind: "install" } }: PlatformBindings,
  storage: Storage,
  tracking: Tracking,
): Pick<ObservabilityArgs, "servers" | "argo"> {
  const host = databaseHost(`${name}-tracking`);
  const servers = applyAll([namespace, storage.endpoint, tracking.trackingUri], (place, endpoint, trackingUri) => ({
    "object-store": endpoint,
    tracking: `${trackingUri}/health`,
    ...(database?.kind === "external" ? {} : { database: `postgresql://${host}.${place}.svc:${ports.database}` }),
  }));
  if (argo.kind === "existing" || argoMetrics("", "", argo.values) === undefined) return { servers };
  return { servers, argo: namespace.apply((place) => argoMetrics(objectName(`${name}-orchestration`), place) ?? "") };
}

function externalServices({ objectStore, database }: PlatformBindings): ExternalService[] {
  return [
    ...(objectStore?.kind === "external" ? (["object-store"] as const) : []),
    ...(database?.kind === "external" ? (["database"] as const) : []),
  ];
}

function monitoringPlace({ monitoring, dashboards }: PlatformBindings, notifies: boolean): MonitoringPlace {
  return {
    notifies,
    ...(monitoring?.kind === "operator" ? { operator: monitoring.namespace } : {}),
    ...(dashboards?.kind === "existing" ? {} : { grafana: dashboards?.url === undefined ? "closed" : "open" }),
  };
}

/** The binding: names and addresses. What has to be there before they are used is `ready`. */
function bindingOf(
  instance: string,
  namespace: pulumi.Output<string>,
  storage: Storage,
  tracking: Tracking,
  observability: Observability,
): pulumi.Output<PlatformBinding> {
  return applyAll(
    [namespace, storage.endpoint, storage.region, storage.secrets, tracking.trackingUri, observability.binding],
    (place, endpoint, region, objectStore, trackingUri, addresses) => ({
      instance,
      namespace: place,
      zones: storage.zones,
      objectStore: { endpoint, region },
      trackingUri,
      observability: addresses,
      secrets: { objectStore, trackingWriter: tracking.writerSecret, trackingReader: tracking.readerSecret },
    }),
  );
}
