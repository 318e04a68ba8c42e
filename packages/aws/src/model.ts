import {
  asOutput,
  assertSupported,
  contextOf,
  type MlopsOptions,
  type ModelOutputs,
  modelOf,
  type ResolvedModelSpec,
  resolveSpec,
  type Workload,
} from "@cyclops/core";
import type * as pulumi from "@pulumi/pulumi";
import { accountArgs, type ModelArgs } from "./args";
import { BatchInference } from "./batch";
import { capabilities } from "./capabilities";
import { AwsComponent } from "./component";
import { assertTagsFit, withConfig } from "./config";
import { workloadsOf } from "./documents/identity";
import { configUri } from "./documents/model-config";
import { ModelEndpoint } from "./endpoint";
import { Identity } from "./identity";
import type { ModelPartArgs } from "./model-args";
import { Monitoring } from "./monitoring";
import { TrainingPipeline } from "./training";

interface Children {
  identity: typeof Identity;
  endpoint: typeof ModelEndpoint;
  training: typeof TrainingPipeline;
  batch: typeof BatchInference;
  monitoring: typeof Monitoring;
}

/**
 * One model on a platform: roles, training pipeline, batch inference, endpoint and monitoring, as its spec asks.
 *
 * @example new Model("churn", { spec, model: "churn", platform: platform.binding })
 */
export class Model extends AwsComponent<Children> implements ModelOutputs {
  public readonly trainingId: pulumi.Output<string>;
  public readonly batchId: pulumi.Output<string | undefined>;
  public readonly endpointUrl: pulumi.Output<string | undefined>;
  public readonly dashboardUrl: pulumi.Output<string | undefined>;

  constructor(name: string, args: ModelArgs, opts?: MlopsOptions<Children>) {
    const { model, platform, place = platform, zones } = args;
    const account = accountArgs(withConfig(args));
    const stack = resolveSpec(args.spec);
    const spec = modelOf(stack, model);
    assertSupported({ ...stack, models: { [model]: spec } }, capabilities, "aws");
    const context = contextOf(stack);
    assertTagsFit(context);
    super("Model", name, context, place, opts);
    const retrains = startsTrainings(spec) ? { trainingArn: TrainingPipeline.arnOf(`${name}-training`, place) } : {};
    const workloads = documentsOf(name, model, spec, platform);
    const identity = this.child("identity", Identity, { context, model, spec, platform, place, workloads, ...retrains });
    const part: ModelPartArgs = {
      context,
      model,
      spec,
      platform,
      place,
      account,
      accounts: identity.accounts,
      ...(zones === undefined ? {} : { zones }),
    };
    const endpoint = spec.endpoint && this.child("endpoint", ModelEndpoint, part);
    const served: ModelPartArgs = endpoint ? { ...part, serving: endpoint.serving } : part;
    const training = this.child("training", TrainingPipeline, served);
    this.trainingId = training.trainingId;
    this.batchId = asOutput(spec.batch && this.child("batch", BatchInference, served).batchId);
    const monitoring = spec.monitoring && this.child("monitoring", Monitoring, { ...served, ...retrains });
    this.endpointUrl = asOutput(endpoint?.endpointUrl);
    this.dashboardUrl = asOutput(monitoring?.dashboardUrl);
    this.finish({
      trainingId: this.trainingId,
      batchId: this.batchId,
      endpointUrl: this.endpointUrl,
      dashboardUrl: this.dashboardUrl,
    });
  }
}

/** Whether the monitor starts trainings; schedules start theirs themselves. */
const startsTrainings = ({ training }: ResolvedModelSpec): boolean =>
  training.retrainOn.some((trigger) => trigger !== "schedule");

/** Which component's model document each workload reads; the others read the training's. */
const owners: Partial<Record<Workload, string>> = { batch: "batch", monitor: "monitoring", scorer: "endpoint" };

/** The workloads that a model has, with the address of the document that each reads. */
function documentsOf(
  name: string,
  model: string,
  spec: ResolvedModelSpec,
  platform: ModelArgs["platform"],
): Partial<Record<Workload, pulumi.Output<string>>> {
  const binding = asOutput(platform);
  return Object.fromEntries(
    workloadsOf(spec).map((workload) => [
      workload,
      binding.apply((known) => configUri(known, model, `${name}-${owners[workload] ?? "training"}`)),
    ]),
  );
}
