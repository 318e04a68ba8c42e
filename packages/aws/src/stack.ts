import {
  assertSupported,
  contextOf,
  type MlopsOptions,
  outputsByName,
  type ResolvedStackSpec,
  resolveSpec,
  type StackOutputs,
  type Zone,
} from "@cyclops/core";
import type * as pulumi from "@pulumi/pulumi";
import { accountArgs, type MlopsStackArgs } from "./args";
import { capabilities } from "./capabilities";
import { AwsComponent } from "./component";
import { withConfig } from "./config";
import { Model } from "./model";
import { Platform } from "./platform";

interface Children {
  platform: typeof Platform;
  [model: `model-${string}`]: typeof Model;
}

/**
 * A full MLOps stack on AWS: one platform and every model of the spec.
 *
 * @example new MlopsStack("churn", { spec: loadSpec("mlops.yaml") })
 */
export class MlopsStack extends AwsComponent<Children> implements StackOutputs {
  public readonly endpointUrls: pulumi.Output<Record<string, string>>;
  public readonly dashboardUrls: pulumi.Output<Record<string, string>>;
  public readonly trackingUri: pulumi.Output<string>;
  public readonly zones: pulumi.Output<Record<Zone, string>>;

  constructor(name: string, given: MlopsStackArgs, opts?: MlopsOptions<Children>) {
    const args = withConfig(given);
    const spec = resolveSpec(args.spec);
    assertSupported(spec, capabilities, "aws");
    super("MlopsStack", name, contextOf(spec), undefined, opts);
    const platform = this.child("platform", Platform, { ...args, spec });
    const models = this.makeModels(spec, args, platform);
    this.endpointUrls = outputsByName(models, ({ endpointUrl }) => endpointUrl);
    this.dashboardUrls = outputsByName(models, ({ dashboardUrl }) => dashboardUrl);
    this.trackingUri = platform.trackingUri;
    this.zones = platform.zones;
    this.finish({
      endpointUrls: this.endpointUrls,
      dashboardUrls: this.dashboardUrls,
      trackingUri: this.trackingUri,
      zones: this.zones,
    });
  }

  private makeModels(spec: ResolvedStackSpec, args: MlopsStackArgs, { binding, place, zones }: Platform): Record<string, Model> {
    const account = accountArgs(args);
    const models: Record<string, Model> = {};
    // A loop: Pulumi keeps and sends the whole stack of calls of each resource.
    for (const model of Object.keys(spec.models)) {
      models[model] = this.child(`model-${model}`, Model, { ...account, spec, model, platform: binding, place, zones });
    }
    return models;
  }
}
