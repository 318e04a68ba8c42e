import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadSpec, type ModelDocument, type ResolvedModelSpec } from "@cyclops/core";
import { chooseModels, newRunId } from "../dev/choice";
import { localDocument } from "../dev/document";
import { Interrupted, Processes, watchInterrupts } from "../dev/processes";
import { renderKpis } from "../dev/report";
import { type KpiValue, kpisOf, parseResult } from "../dev/results";
import { failureOf } from "../dev/run-model";
import { findRuntime } from "../dev/runtime";
import { localEnvironment } from "../dev/steps";
import { type Workspace, workspaceOf } from "../dev/workspace";
import { exitCodes, UserError, whyNotWritten } from "../errors";
import { displayPath, quoted } from "../terminal/paths";
import { ProgressLine } from "../terminal/progress";
import { styleOf } from "../terminal/style";

/** Options of `cyclops monitor`. */
export interface MonitorOptions {
  readonly spec: string;
  /** Only these models; all that are watched where it is empty. */
  readonly models: readonly string[];
  readonly workdir: string;
  readonly json: boolean;
}

/** What one more report says. */
interface Report {
  readonly model: string;
  readonly runId: string;
  readonly kpis: readonly KpiValue[];
  readonly files: Readonly<Record<string, string>>;
}

/**
 * Makes another report of models that `cyclops dev` has trained on this machine: labels that have come since count, and requests to a scorer
 * that still serves. Takes no lock: it may run beside a `cyclops dev` that serves. Returns the exit code.
 */
export async function monitor(options: MonitorOptions): Promise<number> {
  const spec = loadSpec(options.spec);
  const models = chooseModels(spec, options.models).filter(
    (model) => options.models.length > 0 || spec.models[model]?.monitoring,
  );
  if (models.length === 0) throw new UserError(`No model of the spec ${spec.name} is watched.`, "Add monitoring: {} to one.");
  const runtime = findRuntime();
  const workspace = workspaceOf(options.spec, options.workdir);
  const processes = new Processes();
  const interrupts = watchInterrupts(processes);
  const runId = newRunId(new Date());
  const reports: Report[] = [];
  try {
    for (const model of models) {
      const watched = spec.models[model] as ResolvedModelSpec;
      if (!watched.monitoring) throw new UserError(`The model ${model} is not watched.`, "Add monitoring: {} to it.");
      // What the scorer listens on is in the document of the run that started it; all else may have changed in the spec since.
      const { serving } = documentOf(workspace, model, options.spec);
      const port = serving ? Number(new URL(serving.url).port) : undefined;
      const file = join(workspace.documents, `${model}.monitor.json`);
      write(file, localDocument(spec, model, watched, workspace, port, "5s"));
      const report = await run(runtime, workspace, processes, { model, runId, file });
      reports.push(report);
      if (!options.json) process.stdout.write(`\n${renderKpis(report.kpis, styleOf(process.stdout))}\n`);
    }
    if (options.json)
      process.stdout.write(`${JSON.stringify({ stack: spec.name, environment: spec.environment, models: reports }, null, 2)}\n`);
    return exitCodes.ok;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    process.stderr.write("Interrupted: everything is stopped.\n");
    return exitCodes.interrupted;
  } finally {
    await processes.stopAll();
    interrupts.ignore();
  }
}

async function run(
  runtime: string,
  workspace: Workspace,
  processes: Processes,
  { model, runId, file }: { readonly model: string; readonly runId: string; readonly file: string },
): Promise<Report> {
  const log = join(workspace.logs, runId, `${model}-monitor.log`);
  const progress = new ProgressLine(`monitor ${model}`, process.stderr, styleOf(process.stderr));
  try {
    const ending = await processes.run({
      command: [runtime, "monitor", "--config", file, "--run-id", runId, "--json"],
      cwd: workspace.folder,
      environment: { ...localEnvironment(workspace), CYCLOPS_CONFIG: file, CYCLOPS_RUN_ID: runId },
      log,
    });
    if (ending.code !== 0) throw failureOf("monitor", model, ending, runtime, log);
    const report = join(workspace.zones.predictions, model, "monitor", `${runId}.json`);
    progress.done(displayPath(report));
    return { model, runId, kpis: kpisOf(parseResult(ending.stdout)), files: { KPIs: report } };
  } catch (error) {
    if (error instanceof Interrupted) progress.stop();
    else progress.failed();
    throw error;
  }
}

function documentOf({ documents, folder }: Workspace, model: string, specFile: string): Pick<ModelDocument, "serving"> {
  const file = join(documents, `${model}.json`);
  if (!existsSync(file)) {
    const spec = specFile === "mlops.yaml" ? "" : ` --spec ${quoted(specFile)}`;
    throw new UserError(`No \`cyclops dev\` has run ${model} in ${folder}.`, `Run: cyclops dev${spec}`);
  }
  return JSON.parse(readFileSync(file, "utf8")) as ModelDocument;
}

function write(file: string, document: ModelDocument): void {
  try {
    writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
  } catch (error) {
    throw new UserError(`${file} cannot be written: ${whyNotWritten(error)}.`);
  }
}
