import { execFile, spawn, spawnSync } from "node:child_process";
import path from "node:path";

/** Root of the repository. */
export const root = path.resolve(__dirname, "../../../..");

const environment = { ...process.env, PATH: `${path.join(root, "node_modules/.bin")}${path.delimiter}${process.env.PATH}` };

interface Options {
  cwd?: string;
  env?: Record<string, string>;
  input?: string;
}

/** What a command has done. */
export interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command and tells how it ended; never rejects for its exit code. */
export function attempt(
  command: string,
  args: readonly string[],
  { cwd = root, env = {}, input }: Options = {},
): Promise<Result> {
  return new Promise((resolve) => {
    const child = execFile(
      command,
      args,
      { cwd, env: { ...environment, ...env }, maxBuffer: 1 << 28 },
      (error, stdout, stderr) => {
        resolve({ code: error ? (typeof error.code === "number" ? error.code : null) : 0, stdout, stderr });
      },
    );
    if (input !== undefined) child.stdin?.end(input);
  });
}

/** Standard output of a command. @throws Error with everything it printed where its exit code is not 0 */
export async function run(command: string, args: readonly string[], options: Options = {}): Promise<string> {
  const { code, stdout, stderr } = await attempt(command, args, options);
  if (code !== 0)
    throw new Error(`${command} ${args.join(" ")} ended with ${code}\n${stdout.slice(-8000)}\n${stderr.slice(-8000)}`);
  return stdout;
}

/**
 * Starts a command and kills it as soon as its output has shown the text so many times: `hard` gives those of its processes no time to
 * end what they do.
 *
 * @throws Error with its output where it ended before
 */
export function killAfter(
  command: string,
  args: readonly string[],
  { text, times, hard }: { text: RegExp; times: number; hard?: RegExp },
  { cwd = root, env = {} }: Options = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...environment, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let output = "";
    let killed = false;
    child.stderr.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (killed || (output.match(new RegExp(text, "g")) ?? []).length < times || child.pid === undefined) return;
      killed = true;
      const group = -child.pid;
      // Its children by their parent: the engine gives each plugin a process group of its own.
      if (hard) spawnSync("pkill", ["-KILL", "-P", String(child.pid), "-f", hard.source]);
      // The engine is told to end, as when a CI job is cancelled. Not SIGKILL from the start: its file backend writes the state in place,
      // and half a state is the backend's to lose, not the stack's.
      process.kill(group, "SIGTERM");
      setTimeout(() => {
        try {
          process.kill(group, "SIGKILL");
        } catch {
          // It has ended by itself.
        }
      }, 20_000).unref();
    });
    child.on("close", (code) => {
      if (killed) resolve();
      else reject(new Error(`${command} ${args.join(" ")} ended with ${code} before it could be killed\n${output.slice(-8000)}`));
    });
  });
}

/** Asks again until the answer is not undefined. @throws Error after the given number of seconds */
export async function until<T>(what: string, seconds: number, ask: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`${what} did not happen in ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
