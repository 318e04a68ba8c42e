// The servers that are compared: each a process of its own on loopback ports, with its own defaults.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { root } from "../lib/root";

const sources = join(root, "benchmarks/serving");
const bin = (venv: string, program: string): string => join(root, venv, "bin", program);
const runtime = (program: string): string => bin("runtime/.venv", program);
const peers = (program: string): string => bin("benchmarks/serving/.venv", program);

/** How often captured requests are written: more often than the default of 30, so that each measurement contains some of it. */
export const captureSeconds = 3;

/** A running server; `invocations` and `infer` are the addresses of MLflow's and of the open inference protocol. */
export interface Server {
  readonly name: string;
  readonly invocations?: string;
  readonly infer?: string;
}

export interface Servers {
  /** The scorer, capturing nothing and everything. */
  readonly scorer: Server;
  readonly capturing: Server;
  /** A second scorer that captures nothing: how far two that are alike differ on this machine. */
  readonly control: Server;
  readonly mlflow: Server;
  readonly mlserver: Server;
}

function run(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = process.env): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: sources, env: environment, encoding: "utf8" });
  if (error) throw new Error(`${command} cannot be run (${error.message}): \`npm run setup\` installs it`);
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${`${stdout}${stderr}`.slice(-3000)}`);
}

/** Makes the environment of MLServer, or brings it to what the lock says. */
export function install(): void {
  if (!existsSync(peers("python"))) run(runtime("uv"), ["venv", "--quiet", "--python", runtime("python"), ".venv"]);
  run(runtime("uv"), ["pip", "sync", "--quiet", "--require-hashes", "--python", peers("python"), "requirements.lock"]);
}

/** Starts all servers with one model in `folder`, and passes them to `use` once each has answered; stops them afterwards. */
export async function withServers(folder: string, use: (servers: Servers) => void): Promise<void> {
  const environment = {
    ...process.env,
    PATH: `${runtime("")}:${process.env.PATH ?? ""}`, // `mlflow models serve` starts uvicorn by its name
    MLFLOW_TRACKING_URI: `sqlite:///${folder}/mlflow.db`,
    CYCLOPS_CAPTURE_SECONDS: String(captureSeconds),
    CYCLOPS_DRAIN_SECONDS: "0",
  };
  run(runtime("python"), [join(sources, "make_model.py"), folder], environment);

  const processes: ChildProcess[] = [];
  const start = (name: string, command: string, args: readonly string[]): void => {
    const log = openSync(logOf(folder, name), "w");
    // A process group of its own, for two of them start further processes.
    processes.push(spawn(command, args, { cwd: folder, env: environment, detached: true, stdio: ["ignore", log, log] }));
  };
  const stop = (): void => {
    for (const { pid } of processes.splice(0)) if (pid !== undefined) kill(pid);
  };
  const interrupted = (): void => {
    stop();
    process.exit(130);
  };
  process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
  try {
    const scorer = async (name: string, percent: number): Promise<Server> => {
      const [port = 0] = await freePorts(1);
      const address = ["--host", "127.0.0.1", "--port", String(port)];
      start(name, runtime("cyclops-runtime"), ["serve", "--config", join(folder, `capture-${percent}.json`), ...address]);
      return { name, invocations: invocations(port), infer: infer(port) };
    };
    const mlflow = async (): Promise<Server> => {
      const [port = 0] = await freePorts(1);
      const address = ["--host", "127.0.0.1", "--port", String(port)];
      start("mlflow", runtime("mlflow"), ["models", "serve", "-m", join(folder, "model"), "--env-manager", "local", ...address]);
      return { name: "mlflow", invocations: invocations(port) };
    };
    const mlserver = async (): Promise<Server> => {
      const [http_port = 0, grpc_port, metrics_port] = await freePorts(3);
      const settings = { host: "127.0.0.1", http_port, grpc_port, metrics_port };
      writeFileSync(join(folder, "benchmark/settings.json"), JSON.stringify(settings));
      start("mlserver", peers("mlserver"), ["start", join(folder, "benchmark")]);
      return { name: "mlserver", infer: infer(http_port) };
    };
    const servers: Servers = {
      scorer: await scorer("scorer", 0),
      capturing: await scorer("capturing scorer", 100),
      control: await scorer("same scorer again", 0),
      mlflow: await mlflow(),
      mlserver: await mlserver(),
    };
    const predictions = await Promise.all(Object.values(servers).map((server: Server) => answered(server, folder)));
    if (new Set(predictions).size !== 1) throw new Error(`the servers do not predict the same: ${predictions.join(", ")}`);
    use(servers);
  } finally {
    stop();
    process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
  }
}

const invocations = (port: number): string => `http://127.0.0.1:${port}/invocations`;
const infer = (port: number): string => `http://127.0.0.1:${port}/v2/models/benchmark/infer`;
const logOf = (folder: string, name: string): string => join(folder, `${name}.log`);

function kill(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}

/** The prediction of a server for the row that is measured, as soon as it gives one. */
async function answered({ name, invocations: split, infer: tensors }: Server, folder: string): Promise<string> {
  const [address = "", file] = split ? [split, "invocations.json"] : [tensors, "infer.json"];
  const request = { method: "POST", headers: { "content-type": "application/json" }, body: readFileSync(join(folder, file)) };
  for (const until = Date.now() + 300_000; Date.now() < until; await new Promise((resolve) => setTimeout(resolve, 500))) {
    const answer = await fetch(address, request).catch(() => undefined);
    if (answer?.ok) {
      const { predictions, outputs } = (await answer.json()) as { predictions?: unknown; outputs?: { data: unknown }[] };
      return JSON.stringify(predictions ?? outputs?.[0]?.data);
    }
  }
  throw new Error(`${name} did not predict within 300 s:\n${readFileSync(logOf(folder, name), "utf8").slice(-3000)}`);
}

/** Ports that nothing listens on; taken all at once, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const probes = await Promise.all(
    Array.from({ length: count }, () => {
      const probe = createServer();
      return new Promise<typeof probe>((resolve) => probe.listen(0, "127.0.0.1", () => resolve(probe)));
    }),
  );
  const ports = probes.map((probe) => {
    const address = probe.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  });
  await Promise.all(probes.map((probe) => new Promise((resolve) => probe.close(resolve))));
  return ports;
}
