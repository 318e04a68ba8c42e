import type { Target } from "../contract/provider";
import { type KpiId, kpiCatalogue } from "./catalogue";

/** Where a KPI's value is found on one target. */
export interface KpiSource {
  /** `monitor`: written by the runtime's `monitor` command on its schedule; `service`: measured all the time by the target's service. */
  readonly origin: "monitor" | "service";
  /** What holds the metric: a CloudWatch namespace, a prefix of metric types, a Log Analytics table or resource type, or Prometheus. */
  readonly place: string;
  /** Metric or metrics in that place, in the target's own language. */
  readonly metric: string;
  /** How the values of one period become one. */
  readonly aggregation: string;
  /** Factor from the metric's unit to the KPI's, e.g. 0.001 from microseconds to milliseconds. */
  readonly scale: number;
  /** A quirk of the metric. */
  readonly note?: string;
}

type SourceByTarget = Readonly<Record<Target, KpiSource>>;

/** Where chance may explain a value: what thresholds are compared with. */
const judgedBy = (id: KpiId, metric: string): string =>
  kpiCatalogue[id].beyondChance ? ` Thresholds are compared with ${metric}.` : "";

/** A KPI that the monitor computes; all targets get it from the same report (the runtime's `monitoring/sinks`). */
const fromMonitor = (id: KpiId): SourceByTarget => ({
  aws: {
    origin: "monitor",
    place: "CyclOps/<stack>-<instance>",
    metric: id,
    // The worst of a period, should it have several reports.
    aggregation: kpiCatalogue[id].direction === "up" ? "Minimum" : "Maximum",
    scale: 1,
    note: `The namespace is the platform's, dimensions are Stack, Stage and Model; samples are the metric <id>_samples; ignore missing data.${judgedBy(id, "<id>_judged")}`,
  },
  gcp: {
    origin: "monitor",
    place: "custom.googleapis.com/cyclops",
    metric: id,
    aggregation: "ALIGN_MEAN",
    scale: 1,
    note: `Labels stack, environment, model and version; samples are the metric <id>_samples.${judgedBy(id, "<id>_judged")}`,
  },
  azure: {
    origin: "monitor",
    place: "ModelKpi_CL",
    metric: `ModelKpi_CL | where Kpi_s == "${id}" | summarize arg_max(TimeGenerated, Value_d, Judged_d, Samples_d) by Stack, Stage, Model`,
    aggregation: "the newest report",
    scale: 1,
  },
  onprem: {
    origin: "monitor",
    place: "Prometheus",
    metric: `mlops_kpi{kpi="${id}"}`,
    aggregation: "the newest report",
    scale: 1,
    note: `Rows or requests behind it: mlops_kpi_samples{kpi="..."}.${judgedBy(id, 'mlops_kpi_judged{kpi="..."}')}`,
  },
});

const sageMaker = { origin: "service", place: "AWS/SageMaker" } as const;
const vertex = { origin: "service", place: "aiplatform.googleapis.com/prediction/online" } as const;
const azureEndpoint = { origin: "service", place: "Microsoft.MachineLearningServices/workspaces/onlineEndpoints" } as const;
const recorded = { origin: "service", place: "Prometheus", aggregation: "recording rule over five minutes", scale: 1 } as const;

/**
 * Sources of the KPIs that a serving platform measures itself.
 *
 * - SageMaker: https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
 * - Vertex AI: https://cloud.google.com/monitoring/api/metrics_gcp_a_b#gcp-aiplatform
 * - Azure: https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-machinelearningservices-workspaces-onlineendpoints-metrics
 */
const fromService: Partial<Record<KpiId, SourceByTarget>> = {
  latency_p95: {
    aws: {
      ...sageMaker,
      metric: "ModelLatency",
      aggregation: "p95",
      scale: 0.001,
      note: "Microseconds: a threshold in ms is multiplied by 1,000. Dimensions EndpointName and VariantName.",
    },
    gcp: { ...vertex, metric: "prediction_latencies", aggregation: "ALIGN_PERCENTILE_95", scale: 1, note: "Distribution in ms." },
    azure: { ...azureEndpoint, metric: "RequestLatency_P95", aggregation: "Average", scale: 1, note: "Milliseconds." },
    onprem: { ...recorded, metric: "cyclops:latency_p95:milliseconds" },
  },
  error_rate: {
    aws: {
      ...sageMaker,
      metric: "Invocation5XXErrors / Invocations",
      aggregation: "Sum",
      scale: 1,
      note: "Metric math; a period without Invocations has no value.",
    },
    gcp: {
      ...vertex,
      metric: "response_count{response_code>=500} / response_count",
      aggregation: "ALIGN_RATE",
      scale: 1,
      note: "error_count also counts requests that are the client's fault.",
    },
    azure: {
      ...azureEndpoint,
      metric: 'RequestsPerMinute{statusCodeClass="5xx"} / RequestsPerMinute',
      aggregation: "Average",
      scale: 1,
      note: "A metric alert cannot divide: alert on a query over both, or on the count of 5xx.",
    },
    onprem: { ...recorded, metric: "cyclops:error_rate:ratio" },
  },
  throughput: {
    aws: {
      ...sageMaker,
      metric: "Invocations",
      aggregation: "Sum",
      scale: 1,
      note: "Per period: a period of 60 s gives requests/min.",
    },
    gcp: { ...vertex, metric: "prediction_count", aggregation: "ALIGN_RATE", scale: 60, note: "A rate is per second." },
    azure: { ...azureEndpoint, metric: "RequestsPerMinute", aggregation: "Average", scale: 1 },
    onprem: { ...recorded, metric: "cyclops:throughput:per_minute" },
  },
  saturation: {
    aws: {
      origin: "service",
      place: "/aws/sagemaker/Endpoints",
      metric: "max(CPUUtilization / vCPUs, MemoryUtilization, GPUUtilization / GPUs)",
      aggregation: "Maximum",
      scale: 0.01,
      note: "Percent; CPU and GPU go up to 100 times their number.",
    },
    gcp: {
      ...vertex,
      metric: "max(cpu/utilization, accelerator/duty_cycle)",
      aggregation: "ALIGN_MAX",
      scale: 1,
      note: "memory/bytes_used has no limit beside it.",
    },
    azure: {
      origin: "service",
      place: "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments",
      metric: "max(CpuUtilizationPercentage, CpuMemoryUtilizationPercentage, GpuUtilizationPercentage)",
      aggregation: "Maximum",
      scale: 0.01,
      note: "Percent.",
    },
    onprem: { ...recorded, metric: "cyclops:saturation:ratio" },
  },
};

/** Where one KPI is found on each target. */
export function kpiSources(id: KpiId): SourceByTarget {
  return fromService[id] ?? fromMonitor(id);
}
