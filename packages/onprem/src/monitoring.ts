import { ArgumentError, type MlopsOptions } from "@cyclops/core";
import * as pulumi from "@pulumi/pulumi";
import { singleStepTemplate } from "./documents/batch-template";
import type { ModelPartArgs } from "./model-args";
import { type PipelineChildren, PipelineComponent } from "./pipeline";

/** Arguments of `Monitoring`. */
export interface MonitoringArgs extends ModelPartArgs {}

/** How the monitor runs; its work is one pass over a window of captured requests. */
const monitorPod = { size: "S", spot: false, retries: 2, timeout: "30m" } as const;

/**
 * The KPI monitor: a scheduled run of the runtime's `monitor` command, which writes its report to the predictions zone and MLflow.
 *
 * @example new Monitoring("churn-monitoring", { context, model: "churn", spec, platform: platform.binding, accounts: identity.accounts })
 */
export class Monitoring extends PipelineComponent {
  /** `<namespace>/<WorkflowTemplate>` of the monitor. */
  public readonly monitorId: pulumi.Output<string>;
  /** Place of the KPI reports. */
  public readonly reportsUri: pulumi.Output<string>;

  constructor(name: string, args: MonitoringArgs, opts?: MlopsOptions<PipelineChildren>) {
    const { monitoring } = args.spec;
    if (!monitoring) throw new ArgumentError(`${name}: spec.monitoring`, "is missing.", "Add monitoring: {} to the model.");
    super("Monitoring", name, args, (context) => singleStepTemplate("monitor", monitorPod, context), monitoring, opts);
    this.monitorId = this.templateId;
    this.reportsUri = pulumi.interpolate`${pulumi.output(args.platform).zones.predictions}/${args.model}/monitor/`;
    this.finish({ monitorId: this.monitorId, reportsUri: this.reportsUri });
  }
}
