import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../errors";
import { Interrupted, type Processes, type Task } from "./processes";

const readyTimeoutMilliseconds = 300_000;
const pollMilliseconds = 100;

/** A scorer on this machine. */
export interface Scorer {
  readonly url: string;
  /** Version that is served as champion; undefined where there is none yet. */
  champion(): Promise<string | undefined>;
  /** Resolves when the process ends, with its last words. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/** Starts a scorer and waits until it answers: at first without a model. @throws UserError where it does not come up */
export async function startScorer(processes: Processes, task: Task, url: string): Promise<Scorer> {
  const server = processes.start(task);
  const ended = server.ended.then(
    ({ code, lastWords }) => lastWords || `it ended with exit code ${code}.`,
    (error: Error) => error.message,
  );
  let gone: string | undefined;
  void ended.then((words) => {
    gone = words;
  });
  const deadline = Date.now() + readyTimeoutMilliseconds;
  while (!(await answersOk(`${url}/readyz`))) {
    if (processes.stopping) throw new Interrupted();
    if (gone !== undefined) throw new UserError(`The scorer did not start: ${gone}\n  Log: ${task.log}`);
    if (Date.now() > deadline)
      throw new UserError(`The scorer was not ready after ${readyTimeoutMilliseconds / 1000} seconds.\n  Log: ${task.log}`);
    await sleep(pollMilliseconds);
  }
  return { url, champion: () => championAt(url), ended, stop: server.stop };
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
