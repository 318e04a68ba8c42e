import { StateMachine as Interpreter } from "aws-local-stepfunctions";
import type { State, StateMachine, States, TaskState } from "../../src/documents/asl";

/** A call that a task makes, with its fields filled in. */
export interface Call {
  /** Machine and state, for messages. */
  readonly place: string;
  /** What follows `arn:aws:states:::` in the task's resource. */
  readonly integration: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** The values that states of the machines leave to each other, as they are in a real execution. */
const sampleInput = {
  run: { id: "0b9b3c1e-2a7f-4c9c-9d53-0d2a7b1f5e11", token: "1f0c2a9b44d1", attempt: { number: 2 } },
  uuid: ["1f0c2a9b", "44d1", "4444", "8888", "121212121212"],
  package: { arn: "arn:aws:sagemaker:eu-west-1:123456789012:model-package/churn-dev-churn/7" },
  modelPackageArn: "arn:aws:sagemaker:eu-west-1:123456789012:model-package/churn-dev-churn/7",
  registered: { version: "7", run: "0b9b3c1e", artifacts: "s3://churn-dev-models/mlflow/1/models/m-0/artifacts/" },
  new: { name: "churn-dev-churn-1a2b3c-v7-1f0c2a9b44d1" },
  current: { config: "churn-dev-churn-1a2b3c-v6-aa0c2a9b44d1", instances: 1, status: "InService" },
  fleet: { instances: 2 },
  shard: 0,
  shards: [0, 1, 2],
};

const context = {
  Execution: {
    Id: "arn:aws:states:eu-west-1:123456789012:execution:churn-dev-churn-training:0b9b3c1e",
    Name: "0b9b3c1e-2a7f-4c9c-9d53-0d2a7b1f5e11",
  },
  StateMachine: { Id: "arn:aws:states:eu-west-1:123456789012:stateMachine:churn-dev-churn-training" },
  State: { RetryCount: 2 },
};

/** Every task of a machine, those inside of maps too. */
export function tasksOf({ States }: { readonly States: States }): [string, TaskState][] {
  return Object.entries(States).flatMap(([name, state]: [string, State]): [string, TaskState][] => {
    if (state.Type === "Map") return tasksOf(state.ItemProcessor);
    return state.Type === "Task" ? [[name, state]] : [];
  });
}

/** What a task hands to the service: the interpreter fills in paths and intrinsic functions. */
async function callOf(place: string, state: TaskState, machineArn = context.StateMachine.Id): Promise<Call> {
  let parameters: unknown;
  const { Resource, Parameters } = state;
  const alone = { StartAt: "Call", States: { Call: { Type: "Task", Resource, Parameters, End: true } } };
  // A copy of JSON: the interpreter's type has lists that may be changed.
  const interpreter = new Interpreter(JSON.parse(JSON.stringify(alone)), { validationOptions: { noValidate: true } });
  await interpreter.run(sampleInput, {
    context: { ...context, StateMachine: { Id: machineArn } },
    overrides: {
      taskResourceLocalHandlers: {
        Call: (input) => {
          parameters = input;
          return {};
        },
      },
    },
  }).result;
  return {
    place,
    integration: Resource.replace(/^arn:[a-z-]+:states:::/, ""),
    parameters: parameters as Readonly<Record<string, unknown>>,
  };
}

/** Every call that a machine can make. */
export const callsOf = (name: string, machine: StateMachine, machineArn?: string): Promise<Call[]> =>
  Promise.all(tasksOf(machine).map(([state, task]) => callOf(`${name}: ${state}`, task, machineArn)));
