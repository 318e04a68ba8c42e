import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { loadSpec, parseDuration, type ResolvedStackSpec } from "@cyclops/core";
import { chooseModels, newRunId } from "../dev/choice";
import { localDocument } from "../dev/document";
import { laptopLimits } from "../dev/limits";
import { choosePorts } from "../dev/ports";
import { Interrupted, Processes, watchInterrupts } from "../dev/processes";
import { renderNext, renderRun, renderServing } from "../dev/report";
import { type ModelRun, ModelRunner, type RunContext } from "../dev/run-model";
import { findRuntime, mlflowCommand } from "../dev/runtime";
import { localEnvironment } from "../dev/steps";
import { WarmParent } from "../dev/warm";
import { openWorkspace, workspaceOf } from "../dev/workspace";
import { exitCodes, isFull, UserError } from "../errors";
import { displayPath } from "../terminal/paths";
import { isInteractive, styleOf } from "../terminal/style";
import { count, list } from "../terminal/table";

/** Options of `cyclops dev`. */
export interface DevOptions {
  readonly spec: string;
  /** Only these models; all where it is empty. */
  readonly models: readonly string[];
  readonly once?: boolean;
  readonly keepServing?: boolean;
  /** Port of the first scorer. */
  readonly port?: number;
  readonly workdir: string;
  readonly approve: boolean;
  /** Longest time that a new version is watched. */
  readonly bake: string;
  readonly json: boolean;
}

/** Trains, serves and watches the models of a spec on this machine. Returns the exit code. */
export async function dev(options: DevOptions): Promise<number> {
  const spec = loadSpec(options.spec);
  const models = chooseModels(spec, options.models);
  if (parseDuration(options.bake) === undefined)
    throw new UserError(`--bake ${options.bake} is not a duration.`, 'Write a whole number and s, m or h, e.g. "5s".');
  if (!options.approve && !isInteractive()) refuseUnattendedApproval(spec, models);
  const runtime = findRuntime();
  const workspace = workspaceOf(options.spec, options.workdir);
  const lock = await openWorkspace(workspace);
  const processes = new Processes(lock.remember);
  const interrupts = watchInterrupts(processes);
  // Progress is for people; with --json, stdout holds the result alone.
  const stream = process.stderr;
  const style = styleOf(stream);
  const say = (text: string) => stream.write(`${text}\n`);
  const runners: ModelRunner[] = [];
  const runs: ModelRun[] = [];
  const once = options.once ?? !(options.keepServing ?? isInteractive());
  try {
    if (lock.stopped.length > 0)
      say(
        `Stopped what a \`cyclops dev\` before this one had left: ${count(lock.stopped.length, "process", "processes")} (${list(lock.stopped.map(String))}).`,
      );
    // First of all: its imports take longer than everything until they are needed.
    const warm = processes.include(
      new WarmParent({
        command: [runtime, "warm"],
        cwd: workspace.folder,
        environment: localEnvironment(workspace),
        log: join(workspace.logs, "warm.log"),
      }),
    );
    const served = models.filter((model) => spec.models[model]?.endpoint);
    const ports = await choosePorts(served.length, options.port);
    say(`${style.bold(spec.name)}: ${count(models.length, "model")} on this machine, in ${displayPath(workspace.folder)}`);
    const limits = laptopLimits(spec, models, options.bake);
    if (limits.length > 0) say(`\nDifferent on one machine:\n${limits.map((limit) => `  ${style.dim(limit)}`).join("\n")}`);

    const context: RunContext = {
      runtime,
      workspace,
      processes,
      warm,
      stream,
      style,
      approve: approval(options.approve, interrupts.signal),
    };
    const runId = newRunId(new Date());
    for (const model of models) {
      const document = localDocument(
        spec,
        model,
        spec.models[model] as ResolvedStackSpec["models"][string],
        workspace,
        ports[served.indexOf(model)],
        options.bake,
      );
      const runner = new ModelRunner(document, runId, context);
      runners.push(runner);
      say(`\n${style.bold(model)} ${style.dim(`run ${runId}`)}`);
      const run = await runner.start();
      runs.push(run);
      if (!options.json) process.stdout.write(`\n${renderRun(run, styleOf(process.stdout))}\n`);
      if (once) await runner.stop();
    }
    if (options.json)
      process.stdout.write(`${JSON.stringify({ stack: spec.name, environment: spec.environment, models: runs }, null, 2)}\n`);
    else
      process.stdout.write(
        `\n${renderNext(runs, options.spec, mlflowCommand(runtime, workspace.trackingUri), styleOf(process.stdout))}\n`,
      );
    if (!once && runs.some(({ endpoint, served: version }) => endpoint !== undefined && version !== undefined)) {
      say(`\n${renderServing(runs, style)}`);
      await Promise.race([interrupts.wait, processes.failed, ...runners.map((runner) => runner.scorerEnded())]);
    }
    return exitCodeOf(runs);
  } catch (error) {
    if (isFull(error))
      throw new UserError(`The disk of ${workspace.folder} is full.`, "Make room there, or name another folder with --workdir.");
    if (!(error instanceof Interrupted)) throw error;
    say("Interrupted: everything is stopped.");
    return exitCodes.interrupted;
  } finally {
    await processes.stopAll();
    interrupts.ignore();
    lock.release();
  }
}

function refuseUnattendedApproval(spec: ResolvedStackSpec, models: readonly string[]): void {
  const waiting = models.find((model) => spec.models[model]?.training.approval);
  if (waiting !== undefined)
    throw new UserError(
      `models.${waiting}.training.approval asks a person, and no terminal is here.`,
      "Add --approve to approve the version now.",
    );
}

function approval(given: boolean, signal: AbortSignal): (question: string) => Promise<boolean> {
  return async (question) => {
    if (given) return true;
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    // While it asks, the terminal hands Ctrl-C to readline instead of the process.
    terminal.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
    try {
      return /^y(es)?$/i.test((await terminal.question(`  ? ${question} [y/N] `, { signal })).trim());
    } catch (error) {
      if (signal.aborted) throw new Interrupted();
      throw error;
    } finally {
      terminal.close();
    }
  };
}

function exitCodeOf(runs: readonly ModelRun[]): number {
  if (runs.some(({ outcome }) => outcome === "refused" || outcome === "not-approved")) return exitCodes.gateRefused;
  return runs.some(({ outcome }) => outcome === "rolled-back") ? exitCodes.rolledBack : exitCodes.ok;
}
