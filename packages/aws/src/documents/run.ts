import { integration, type Steps } from "./asl";
import type { MachineContext } from "./context";
import { firstAttempt } from "./job";

/**
 * Beginning of every machine: the run's id, and the token in the names of its jobs. The input of the execution is left behind: schedules,
 * rules and people give different ones.
 *
 * Twelve hexadecimal digits of a UUID: names of jobs are used once in an account, and names of executions come back after 90 days.
 */
export const startOfRun: Steps = [
  [
    "Start",
    {
      Type: "Pass",
      Parameters: { "id.$": "$$.Execution.Name", "uuid.$": "States.StringSplit(States.UUID(), '-')" },
    },
  ],
  [
    "NameRun",
    {
      Type: "Pass",
      Parameters: {
        run: {
          "id.$": "$.id",
          "token.$": "States.Format('{}{}', States.ArrayGetItem($.uuid, 0), States.ArrayGetItem($.uuid, 1))",
          attempt: firstAttempt,
        },
      },
    },
  ],
];

/** Repetitions of a call that only asks. */
export const askAgain = [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 5, MaxAttempts: 5, BackoffRate: 2 }];

/**
 * Goes on only where this execution is the oldest of the machine: two trainings of one model would race for its champion, two rollouts for
 * its endpoint. Executions are listed from the newest on.
 *
 * @param otherwise `leave`: ends well, the other run does the work; `wait`: waits for its turn
 */
export function oneAtATime({ binding }: MachineContext, next: string, otherwise: "leave" | "wait"): Steps {
  return [
    [
      "ListRuns",
      {
        Type: "Task",
        Resource: integration(binding, "aws-sdk:sfn:listExecutions"),
        Parameters: { "StateMachineArn.$": "$$.StateMachine.Id", StatusFilter: "RUNNING", MaxResults: 100 },
        ResultSelector: {
          "oldest.$": "States.ArrayGetItem($.Executions, States.MathAdd(States.ArrayLength($.Executions), -1))",
        },
        ResultPath: "$.running",
        // The list may lag behind: an execution that does not find itself yet looks again.
        Retry: askAgain,
      },
    ],
    [
      "OldestRun",
      {
        Type: "Choice",
        Choices: [{ Variable: "$.running.oldest.ExecutionArn", StringEqualsPath: "$$.Execution.Id", Next: next }],
        Default: otherwise === "leave" ? "AnotherRuns" : "WaitForTurn",
      },
    ],
    otherwise === "leave"
      ? [
          "AnotherRuns",
          { Type: "Succeed", Comment: "Another run of this machine has not ended: this one leaves the work to it." },
        ]
      : ["WaitForTurn", { Type: "Wait", Seconds: 60, Next: "ListRuns" }],
  ];
}
