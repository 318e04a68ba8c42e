import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ModelDocument, ResolvedModelSpec, TrainingStep } from "@cyclops/core";
import { exitCodes, UserError } from "../errors";
import { ProgressLine } from "../terminal/progress";
import type { Style } from "../terminal/style";
import { CapturedRows } from "./captured";
import { type PredictionRound, readSampleRows, sendRows } from "./predictions";
import { type Ending, Interrupted, type Processes } from "./processes";
import {
  type DataFinding,
  type Evaluation,
  evaluationOf,
  findingsOf,
  type KpiValue,
  kpisOf,
  noteOf,
  parseResult,
  retrainingTriggerOf,
  versionOf,
} from "./results";
import { type Scorer, startScorer } from "./scorer";
import { captureSeconds, isLight, localEnvironment, stepsOf } from "./steps";
import type { WarmParent } from "./warm";
import type { Workspace } from "./workspace";

/** What came out of one model's run. */
export interface ModelRun {
  readonly model: string;
  readonly runId: string;
  /** `refused`: the gate said no; `not-approved`: a person did; `rolled-back`: the rollout took the version away again. */
  outcome: "deployed" | "refused" | "not-approved" | "rolled-back";
  /** Why it was refused or rolled back. */
  reason?: string;
  version?: string;
  /** Version that is served in the end; undefined where there is none. */
  served?: string;
  endpoint?: string;
  /** What training found strange in the data. */
  findings?: readonly DataFinding[];
  evaluation?: Evaluation;
  predictions?: PredictionRound;
  kpis?: readonly KpiValue[];
  /** Files worth a look, by what they are. */
  readonly files: Record<string, string>;
}

/** What a run needs from its surroundings. */
export interface RunContext {
  readonly runtime: string;
  readonly workspace: Workspace;
  readonly processes: Processes;
  readonly warm: WarmParent;
  readonly stream: NodeJS.WriteStream;
  readonly style: Style;
  /** Asks a person whether a version may go on. */
  readonly approve: (question: string) => Promise<boolean>;
}

const labelWidth = 11;
/** How much longer than it keeps requests a scorer may take to have them on disk. */
const captureSlackSeconds = 5;

/** Trains, serves, asks and watches one model with the runtime's own commands, in the order of the pipeline on a cluster. */
export class ModelRunner {
  readonly run: ModelRun;
  readonly #documentFile: string;
  #scorer: Scorer | undefined;
  #servingTold = false;
  #captured: CapturedRows | undefined;

