import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";

/** The runtime's command, as the tests of the whole repository have it. */
const runtime = path.resolve(__dirname, "../../../../runtime/.venv/bin/cyclops-runtime");

/** How a command ended. */
export interface Ending {
  readonly code: number;
  /** The last thing it said. */
  readonly words: string;
  /** What it has left for the job's description. @default - nothing */
  readonly left?: string;
}

/** A container's command here: the runtime's executable is the one of this repository. */
function start(command: readonly string[], environment: Readonly<Record<string, string>>, cwd: string): ChildProcess {
  const [program = "", ...args] = command;
  return spawn(program === "cyclops-runtime" ? runtime : program, args, {
    cwd,
    env: { PATH: process.env.PATH, HOME: cwd, MLFLOW_DISABLE_TELEMETRY: "true", PYTHONUNBUFFERED: "1", ...environment },
    stdio: ["ignore", "ignore", "pipe"],
  });
}

/** Runs a job to its end. */
export async function runJob(
  command: readonly string[],
  environment: Readonly<Record<string, string>>,
  cwd: string,
): Promise<Ending> {
  // There is no /opt/ml here, in which the service looks.
  const file = path.join(mkdtempSync(path.join(cwd, "output-")), "message");
  const child = start(command, { CYCLOPS_LAST_WORDS: file, ...environment }, cwd);
  let words = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-4000);
  });
  const [code] = (await once(child, "close")) as [number | null];
  const left = existsSync(file) ? { left: readFileSync(file, "utf8") } : {};
  return { code: code ?? 1, words: words.trim().split("\n").at(-1) ?? "", ...left };
}

/** A replica of an endpoint: the scorer in a process of its own. */
export class Replica {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  /** Starts a scorer and waits until it is healthy. @throws Error where it ends before, or is not healthy within the time that SageMaker gives it */
  static async start(environment: Readonly<Record<string, string>>, cwd: string, seconds: number): Promise<Replica> {
    const port = await freePort();
    const local = { CYCLOPS_REFRESH_SECONDS: "0.2", CYCLOPS_CAPTURE_SECONDS: "1", CYCLOPS_DRAIN_SECONDS: "0", ...environment };
    const child = start(["cyclops-runtime", "serve", "--host", "127.0.0.1", "--port", String(port)], local, cwd);
    const replica = new Replica(child, `http://127.0.0.1:${port}`);
    const limit = Date.now() + seconds * 1000;
    while (Date.now() < limit && child.exitCode === null) {
      const healthy = await fetch(`${replica.url}/ping`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (healthy) return replica;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await replica.stop();
    throw new Error("the replica does not answer /ping");
  }

  /** Stops it as SageMaker does, and waits for its end: what it has captured is written then. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = once(this.child, "close");
    this.child.kill("SIGTERM");
    await ended;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
