/**
 * What `make` returns, while V8 keeps no stacks of calls. Pulumi takes one for each of the dozens of promises of a resource, which only its
 * detector of leaks ever prints, and writing them out is a quarter of what the construction of a stack takes:
 * https://github.com/pulumi/pulumi/blob/v3.270.0/sdk/nodejs/runtime/debuggable.ts
 * Where a resource is declared Pulumi finds with a limit of its own, so the engine knows it still. An error of `make` gets its stack from
 * here on, and whoever looks for leaks (`PULUMI_DEBUG_PROMISE_LEAKS`) all stacks.
 */
export function withoutStackTraces<Made>(make: () => Made): Made {
  if (process.env.PULUMI_DEBUG_PROMISE_LEAKS) return make();
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } catch (error) {
    Error.stackTraceLimit = stackTraceLimit;
    if (error instanceof Error && !error.stack?.includes("\n    at ")) Error.captureStackTrace(error, withoutStackTraces);
    throw error;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
