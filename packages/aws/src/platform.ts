import {
  applyAll,
  assertSupported,
  contextOf,
  type MlopsOptions,
  type PlatformOutputs,
  type ResolvedStackSpec,
  resolveSpec,
  type StackContext,
  type Zone,
} from "@cyclops/core";
import * as pulumi from "@pulumi/pulumi";
import type { PlatformArgs, PlatformBinding, PlatformBindings } from "./args";
import { capabilities } from "./capabilities";
import { AwsComponent } from "./component";
import { assertTagsFit, withConfig } from "./config";
import { Delivery } from "./delivery";
import { asBinding } from "./documents/binding";
import type { Place } from "./documents/place";
import { Network } from "./network";
import { Observability } from "./observability";
import { Orchestration } from "./orchestration";
import { placeOf } from "./place";
import { Storage } from "./storage";
import { Tracking } from "./tracking";
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
 * What all models of a stack share: network, storage zones and their key, MLflow, alerts and audit, notebooks and CI identities.
 *
 * @example new Platform("churn", { spec: loadSpec("mlops.yaml") })
 */
export class Platform extends AwsComponent<Children> implements PlatformOutputs {
  public readonly trackingUri: pulumi.Output<string>;
  public readonly zones: pulumi.Output<Record<Zone, string>>;
  public readonly workbenchUrls: pulumi.Output<Record<string, string>>;
  /** Where it is. */
  public readonly place: pulumi.Output<Place>;
  /** What a `Model` needs; export it as `binding` for models in other stacks. */
  public readonly binding: pulumi.Output<PlatformBinding>;

  /** Reads the binding of a platform that another stack has exported as `binding`; something else there fails with its missing fields. */
  public static reference(stack: pulumi.StackReference): pulumi.Output<PlatformBinding> {
    return applyAll([stack.requireOutput("binding"), stack.name], asBinding);
  }

  constructor(name: string, given: PlatformArgs, opts?: MlopsOptions<Children>) {
    const args = withConfig(given);
    const spec = resolveSpec(args.spec);
    assertSupported({ ...spec, models: {} }, capabilities, "aws");
    const context = contextOf(spec);
    assertTagsFit(context);
    super("Platform", name, context, undefined, opts);
    this.place = placeOf(context, args, this);
    const shared = { context, place: this.place };
    const network = this.makeNetwork(shared, spec, args);
    const storage = this.makeStorage(shared, args);
    const data = { ...shared, zones: storage.zones, keyArn: storage.keyArn, formerKeyArns: storage.formerKeyArns };
    const tracking = this.makeTracking(data, args);
    const orchestration = this.child("orchestration", Orchestration, shared);
    const observability = this.makeObservability(data, spec, args, orchestration);
    this.trackingUri = tracking.trackingUri;
    this.zones = storage.zones;
    this.binding = bindingOf(shared.place, network, storage, tracking, orchestration, observability);
    this.workbenchUrls = this.makeWorkbench(data, spec, network);
    this.makeDelivery(data, spec, args);
    this.finish({ trackingUri: this.trackingUri, zones: this.zones, workbenchUrls: this.workbenchUrls, binding: this.binding });
  }

  private makeNetwork(shared: Shared, { workbench }: ResolvedStackSpec, { network }: PlatformBindings): Network {
    return this.child("network", Network, { ...shared, workbench: workbench !== undefined, ...(network ? { network } : {}) });
  }

  private makeStorage(shared: Shared, { key, formerKeys, buckets }: PlatformBindings): Storage {
    return this.child("storage", Storage, {
      ...shared,
      ...(key ? { key } : {}),
      ...(formerKeys ? { formerKeys } : {}),
      ...(buckets ? { buckets } : {}),
    });
  }

  private makeTracking(data: Data, { tracking, images }: PlatformBindings): Tracking {
    return this.child("tracking", Tracking, { ...data, ...(tracking ? { tracking } : {}), ...(images ? { images } : {}) });
  }

  private makeObservability(
    data: Data,
    { alerts, budget }: ResolvedStackSpec,
    { audit, budgetAction, runbooks }: PlatformBindings,
    { starterRoleArn, starterRoleName }: Orchestration,
  ): Observability {
    return this.child("observability", Observability, {
      ...data,
      starter: { arn: starterRoleArn, name: starterRoleName },
      ...(alerts ? { alerts } : {}),
      ...(budget ? { budget } : {}),
      ...(audit ? { audit } : {}),
      ...(runbooks === undefined ? {} : { runbooks }),
      ...(budgetAction ? { budgetAction } : {}),
    });
  }

  private makeWorkbench(
    data: Data,
    { workbench }: ResolvedStackSpec,
    { workbench: network }: Network,
  ): pulumi.Output<Record<string, string>> {
    if (!workbench || !network) return pulumi.output<Record<string, string>>({});
    return this.child("workbench", Workbench, { ...data, spec: workbench, network, trackingUri: this.trackingUri }).workbenchUrls;
  }

  private makeDelivery(
    data: Data,
    { delivery }: ResolvedStackSpec,
    { githubProvider, jenkinsPrincipal }: PlatformBindings,
  ): void {
    if (!delivery) return;
    this.child("delivery", Delivery, {
      ...data,
      spec: delivery,
      ...(githubProvider ? { githubProvider } : {}),
      ...(jenkinsPrincipal === undefined ? {} : { jenkinsPrincipal }),
    });
  }
}

interface Shared {
  context: StackContext;
  place: pulumi.Output<Place>;
}

interface Data extends Shared {
  zones: pulumi.Output<Record<Zone, string>>;
  keyArn: pulumi.Output<string>;
  formerKeyArns: pulumi.Output<string[]>;
}

function bindingOf(
  place: pulumi.Output<Place>,
  network: Network,
  storage: Storage,
  tracking: Tracking,
  orchestration: Orchestration,
  observability: Observability,
): pulumi.Output<PlatformBinding> {
  return applyAll(
    [
      place,
      network.binding,
      storage.zones,
      storage.keyArn,
      storage.formerKeyArns,
      tracking.trackingUri,
      tracking.runtimeImage,
      orchestration.starterRoleArn,
      observability.alertTopicArn,
    ],
    (known, vpc, zones, keyArn, formerKeyArns, trackingUri, runtime, starterRoleArn, alertTopicArn) => ({
      ...known,
      zones,
      keyArn,
      formerKeyArns,
      trackingUri,
      images: { runtime },
      network: vpc,
      alertTopicArn,
      starterRoleArn,
    }),
  );
}
