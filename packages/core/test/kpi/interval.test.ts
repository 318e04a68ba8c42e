import { describe, expect, it } from "vitest";
import { longestInterval } from "../../src";

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
    ["0 0 1 * 0", 168],
    ["0 0 * * 7", 168],
  ])("of %s is %d hours", (schedule, hours) => {
    expect(longestInterval(schedule)).toBeCloseTo(hours * hour, 6);
  });

  it.each(["", "@daily", "0 0 3 * * 1", "0 25 * * *", "0 0 31 2 *", "0 0 29 2 *", "x * * * *"])(
    "of %j is not known",
    (schedule) => {
      expect(longestInterval(schedule)).toBeUndefined();
    },
  );
});
