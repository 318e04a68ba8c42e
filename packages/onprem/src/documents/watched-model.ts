import { ArgumentError } from "@cyclops/core";
import type { PlatformBinding } from "../args";
import type { ModelPartArgs } from "../model-args";
import { alertRules } from "./alert-rules";
import { type Dashboard, modelDashboard } from "./dashboard";
import { monitoredModel } from "./monitored-model";
import { operatorRules } from "./operator";

/** What one model is watched by. */
export interface WatchedModel {
  /** A rule file, or the spec of a PrometheusRule. */
  readonly rules: object;
  readonly dashboard: Dashboard;
  /** Its file: the usual sidecar of Grafana puts all files into one folder, where their names must differ between stacks. */
  readonly dashboardFile: string;
  /** Where the dashboard is shown; undefined where the platform has no monitoring. */
  readonly dashboardUrl: string | undefined;
}

/**
 * Rules and dashboard of a model, for the monitoring of its platform.
 *
 * @throws ArgumentError where platform and model are not told the same about the monitoring: nobody would read the rules
 */
export function watchedModel({ cluster = {}, context, model, spec }: ModelPartArgs, binding: PlatformBinding): WatchedModel {
  const { instance, namespace, observability } = binding;
  const { kind = "install" } = cluster.monitoring ?? {};
  if (observability && observability.kind !== kind) {
    throw new ArgumentError(
      `${model}: monitoring.kind`,
      `is "${kind}", and the platform has the monitoring "${observability.kind}".`,
      `Give the model what its platform has: pulumi config set --path cyclops-onprem:monitoring.kind ${observability.kind}`,
    );
  }
  // An operator's Prometheus scrapes many namespaces, and another may have a model of this name.
  const { runbooks } = cluster;
  const place = { ...(kind === "operator" ? { namespace } : {}), ...(runbooks === undefined ? {} : { runbooks }) };
  const monitored = monitoredModel({ context, instance, model, spec, ...place });
  const rules = alertRules(monitored);
  const dashboard = modelDashboard(monitored);
  return {
    rules: kind === "operator" ? operatorRules(rules, namespace) : rules,
    dashboard,
    dashboardFile: `${context.name}-${instance}-${model}.json`,
    dashboardUrl: observability && `${observability.grafana}/d/${dashboard.uid}`,
  };
}

/** Environment of the monitor step: where it pushes its values to. */
export function monitorEnvironment({ observability }: PlatformBinding): Record<string, string> {
  return observability ? { CYCLOPS_METRIC_SINK: `pushgateway:${observability.pushgateway}` } : {};
}
