import { chain, longestTimeout, type MapState, type StateMachine, type States, type Steps } from "./asl";
import { repeatedJob } from "./attempts";
import type { MachineContext } from "./context";
import { longestSeconds, type StepJob } from "./job";
import { oneAtATime, startOfRun } from "./run";

/** The instances of one work: a job each, all at the same time. */
export function shards(
  name: string,
  step: string,
  spec: StepJob,
  count: number,
  context: MachineContext,
  environment: Readonly<Record<string, string>> = {},
): MapState {
  const job = repeatedJob(name, step, spec, context, {
    environment: { ...environment, "CYCLOPS_SHARD.$": `States.Format('{}/${count}', $.shard)` },
    suffix: { format: "{}", path: "$.shard" },
  });
  return {
    Type: "Map",
    ItemsPath: "$.shards",
    ItemSelector: { "run.$": "$.run", "shard.$": "$$.Map.Item.Value" },
    MaxConcurrency: count,
    ItemProcessor: { ProcessorConfig: { Mode: "INLINE" }, StartAt: name, States: chain([job]) },
    ResultPath: null,
  };
}

/** The numbers of the instances, from 0 on, in `$.shards`. */
export const numberShards = (count: number): Steps => [
  [
    "NumberShards",
    {
      Type: "Pass",
      Parameters: { "run.$": "$.run", "shards.$": `States.ArrayRange(0, ${count - 1}, 1)` },
    },
  ],
];

/** Batch inference with the champion: one job, or one for each instance, which share the input files. */
export function batchMachine(context: MachineContext): StateMachine {
  const { batch } = context.spec;
  if (!batch) throw new Error(`${context.model} has no batch`);
  const work: Steps =
    batch.instances > 1
      ? [...numberShards(batch.instances), ["Shards", shards("Batch", "batch", batch, batch.instances, context)]]
      : [repeatedJob("Batch", "batch", batch, context)];
  return machine(`Batch inference of ${context.model}`, work, longestSeconds("batch", batch, context), context);
}

/** A machine of which one execution at a time does the work. */
export function machine(comment: string, work: Steps, seconds: number, context: MachineContext): StateMachine {
  const first = work[0]?.[0] ?? "Done";
  const states: States = chain([...startOfRun, ...oneAtATime(context, first, "leave"), ...work, ["Done", { Type: "Succeed" }]]);
  return { Comment: comment, StartAt: "Start", TimeoutSeconds: Math.min(seconds + 3600, longestTimeout), States: states };
}
