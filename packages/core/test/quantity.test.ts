import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { durationSeconds, parseDuration, parseStorage } from "../src";

describe("quantities", () => {
  it.each([
    ["0s", 0],
    ["90s", 90],
    ["10m", 600],
    ["24h", 86_400],
    ["7d", 604_800],
  ])("%s is %d seconds", (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
    expect(durationSeconds(text)).toBe(seconds);
  });

  it.each([
    ["512Mi", 536_870_912],
    ["10Gi", 10_737_418_240],
    ["1Ti", 1_099_511_627_776],
    ["4Ki", 4096],
  ])("%s is %d bytes", (text, bytes) => {
    expect(parseStorage(text)).toBe(bytes);
  });

  it.each(["", "10", "m", "10 m", "1.5h", "-1h", "10M", "10min", "1h30m", " 10m", "10m\n", "１m", "99999999s"])(
    "%j is no duration",
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
      expect(() => durationSeconds(text)).toThrow(`not a duration: ${text}`);
    },
  );

  it.each(["", "10", "10G", "10GB", "1.5Gi", "-1Gi", "10gi", "Gi"])("%j is no storage size", (text) => {
    expect(parseStorage(text)).toBeUndefined();
  });

  it("are whole numbers for any amount and unit", () => {
    fc.assert(
      fc.property(
        fc.nat(999_999),
        fc.constantFrom("s", "m", "h", "d"),
        fc.constantFrom("Ki", "Mi", "Gi", "Ti"),
        (amount, unit, size) => {
          expect(Number.isInteger(parseDuration(`${amount}${unit}`))).toBe(true);
          expect(Number.isInteger(parseStorage(`${amount}${size}`))).toBe(true);
        },
      ),
    );
  });
});
