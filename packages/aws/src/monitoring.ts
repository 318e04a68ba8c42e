import { ArgumentError, applyAll, asOutput, type MlopsOptions, type ModelDocument } from "@cyclops/core";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import { type Alarm, criticalRule, kpiAlarms } from "./documents/alarms";
import { dashboardUrl } from "./documents/console";
import { modelDashboard } from "./documents/dashboard";
import { newDataPattern } from "./documents/events";
import { monitorMachine } from "./documents/monitor-machine";
import { type MonitoredModel, monitoredModel } from "./documents/monitored-model";
import type { ModelPartArgs } from "./model-args";
import { nameLimits } from "./naming";
import { alarmArgs, alertActions, type PipelineChildren, PipelineComponent } from "./pipeline";

/** Arguments of `Monitoring`. */
export interface MonitoringArgs extends ModelPartArgs {}

/**
 * KPIs of one model: the runtime's monitor on schedule, the model's alarms and its dashboard.
 *
 * @example new Monitoring("churn-monitoring", { context, model: "churn", spec, platform: platform.binding, accounts: identity.accounts })
 */
export class Monitoring extends PipelineComponent {
  /** ARN of the state machine of the monitor. */
  public readonly monitorId: pulumi.Output<string>;
  /** Place of the KPI reports. */
  public readonly reportsUri: pulumi.Output<string>;
  /** Address of the dashboard in the console of AWS. */
  public readonly dashboardUrl: pulumi.Output<string>;

  constructor(name: string, args: MonitoringArgs, opts?: MlopsOptions<PipelineChildren>) {
    const { monitoring } = args.spec;
    if (!monitoring) throw new ArgumentError(`${name}: spec.monitoring`, "is missing.", "Add monitoring: {} to the model.");
    super("Monitoring", name, args, orchestrationOf(args), opts);
    this.monitorId = this.makeMachine("monitor", name, args, monitorMachine);
    this.makeSchedule("monitor", name, args, this.monitorId, monitoring);
    this.watchNewData(args, this.monitorId);
    const alarms = this.makeAlarms(name, args);
    this.reportsUri = asOutput(args.platform).apply(({ zones }) => `${zones.predictions}/${args.model}/monitor/`);
    this.dashboardUrl = this.makeDashboard(name, args, alarms);
    this.finish({ monitorId: this.monitorId, reportsUri: this.reportsUri, dashboardUrl: this.dashboardUrl });
  }

  private watchNewData({ platform, model, spec }: MonitoringArgs, monitor: pulumi.Output<string>): void {
    // Files that the ingest step itself fetches are no news.
    if (!spec.training.retrainOn.includes("new-data") || spec.data.source) return;
    const binding = asOutput(platform);
    const rule = this.child("new-data", cloudwatch.EventRule, {
      description: `${model}: new files in the raw zone`,
      eventPattern: binding.apply(({ zones }) => JSON.stringify(newDataPattern(spec, zones.raw))),
    });
    this.child("new-data-target", cloudwatch.EventTarget, {
      rule: rule.name,
      targetId: "monitor",
      arn: monitor,
      roleArn: binding.starterRoleArn,
    });
  }

  private makeAlarms(name: string, args: MonitoringArgs): pulumi.Output<string[]> {
    const { platform } = args;
    const watched = watchedModel(args);
    // Which alarms there are follows from the spec alone; what they watch is known with the endpoint's name.
    const keys = kpiAlarms(monitoredModel({ ...plainPart(args), place: nowhere, endpoint: unnamed })).map(
      ({ key, severity }) => ({
        key,
        severity,
      }),
    );
    const alarms = keys.map(({ key }) => {
      const document = watched.apply((model) => alarmOf(model, key).args);
      return this.child(`alarm-${key}`, cloudwatch.MetricAlarm, {
        ...alarmArgs(document),
        ...alertActions(platform),
      });
    });
    const critical = alarms.filter((_, index) => keys[index]?.severity === "critical").map((alarm) => alarm.name);
    this.child("alarm", cloudwatch.CompositeAlarm, {
      alarmName: this.nameIn(nameLimits.alarm, `${name}-alarm`),
      alarmDescription: `${args.model}: something is critical`,
      alarmRule: pulumi.all(critical).apply(criticalRule),
    });
    return pulumi.all(alarms.map(({ arn }) => arn));
  }

  private makeDashboard(name: string, args: MonitoringArgs, alarms: pulumi.Output<string[]>): pulumi.Output<string> {
    const body = applyAll([asOutput(watchedModel(args)), asOutput(alarms)], (model, arns) =>
      JSON.stringify(modelDashboard(model, arns), null, 2),
    );
    const dashboard = this.child("dashboard", cloudwatch.Dashboard, {
      dashboardName: this.nameIn(nameLimits.dashboard, `${name}-dashboard`),
      dashboardBody: body,
    });
    return applyAll([asOutput(args.place ?? args.platform), dashboard.dashboardName], dashboardUrl);
  }
}

/** What the monitor is told: the training that it may start. */
const orchestrationOf = ({ trainingArn }: MonitoringArgs): pulumi.Output<Pick<ModelDocument, "serving" | "orchestration">> =>
  asOutput(trainingArn).apply((stateMachine) => ({
    serving: null,
    orchestration: stateMachine === undefined ? null : ({ kind: "step-functions", stateMachine } as const),
  }));

/** Stand for a place and for an endpoint's name that are not known yet. */
const nowhere = { region: "", stack: "", instance: "" };
const unnamed = { endpoint: "", variant: "" };

const plainPart = ({ context, model, spec, account = {} }: MonitoringArgs) => ({
  context,
  model,
  spec,
  instanceTypes: account.instanceTypes,
  runbooks: account.runbooks,
});

const watchedModel = (args: MonitoringArgs): pulumi.Output<MonitoredModel> =>
  applyAll([asOutput(args.place ?? args.platform), asOutput(args.serving)], (place, endpoint) =>
    monitoredModel({ ...plainPart(args), place, endpoint: endpoint ?? null }),
  );

function alarmOf(model: MonitoredModel, key: string): Alarm {
  const found = kpiAlarms(model).find((alarm) => alarm.key === key);
  if (!found) throw new Error(`${model.model} has no alarm ${key}`);
  return found;
}
