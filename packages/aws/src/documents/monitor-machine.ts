import type { StateMachine, Steps } from "./asl";
import { repeatedJob } from "./attempts";
import { machine, numberShards, shards } from "./batch-machine";
import type { MachineContext } from "./context";
import { endpointInstance, vCpusOf } from "./instances";
import { longestSeconds, type StepJob } from "./job";
import { kpiNamespace } from "./place";

/** A report reads a window of rows and computes: a small instance for some minutes, tried again where it was lost. */
const reporting: StepJob = { size: "S", spot: false, retries: 2, timeout: "1h" };

/** Environment of the monitor: where its values go, and where those of serving are found. */
function environmentOf({ endpoint, spec, account, binding }: MachineContext): Record<string, string> {
  const sink = { CYCLOPS_METRIC_SINK: `cloudwatch:${kpiNamespace(binding)}` };
  if (!endpoint || !spec.endpoint) return sink;
  const address = `sagemaker:${endpoint.endpoint}/${endpoint.variant}`;
  if (spec.endpoint.kind === "serverless") return { ...sink, CYCLOPS_SERVING: address };
  return { ...sink, CYCLOPS_SERVING: `${address}/${vCpusOf(endpointInstance(spec.endpoint, account.instanceTypes))}` };
}

/** The KPI monitor: one job, or a plan, a job for each instance, and the report that adds up what they have counted. */
export function monitorMachine(context: MachineContext): StateMachine {
  const { monitoring } = context.spec;
  if (!monitoring) throw new Error(`${context.model} has no monitoring`);
  const count = monitoring.instances;
  const environment = environmentOf(context);
  const stage = (state: string, name: string) =>
    repeatedJob(state, "monitor", reporting, context, {
      environment: { ...environment, CYCLOPS_MONITOR_STAGE: name },
      suffix: { format: name },
    });
  const work: Steps =
    count > 1
      ? [
          stage("Plan", "plan"),
          ...numberShards(count),
          [
            "Profiles",
            shards("Profile", "monitor", reporting, count, context, { ...environment, CYCLOPS_MONITOR_STAGE: "profile" }),
          ],
          stage("Merge", "merge"),
        ]
      : [repeatedJob("Monitor", "monitor", reporting, context, { environment })];
  const seconds = longestSeconds("monitor", reporting, context) * (count > 1 ? 3 : 1);
  return machine(`KPI monitor of ${context.model}`, work, seconds, context);
}
