import { readFileSync } from "node:fs";
import path from "node:path";
import type { CronTimes } from "../spec/cron";

/** When robfig/cron, which Argo has, runs a schedule; see fixtures/schedules/main.go. */
export interface RecordedSchedule {
  readonly zone: string;
  readonly expression: string;
  /** The instant from which on `instants` are those of its runs. */
  readonly from: string;
  /** What robfig/cron refuses it with. */
  readonly error?: string;
  /** The first 25 runs, or all of them for a schedule with less. */
  readonly instants: readonly string[];
}

/** Schedules with the instants at which Argo runs them: what core accepts and what it refuses. */
export const recordedSchedules = (): RecordedSchedule[] =>
  JSON.parse(readFileSync(path.join(__dirname, "../../fixtures/schedules/instants.json"), "utf8")) as RecordedSchedule[];

/** The first runs in UTC of a schedule with these times, as the instants of `recordedSchedules`: fewer than `count` within 80 years. */
export function runsOf(times: CronTimes, from: string, count: number): string[] {
  const runs: string[] = [];
  const begin = Date.parse(from);
  for (let day = 0; day < 80 * 366 && runs.length < count; day++) {
    const date = new Date(begin + day * 86_400_000);
    const [year, month, dayOfMonth] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
    const matches = times.daysOfMonth.includes(dayOfMonth) && times.weekdays.includes(date.getUTCDay());
    if (!matches || !times.months.includes(month + 1)) continue;
    for (const hour of times.hours) {
      for (const minute of times.minutes) {
        const run = Date.UTC(year, month, dayOfMonth, hour, minute);
        if (run >= begin) runs.push(new Date(run).toISOString().replace(".000Z", "Z"));
      }
    }
  }
  return runs.slice(0, count);
}
