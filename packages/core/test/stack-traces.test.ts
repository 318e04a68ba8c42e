import { afterEach, describe, expect, it, vi } from "vitest";
import { withoutStackTraces } from "../src/stack-traces";

const here = "stack-traces.test.ts";
/** As Pulumi finds the place where a resource is declared. */
function wholeStack(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = Number.POSITIVE_INFINITY;
  try {
    return new Error("here").stack ?? "";
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

describe("withoutStackTraces", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("keeps no stack while it makes, and as before after it", () => {
    const before = Error.stackTraceLimit;
    expect(withoutStackTraces(() => new Error("within").stack)).toBe("Error: within");
    expect(Error.stackTraceLimit).toBe(before);
    expect(new Error("after").stack).toContain(here);
  });

  it("leaves the place of a declaration to be found", () => {
    expect(withoutStackTraces(wholeStack)).toContain(here);
  });

  it("gives what is thrown a stack, and keeps one that is there", () => {
    const thrownBy = (make: () => never): Error => {
      try {
        return withoutStackTraces(make);
      } catch (error) {
        return error as Error;
      }
    };
    const before = Error.stackTraceLimit;
    const late = thrownBy(() => {
      throw new TypeError("no value");
    });
    expect(late.stack).toMatch(/^TypeError: no value\n {4}at /);
    expect(late.stack).toContain(here);
    const early = new Error("early");
    const { stack } = early;
    expect(
      thrownBy(() => {
        throw early;
      }).stack,
    ).toBe(stack);
    expect(Error.stackTraceLimit).toBe(before);
  });

  it("keeps all stacks for whoever looks for promises that leak", () => {
    vi.stubEnv("PULUMI_DEBUG_PROMISE_LEAKS", "1");
    expect(withoutStackTraces(() => new Error("within").stack)).toContain(here);
  });
});
