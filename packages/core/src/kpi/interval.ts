import { CronError, type CronTimes, cronTimes } from "../spec/cron";

// A fixed calendar, so that the same schedule gives the same thresholds whenever it is computed. Two years without a 29 February: a yearly
// schedule runs twice, and one year is not longer than another.
const first = Date.UTC(2025, 0, 1);
const day = 86_400_000;
const days = 731;

/** Time in seconds that a run of a schedule may be late, with what it does before anybody sees it, until it counts as missing. */
export const scheduleGraceSeconds = 3600;

// Models have few schedules between them, and each is asked for by several KPIs: every program that makes a stack pays for the walk.
const known = new Map<string, number | undefined>();

/**
 * Greatest time in seconds between two runs of a schedule: over the weekend for one of working days. Days have 24 hours: changes to and from
 * summer time are left out.
 *
 * @param schedule cron expression of five fields, as the spec takes it
 * @returns undefined for what is none, or does not run twice within two years
 */
export function longestInterval(schedule: string): number | undefined {
  if (!known.has(schedule)) known.set(schedule, walk(schedule));
  return known.get(schedule);
}

function walk(schedule: string): number | undefined {
  const times = read(schedule);
  if (!times) return undefined;
  // A schedule runs at the same minutes of all the days on which it runs.
  const minutes = times.hours.flatMap((hour) => times.minutes.map((minute) => hour * 60 + minute));
  const earliest = minutes[0] ?? 0;
  const latest = minutes.at(-1) ?? 0;
  const gaps: number[] = [];
  let last: number | undefined;
  for (let count = 0; count < days; count++) {
    const date = new Date(first + count * day);
    if (!runsOn(times, date)) continue;
    if (last === undefined) gaps.push(...minutes.slice(1).map((minute, index) => minute - (minutes[index] ?? minute)));
    else gaps.push((count - last) * 24 * 60 + earliest - latest);
    last = count;
  }
  return gaps.length === 0 ? undefined : Math.max(...gaps) * 60;
}

const runsOn = ({ daysOfMonth, months, weekdays }: CronTimes, date: Date) =>
  months.includes(date.getUTCMonth() + 1) && daysOfMonth.includes(date.getUTCDate()) && weekdays.includes(date.getUTCDay());

function read(schedule: string): CronTimes | undefined {
  try {
    return cronTimes(schedule);
  } catch (error) {
    if (error instanceof CronError) return undefined;
    throw error;
  }
}
