import { setImmediate } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";

/** When work counts as finished. */
interface SettleOptions {
  /** Number of requests so far; the work is over when it stands still. */
  readonly activity: () => number;
  /** Seconds after which the work fails. */
  readonly timeoutSeconds: number;
}

// Promises alone are finished after one turn of the event loop; the SDK now and then takes a second one.
const quietTurns = 3;

/**
 * Runs Pulumi code, waits for everything it has started, and hands back its result.
 *
 * Errors of registrations that nobody awaits reach Node as unhandled rejections; for as long as the work runs they are taken as errors of
 * the work. The listeners of others (a test runner's) are set aside for that time.
 *
 * @throws the first error of the work, the same object
 */
export async function settle<Result>(work: () => Promise<Result>, { activity, timeoutSeconds }: SettleOptions): Promise<Result> {
  const errors: unknown[] = [];
  const others = process.listeners("unhandledRejection");
  const own = (reason: unknown) => errors.push(reason);
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", own);
  const timer = startTimer(timeoutSeconds);
  try {
    const [result] = await Promise.race([timer.expired, Promise.allSettled([work()])]);
    await Promise.race([timer.expired, quiet(activity)]);
    if (result.status === "rejected") throw result.reason;
    if (errors.length > 0) throw errors[0];
    if (pulumi.log.hasErrors()) throw new Error("the program has logged an error");
    return result.value;
  } catch (error) {
    // A registration that failed can leave others waiting for ever: then its error is the one to tell.
    throw error === timer.error && errors.length > 0 ? errors[0] : error;
  } finally {
    timer.stop();
    process.removeListener("unhandledRejection", own);
    for (const listener of others) process.on("unhandledRejection", listener);
  }
}

/** Waits until no registration is under way and none is added. */
async function quiet(activity: () => number): Promise<void> {
  for (let turns = 0; turns < quietTurns; ) {
    const before = activity();
    await pulumi.runtime.disconnect();
    await setImmediate();
    turns = activity() === before ? turns + 1 : 0;
  }
}

function startTimer(seconds: number): { readonly error: Error; readonly expired: Promise<never>; stop(): void } {
  const error = new Error(`the program has not ended after ${seconds} s: a promise or an output is never resolved`);
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(error), seconds * 1000);
  });
  return { error, expired, stop: () => clearTimeout(timer) };
}
