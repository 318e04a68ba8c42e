import { cronTimes, parseStackSpec } from "@cyclops/core";
import { recordedSchedules, runsOf } from "@cyclops/core/testing";
import { describe, expect, it } from "vitest";
import { scheduleExpression } from "../../src/documents/schedule";

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const schedule = (expression: string) => {
  const training = { schedule: expression, gate: { metric: "r2", min: 0 } };
  const model = { task: "regression", data: { path: "raw/a/", target: "y" }, training };
  return parseStackSpec({ name: "churn", models: { churn: model } }).models.churn?.training.schedule ?? "";
};
const isAccepted = (expression: string) => {
  try {
    return cronTimes(expression) !== undefined;
  } catch {
    return false;
  }
};

/** When AWS runs a schedule, read as its documentation says: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html */
function timesOf(expression: string) {
  const [, inner = ""] = /^cron\((.*)\)$/.exec(expression) ?? [];
  const [minute = "", hour = "", day = "", month = "", weekday = "", year = ""] = inner.split(" ");
  const valuesOf = (field: string, least: number, most: number, names: readonly string[] = []) =>
    Array.from({ length: most - least + 1 }, (_, index) => least + index).filter(
      (value) =>
        field === "*" ||
        field === "?" ||
        field.split(",").some((part) => {
          const numberOf = (text: string) => (names.includes(text) ? names.indexOf(text) + least : Number(text));
          const [from = "", to] = part.split("-");
          const [start = "", step] = from.split("/");
          if (step !== undefined) return value >= Number(start) && (value - Number(start)) % Number(step) === 0;
          return value >= numberOf(start) && value <= numberOf(to ?? start);
        }),
    );
  expect([day, weekday].filter((field) => field === "?")).toHaveLength(1);
  expect(year).toBe("*");
  return {
    minutes: valuesOf(minute, 0, 59),
    hours: valuesOf(hour, 0, 23),
    daysOfMonth: valuesOf(day, 1, 31),
    months: valuesOf(month, 1, 12, months),
    weekdays: valuesOf(weekday, 0, 6, weekdays),
  };
}

describe("the schedule of EventBridge", () => {
  const recorded = recordedSchedules().filter(({ zone, expression }) => zone === "UTC" && isAccepted(expression));

  it.each(recorded)("runs when Argo's does: $expression", ({ expression, from }) => {
    const given = schedule(expression);
    const argo = recorded.find((each) => each.expression === given)?.instants ?? [];
    expect(argo.length).toBeGreaterThan(10);
    expect(runsOf(timesOf(scheduleExpression(given)), from, 25).slice(0, argo.length)).toEqual(argo);
  });

  it("is written as AWS wants it", () => {
    expect(scheduleExpression("0 3 * * 1")).toBe("cron(0 3 ? * MON *)");
    expect(scheduleExpression("0 5 * * *")).toBe("cron(0 5 * * ? *)");
    expect(scheduleExpression("*/15 * * * *")).toBe("cron(0/15 * * * ? *)");
    expect(scheduleExpression("0 4 1,15 * *")).toBe("cron(0 4 1,15 * ? *)");
    expect(scheduleExpression("0 9 * * 0,5-6")).toBe("cron(0 9 ? * SUN,FRI,SAT *)");
  });
});
