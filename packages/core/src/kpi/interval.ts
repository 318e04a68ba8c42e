import { Cron } from "croner";

// A fixed calendar, so that the same schedule gives the same thresholds whenever it is computed. Two years without a 29 February: a yearly
// schedule runs twice, and one year is not longer than another.
const first = Date.UTC(2025, 0, 1);
const day = 86_400_000;
const days = 731;
/** A schedule of days of the week alone; the second Monday or last Friday of a month is none. */
const weekly = /^\s*\S+\s+\S+\s+\*\s+\*\s+[^\s#L]+\s*$/i;

/** Time in seconds that a run of a schedule may be late, with what it does before anybody sees it, until it counts as missing. */
export const scheduleGraceSeconds = 3600;

// Models have few schedules between them, and each is asked for by several KPIs: every program that makes a stack pays for the walk.
const known = new Map<string, number | undefined>();

/**
 * Greatest time in seconds between two runs of a schedule: over the weekend for one of working days. Days have 24 hours: changes to and from
 * summer time are left out.
 *
 * @param schedule cron expression of five fields
 * @returns undefined for what is none, or does not run twice within two years
 */
export function longestInterval(schedule: string): number | undefined {
  if (!known.has(schedule)) known.set(schedule, walk(schedule));
  return known.get(schedule);
}

function walk(schedule: string): number | undefined {
  const cron = parse(schedule);
  if (!cron) return undefined;
  // Two weeks and a day show all there is of a schedule that is the same every week.
  const end = first + (weekly.test(schedule) ? 15 : days) * day;
  let longest: number | undefined;
  let last: number | undefined;
  let times: readonly number[] | undefined;
  for (let next = runAfter(cron, first - 1); next !== undefined && next < end; ) {
    const midnight = Math.floor(next / day) * day;
    // A schedule runs at the same times on all the days on which it runs.
    times ??= timesOfDay(cron, midnight);
    const runs = last === undefined ? times.map((time) => midnight + time) : [last, midnight + (times[0] ?? 0)];
    for (const [index, run] of runs.entries()) {
      if (index > 0) longest = Math.max(longest ?? 0, run - (runs[index - 1] ?? run));
    }
    last = midnight + (times.at(-1) ?? 0);
    next = runAfter(cron, midnight + day - 1);
  }
  return longest === undefined ? undefined : longest / 1000;
}

function parse(schedule: string): Cron | undefined {
  if (schedule.trim().split(/\s+/).length !== 5) return undefined;
  try {
    // An offset and not the time zone UTC: with a zone `Intl` computes every run, which takes several times as long.
    return new Cron(schedule, { mode: "5-part", paused: true, utcOffset: 0 });
  } catch {
    return undefined;
  }
}

const runAfter = (cron: Cron, moment: number) => cron.nextRun(new Date(moment))?.getTime();

/** Milliseconds after midnight of each run of the day. */
function timesOfDay(cron: Cron, midnight: number): number[] {
  const times: number[] = [];
  for (let run = runAfter(cron, midnight - 1); run !== undefined && run < midnight + day; run = runAfter(cron, run))
    times.push(run - midnight);
  return times;
}
