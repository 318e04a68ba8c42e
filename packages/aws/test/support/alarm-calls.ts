import type { Alarm } from "../../src/documents/alarms";

/** The same object with the names of fields as the API has them. */
function capital(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(capital);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [`${key.charAt(0).toUpperCase()}${key.slice(1)}`, capital(part)]),
  );
}

/** A call of PutMetricAlarm, for `check_calls.py`. */
export function putAlarm(place: string, { key, args }: Alarm) {
  const { metricQueries, ...others } = args;
  const Metrics = metricQueries.map(({ metric, ...query }) => {
    if (!metric) return capital(query);
    const { period, stat, dimensions, ...rest } = metric;
    const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
    const Metric = { ...(capital(rest) as object), Dimensions };
    return { ...(capital(query) as object), MetricStat: { Metric, Period: period, Stat: stat } };
  });
  const parameters = { AlarmName: key, ...(capital(others) as object), Metrics };
  return { place: `${place}: ${key}`, integration: "aws-sdk:cloudwatch:putMetricAlarm", parameters };
}
