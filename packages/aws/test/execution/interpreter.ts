import { StateMachine as Interpreter } from "aws-local-stepfunctions";
import type { State, StateMachine, States } from "../../src/documents/asl";
import { type Account, ServiceError } from "./account";

/** How an execution ended. */
export interface Execution {
  readonly status: "SUCCEEDED" | "FAILED" | "TIMED_OUT";
  readonly error: string | undefined;
  readonly cause: string | undefined;
  readonly output: unknown;
  /** Names of the states that were entered, in order. */
  readonly path: readonly string[];
}

/** What an execution needs besides its machine. */
export interface Run {
  readonly account: Account;
  readonly input?: Readonly<Record<string, unknown>>;
  /** Name of the execution. @default "run-1" */
  readonly name?: string;
  /** ARNs of other executions of the machine that run, from the newest on. @default [] */
  readonly others?: readonly string[];
  /** Machines by ARN, which this one may start. @default {} */
  readonly machines?: Readonly<Record<string, StateMachine>>;
  /** Called when a state is entered, before its task runs. */
  readonly entered?: (state: string) => void;
}

const machineArn = "arn:aws:states:eu-west-1:123456789012:stateMachine:test";

/** Executes a machine with `aws-local-stepfunctions`: tasks go to the account, waits and pauses between attempts take no time. */
export async function execute(machine: StateMachine, run: Run): Promise<Execution> {
  const { name = "run-1" } = run;
  const executionArn = `${machineArn.replace("stateMachine", "execution")}:${name}`;
  // The interpreter does not count attempts in the context object.
  const attempts = { RetryCount: 0 };
  const states = everyState(machine.States);
  const handlers = states.flatMap(([state, definition]) => {
    if (definition.Type !== "Task") return [];
    const integration = definition.Resource.replace(/^arn:[a-z-]+:states:::/, "");
    const handle = async (input: unknown) => {
      run.entered?.(state);
      try {
        const answer = await answerOf(integration, input as Readonly<Record<string, unknown>>, run, executionArn);
        attempts.RetryCount = 0;
        return answer;
      } catch (error) {
        attempts.RetryCount += 1;
        throw error;
      }
    };
    return [[state, handle] as const];
  });
  const names = (type: State["Type"]) => states.filter(([, definition]) => definition.Type === type).map(([state]) => state);
  const interpreter = new Interpreter(interpretable(machine), { validationOptions: { checkArn: false } });
  const execution = interpreter.run(JSON.parse(JSON.stringify(run.input ?? {})), {
    context: { Execution: { Id: executionArn, Name: name }, StateMachine: { Id: machineArn }, State: attempts },
    overrides: {
      taskResourceLocalHandlers: Object.fromEntries(handlers) as Record<string, (input: unknown) => Promise<never>>,
      waitTimeOverrides: Object.fromEntries(names("Wait").map((state) => [state, 0])),
      retryIntervalOverrides: Object.fromEntries(names("Task").map((state) => [state, 0])),
    },
  });
  const path: string[] = [];
  const events = (async () => {
    for await (const event of execution.eventLogs) if (event.type === "StateEntered") path.push(event.state.name);
  })();
  try {
    const output: unknown = await execution.result;
    await events;
    return { status: "SUCCEEDED", error: undefined, cause: undefined, output, path };
  } catch (failure) {
    await events;
    return { ...failed(failure), output: undefined, path };
  }
}

/** A copy in which no timeout is longer than a timer of Node can be. */
const interpretable = (machine: StateMachine): ConstructorParameters<typeof Interpreter>[0] =>
  JSON.parse(JSON.stringify(machine), (key, value: unknown) =>
    key === "TimeoutSeconds" ? Math.min(Number(value), 86_400) : value,
  );

function failed(failure: unknown): Pick<Execution, "status" | "error" | "cause"> {
  if (!(failure instanceof Error)) throw failure;
  const { cause } = failure;
  // What a state has thrown: errors of services, or those of a Fail state.
  if (cause instanceof Error) return { status: "FAILED", error: cause.name, cause: cause.message };
  return { status: failure.name.includes("Timeout") ? "TIMED_OUT" : "FAILED", error: failure.name, cause: failure.message };
}

async function answerOf(
  integration: string,
  fields: Readonly<Record<string, unknown>>,
  run: Run,
  executionArn: string,
): Promise<unknown> {
  if (integration === "aws-sdk:sfn:listExecutions") {
    if (fields.StateMachineArn !== machineArn) throw new Error("a machine asks for its own executions");
    return { Executions: [executionArn, ...(run.others ?? [])].map((ExecutionArn) => ({ ExecutionArn })) };
  }
  if (integration === "states:startExecution.sync:2") return startMachine(fields, run);
  return run.account.call(integration, fields);
}

async function startMachine(fields: Readonly<Record<string, unknown>>, run: Run): Promise<unknown> {
  const machine = run.machines?.[String(fields.StateMachineArn)];
  if (!machine) throw new Error(`there is no machine ${String(fields.StateMachineArn)}`);
  const inner = await execute(machine, {
    account: run.account,
    name: String(fields.Name),
    input: fields.Input as Readonly<Record<string, unknown>>,
  });
  if (inner.status === "SUCCEEDED") return { Status: inner.status, Output: inner.output };
  throw new ServiceError("States.TaskFailed", JSON.stringify({ Status: inner.status, Error: inner.error, Cause: inner.cause }));
}

function everyState(states: States): [string, State][] {
  return Object.entries(states).flatMap(([name, state]): [string, State][] =>
    state.Type === "Map" ? [[name, state], ...everyState(state.ItemProcessor.States)] : [[name, state]],
  );
}
