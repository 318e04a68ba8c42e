import { type CronTimes, cronTimes } from "@cyclops/core";

/** Range of each field of EventBridge's expressions. */
const bounds: Readonly<Record<Exclude<keyof CronTimes, "weekdays">, readonly [number, number]>> = {
  minutes: [0, 59],
  hours: [0, 23],
  daysOfMonth: [1, 31],
  months: [1, 12],
};
const weekdayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/**
 * The expression of EventBridge Scheduler that runs when a cron expression of five fields does; the time zone is a field of its own there. AWS
 * has a sixth field for the year, counts the days of the week from 1 on, and takes only one of the two kinds of day; core refuses both.
 *
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 *
 * @param cron validated by core
 */
export function scheduleExpression(cron: string): string {
  const times = cronTimes(cron);
  const field = (key: keyof typeof bounds) => rendered(times[key], bounds[key]);
  const everyWeekday = times.weekdays.length === weekdayNames.length;
  // One of the two must be a question mark.
  const day = everyWeekday ? field("daysOfMonth") : "?";
  const weekday = everyWeekday ? "?" : times.weekdays.map((value) => weekdayNames[value]).join(",");
  return `cron(${field("minutes")} ${field("hours")} ${day} ${field("months")} ${weekday} *)`;
}

/** Values as AWS writes them: all of them, a range, or a list. */
function rendered(values: readonly number[], [least, most]: readonly [number, number]): string {
  if (values.length === most - least + 1) return "*";
  const [first = least] = values;
  const step = (values[1] ?? first) - first;
  const even = values.every((value, index) => value === first + index * step);
  if (values.length > 2 && even && step === 1) return `${first}-${first + values.length - 1}`;
  if (values.length > 2 && even && first + values.length * step > most) return `${first}/${step}`;
  return values.join(",");
}
