import { lastWords, pausesOf } from "@cyclops/core";
import type { State, States, Steps } from "./asl";
import type { MachineContext } from "./context";
import { attemptPath, firstAttempt, type JobOptions, retryOf, type StepJob, stepJob } from "./job";

/**
 * A job, and what comes of its failures. Step Functions repeats by an error's name alone, and every job that failed has the same; so a
 * choice reads what the runtime has left in the job's description, and what it calls final is not tried again. A command of the user's
 * leaves nothing there: each of its failures is repeated.
 */
export function repeatedJob(
  state: string,
  step: string,
  spec: StepJob,
  context: MachineContext,
  options: JobOptions = {},
): Steps[number] {
  const { retries, command } = spec;
  const job = stepJob(step, spec, context, options);
  if (retries === 0) return [state, job];
  if (command !== undefined) return [state, { ...job, ...retryOf(spec) }];
  const names = { failed: `${state}Failed`, again: `${state}Again`, pause: `${state}Pause`, end: `${state}Ended` };
  const hasCause = { Variable: "$.failed.Cause", IsString: true };
  const last = { Variable: `${attemptPath}.number`, NumericGreaterThanEquals: retries };
  const end = `${state}TimedOut`;
  const aside: States = {
    [names.failed]: {
      Type: "Choice",
      Choices: [
        { And: [hasCause, { Variable: "$.failed.Cause", StringMatches: `*${lastWords.final}*` }], Next: names.end },
        { And: [last, hasCause], Next: names.end },
        { ...last, Next: end },
      ],
      Default: names.again,
    },
    [names.again]: {
      Type: "Pass",
      Parameters: {
        "number.$": `States.MathAdd(${attemptPath}.number, 1)`,
        "pause.$": `States.ArrayGetItem(States.Array(${pausesOf(retries).join(", ")}), ${attemptPath}.number)`,
      },
      ResultPath: attemptPath,
      Next: names.pause,
    },
    [names.pause]: { Type: "Wait", SecondsPath: `${attemptPath}.pause`, Next: state },
    [names.end]: { Type: "Fail", ErrorPath: "$.failed.Error", CausePath: "$.failed.Cause" },
    // A timeout need not have a cause.
    [end]: { Type: "Fail", Error: "States.Timeout", Cause: `${state} has not ended in time` },
  };
  const task: State = {
    ...job,
    // The next job begins with its first attempt.
    ResultSelector: firstAttempt,
    ResultPath: attemptPath,
    Catch: [{ ErrorEquals: ["States.TaskFailed", "States.Timeout"], Next: names.failed, ResultPath: "$.failed" }],
  };
  return [state, task, aside];
}
