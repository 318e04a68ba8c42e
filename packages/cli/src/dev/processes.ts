import { createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { UserError, whyNotWritten } from "../errors";
import { type Listener, type Program, startProcess, type Task } from "./launch";

/** How a program ended. */
export interface Ending {
  readonly code: number;
  readonly stdout: string;
  /** The last sentence on stderr that is not a log line: what the program says to its user. */
  readonly lastWords: string;
}

/** The user has pressed Ctrl-C (or the process was told to stop). */
export class Interrupted extends Error {
  public override readonly name = "Interrupted";
}

/** What is to be stopped with everything else. */
interface Stoppable {
  stop(): Promise<void>;
}

/** How a program is started. */
export type Starter = (task: Task, listener: Listener) => Program;

const keptCharacters = 64 * 1024;
const patienceMilliseconds = 5000;

/** The programs that this command has started. Each gets a process group of its own, so that none of its children outlives it. */
export class Processes {
  readonly #running = new Map<Program, Promise<Ending>>();
  readonly #helpers: Stoppable[] = [];
  readonly #started: (pid: number) => void;
  #stopping = false;
  #fail: (error: UserError) => void = () => undefined;
  #failure: UserError | undefined;

  /** Rejects when a log can no longer be written: the runs would go on without saying what they do. @throws UserError */
  readonly failed: Promise<never>;

  /** @param started is told of each process that somebody has to stop, should this command be killed */
  constructor(started: (pid: number) => void = () => undefined) {
    this.#started = started;
    this.failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.failed.catch(() => undefined);
  }

  /** Whether everything is being stopped: nothing new may be started. */
  get stopping(): boolean {
    return this.#stopping;
  }

  /** Runs a program to its end. @throws Interrupted where `stopAll` was called meanwhile */
  async run(task: Task, starter?: Starter): Promise<Ending> {
    const ending = await Promise.race([this.start(task, starter).ended, this.failed]);
    if (this.#stopping) throw new Interrupted();
    return ending;
  }

  /** Starts a program that goes on until it is stopped; `listener` hears what it writes. */
  start(
    task: Task,
    starter: Starter = startProcess,
    listener?: Listener,
  ): { readonly ended: Promise<Ending>; readonly stop: () => Promise<void> } {
    if (this.#stopping) throw new Interrupted();
    if (this.#failure) throw this.#failure;
    mkdirSync(dirname(task.log), { recursive: true });
    const log = createWriteStream(task.log);
    log.on("error", (error) => this.#logBroke(task.log, error));
    let stdout = "";
    let stderr = "";
    const program = starter(task, (stream, chunk) => {
      log.write(chunk);
      if (stream === "stdout") stdout += chunk.toString();
      else stderr = (stderr + chunk.toString()).slice(-keptCharacters);
      listener?.(stream, chunk);
    });
    const closeLog = () => new Promise<void>((resolve) => log.end(resolve));
    const ended = program.exited.then(
      async ({ code, signal }) => {
        await closeLog();
        const killed = signal === null ? "" : `It was ended by the signal ${signal}.`;
        return { code: code ?? 1, stdout, lastWords: lastWords(stderr) || killed };
      },
      async (error: unknown) => {
        await closeLog();
        throw error;
      },
    );
    this.#running.set(program, ended);
    void ended.catch(() => undefined).then(() => this.#running.delete(program));
    if (program.pid !== undefined) this.#started(program.pid);
    return { ended, stop: () => stop(program, ended) };
  }

  #logBroke(log: string, error: Error): void {
    this.#failure ??= new UserError(
      `The log ${log} cannot be written: ${whyNotWritten(error)}.`,
      `Make room in ${dirname(log)}, or name another folder with --workdir.`,
    );
    this.#fail(this.#failure);
  }

  /** Has `stopAll` stop this too. */
  include<Helper extends Stoppable>(helper: Helper): Helper {
    this.#helpers.push(helper);
    return helper;
  }

  /** Stops everything: asks first, then forces. */
  async stopAll(): Promise<void> {
    this.#stopping = true;
    const programs = [...this.#running].map(([program, ended]) => stop(program, ended));
    await Promise.all([...programs, ...this.#helpers.map((helper) => helper.stop())]);
  }
}

/** The last line that a program has written for people: log lines (`time=… level=…`) are for machines. */
export function lastWords(stderr: string): string {
  const lines = stderr
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  const words =
    lines.findLast((line) => line.startsWith("error:")) ??
    lines.findLast((line) => !line.startsWith("time=")) ??
    lines.at(-1) ??
    "";
  return words.replace(/^error:\s*/, "");
}

async function stop(program: Program, ended: Promise<Ending>): Promise<void> {
  program.signal("SIGTERM");
  const force = setTimeout(() => program.signal("SIGKILL"), patienceMilliseconds);
  await ended.catch(() => undefined);
  clearTimeout(force);
}

/** What watches for Ctrl-C. */
interface Interrupts {
  readonly signal: AbortSignal;
  /** Resolves on Ctrl-C. */
  readonly wait: Promise<void>;
  readonly ignore: () => void;
}

/** Stops the children on Ctrl-C; a second Ctrl-C changes nothing, since they are forced after a few seconds anyway. */
export function watchInterrupts(processes: Processes): Interrupts {
  const controller = new AbortController();
  const interrupt = () => {
    controller.abort();
    void processes.stopAll();
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, interrupt);
  const wait = new Promise<void>((resolve) => controller.signal.addEventListener("abort", () => resolve()));
  return {
    signal: controller.signal,
    wait,
    ignore: () => {
      for (const signal of signals) process.off(signal, interrupt);
    },
  };
}
