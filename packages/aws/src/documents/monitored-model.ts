import {
  type EffectiveThresholds,
  type EndpointKind,
  effectiveThresholds,
  type KpiId,
  kpiCatalogue,
  longestInterval,
  type ResolvedModelSpec,
  type StackContext,
} from "@cyclops/core";
import type { InstanceTypeArgs } from "../args";
import { endpointInstance, gpusOf, vCpusOf } from "./instances";
import { kpiNamespace, type Place } from "./place";

/** An endpoint, as far as its metrics depend on it. */
export interface MonitoredEndpoint {
  readonly name: string;
  readonly variant: string;
  readonly kind: EndpointKind;
  /** vCPUs of a replica; undefined where it has no instance type. */
  readonly cpus: number | undefined;
  /** GPUs of a replica. */
  readonly gpus: number;
}

/** What the alarms and the dashboard of one model depend on. */
export interface MonitoredModel {
  readonly stack: string;
  readonly environment: string;
  readonly model: string;
  readonly region: string;
  /** Namespace of the KPIs that the monitor reports. */
  readonly namespace: string;
  /** When each KPI alerts. */
  readonly thresholds: EffectiveThresholds;
  /** Greatest time between two runs of the monitor, in seconds. */
  readonly interval: number;
  /** Null: the monitor's values only. */
  readonly endpoint: MonitoredEndpoint | null;
  /** Address of the folder with the runbooks. @default - see core's `runbook` */
  readonly runbooks?: string | undefined;
}

/** A model's part of its spec that monitoring depends on. @throws Error where the model has no monitoring */
export function monitoredModel(input: {
  context: Pick<StackContext, "name" | "environment">;
  model: string;
  place: Pick<Place, "region" | "stack" | "instance">;
  spec: ResolvedModelSpec;
  endpoint: { readonly endpoint: string; readonly variant: string } | null;
  instanceTypes?: InstanceTypeArgs | undefined;
  runbooks?: string | undefined;
}): MonitoredModel {
  const { context, model, place, spec, endpoint } = input;
  if (!spec.monitoring) throw new Error(`${model} has no monitoring`);
  return {
    stack: context.name,
    environment: context.environment,
    model,
    region: place.region,
    namespace: kpiNamespace(place),
    thresholds: effectiveThresholds(spec),
    // A schedule that does not run twice within two years is overdue after one.
    interval: longestInterval(spec.monitoring.schedule) ?? 365 * 86_400,
    endpoint: endpoint && spec.endpoint ? monitoredEndpoint(endpoint, spec.endpoint, input.instanceTypes) : null,
    runbooks: input.runbooks,
  };
}

function monitoredEndpoint(
  { endpoint, variant }: { readonly endpoint: string; readonly variant: string },
  spec: NonNullable<ResolvedModelSpec["endpoint"]>,
  types: InstanceTypeArgs | undefined,
): MonitoredEndpoint {
  const type = spec.kind === "serverless" ? undefined : endpointInstance(spec, types);
  return {
    name: endpoint,
    variant,
    kind: spec.kind,
    cpus: type === undefined ? undefined : vCpusOf(type),
    gpus: spec.gpu === 0 || type === undefined ? 0 : gpusOf(type, spec.gpu),
  };
}

/** One metric of CloudWatch, or an expression over others; ids are unique in a list. */
export type MetricQuery =
  | {
      readonly id: string;
      readonly namespace: string;
      readonly metricName: string;
      readonly dimensions: Readonly<Record<string, string>>;
      /** Statistic such as `Sum` or `p95`. */
      readonly stat: string;
    }
  | { readonly id: string; readonly expression: string };

/** Metrics of a KPI: the last one is its value, in the KPI's unit; `samples` the id of the number of rows or requests behind it. */
export interface KpiMetric {
  readonly queries: readonly MetricQuery[];
  readonly samples: string;
  /** Whether the service measures it all the time; else it is what the monitor has reported. */
  readonly live: boolean;
}

/** KPIs that SageMaker measures. */
const liveKpis: readonly KpiId[] = ["latency_p95", "error_rate", "throughput", "saturation"];

/** Where the value of a KPI is, as `kpiSources` of core says. */
export function kpiMetric(id: KpiId, model: MonitoredModel): KpiMetric {
  return model.endpoint && liveKpis.includes(id) ? liveMetric(id, model.endpoint) : reportedMetric(id, model);
}

/** What the thresholds of a KPI are compared with: its value, or what chance does not explain of it. */
export const judgedMetric = (id: KpiId, model: MonitoredModel): KpiMetric =>
  kpiCatalogue[id].beyondChance ? reportedMetric(id, model, `${id}_judged`) : kpiMetric(id, model);

function reportedMetric(
  id: KpiId,
  { stack, environment, model, namespace, thresholds }: MonitoredModel,
  metricName: string = id,
): KpiMetric {
  const dimensions = { Stack: stack, Stage: environment, Model: model };
  const common = { namespace, dimensions };
  // The worst of a period, should it have several reports.
  const stat = thresholds[id].direction === "up" ? "Minimum" : "Maximum";
  return {
    samples: "samples",
    live: false,
    queries: [
      { id: "samples", metricName: `${id}_samples`, stat: "Maximum", ...common },
      { id, metricName, stat, ...common },
    ],
  };
}

/** https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html */
function liveMetric(id: KpiId, endpoint: MonitoredEndpoint): KpiMetric {
  const dimensions = { EndpointName: endpoint.name, VariantName: endpoint.variant };
  const requests = { id: "requests", namespace: "AWS/SageMaker", metricName: "Invocations", stat: "Sum", dimensions };
  const invocations = { samples: "requests", live: true } as const;
  switch (id) {
    case "latency_p95":
      return {
        ...invocations,
        queries: [
          requests,
          { id: "microseconds", namespace: "AWS/SageMaker", metricName: "ModelLatency", stat: "p95", dimensions },
          { id, expression: "microseconds / 1000" },
        ],
      };
    case "error_rate":
      return {
        ...invocations,
        queries: [
          requests,
          { id: "errors", namespace: "AWS/SageMaker", metricName: "Invocation5XXErrors", stat: "Sum", dimensions },
          { id, expression: "errors / requests" },
        ],
      };
    case "throughput":
      return { ...invocations, queries: [requests, { id, expression: "requests / (PERIOD(requests) / 60)" }] };
    default:
      return { ...invocations, queries: [requests, ...saturation(endpoint)] };
  }
}

/** Use of CPU and GPU goes up to 100 % times their number; memory is that of the fullest replica. */
function saturation({ name, variant, cpus, gpus }: MonitoredEndpoint): MetricQuery[] {
  const used = (id: string, metricName: string): MetricQuery => ({
    id,
    namespace: "/aws/sagemaker/Endpoints",
    metricName,
    stat: "Maximum",
    dimensions: { EndpointName: name, VariantName: variant },
  });
  const parts = [
    ...(cpus === undefined ? [] : [{ query: used("cpu", "CPUUtilization"), share: `cpu / ${cpus}` }]),
    { query: used("memory", "MemoryUtilization"), share: "memory" },
    ...(gpus === 0 ? [] : [{ query: used("gpu", "GPUUtilization"), share: `gpu / ${gpus}` }]),
  ];
  const shares = parts.map(({ share }) => share);
  const expression = shares.length === 1 ? `${shares[0]} / 100` : `MAX([${shares.join(", ")}]) / 100`;
  return [...parts.map(({ query }) => query), { id: "saturation", expression }];
}
