import { describe, expect, it } from "vitest";
import { cronTimes, parseStackSpec, SpecError } from "../../src";
import { CronError, canonicalCron } from "../../src/spec/cron";
import { recordedSchedules, runsOf } from "../../src/testing/schedules";

const recorded = recordedSchedules();
const inUtc = recorded.filter(({ zone }) => zone === "UTC");
const accepts = (expression: string) => {
  try {
    return cronTimes(expression) !== undefined;
  } catch (error) {
    if (error instanceof CronError) return false;
    throw error;
  }
};
const accepted = inUtc.filter(({ expression }) => accepts(expression));
const refused = inUtc.filter(({ expression }) => !accepts(expression));
const instantsOf = (expression: string) => inUtc.find((each) => each.expression === expression)?.instants;

describe("a schedule that is accepted", () => {
  it("is one of many", () => {
    expect(accepted.length).toBeGreaterThan(50);
    expect(refused.length).toBeGreaterThan(30);
  });

  it.each(accepted)("runs as Argo runs what it is given: $expression", ({ expression, from }) => {
    const given = canonicalCron(expression);
    const instants = instantsOf(given);
    expect(instants?.length, `${given} is not in the table: see fixtures/schedules/main.go`).toBeGreaterThan(0);
    expect(runsOf(cronTimes(expression), from, 25).slice(0, instants?.length)).toEqual(instants);
    expect(canonicalCron(given)).toBe(given);
  });

  it.each(accepted.filter(({ error }) => error === undefined))("means what Argo makes of it: $expression", (each) => {
    expect(each.instants).toEqual(instantsOf(canonicalCron(each.expression)));
  });

  it("is one that Argo refuses as it stands where Sunday is 7", () => {
    expect(accepted.filter(({ error }) => error !== undefined).length).toBeGreaterThan(5);
  });
});

describe("a schedule that is refused", () => {
  it.each([
    ["0 3 */2 * 1", "has both days of the month and days of the week", "Put * into the third field or into the fifth."],
    ["0 0 1-31 * 1", "has both days of the month and days of the week", "Put * into the third field or into the fifth."],
    ["0 0 30 2 *", "never runs: no month of it has a day 30.", "Give a day that the month has"],
    ["0 0 31 4,6,9,11 *", "never runs: no month of it has a day 31.", "Give a day that the month has"],
    ["*/90 * * * *", 'the step of "*/90" is not from 1 to 60.', "Use a step within the field."],
    ["*/0 * * * *", 'the step of "*/0" is not from 1 to 60.', "Use a step within the field."],
    ["5/10 * * * *", '"5/10" has a step without a range.', 'Write the range, e.g. "5-59/10".'],
    ["0 0 * * 5-1", 'the range "5-1" ends before it begins.', "Write two ranges, as a list. Use 0 to 6 (or sun to sat)."],
    ["0 0 * * monday", '"monday" is not a day of the week.', "Use 0 to 6 (or sun to sat)."],
    ["0 25 * * *", '"25" is not an hour.', "Use 0 to 23."],
    ["0 0 1,,3 * *", '"" is not a day of the month.', "Use numbers"],
    ["+5 * * * *", '"+5" is not a minute.', "Use numbers"],
  ])("%s is told why, and what to write", (schedule, message, fix) => {
    const problem = problemOf(() => canonicalCron(schedule), CronError);
    expect(problem.message).toContain(message);
    expect(problem.fix).toContain(fix);
  });
});

describe("the schedule and time zone of a spec", () => {
  const resolve = (fields: object) =>
    parseStackSpec({
      name: "churn",
      models: {
        churn: {
          task: "regression",
          data: { path: "raw/a/", target: "y" },
          training: { gate: { metric: "r2", min: 0 }, ...fields },
          batch: fields,
          monitoring: fields,
        },
      },
    }).models.churn;

  it("are given to every part as the targets read them", () => {
    const model = resolve({ schedule: " 05  3 * jan-MAR fri-SUN", timezone: "europe/berlin" });
    for (const part of [model?.training, model?.batch, model?.monitoring]) {
      expect(part).toMatchObject({ schedule: "5 3 * 1-3 0,5-6", timezone: "Europe/Berlin" });
    }
  });

  it.each([
    ["UTC", "UTC"],
    ["utc", "UTC"],
    ["Etc/UTC", "UTC"],
    ["Europe/Oslo", "Europe/Oslo"],
    ["AMERICA/ARGENTINA/buenos_aires", "America/Argentina/Buenos_Aires"],
    ["America/Port-au-Prince", "America/Port-au-Prince"],
    ["Etc/GMT+5", "Etc/GMT+5"],
    ["Asia/Kolkata", "Asia/Kolkata"],
    ["Asia/Calcutta", "Asia/Kolkata"],
    ["us/pacific", "America/Los_Angeles"],
    ["Europe/Kiev", "Europe/Kyiv"],
  ])("zone %s is %s", (written, zone) => {
    expect(resolve({ timezone: written })?.training.timezone).toBe(zone);
  });

  // What docs/concepts/spec.md says of Kubernetes.
  it("leaves out an hour that is not there, and runs twice in one that comes twice, on Argo", () => {
    const night = (day: string) =>
      recorded
        .filter(({ zone, expression }) => zone === "Europe/Berlin" && expression === "30 2 * * *")
        .flatMap(({ instants }) => instants)
        .filter((run) => run.startsWith(day));
    expect(night("2027-03-28")).toEqual([]);
    expect(night("2027-10-31")).toEqual(["2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z"]);
  });

  it("names the same instants under an older name", () => {
    const at = (zone: string) => recorded.find((each) => each.zone === zone && each.expression === "0 3 * * 1")?.instants;
    expect(at("US/Pacific")).toEqual(at("America/Los_Angeles"));
    expect(at("Asia/Calcutta")).toEqual(at("Asia/Kolkata"));
    expect(recorded.find(({ zone }) => zone === "europe/berlin")?.error).toContain("unknown time zone");
  });

  it.each([
    ["Europe/Roma", "Europe/Rome"],
    ["Berlin", "Europe/Berlin"],
    ["America/Berlin", "Europe/Berlin"],
    ["New York", "America/New_York"],
    ["Japan", "Asia/Tokyo"],
    ["Asia/Calcuta", "Asia/Kolkata"],
  ])("zone %s is refused with %s", (written, zone) => {
    const error = problemOf(() => resolve({ timezone: written }), SpecError);
    const fix = `Did you mean "${zone}"? Write a name such as "Europe/Rome", or "UTC".`;
    expect(error.issues.map((issue) => issue.fix)).toEqual([fix, fix, fix]);
  });

  it.each(["", "CEST", "EST", "GMT", "+01:00", "Middle/Earth", "Europe/Berlin ", "../etc/passwd"])(
    "zone %j is refused",
    (timezone) => {
      expect(problemOf(() => resolve({ timezone }), SpecError).issues).toHaveLength(3);
    },
  );
});

function problemOf<E extends Error>(run: () => unknown, kind: new (...args: never[]) => E): E {
  try {
    run();
  } catch (error) {
    if (error instanceof kind) return error;
    throw error;
  }
  throw new Error("it was accepted");
}
