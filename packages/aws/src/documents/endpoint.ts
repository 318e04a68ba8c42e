import type { ResolvedEndpointSpec } from "@cyclops/core";
import type { InstanceTypeArgs } from "../args";
import { endpointInstance, vCpusOf } from "./instances";
import type { Place } from "./place";

/** Address for predictions: signed requests of who may invoke the endpoint. */
export const invocationUrl = ({ region }: Pick<Place, "region">, endpoint: string): string =>
  `https://runtime.sagemaker.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}/endpoints/${endpoint}/invocations`;

/** What Application Auto Scaling calls the replicas of an endpoint. */
export const scalableReplicas = (endpoint: string, variant: string) => ({
  resourceId: `endpoint/${endpoint}/variant/${variant}`,
  scalableDimension: "sagemaker:variant:DesiredInstanceCount",
  serviceNamespace: "sagemaker",
});

/** Requests that wait in the queue of an asynchronous endpoint, for each replica that there should be. */
const backlogPerReplica = 5;

/**
 * How the number of replicas follows the load: CPU use, which SageMaker gives in percent of one CPU, so up to 100 times their number; an
 * asynchronous endpoint follows the length of its queue.
 *
 * https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
 */
export function scalingTarget(spec: ResolvedEndpointSpec, endpoint: string, variant: string, types?: InstanceTypeArgs) {
  const byEndpoint = { name: "EndpointName", value: endpoint };
  if (spec.kind === "async") {
    const metric = { namespace: "AWS/SageMaker", metricName: "ApproximateBacklogSizePerInstance", statistic: "Average" };
    return {
      targetValue: backlogPerReplica,
      scaleInCooldown: 300,
      scaleOutCooldown: 60,
      customizedMetricSpecification: { ...metric, dimensions: [byEndpoint] },
    };
  }
  const metric = { namespace: "/aws/sagemaker/Endpoints", metricName: "CPUUtilization", statistic: "Average", unit: "Percent" };
  return {
    targetValue: spec.targetUtilization * vCpusOf(endpointInstance(spec, types)),
    scaleInCooldown: 300,
    scaleOutCooldown: 60,
    customizedMetricSpecification: { ...metric, dimensions: [byEndpoint, { name: "VariantName", value: variant }] },
  };
}

/** One replica at once, where an asynchronous endpoint without any has requests. https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html */
export const wakeUp = {
  adjustmentType: "ChangeInCapacity",
  cooldown: 300,
  metricAggregationType: "Average",
  stepAdjustments: [{ metricIntervalLowerBound: "0", scalingAdjustment: 1 }],
};

/** The alarm that wakes an asynchronous endpoint up. */
export const wakeAlarm = {
  alarmDescription: "Requests wait, and there is no replica",
  namespace: "AWS/SageMaker",
  metricName: "HasBacklogWithoutCapacity",
  statistic: "Average",
  period: 60,
  evaluationPeriods: 2,
  threshold: 1,
  comparisonOperator: "GreaterThanOrEqualToThreshold",
  treatMissingData: "missing",
};
