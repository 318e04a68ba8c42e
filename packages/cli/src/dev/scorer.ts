import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../errors";
import type { Task } from "./launch";
import { Interrupted, type Processes } from "./processes";

const readyTimeoutMilliseconds = 300_000;
/** Between two looks at a scorer that says nothing; one that writes a line is looked at at once. */
const pollMilliseconds = 250;

/** A scorer on this machine. */
export interface Scorer {
  readonly url: string;
  /** When it was started, in milliseconds since 1970. */
  readonly started: number;
  /** Whether it has answered. */
  readonly isReady: boolean;
  /** Resolves when it answers, at first without a model, with the seconds that took. @throws UserError where it does not come up */
  readonly ready: Promise<number>;
  /** Version that is served as champion; undefined where there is none yet. */
  champion(): Promise<string | undefined>;
  /** Resolves when the process ends, with its last words. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/** Starts a scorer, and does not wait for it. */
export function startScorer(processes: Processes, task: Task, url: string): Scorer {
  const started = Date.now();
  let isReady = false;
  let look: () => void = () => undefined;
  const server = processes.start(task, undefined, () => look());
  const ended = server.ended.then(
    ({ code, lastWords }) => lastWords || `it ended with exit code ${code} and said nothing. The runtime is ${task.command[0]}.`,
    (error: Error) => error.message,
  );
  let gone: string | undefined;
  void ended.then((words) => {
    gone = words;
    look();
  });
  const wait = async (): Promise<number> => {
    const deadline = started + readyTimeoutMilliseconds;
    for (;;) {
      const written = new Promise<void>((resolve) => {
        look = resolve;
      });
      if (await answersOk(`${url}/readyz`)) {
        isReady = true;
        return (Date.now() - started) / 1000;
      }
      if (processes.stopping) throw new Interrupted();
      if (gone !== undefined) throw new UserError(`The scorer did not start: ${gone}\n  Log: ${task.log}`);
      if (Date.now() > deadline)
        throw new UserError(`The scorer was not ready after ${readyTimeoutMilliseconds / 1000} seconds.\n  Log: ${task.log}`);
      await Promise.race([written, sleep(pollMilliseconds)]);
    }
  };
  const ready = wait();
  // Whoever waits for it is told; until then it is no unhandled failure.
  ready.catch(() => undefined);
  return {
    url,
    started,
    get isReady() {
      return isReady;
    },
    ready,
    champion: () => championAt(url),
    ended,
    stop: server.stop,
  };
}

async function answersOk(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

async function championAt(url: string): Promise<string | undefined> {
  try {
    const status = (await (await fetch(`${url}/status`)).json()) as { champion?: { version?: string } | null };
    return status.champion?.version;
  } catch {
    return undefined;
  }
}
