// Entry of a worker process: plans one target and sends the result back.
import { enableCompileCache } from "node:module";
import { exitCodes, UserError } from "../errors";
import { renderError } from "../terminal/problems";
import { type PlanRequest, planTarget } from "./plan-target";
import type { TargetPlan } from "./report";

/** What a worker answers. */
export type WorkerAnswer = { readonly plan: TargetPlan } | { readonly problem: string; readonly exitCode: number };

enableCompileCache();
process.once("message", (request: PlanRequest) => {
  void answer(request).then((message) => {
    process.send?.(message, () => process.disconnect());
  });
});

async function answer(request: PlanRequest): Promise<WorkerAnswer> {
  try {
    return { plan: await planTarget(request) };
  } catch (error) {
    return { problem: renderError(error), exitCode: error instanceof UserError ? error.exitCode : exitCodes.problem };
  }
}
