import * as pulumi from "@pulumi/pulumi";
import {
  assertSupported,
  type Capabilities,
  type ChildClasses,
  contextOf,
  type FeatureId,
  featureIds,
  loadSpec,
  MlopsComponent,
  type MlopsOptions,
  type ModelOutputs,
  modelOf,
  type PlatformOutputs,
  type ProviderPackage,
  physicalName,
  type ResolvedModelSpec,
  type ResolvedStackSpec,
  resolveSpec,
  SpecError,
  type StackContext,
  type StackOutputs,
  type StackSpec,
  type Zone,
  zones,
} from "../../src";
import { Bucket, Role, Service } from "./sdk";

/** Ways to break the contract, one for each thing that a check must notice. */
export type Fault =
  | "wrong token"
  | "part left out"
  | "orphan"
  | "foreign name"
  | "fixed name"
  | "resource in apply"
  | "output left out"
  | "output too many"
  | "output empty"
  | "dashboard denied"
  | "unsupported accepted"
  | "refused late"
  | "other words"
  | "other words in files"
  | "tag left out"
  | "public bucket"
  | "plain password"
  | "password in settings"
  | "long name"
  | "bad characters"
  | "node left out"
  | "transform ignored"
  | "transform of another"
  | "child renamed"
  | "address taken over";

const limits = { maxLength: 40, source: "https://fake.example.com/limits" };

