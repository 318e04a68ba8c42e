import { type ChildProcess, spawn } from "node:child_process";
import { messageOf, UserError } from "../errors";

/** One program to run. */
export interface Task {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  /** File that gets everything the program writes. */
  readonly log: string;
}

/** Who is told what a program writes. */
export type Listener = (stream: "stdout" | "stderr", chunk: Buffer) => void;

/** How a process has ended: one of both is null. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A program that runs, with a process group of its own. */
export interface Program {
  /** Settles when it has ended and nobody writes any more. @throws UserError where it cannot be started */
  readonly exited: Promise<Exit>;
  /** Id of its process, which leads the group. @default - another process answers for it, or it could not be started */
  readonly pid?: number;
  /** Sends a signal to its processes. */
  signal(name: NodeJS.Signals): void;
}

/** Starts a program as a process of its own. */
export function startProcess({ command, cwd, environment }: Task, listener: Listener): Program {
  const [program = "", ...args] = command;
  const child = spawn(program, args, { cwd, env: environment, stdio: ["ignore", "pipe", "pipe"], detached: true });
  child.stdout.on("data", (chunk: Buffer) => listener("stdout", chunk));
  child.stderr.on("data", (chunk: Buffer) => listener("stderr", chunk));
  const exited = new Promise<Exit>((resolve, reject) => {
    child.once("error", (error) => reject(new UserError(`${program} cannot be started (${messageOf(error)}).`)));
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  const pid = child.pid === undefined ? {} : { pid: child.pid };
  return { exited, ...pid, signal: (name) => signalChild(child, name) };
}

/** Sends a signal to all processes of a group; does nothing where it has ended. */
export function signalGroup(leader: number, name: NodeJS.Signals): void {
  try {
    process.kill(-leader, name);
  } catch {
    // It has ended in this moment.
  }
}

function signalChild(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  signalGroup(child.pid, name);
}
