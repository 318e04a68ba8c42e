import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { type Exit, type Listener, type Program, signalGroup, startProcess, type Task } from "./launch";

// The other side: runtime/src/cyclops_runtime/warm_protocol.py.
interface Answer {
  readonly id?: number;
  readonly hello?: number;
  readonly ready?: boolean;
  readonly pid?: number;
  readonly refused?: string;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly code?: number;
  readonly signal?: NodeJS.Signals;
}

/** What the parent is asked for; the end of the parent answers too. */
interface Waiting {
  readonly answer: (answer: Answer) => void;
  readonly lost: () => void;
}

/** Ends of a child that say nothing about the step: libraries that do not bear a fork crash. */
const crashes: readonly string[] = ["SIGSEGV", "SIGBUS", "SIGABRT", "SIGILL", "SIGTRAP", "SIGFPE"];
const patienceMilliseconds = 5000;

/**
 * A process of the runtime that has imported what steps need, and forks a child for each: such a step starts in milliseconds instead
 * of seconds. Where it is not to be had (another runtime, no fork, a crash) steps are processes of their own.
 */
export class WarmParent {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  readonly #imported: Promise<void>;
  readonly #ended: Promise<void>;
  #sayImported: () => void = () => undefined;
  #state: "silent" | "importing" | "ready" | "gone" = "silent";
  #last = 0;

  constructor({ command, cwd, environment, log }: Task) {
    const [program = "", ...args] = command;
    mkdirSync(dirname(log), { recursive: true });
    const stderr = openSync(log, "w");
    this.#child = spawn(program, args, {
      cwd,
      // Frameworks of macOS end a forked process that uses them first: http://www.sealiesoftware.com/blog/archive/2017/6/5/Objective-C_and_fork_in_macOS_1013.html
      env: { ...environment, ...(process.platform === "darwin" ? { OBJC_DISABLE_INITIALIZE_FORK_SAFETY: "YES" } : {}) },
      stdio: ["pipe", "pipe", stderr],
      detached: true,
    });
    closeSync(stderr);
    this.#imported = new Promise((resolve) => {
      this.#sayImported = resolve;
    });
    // A parent that has ended cannot be written to; its end is what counts.
    this.#child.stdin?.on("error", () => undefined);
    if (this.#child.stdout) createInterface(this.#child.stdout).on("line", (line) => this.#hear(line));
    this.#ended = new Promise((resolve) => {
      const end = () => {
        this.#giveUp();
        resolve();
      };
      this.#child.once("error", end);
      this.#child.once("close", end);
    });
  }

  /** Whether it can start a step now. */
  get ready(): boolean {
    return this.#state === "ready";
  }

  /** Waits for the imports, if they are under way: the step would have to make the same ones. */
  async imported(): Promise<void> {
    if (this.#state === "importing") await this.#imported;
  }

  /** Starts a step: as its child, or, where that is not possible, as a process. */
  readonly start = (task: Task, listener: Listener): Program => {
    let signal: Program["signal"] | undefined;
    let told: NodeJS.Signals | undefined;
    const exited = this.#fork(task, listener, (child) => {
      signal = child;
      if (told !== undefined) child(told);
    }).catch((error: unknown) => {
      if (!(error instanceof Lost)) throw error;
      if (told !== undefined) return { code: null, signal: told };
      const instead = startProcess(task, listener);
      signal = instead.signal;
      return instead.exited;
    });
    return {
      exited,
      signal: (name) => {
        told = name;
        signal?.(name);
      },
    };
  };

  /** Ends it, and with it all of its children. */
  async stop(): Promise<void> {
    if (this.#waiting.size === 0) this.#child.kill("SIGKILL");
    else this.#child.stdin?.end();
    const force = setTimeout(() => this.#child.kill("SIGKILL"), patienceMilliseconds);
    await this.#ended;
    clearTimeout(force);
  }

  #fork({ command, cwd, environment }: Task, listener: Listener, begun: (signal: Program["signal"]) => void): Promise<Exit> {
    const id = ++this.#last;
    return new Promise<Exit>((resolve, reject) => {
      if (this.#state !== "ready") throw new Lost();
      let leader: number | undefined;
      const signal = (name: NodeJS.Signals) => {
        if (leader !== undefined) signalGroup(leader, name);
      };
      this.#waiting.set(id, {
        lost: () => {
          signal("SIGKILL");
          this.#waiting.delete(id);
          reject(new Lost());
        },
        answer: (answer) => {
          if (answer.pid !== undefined) {
            leader = answer.pid;
            begun(signal);
          }
          if (answer.stdout !== undefined) listener("stdout", Buffer.from(answer.stdout, "base64"));
          if (answer.stderr !== undefined) listener("stderr", Buffer.from(answer.stderr, "base64"));
          if (answer.refused !== undefined || crashes.includes(answer.signal ?? "")) this.#giveUp();
          else if (answer.code !== undefined || answer.signal !== undefined) {
            leader = undefined;
            this.#waiting.delete(id);
            resolve({ code: answer.code ?? null, signal: answer.signal ?? null });
          }
        },
      });
      const request = { id, arguments: command.slice(1), folder: cwd, environment };
      this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
    });
  }

  #hear(line: string): void {
    const answer = parse(line);
    if (answer === undefined || this.#state === "gone") return;
    if (answer.hello !== undefined) this.#state = "importing";
    if (answer.ready) {
      this.#state = "ready";
      this.#sayImported();
    }
    if (answer.id !== undefined) this.#waiting.get(answer.id)?.answer(answer);
  }

  /** From now on all steps are processes of their own; those under way are started anew, which every step bears. */
  #giveUp(): void {
    if (this.#state === "gone") return;
    this.#state = "gone";
    this.#sayImported();
    this.#child.stdin?.end();
    for (const { lost } of [...this.#waiting.values()]) lost();
  }
}

/** The parent has not run the step to its end. */
class Lost extends Error {}

function parse(line: string): Answer | undefined {
  try {
    const answer: unknown = JSON.parse(line);
    return typeof answer === "object" && answer !== null ? answer : undefined;
  } catch {
    return undefined; // another program's words
  }
}
