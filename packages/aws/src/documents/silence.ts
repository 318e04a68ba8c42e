import { scheduleGraceSeconds } from "@cyclops/core";

const period = 3600;
/** Seconds that an alarm with periods of an hour or more looks back at most. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
const longestLook = 604_800;
/** Minutes. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_WarmUpConfiguration.html */
const longestWarmUp = 2880;

/** How an alarm waits for what has to come once in an interval at least. */
export interface Silence {
  /** Seconds. */
  readonly period: number;
  readonly args: {
    readonly evaluationPeriods: number;
    readonly datapointsToAlarm: number;
    readonly treatMissingData: "breaching";
    readonly warmUpConfiguration: {
      readonly warmUpPeriodDurationInMinutes: number;
      readonly onlyStartEvaluatingAfterWarmUpPeriodEnds: boolean;
    };
  };
}

/**
 * Waits an interval and the time that a run may be late, in whole hours: where values are missing, CloudWatch looks back further than it was
 * told, by a number of periods that it does not tell, and hours keep that short. What is more than a day is judged once an hour, as of
 * the full hour. Of a weekly schedule the hour of the last run is the first of the week that an alarm sees: there is no time to be late.
 *
 * An alarm that was just made judges nothing until the time has passed once, but for two days at most, which is CloudWatch's limit.
 *
 * - https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 * - https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 * - https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-warm-up.html
 *
 * @param interval seconds, as core's `longestInterval` has them
 * @returns undefined for an interval of more than a week, which no alarm can look back
 */
export function silenceOf(interval: number | undefined): Silence | undefined {
  if (interval === undefined || interval > longestLook) return undefined;
  const periods = Math.ceil(Math.min(interval + scheduleGraceSeconds, longestLook) / period);
  return {
    period,
    args: {
      evaluationPeriods: periods,
      datapointsToAlarm: periods,
      treatMissingData: "breaching",
      warmUpConfiguration: {
        warmUpPeriodDurationInMinutes: Math.min((periods * period) / 60, longestWarmUp),
        onlyStartEvaluatingAfterWarmUpPeriodEnds: true,
      },
    },
  };
}