/** A provider package for a target that does not exist, whole or with one fault. */
export function fakeProvider(fault?: Fault): ProviderPackage {
  const unsupported = { support: "unsupported", note: "there is no queue.", alternative: "Use kind: realtime." } as const;
  const native = { support: "native", note: "fake" } as const;
  const missing: FeatureId[] = ["endpoint.async", "endpoint.shadow"];
  if (fault === "dashboard denied") missing.push("monitoring.dashboard");
  const capabilities = Object.fromEntries(
    featureIds.map((id) => [id, missing.includes(id) ? unsupported : native]),
  ) as Capabilities;

  abstract class Component<Children extends ChildClasses<Children>> extends MlopsComponent<Children> {
    readonly #context: StackContext;

    constructor(type: string, name: string, context: StackContext, opts?: MlopsOptions<Children>) {
      const { transform, ...rest } = opts ?? {};
      const ignored = fault === "transform ignored" && type === "Storage";
      super(`cyclops-onprem:index:${fault === "wrong token" && type === "Storage" ? "storage" : type}`, name, {
        ...rest,
        ...(transform && !ignored ? { transform } : {}),
      });
      this.#context = context;
    }

    protected override decorate(name: string, args: Record<string, unknown>): Record<string, unknown> {
      const { name: stack, environment, tags } = this.#context;
      const cut = physicalName(limits, name);
      const physical =
        fault === "fixed name" ? "fixed" : fault === "long name" ? name : fault === "bad characters" ? `${cut}_` : cut;
      return { name: physical, tags: { ...tags, stack, ...(fault === "tag left out" ? {} : { environment }) }, ...args };
    }
  }

  interface Args {
    context: StackContext;
    spec?: unknown;
  }

  class Storage extends Component<{ bucket: typeof Bucket; archive: typeof Bucket }> {
    public readonly zones: pulumi.Output<Record<Zone, string>>;

    constructor(name: string, { context }: Args, opts?: MlopsOptions<{ bucket: typeof Bucket; archive: typeof Bucket }>) {
      if (fault === "transform of another" && opts?.transform) opts = { ...opts, transform: swap(opts.transform) };
      super("Storage", name, context, opts);
      const bucket = this.child("bucket", Bucket, { public: fault === "public bucket" });
      this.child("archive", Bucket, {
        public: false,
        ...(fault === "address taken over" ? { settings: bucket.address } : {}),
      });
      if (fault === "orphan") new Bucket(`${name}-orphan`, { name: `${name}-orphan`, tags: this.tags(context) });
      if (fault === "foreign name") new Bucket("mine", { name: `${name}-mine`, tags: this.tags(context) }, { parent: this });
      if (fault === "node left out")
        new Bucket(`${name}-hidden`, { name: `${name}-hidden`, tags: this.tags(context) }, { parent: this });
      if (fault === "resource in apply") bucket.id.apply((id) => this.late(name, id, context));
      this.zones = bucket.address.apply(
        (address) => Object.fromEntries(zones.map((zone) => [zone, `${address}/${zone}`])) as Record<Zone, string>,
      );
      this.finish({ zones: this.zones });
    }

    private late(name: string, settings: string, context: StackContext): void {
      new Bucket(`${name}-late`, { name: `${name}-late`, settings, tags: this.tags(context) }, { parent: this });
    }

    private tags({ name, environment, tags }: StackContext): Record<string, string> {
      return { ...tags, stack: name, environment };
    }
  }

  class Tracking extends Component<{ server: typeof Service }> {
    public readonly address: pulumi.Output<string>;

    constructor(name: string, { context }: Args, opts?: MlopsOptions<{ server: typeof Service }>) {
      super("Tracking", name, context, opts);
      const password = pulumi.secret("a-long-password");
      const server = this.child("server", Service, {
        password: fault === "plain password" ? "a-long-password" : password,
        settings:
          fault === "password in settings"
            ? { url: "https://user:a-long-password@host" }
            : { url: pulumi.interpolate`https://${password}@host` },
      });
      this.address = server.address;
      this.finish({ address: this.address });
    }
  }

  /** A component of one service. */
  const single = (type: string) =>
    class extends Component<{ service: typeof Service }> {
      public readonly address: pulumi.Output<string>;

      constructor(name: string, { context, spec = {} }: Args, opts?: MlopsOptions<{ service: typeof Service }>) {
        super(type, name, context, opts);
        this.address = this.child("service", Service, { settings: spec }).address;
        this.finish({ address: this.address });
      }
    };

  class Identity extends Component<{ role: typeof Role }> {
    constructor(name: string, { context }: Args, opts?: MlopsOptions<{ role: typeof Role }>) {
      super("Identity", name, context, opts);
      this.child("role", Role, {});
      this.finish({});
    }
  }

  const Network = single("Network");
  const TrainingPipeline = single("TrainingPipeline");
  const BatchInference = single("BatchInference");
  const ModelEndpoint = single("ModelEndpoint");
  const Monitoring = single("Monitoring");
  const Observability = single("Observability");
  const Workbench = single("Workbench");
  const Delivery = single("Delivery");

  interface PlatformChildren {
    network: typeof Network;
    storage: typeof Storage;
    tracking: typeof Tracking;
    observability: typeof Observability;
    workbench: typeof Workbench;
    delivery: typeof Delivery;
  }

  class Platform extends Component<PlatformChildren> implements PlatformOutputs {
    public readonly trackingUri: pulumi.Output<string>;
    public readonly zones: pulumi.Output<Record<Zone, string>>;
    public readonly workbenchUrls: pulumi.Output<Record<string, string>>;
    public readonly binding: pulumi.Output<unknown>;

    public static reference(stack: pulumi.StackReference): pulumi.Output<unknown> {
      return stack.requireOutput("binding");
    }

    constructor(name: string, args: { spec: StackSpec | ResolvedStackSpec }, opts?: MlopsOptions<PlatformChildren>) {
      const spec = resolveSpec(args.spec);
      const context = contextOf(spec);
      super("Platform", name, context, opts);
      if (fault !== "part left out") this.child("network", Network, { context });
      const storage = this.child("storage", Storage, { context });
      const tracking = this.child("tracking", Tracking, { context });
      this.child("observability", Observability, { context });
      const workbench = spec.workbench && this.child("workbench", Workbench, { context });
      if (spec.delivery) this.child("delivery", Delivery, { context });
      this.zones = storage.zones;
      this.trackingUri = tracking.address;
      this.workbenchUrls = workbench
        ? workbench.address.apply((address) =>
            Object.fromEntries((spec.workbench?.users ?? []).map((user) => [user, `${address}/${user}`])),
          )
        : pulumi.output<Record<string, string>>({});
      this.binding = pulumi.output({ trackingUri: this.trackingUri });
      const { trackingUri, workbenchUrls, binding } = this;
      this.finish({
        trackingUri,
        workbenchUrls,
        binding,
        zones: this.zones,
        ...(fault === "output too many" ? { extra: "x" } : {}),
      });
    }
  }

  interface ModelChildren {
    identity: typeof Identity;
    training: typeof TrainingPipeline;
    batch: typeof BatchInference;
    scheduled: typeof BatchInference;
    endpoint: typeof ModelEndpoint;
    monitoring: typeof Monitoring;
  }

  class Model extends Component<ModelChildren> implements ModelOutputs {
    public readonly trainingId: pulumi.Output<string>;
    public readonly batchId: pulumi.Output<string | undefined>;
    public readonly endpointUrl: pulumi.Output<string | undefined>;
    public readonly dashboardUrl: pulumi.Output<string | undefined>;

    constructor(
      name: string,
      args: { spec: StackSpec | ResolvedStackSpec; model: string; platform: unknown },
      opts?: MlopsOptions<ModelChildren>,
    ) {
      const resolved = resolveSpec(args.spec);
      const spec: ResolvedModelSpec = modelOf(resolved, args.model);
      const context = contextOf(resolved);
      super("Model", name, context, opts);
      this.child("identity", Identity, { context });
      const part = <Key extends "training" | "batch" | "scheduled" | "endpoint" | "monitoring">(
        key: Key,
        Class: ModelChildren[Key],
        given: unknown,
      ) =>
        given
          ? (this.child(key, Class, { context, spec: given }) as InstanceType<typeof TrainingPipeline>).address
          : pulumi.output(undefined);
      this.trainingId = part("training", TrainingPipeline, spec.training) as pulumi.Output<string>;
      this.batchId = part(fault === "child renamed" ? "scheduled" : "batch", BatchInference, spec.batch);
      this.endpointUrl = part("endpoint", ModelEndpoint, spec.endpoint);
      this.dashboardUrl = part("monitoring", Monitoring, spec.monitoring);
      const { trainingId, batchId, dashboardUrl } = this;
      this.finish({
        trainingId,
        batchId,
        dashboardUrl,
        ...(fault === "output left out" ? {} : { endpointUrl: this.endpointUrl }),
      });
    }
  }

  interface StackChildren {
    platform: typeof Platform;
    [model: `model-${string}`]: typeof Model;
  }

  class MlopsStack extends Component<StackChildren> implements StackOutputs {
    public readonly endpointUrls: pulumi.Output<Record<string, string>>;
    public readonly dashboardUrls: pulumi.Output<Record<string, string>>;
    public readonly trackingUri: pulumi.Output<string>;
    public readonly zones: pulumi.Output<Record<Zone, string>>;

    constructor(name: string, args: { spec: StackSpec | ResolvedStackSpec }, opts?: MlopsOptions<StackChildren>) {
      const spec = fault === "other words" ? otherWords(() => resolveSpec(args.spec)) : resolveSpec(args.spec);
      if (fault === "refused late") new Bucket(`${name}-early`, { name: `${name}-early` });
      if (fault !== "unsupported accepted") assertSupported(spec, capabilities, "onprem");
      super("MlopsStack", name, contextOf(spec), opts);
      const platform = this.child("platform", Platform, { spec });
      const models = Object.keys(spec.models).map((model) => {
        const made = this.child(`model-${model}`, Model, { spec, model, platform: platform.binding });
        return [model, made] as const;
      });
      const byModel = (key: "endpointUrl" | "dashboardUrl"): pulumi.Output<Record<string, string>> =>
        pulumi
          .all(models.map(([model, made]) => made[key].apply((url) => [model, url] as const)))
          .apply((found) =>
            Object.fromEntries(found.filter((entry): entry is readonly [string, string] => entry[1] !== undefined)),
          );
      this.endpointUrls = fault === "output empty" ? pulumi.output<Record<string, string>>({}) : byModel("endpointUrl");
      this.dashboardUrls = byModel("dashboardUrl");
      this.trackingUri = platform.trackingUri;
      this.zones = platform.zones;
      this.finish({
        endpointUrls: this.endpointUrls,
        dashboardUrls: this.dashboardUrls,
        trackingUri: this.trackingUri,
        zones: this.zones,
      });
    }
  }

  return {
    target: "onprem",
    capabilities,
    loadSpec: fault === "other words in files" ? (file) => otherWords(() => loadSpec(file)) : loadSpec,
    MlopsStack,
    Platform,
    Model,
    Network,
    Storage,
    Tracking,
    Identity,
    TrainingPipeline,
    BatchInference,
    ModelEndpoint,
    Monitoring,
    Observability,
    Workbench,
    Delivery,
  };
}

/** The same problems in other words. */
function otherWords<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw error instanceof SpecError ? new SpecError(error.issues.slice(0, 1), "your spec") : error;
  }
}

const swap = <T>({ bucket, archive }: { bucket?: T; archive?: T }) => ({
  ...(archive ? { bucket: archive } : {}),
  ...(bucket ? { archive: bucket } : {}),
});
