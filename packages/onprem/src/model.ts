import {
  asOutput,
  assertSupported,
  contextOf,
  dependingOn,
  type MlopsOptions,
  type ModelOutputs,
  modelOf,
  type ResolvedModelSpec,
  resolveSpec,
  type Workload,
  workloadOf,
} from "@cyclops/core";
import type * as pulumi from "@pulumi/pulumi";
import { type ClusterArgs, clusterArgs, type ModelArgs } from "./args";
import { BatchInference } from "./batch";
import { capabilities } from "./capabilities";
import { OnpremComponent } from "./component";
import { withConfig } from "./config";
import { type PolicyRule, retrainingRules, rolloutRules } from "./documents/identity";
import { stepsOf } from "./documents/training-template";
import { gatewayNames, ModelEndpoint } from "./endpoint";
import { Identity } from "./identity";
import type { ModelPartArgs } from "./model-args";
import { Monitoring } from "./monitoring";
import { Platform } from "./platform";
import { warnOfRecovery } from "./recovery";
import { TrainingPipeline } from "./training";

interface Children {
  identity: typeof Identity;
  endpoint: typeof ModelEndpoint;
  training: typeof TrainingPipeline;
  batch: typeof BatchInference;
  monitoring: typeof Monitoring;
}

/**
 * One model on a platform: identities, training pipeline, batch inference, endpoint and monitoring, as its spec asks.
 *
 * @example new Model("churn", { spec, model: "churn", platform })
 */
export class Model extends OnpremComponent<Children> implements ModelOutputs {
  public readonly trainingId: pulumi.Output<string>;
  public readonly batchId: pulumi.Output<string | undefined>;
  public readonly endpointUrl: pulumi.Output<string | undefined>;
  public readonly dashboardUrl: pulumi.Output<string | undefined>;

  constructor(name: string, args: ModelArgs, opts?: MlopsOptions<Children>) {
    const { model } = args;
    // A platform of this program has to be there first; that of another stack is.
    const [platform, ready] =
      args.platform instanceof Platform ? [args.platform.binding, args.platform.ready] : [asOutput(args.platform), []];
    const cluster = clusterArgs(withConfig(args));
    const stack = resolveSpec(args.spec);
    const spec = modelOf(stack, model);
    assertSupported({ ...stack, models: { [model]: spec } }, capabilities, "onprem");
    const context = contextOf(stack);
    const { namespace } = platform;
    super("Model", name, context, namespace, dependingOn(ready, opts));
    warnOfRecovery(this);
    const identity = this.child("identity", Identity, {
      context,
      namespace,
      workloads: workloadsOf(spec),
      rules: rulesFor(`${name}-endpoint`, spec, cluster),
    });
    const part: ModelPartArgs = { context, model, spec, platform, cluster, accounts: identity.accounts };
    const after = { dependsOn: identity.ready };
    const endpoint = spec.endpoint && this.child("endpoint", ModelEndpoint, part, after);
    const served: ModelPartArgs = endpoint ? { ...part, serving: endpoint.serving } : part;
    const training = this.child("training", TrainingPipeline, served, after);
    this.trainingId = training.trainingId;
    this.batchId = asOutput(spec.batch && this.child("batch", BatchInference, served, after).batchId);
    const watched = startsTrainings(spec) ? { ...served, orchestration: training.orchestration } : served;
    const monitoring = spec.monitoring && this.child("monitoring", Monitoring, watched, after);
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

/** The workloads that a model has. */
function workloadsOf({ training, batch, monitoring, endpoint }: ResolvedModelSpec): Workload[] {
  return [
    ...stepsOf(training).map(workloadOf),
    ...(batch ? (["batch"] as const) : []),
    ...(monitoring ? (["monitor"] as const) : []),
    ...(endpoint ? (["scorer"] as const) : []),
  ];
}

/** Whether the monitor starts trainings; schedules start theirs themselves. */
const startsTrainings = ({ training }: ResolvedModelSpec): boolean =>
  training.retrainOn.some((trigger) => trigger !== "schedule");

/** What workloads need besides the rules that each of them has. */
function rulesFor(endpoint: string, spec: ResolvedModelSpec, { gateway }: ClusterArgs): Partial<Record<Workload, PolicyRule[]>> {
  return {
    ...(spec.endpoint && gateway ? { deploy: rolloutRules(gatewayNames(endpoint)) } : {}),
    ...(startsTrainings(spec) ? { monitor: retrainingRules } : {}),
  };
}
