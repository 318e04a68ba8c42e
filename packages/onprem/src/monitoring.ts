import { ArgumentError, asOutput, type MlopsOptions } from "@cyclops/core";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { dashboardLabel } from "./documents/grafana";
import { monitorTemplate } from "./documents/monitor-template";
import { operatorApiVersion } from "./documents/operator";
import { rulesLabel } from "./documents/prometheus";
import { monitorEnvironment, type WatchedModel, watchedModel } from "./documents/watched-model";
import type { ModelPartArgs } from "./model-args";
import { objectName } from "./naming";
import { type PipelineChildren, PipelineComponent } from "./pipeline";

/** Arguments of `Monitoring`. */
export interface MonitoringArgs extends ModelPartArgs {}

/** A function, as Pulumi searches the value of an output for unknowns at every step, and a dashboard has thousands of fields. */
type Watched = () => WatchedModel;

/**
 * The KPI monitor: a scheduled run of the runtime's `monitor` command, which writes its report to the predictions zone and MLflow and pushes
 * its values to the platform's Pushgateway; with the model's alert rules and its dashboard.
 *
 * @example new Monitoring("churn-monitoring", { context, model: "churn", spec, platform: platform.binding, accounts: identity.accounts })
 */
export class Monitoring extends PipelineComponent {
  /** `<namespace>/<WorkflowTemplate>` of the monitor. */
  public readonly monitorId: pulumi.Output<string>;
  /** Place of the KPI reports. */
  public readonly reportsUri: pulumi.Output<string>;
  /** Address of the dashboard, as people reach it; undefined where the platform has no monitoring. */
  public readonly dashboardUrl: pulumi.Output<string | undefined>;

  constructor(name: string, args: MonitoringArgs, opts?: MlopsOptions<PipelineChildren>) {
    const { monitoring } = args.spec;
    if (!monitoring) throw new ArgumentError(`${name}: spec.monitoring`, "is missing.", "Add monitoring: {} to the model.");
    super(
      "Monitoring",
      name,
      args,
      (context) => monitorTemplate(monitoring, monitorEnvironment(context.binding), context),
      monitoring,
      opts,
    );
    this.monitorId = this.templateId;
    const platform = asOutput(args.platform);
    this.reportsUri = platform.apply(({ zones }) => `${zones.predictions}/${args.model}/monitor/`);
    const watched = platform.apply((binding): Watched => {
      const made = watchedModel(args, binding);
      return () => made;
    });
    this.makeRules(args, watched);
    this.makeDashboard(name, watched);
    this.dashboardUrl = watched.apply((made) => made().dashboardUrl);
    this.finish({ monitorId: this.monitorId, reportsUri: this.reportsUri, dashboardUrl: this.dashboardUrl });
  }

  private makeRules({ cluster = {} }: MonitoringArgs, watched: pulumi.Output<Watched>): void {
    const { monitoring = { kind: "install" } } = cluster;
    if (monitoring.kind === "install") {
      const data = watched.apply((made) => ({ "alerts.yaml": `${JSON.stringify(made().rules, null, 2)}\n` }));
      this.child("rules", k8s.core.v1.ConfigMap, { metadata: { labels: { [rulesLabel]: "true" } }, data });
      return;
    }
    this.child("operator-rules", k8s.apiextensions.CustomResource, {
      apiVersion: operatorApiVersion,
      kind: "PrometheusRule",
      metadata: { labels: monitoring.labels ?? {} },
      spec: watched.apply((made) => made().rules),
    });
  }

  private makeDashboard(name: string, watched: pulumi.Output<Watched>): void {
    // One name for all versions: where the old one went after the new one came, the sidecar would take the new one's file away.
    this.child("dashboard", k8s.core.v1.ConfigMap, {
      metadata: { name: objectName(`${name}-dashboard`), labels: { [dashboardLabel]: "1" } },
      data: watched.apply((made) => ({ [made().dashboardFile]: `${JSON.stringify(made().dashboard, null, 2)}\n` })),
    });
  }
}
