import { describe, expect, it } from "vitest";
import { longestInterval } from "../../src";
import { recordedSchedules } from "../../src/testing/schedules";

const hour = 3600;

describe("the longest interval of a schedule", () => {
  it.each([
    ["0 3 * * 1", 168],
    ["0 * * * *", 1],
    ["*/15 * * * *", 0.25],
    ["* * * * *", 1 / 60],
    ["30 2,14 * * *", 12],
    ["0 5 * * mon-fri", 72],
    ["*/5 9-17 * * 1-5", 63 + 5 / 60],
    ["0 0 1 * *", 31 * 24],
    ["0 0 31 * *", 61 * 24],
    ["0 0 1 1 *", 365 * 24],
    ["0 0 */2 * *", 48],
    ["0 9 * * 5-7", 120],
    ["0 0 1,15 1-6 *", 200 * 24],
    ["0 0 * * 7", 168],
  ])("of %s is %d hours", (schedule, hours) => {
    expect(longestInterval(schedule)).toBeCloseTo(hours * hour, 6);
  });

  it.each(["", "@daily", "0 0 3 * * 1", "0 25 * * *", "0 0 31 2 *", "0 0 29 2 *", "0 3 */2 * 1", "x * * * *"])(
    "of %j is not known",
    (schedule) => {
      expect(longestInterval(schedule)).toBeUndefined();
    },
  );

  // Intervals leave out the day that a leap year puts between two yearly runs.
  const recorded = recordedSchedules()
    .filter(({ expression }) => longestInterval(expression) !== undefined)
    .map(({ zone, expression, instants }) => ({ zone, expression, instants: instants.filter((run) => run < "2028-02-29") }));

  it.each(recorded.filter(({ zone, instants }) => zone === "UTC" && instants.length > 1))(
    "is not less than any between the runs that Argo makes of $expression",
    ({ expression, instants }) => {
      const gaps = instants.slice(1).map((run, index) => (Date.parse(run) - Date.parse(instants[index] ?? "")) / 1000);
      expect(Math.max(...gaps)).toBeLessThanOrEqual(longestInterval(expression) ?? 0);
    },
  );
});
