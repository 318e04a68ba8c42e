import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { messageOf, UserError } from "../errors";

/** One program to run. */
export interface Task {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  /** File that gets everything the program writes. */
  readonly log: string;
}

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

const keptCharacters = 64 * 1024;
const patienceMilliseconds = 5000;

/** The programs that this command has started. Each gets a process group of its own, so that none of its children outlives it. */
export class Processes {
  readonly #running = new Map<ChildProcess, Promise<Ending>>();
  #stopping = false;

  /** Whether everything is being stopped: nothing new may be started. */
  get stopping(): boolean {
    return this.#stopping;
  }

  /** Runs a program to its end. @throws Interrupted where `stopAll` was called meanwhile */
  async run(task: Task): Promise<Ending> {
    const ending = await this.start(task).ended;
    if (this.#stopping) throw new Interrupted();
    return ending;
  }

  /** Starts a program that goes on until it is stopped. */
  start(task: Task): { readonly ended: Promise<Ending>; readonly stop: () => Promise<void> } {
    if (this.#stopping) throw new Interrupted();
    const [program = "", ...args] = task.command;
    mkdirSync(dirname(task.log), { recursive: true });
    const child = spawn(program, args, {
      cwd: task.cwd,
      env: task.environment,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const ended = this.#watch(child, program, task.log);
    this.#running.set(child, ended);
    void ended.catch(() => undefined).then(() => this.#running.delete(child));
    return { ended, stop: () => stop(child, ended) };
  }

  /** Stops everything: asks first, then forces. */
  async stopAll(): Promise<void> {
    this.#stopping = true;
    await Promise.all([...this.#running].map(([child, ended]) => stop(child, ended)));
  }

  #watch(child: ChildProcess, program: string, logFile: string): Promise<Ending> {
    const log = createWriteStream(logFile);
    let stdout = "";
    let stderr = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
      log.write(chunk);
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      stderr = (stderr + chunk.toString()).slice(-keptCharacters);
      log.write(chunk);
    });
    return new Promise((resolve, reject) => {
      child.once("error", (error) => {
        log.end();
        reject(new UserError(`${program} cannot be started (${messageOf(error)}).`));
      });
      child.once("close", (code, signal) => {
        const killed = signal === null ? "" : `It was ended by the signal ${signal}.`;
        log.end(() => resolve({ code: code ?? 1, stdout, lastWords: lastWords(stderr) || killed }));
      });
    });
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

async function stop(child: ChildProcess, ended: Promise<Ending>): Promise<void> {
  signalGroup(child, "SIGTERM");
  const force = setTimeout(() => signalGroup(child, "SIGKILL"), patienceMilliseconds);
  await ended.catch(() => undefined);
  clearTimeout(force);
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended in this moment.
  }
}
