import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { writeExecutable } from "./executable";
import { Store } from "./store";

/** How a command has ended. */
export interface CommandResult {
  /** Null where it was killed. */
  readonly code: number | null;
  /** Standard output and standard error. */
  readonly output: string;
}

/** A step of the engine, as `--json` reports it. */
export interface EngineStep {
  readonly op: string;
  readonly urn: string;
  readonly detailedDiff?: unknown;
  readonly diffReasons?: readonly string[];
  readonly replaceReasons?: readonly string[];
}

/** A resource in the state of a stack. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly custom: boolean;
  readonly protect?: boolean;
  readonly dependencies?: readonly string[];
  readonly parent?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

export interface StandInStackOptions {
  /** Folder of the Pulumi program; a copy of it is run. */
  readonly program: string;
  /** Other files and folders to copy beside the program, by their path from it, e.g. `../mlops.yaml`. @default [] */
  readonly beside?: readonly string[];
  /** Name of the provider. */
  readonly package: string;
  /** Folder of `node_modules` that holds the SDK and what the program imports. */
  readonly modules: string;
  /** Configuration of the stack, e.g. `{"aws:region": "eu-central-1"}`. @default {} */
  readonly config?: Readonly<Record<string, string>>;
  /** More variables for the engine and the program. @default {} */
  readonly env?: Readonly<Record<string, string>>;
}

/** Why no Pulumi engine can be started here, in one sentence; undefined where it can. */
export function whyNoEngine(): string | undefined {
  for (const command of ["pulumi", "pulumi-language-nodejs"]) {
    const found = (process.env.PATH ?? "").split(path.delimiter).some((folder) => existsSync(path.join(folder, command)));
    if (!found) return `no ${command} on PATH: put the Pulumi CLI's folder there`;
  }
  return undefined;
}

/**
 * A copy of a Pulumi program in a temporary folder with a stack, a backend and a home of its own, run by the real engine against a
 * stand-in of its provider.
 *
 * ```ts
 * const stack = new StandInStack({ program: "examples/churn/aws", beside: ["../mlops.yaml"], package: "aws", modules: "node_modules" });
 * await stack.init();
 * await stack.up();
 * ```
 */
export class StandInStack {
  readonly #folder = mkdtempSync(path.join(os.tmpdir(), "cyclops-stand-in-"));
  readonly #options: StandInStackOptions;
  /** Folder of the copied program: change its files as a user would. */
  readonly program: string;
  /** What the cloud holds, and every call. */
  readonly store: Store;
  /** Seconds after which a command of the engine is killed. */
  timeout = 600;

  constructor(options: StandInStackOptions) {
    this.#options = options;
    const source = path.resolve(options.program);
    this.program = path.join(this.#folder, "program", path.basename(source));
    cpSync(source, this.program, { recursive: true, filter: (file) => !/\/(node_modules|dist|Pulumi\.[^/]+\.yaml)$/.test(file) });
    for (const entry of options.beside ?? [])
      cpSync(path.join(source, entry), path.join(this.program, entry), { recursive: true });
    symlinkSync(path.resolve(options.modules), path.join(this.#folder, "node_modules"));
    this.store = new Store(path.join(this.#folder, "cloud"));
    writeExecutable(path.join(this.#folder, "bin"), {
      package: options.package,
      sdk: path.resolve(options.modules, "@pulumi", options.package),
      store: this.store.folder,
      // Compiled, also where this file is run from its source.
      program: createRequire(path.join(path.resolve(options.modules), "x")).resolve("@cyclops/core/testing/stand-in/main"),
    });
  }

  /** Makes the stack, and writes its configuration. */
  async init(): Promise<void> {
    await this.pulumi("stack", "init", "stand-in");
    await this.configure(this.#options.config ?? {});
  }

  /** Sets paths of the stack's configuration. */
  async configure(config: Readonly<Record<string, string>>): Promise<void> {
    const values = Object.entries(config).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]);
    if (values.length > 0) await this.pulumi("config", "set-all", "--path", ...values);
  }

  up = (...args: string[]) => this.pulumi("up", "--yes", "--skip-preview", ...args);
  refresh = (...args: string[]) => this.pulumi("refresh", "--yes", "--skip-preview", ...args);
  destroy = (...args: string[]) => this.pulumi("destroy", "--yes", "--skip-preview", ...args);

  /** What an `up` would do: steps other than `same`. */
  async preview(...args: string[]): Promise<readonly EngineStep[]> {
    const { steps = [] } = JSON.parse(await this.pulumi("preview", "--json", ...args)) as { steps?: EngineStep[] };
    return steps;
  }

  /** The stack's state as it is stored: secrets are encrypted. */
  async export(): Promise<string> {
    return this.pulumi("stack", "export");
  }

  /** Resources in the state, in its order: what depends comes after what it depends on. */
  async resources(): Promise<readonly StateResource[]> {
    const { deployment } = JSON.parse(await this.export()) as { deployment: { resources?: StateResource[] } };
    return deployment.resources ?? [];
  }

  async outputs(): Promise<Record<string, unknown>> {
    return JSON.parse(await this.pulumi("stack", "output", "--json")) as Record<string, unknown>;
  }

  /** Standard output of `pulumi` with arguments. @throws Error with all of its output where it does not end with 0 */
  async pulumi(...args: string[]): Promise<string> {
    const { code, output, stdout } = await this.#run(args);
    if (code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${code}\n${output.slice(-12_000)}`);
    return stdout;
  }

  /** Runs `pulumi`, and tells how it ended. */
  async attempt(...args: string[]): Promise<CommandResult> {
    const { code, output } = await this.#run(args);
    return { code, output };
  }

  /** Rewrites a file beside or in the program, by its path from it. */
  edit(file: string, change: (text: string) => string): void {
    const target = path.join(this.program, file);
    writeFileSync(target, change(readFileSync(target, "utf8")));
  }

  /** Deletes everything, the state included. */
  clean(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #run(args: readonly string[]): Promise<CommandResult & { stdout: string }> {
    const bin = path.resolve(this.#options.modules, ".bin");
    const env = {
      ...process.env,
      ...this.#options.env,
      PATH: [path.join(this.#folder, "bin"), bin, process.env.PATH].join(path.delimiter),
      PULUMI_BACKEND_URL: `file://${this.#folder}`,
      // Selected stacks and credentials are kept here: a home of its own cannot change those of whoever runs the test.
      PULUMI_HOME: path.join(this.#folder, "home"),
      PULUMI_CONFIG_PASSPHRASE: "stand-in",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    };
    return new Promise((resolve, reject) => {
      const stack = args[0] === "stack" && args[1] === "init" ? [] : ["--stack", "stand-in"];
      const child = spawn("pulumi", [...args, ...stack, "--non-interactive"], {
        cwd: this.program,
        env,
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
      });
      let stdout = "";
      let output = "";
      child.stdout.on("data", (chunk: Buffer) => {
        stdout += chunk.toString();
        output += chunk.toString();
      });
      child.stderr.on("data", (chunk: Buffer) => {
        output += chunk.toString();
      });
      // The whole group: the engine, its language host and the provider.
      const late = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, "SIGKILL"), this.timeout * 1000);
      child.on("error", reject);
      child.on("close", (code) => {
        clearTimeout(late);
        resolve({ code, stdout, output });
      });
    });
  }
}
