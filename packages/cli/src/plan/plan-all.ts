import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type Target, targets } from "@cyclops/core";
import type { PlanRequest } from "./plan-target";
import type { TargetPlan } from "./report";
import type { WorkerAnswer } from "./worker";

/** Plans every target, each in a process of its own, as many at a time as there are processors. */
export async function planAll(request: Omit<PlanRequest, "target">): Promise<TargetPlan[]> {
  const waiting = [...targets];
  const plans = new Map<Target, TargetPlan>();
  const worker = async (): Promise<void> => {
    for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) {
      plans.set(target, await planInWorker({ ...request, target }));
    }
  };
  await Promise.all(Array.from({ length: Math.min(targets.length, availableParallelism()) }, worker));
  return targets.flatMap((target) => plans.get(target) ?? []);
}

function planInWorker(request: PlanRequest): Promise<TargetPlan> {
  const failed = (message: string): TargetPlan => ({
    target: request.target,
    status: "failed",
    message,
    resources: [],
    outputs: {},
    features: [],
    findings: [],
  });
  return new Promise((resolve) => {
    const child = fork(join(__dirname, "worker.js"), { stdio: ["ignore", "ignore", "pipe", "ipc"] });
    let complaint = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      complaint += chunk.toString();
    });
    child.once("message", (answer: WorkerAnswer) => resolve("plan" in answer ? answer.plan : failed(answer.problem)));
    child.once("error", (error) => resolve(failed(error.message)));
    child.once("exit", (code, signal) =>
      resolve(failed(`the planning process ended early (${signal ?? code}). ${complaint.trim().split("\n").at(-1) ?? ""}`)),
    );
    child.send(request);
  });
}
