import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { PlanStep } from "@cyclops/core/testing";
import { attempt, killAfter, type Result, root, run } from "./command";

/** One Pulumi project with a stack of its own in a file backend, driven by the command line as a user would. */
export class Engine {
  readonly #backend = mkdtempSync(path.join(os.tmpdir(), "cyclops-e2e-"));
  #cwd: string;

  /** @param project its folder, from the root of the repository */
  constructor(
    project: string,
    readonly stack: string,
  ) {
    this.#cwd = path.resolve(root, project);
  }

  get #env(): Record<string, string> {
    return {
      PULUMI_BACKEND_URL: `file://${this.#backend}`,
      PULUMI_CONFIG_PASSPHRASE: "e2e",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      // What `kubernetes:enablePatchForce` in the configuration says to a provider of March 2026 or later; the sandbox's is older and knows the
      // variable only: https://github.com/pulumi/pulumi-kubernetes/pull/4242
      PULUMI_K8S_ENABLE_PATCH_FORCE: "true",
    };
  }

  #options() {
    return { cwd: this.#cwd, env: this.#env };
  }

  pulumi(...args: string[]): Promise<string> {
    return run("pulumi", [...args, "--non-interactive"], this.#options());
  }

  attempt(...args: string[]): Promise<Result> {
    return attempt("pulumi", [...args, "--non-interactive"], this.#options());
  }

  /** Whether the program is in that folder. */
  isIn = (folder: string): boolean => this.#cwd === folder;

  /** Goes on with the same stack from another folder: a copy of the program, changed as a user would change it. */
  async moveTo(folder: string): Promise<void> {
    const configuration = `Pulumi.${this.stack}.yaml`;
    copyFileSync(path.join(this.#cwd, configuration), path.join(folder, configuration));
    rmSync(path.join(this.#cwd, configuration));
    this.#cwd = folder;
    await this.pulumi("stack", "select", this.stack);
  }

  /** Makes the stack with its configuration; keys are paths below `cyclops-onprem:`. */
  async init(config: Record<string, string>): Promise<void> {
    await this.pulumi("stack", "init", this.stack);
    await this.configure(config);
  }

  async configure(config: Record<string, string>): Promise<void> {
    const values = Object.entries(config).flatMap(([key, value]) => ["--plaintext", `cyclops-onprem:${key}=${value}`]);
    await this.pulumi("config", "set-all", "--path", ...values);
  }

  /** Sets values until the returned function puts back the configuration that was there before. */
  async reconfigure(config: Record<string, string>): Promise<() => void> {
    const file = path.join(this.#cwd, `Pulumi.${this.stack}.yaml`);
    const before = readFileSync(file);
    await this.configure(config);
    return () => writeFileSync(file, before);
  }

  /** Steps of the plan for the program as it is now. */
  async preview(): Promise<readonly PlanStep[]> {
    return JSON.parse(await this.pulumi("preview", "--json")).steps;
  }

  up = (...args: string[]) => this.pulumi("up", "--yes", "--skip-preview", ...args);

  /**
   * Starts an `up` and kills it when its output has shown the text so many times. The provider is lost in the middle of what it makes, so
   * that the cluster holds objects of which the state knows nothing.
   *
   * @throws Error where it ended before
   */
  killedUp = (text: RegExp, times: number, env: Record<string, string> = {}) =>
    killAfter(
      "pulumi",
      ["up", "--yes", "--skip-preview", "--non-interactive"],
      { text, times, hard: /pulumi-resource-kubernetes/ },
      { cwd: this.#cwd, env: { ...this.#env, ...env } },
    );

  async outputs(): Promise<Record<string, unknown>> {
    return JSON.parse(await this.pulumi("stack", "output", "--json"));
  }

  /** Deletes the stack's configuration and the backend. */
  clean(): void {
    rmSync(this.#backend, { recursive: true, force: true });
    rmSync(path.join(this.#cwd, `Pulumi.${this.stack}.yaml`), { force: true });
  }
}
