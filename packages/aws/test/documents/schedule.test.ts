import { Cron } from "croner";
import { describe, expect, it } from "vitest";
import { scheduleExpressions } from "../../src/documents/schedule";

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** Whether AWS runs a schedule in a minute, as its documentation says. */
function runsAt(expression: string, date: Date): boolean {
  const [, inner = ""] = /^cron\((.*)\)$/.exec(expression) ?? [];
  const [minute = "", hour = "", day = "", month = "", weekday = "", year = ""] = inner.split(" ");
  const has = (field: string, value: number, names: readonly string[] = []) =>
    field === "*" ||
    field === "?" ||
    field.split(",").some((part) => {
      const numberOf = (text: string) => (names.includes(text) ? names.indexOf(text) + (names === months ? 1 : 0) : Number(text));
      const [from = "", to] = part.split("-");
      const [start = "", step] = from.split("/");
      if (step !== undefined) return value >= Number(start) && (value - Number(start)) % Number(step) === 0;
      return value >= numberOf(start) && value <= numberOf(to ?? start);
    });
  expect([day, weekday].filter((field) => field === "?")).toHaveLength(1);
  expect(year).toBe("*");
  return (
    has(minute, date.getUTCMinutes()) &&
    has(hour, date.getUTCHours()) &&
    has(day, date.getUTCDate()) &&
    has(month, date.getUTCMonth() + 1, months) &&
    has(weekday, date.getUTCDay(), weekdays)
  );
}

const expressions = [
  "0 3 * * 1",
  "0 5 * * *",
  "*/15 * * * *",
  "7,37 6-18 * * 1-5",
  "0 0 1 */3 *",
  "30 2 29 2 *",
  "0 12 * * 0",
  "0 12 * * 7",
  "0 12 * * sun,WED",
  "5-59/20 0-23/6 * jan-mar *",
  "0 0 */2 * 1",
  "0 4 1,15 * 5",
  "0 0 31 * *",
  "59 23 28-31 12 *",
  "0 9 * * 5-7",
  "10-40/10 * */10 * *",
];

describe("the schedules of EventBridge", () => {
  it.each(expressions)("run when cron does: %s", (cron) => {
    const schedules = scheduleExpressions(cron);
    const oracle = new Cron(cron, { mode: "5-part", paused: true, utcOffset: 0 });
    // The minutes of its runs, and those around them: an hour, a day and a minute off.
    let run: Date | null = new Date(Date.UTC(2027, 0, 1));
    for (let count = 0; count < 60; count++) {
      run = oracle.nextRun(run);
      if (!run) break;
      for (const offset of [0, 60_000, -60_000, 3_600_000, 86_400_000, -86_400_000, 7_201_000]) {
        const moment = new Date(run.getTime() + offset);
        const expected = oracle.match(moment.toISOString().replace(/\.\d+Z$/, ""));
        const seconds = moment.getUTCSeconds() === 0;
        expect(
          seconds && schedules.some((expression) => runsAt(expression, moment)),
          `${schedules.join(" ")} at ${moment.toISOString()}`,
        ).toBe(expected && seconds);
      }
    }
  });

  it("are written as AWS wants them", () => {
    expect(scheduleExpressions("0 3 * * 1")).toEqual(["cron(0 3 ? * MON *)"]);
    expect(scheduleExpressions("0 5 * * *")).toEqual(["cron(0 5 * * ? *)"]);
    expect(scheduleExpressions("*/15 * * * *")).toEqual(["cron(0/15 * * * ? *)"]);
    // Days of the month and of the week: either of them, which takes two.
    expect(scheduleExpressions("0 4 1,15 * 5")).toEqual(["cron(0 4 1,15 * ? *)", "cron(0 4 ? * FRI *)"]);
  });
});
