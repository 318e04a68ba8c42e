import { writeFileSync } from "node:fs";
import { loadSpec, type Target } from "@cyclops/core";
import { exitCodes, UserError, whyNotWritten } from "../errors";
import { planTarget } from "../plan/plan-target";
import type { PlanReport, TargetPlan } from "../plan/report";
import { renderPlan } from "../plan/text";
import { ProgressLine } from "../terminal/progress";
import { styleOf } from "../terminal/style";

/** Options of `cyclops plan`. */
export interface PlanOptions {
  readonly spec: string;
  readonly target: Target | "all";
  /** YAML file with further arguments of `MlopsStack`. */
  readonly bindings?: string;
  /** Pulumi's file of a stack's configuration. */
  readonly config?: string;
  /** Name of the Pulumi stack. */
  readonly stack?: string;
  readonly json: boolean;
  /** File that the page is written to. */
  readonly html?: string;
  /** Date shown on the page. */
  readonly date?: string;
}

/** Shows every resource of a stack. Returns the exit code: a problem where a target was asked for and cannot be planned. */
export async function plan({ spec: specFile, target, bindings, config, stack, json, html, date }: PlanOptions): Promise<number> {
  const spec = loadSpec(specFile);
  const request = { specFile, bindingsFile: bindings, configFile: config, stack };
  const plans = target === "all" ? await planEvery(request) : [await planOne({ ...request, target })];
  const report: PlanReport = {
    formatVersion: 1,
    stack: spec.name,
    environment: spec.environment,
    spec: specFile,
    targets: plans,
  };
  if (html !== undefined) {
    const { renderPage } = await import("../html/page.js");
    write(html, await renderPage(report, spec, date));
  }
  if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else
    process.stdout.write(
      `${renderPlan(report, styleOf(process.stdout))}\n${html === undefined ? "" : `\nThe page is ${html}.\n`}`,
    );
  return plans.some(({ status }) => status === "impossible" || status === "failed") ? exitCodes.problem : exitCodes.ok;
}

async function planOne(request: Parameters<typeof planTarget>[0]): Promise<TargetPlan> {
  const found = await withProgress(`planning ${request.target}`, planTarget(request));
  if (found.status === "absent") throw new UserError(found.message ?? "", "`cyclops plan --target all` shows those that do.");
  return found;
}

async function planEvery(request: Omit<Parameters<typeof planTarget>[0], "target">): Promise<TargetPlan[]> {
  const { planAll } = await import("../plan/plan-all.js");
  return withProgress("planning all targets", planAll(request));
}

/** A progress line on a terminal; a script that calls the command gets a clean stderr. */
async function withProgress<Result>(label: string, work: Promise<Result>): Promise<Result> {
  const progress = process.stderr.isTTY ? new ProgressLine(label, process.stderr, styleOf(process.stderr)) : undefined;
  try {
    return await work;
  } finally {
    progress?.stop();
  }
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UserError(`${file}: cannot be written: ${whyNotWritten(error)}.`);
  }
}