  constructor(
    private readonly document: ModelDocument,
    runId: string,
    private readonly context: RunContext,
  ) {
    this.run = { model: document.model, runId, outcome: "deployed", files: {} };
    this.#documentFile = join(context.workspace.documents, `${document.model}.json`);
    writeFileSync(this.#documentFile, `${JSON.stringify(document, null, 2)}\n`);
  }

  /** Runs everything. @throws UserError, Interrupted */
  async start(): Promise<ModelRun> {
    const registryIsThere = existsSync(this.context.workspace.registry);
    this.#startScorer();
    if (await this.#train(registryIsThere)) this.run.outcome = "deployed";
    await this.#tellServing();
    const champion = await this.#champion();
    if (champion !== undefined) {
      this.run.served = champion;
      await this.#predict();
      await this.#batch();
      await this.#monitor();
    }
    return this.run;
  }

  /** Stops the scorer. */
  async stop(): Promise<void> {
    await this.#scorer?.stop();
  }

  /** Never resolves: rejects when the scorer ends by itself. @throws UserError */
  async scorerEnded(): Promise<never> {
    const lastWords = await (this.#scorer?.ended ?? new Promise<never>(() => undefined));
    if (this.context.processes.stopping) throw new Interrupted();
    throw new UserError(`The scorer of ${this.document.model} has ended: ${lastWords}\n  Log: ${this.#serveLog}`);
  }

  get #serveLog(): string {
    return join(this.context.workspace.logs, `${this.document.model}-serve.log`);
  }

  /** Starts the scorer beside the first steps. */
  #startScorer(): void {
    const url = this.document.serving?.url;
    if (url === undefined) return;
    const port = new URL(url).port;
    this.#scorer = startScorer(
      this.context.processes,
      {
        command: [this.context.runtime, "serve", "--config", this.#documentFile, "--host", "127.0.0.1", "--port", port],
        cwd: this.context.workspace.folder,
        environment: this.#environment("serve"),
        log: this.#serveLog,
      },
      url,
    );
    this.run.endpoint = url;
  }

  /** Says once that the scorer answers, and waits until it does. */
  async #tellServing(): Promise<void> {
    if (this.#servingTold || !this.#scorer) return;
    this.#servingTold = true;
    const progress = this.#progress("serve", this.#scorer.started);
    try {
      const seconds = await this.#scorer.ready;
      const champion = await this.#scorer.champion();
      const version = champion === undefined ? "(no version yet)" : `(version ${champion})`;
      progress.done(`${this.#scorer.url} ${version}`, seconds);
    } catch (error) {
      endProgress(progress, error);
      throw error;
    }
  }

  /**
   * What must be there before a step. Whoever comes first to a new registry makes its tables, which MLflow's stores do without a lock:
   * two at a time would ruin it.
   */
  async #prepare(step: TrainingStep, registryIsThere: boolean): Promise<void> {
    const needed = step === "deploy" || !(registryIsThere || isLight(step, this.document.spec.training.steps[step]));
    if (needed || this.#scorer?.isReady) await this.#tellServing();
  }

  /** The training pipeline. False where the version was refused or rolled back. */
  async #train(registryIsThere: boolean): Promise<boolean> {
    for (const step of stepsOf(this.document.spec)) {
      await this.#prepare(step, registryIsThere);
      if (step === "register" && !(await this.#approved())) return false;
      const { ending, result, progress } = await this.#step(step);
      if (step === "gate" && ending.code === exitCodes.gateRefused) return this.#notDeployed("refused", ending, progress);
      if (step === "deploy" && ending.code === exitCodes.rolledBack) return this.#notDeployed("rolled-back", ending, progress);
      this.#mustHaveWorked(step, ending, progress);
      if (step === "curate") this.run.findings = findingsOf(result);
      if (step === "evaluate") this.run.evaluation = evaluationOf(result);
      if (step === "register") this.run.version = versionOf(result);
      progress.done(this.#noteOf(step, result));
    }
    return true;
  }

  #notDeployed(outcome: "refused" | "rolled-back", { lastWords }: Ending, progress: ProgressLine): false {
    progress.failed(outcome === "refused" ? "refused" : "rolled back");
    this.run.outcome = outcome;
    this.run.reason = lastWords || this.run.evaluation?.reason || "no reason was given.";
    return false;
  }

  async #approved(): Promise<boolean> {
    if (!this.document.spec.training.approval) return true;
    const { metric } = this.document.spec.training.gate;
    const value = this.run.evaluation?.metrics[metric];
    const approved = await this.context.approve(
      `${this.document.model}: ${metric} is ${value === undefined ? "unknown" : value.toFixed(4)}. Register and deploy this version?`,
    );
    if (!approved) {
      this.run.outcome = "not-approved";
      this.run.reason = "the approval was not given.";
    }
    return approved;
  }

  /** Version to go on with: the scorer's, or the one just deployed where there is no endpoint. */
  async #champion(): Promise<string | undefined> {
    if (this.#scorer) return this.#scorer.champion();
    return this.run.outcome === "deployed" ? (this.run.version ?? "new") : undefined;
  }

  async #predict(): Promise<void> {
    if (!this.#scorer) return;
    const progress = this.#progress("predict");
    const file = join(this.context.workspace.zones.features, this.document.model, "runs", this.run.runId, "test.parquet");
    try {
      const rows = await readSampleRows(file, this.document.spec.data.target);
      if (rows === undefined) {
        progress.done("skipped: the run has no test rows");
        return;
      }
      this.#captured = await CapturedRows.since(join(this.context.workspace.zones.predictions, this.document.model, "capture"));
      this.run.predictions = await sendRows(this.#scorer.url, rows);
    } catch (error) {
      endProgress(progress, error);
      throw error;
    }
    const { requests, failed } = this.run.predictions;
    progress.done(
      `${this.run.predictions.rows.toLocaleString("en-US")} rows in ${requests} requests${failed > 0 ? `, ${failed} failed` : ""}`,
    );
  }

  async #batch(): Promise<void> {
    if (!this.document.spec.batch) return;
    const { ending, result, progress } = await this.#step("batch");
    this.#mustHaveWorked("batch", ending, progress);
    this.run.files["batch predictions"] = join(
      this.context.workspace.zones.predictions,
      this.document.model,
      "batch",
      this.run.runId,
    );
    progress.done(noteOf("batch", result));
  }

  async #monitor(): Promise<void> {
    if (!this.document.spec.monitoring) return;
    await this.#requestsAreWritten();
    const { ending, result, progress } = await this.#step("monitor");
    this.#mustHaveWorked("monitor", ending, progress);
    this.run.kpis = kpisOf(result);
    this.run.files.KPIs = join(
      this.context.workspace.zones.predictions,
      this.document.model,
      "monitor",
      `${this.run.runId}.json`,
    );
    const alerts = this.run.kpis.filter(({ status }) => status === "warn" || status === "critical").length;
    const trigger = retrainingTriggerOf(result);
    const retraining = trigger === undefined ? "" : `; a cluster would train anew, for ${trigger}`;
    progress.done(`${alerts === 0 ? "no alert" : `${alerts} of 15 KPIs alert`}${retraining}`);
  }

  /** The monitor reads what the scorer has written, every half a second. */
  async #requestsAreWritten(): Promise<void> {
    const { requests = 0, failed = 0, rows = 0 } = this.run.predictions ?? {};
    if (requests === 0) return;
    const whole = failed === 0 && (this.document.spec.endpoint?.capture?.percent ?? 100) === 100;
    // Of a sample nobody knows how many rows will come.
    const seconds = captureSeconds + (whole ? captureSlackSeconds : 0.5);
    await this.#captured?.reach(whole ? rows : Number.POSITIVE_INFINITY, 1000 * seconds);
  }

  async #step(step: TrainingStep | "batch" | "monitor") {
    const { runtime, workspace, processes, warm } = this.context;
    const own: Partial<ResolvedModelSpec["training"]["steps"]["train"]> =
      step === "batch" || step === "monitor" ? {} : this.document.spec.training.steps[step];
    const { command, environment = {} } = own;
    const task = {
      command: command ?? [runtime, step, "--config", this.#documentFile, "--run-id", this.run.runId, "--json"],
      // A command of the user's runs where the user's files are; MLflow puts its files where it runs.
      cwd: command ? workspace.specFolder : workspace.folder,
      environment: { ...this.#environment(step), ...environment },
      log: this.#log(step),
    };
    const progress = this.#progress(step);
    try {
      const mayBeWarm = command === undefined && Object.keys(environment).length === 0;
      if (mayBeWarm && !isLight(step, own)) await warm.imported();
      const ending = await this.#whileServing(processes.run(task, mayBeWarm && warm.ready ? warm.start : undefined));
      return { ending, result: parseResult(ending.stdout), progress };
    } catch (error) {
      endProgress(progress, error);
      throw error;
    }
  }

  /** The work's result, unless the scorer ends meanwhile: then nobody needs to wait for the end of a long training to hear of it. */
  async #whileServing<Result>(work: Promise<Result>): Promise<Result> {
    if (!this.#scorer || this.#servingTold) return work;
    const { ready } = this.#scorer;
    const failed = ready.then(() => new Promise<never>(() => undefined));
    return Promise.race([work, failed]);
  }

  #mustHaveWorked(step: string, ending: Ending, progress: ProgressLine): void {
    if (ending.code === 0) return;
    progress.failed();
    throw failureOf(step, this.document.model, ending, this.context.runtime, this.#log(step));
  }

  #noteOf(step: TrainingStep, result: Parameters<typeof noteOf>[1]): string {
    const { metric } = this.document.spec.training.gate;
    const value = this.run.evaluation?.metrics[metric];
    if (step === "evaluate" && value !== undefined) return `${metric} ${value.toFixed(4)}`;
    if (step === "gate") return "passed";
    return noteOf(step, result);
  }

  #environment(step: string): NodeJS.ProcessEnv {
    return {
      ...localEnvironment(this.context.workspace),
      CYCLOPS_CONFIG: this.#documentFile,
      ...(step === "serve" ? {} : { CYCLOPS_RUN_ID: this.run.runId }),
    };
  }

  #log(step: string): string {
    return join(this.context.workspace.logs, this.run.runId, `${this.document.model}-${step}.log`);
  }

  #progress(label: string, started?: number): ProgressLine {
    return new ProgressLine(label.padEnd(labelWidth), this.context.stream, this.context.style, started);
  }
}

function endProgress(progress: ProgressLine, error: unknown): void {
  if (error instanceof Interrupted) progress.stop();
  else progress.failed();
}

/** What is said of a step that has failed. */
export function failureOf(step: string, model: string, { code, lastWords }: Ending, runtime: string, log: string): UserError {
  const mayPass = code === exitCodes.mayPass;
  const again = mayPass ? "\n  This command tries nothing again: start it once more." : "";
  return new UserError(
    `The step ${step} of ${model} failed with exit code ${code}: ${lastWords || `it said nothing. The runtime is ${runtime}.`}${again}\n  Log: ${log}`,
    undefined,
    mayPass ? exitCodes.mayPass : exitCodes.problem,
  );
}
