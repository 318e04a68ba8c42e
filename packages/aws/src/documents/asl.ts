/** A value of a payload template; keys that end in `.$` hold a path or an intrinsic function. */
export type Template = null | boolean | number | string | readonly Template[] | { readonly [key: string]: Template | undefined };

/** When a failed attempt is repeated. */
export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly MaxAttempts: number;
  readonly BackoffRate: number;
  readonly MaxDelaySeconds?: number;
}

/** Where an error goes on. */
interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly ResultPath: string;
}

interface Flow {
  readonly Comment?: string;
  readonly Next?: string;
  readonly End?: true;
}

/** A call of a service. */
export interface TaskState extends Flow {
  readonly Type: "Task";
  readonly Resource: string;
  readonly Parameters: Template;
  readonly ResultSelector?: Template;
  readonly ResultPath: string | null;
  readonly TimeoutSeconds?: number;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

/** A computation. */
interface PassState extends Flow {
  readonly Type: "Pass";
  readonly Parameters: Template;
  /** Place of the result in the input. @default - it takes the place of the whole input */
  readonly ResultPath?: string;
}

/** A pause. */
interface WaitState extends Flow {
  readonly Type: "Wait";
  readonly Seconds?: number;
  readonly SecondsPath?: string;
}

/** One way out of a choice: a test, or several that must all hold. */
export type ChoiceRule = { readonly Next: string; readonly [operator: string]: Template | undefined };

/** A decision. */
interface ChoiceState {
  readonly Type: "Choice";
  readonly Comment?: string;
  readonly Choices: readonly ChoiceRule[];
  readonly Default: string;
}

/** The same for each of several items. */
export interface MapState extends Flow {
  readonly Type: "Map";
  readonly ItemsPath: string;
  readonly ItemSelector: Template;
  readonly MaxConcurrency: number;
  readonly ItemProcessor: {
    readonly ProcessorConfig: { readonly Mode: "INLINE" };
    readonly StartAt: string;
    readonly States: States;
  };
  readonly ResultPath: null;
}

/** A good end. */
interface SucceedState {
  readonly Type: "Succeed";
  readonly Comment?: string;
}

/** A bad end. */
export interface FailState {
  readonly Type: "Fail";
  readonly Comment?: string;
  readonly Error?: string;
  readonly ErrorPath?: string;
  readonly Cause?: string;
  readonly CausePath?: string;
}

export type State = TaskState | PassState | WaitState | ChoiceState | MapState | SucceedState | FailState;
export type States = Readonly<Record<string, State>>;

/** A state machine in the Amazon States Language, with JSONPath. https://states-language.net/spec.html */
export interface StateMachine {
  readonly Comment: string;
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: States;
}

/** States by name, in the order in which they run; `aside` are those that only a failure of the state leads to. */
export type Steps = readonly (readonly [name: string, state: State, aside?: States])[];

/**
 * States that run one after the other: each that does not say itself where it goes on goes on with the next one.
 *
 * @param next state after the last one. @default - the machine ends there
 */
export function chain(steps: Steps, next?: string): States {
  const entries = steps.flatMap(([name, state, aside = {}], index): [string, State][] => {
    const following = steps[index + 1]?.[0] ?? next;
    const onward: State = leadsOn(state)
      ? state
      : { ...state, ...(following === undefined ? { End: true } : { Next: following }) };
    return [[name, onward], ...Object.entries(aside)];
  });
  return Object.fromEntries(entries);
}

function leadsOn(state: State): boolean {
  if (state.Type === "Choice" || state.Type === "Succeed" || state.Type === "Fail") return true;
  return state.Next !== undefined || state.End === true;
}

/** ARN of a service integration, e.g. `integration(place, "aws-sdk:s3:getObject")`. */
export const integration = ({ partition }: { readonly partition: string }, call: string): string =>
  `arn:${partition}:states:::${call}`;

/** The longest value of TimeoutSeconds. https://states-language.net/spec.html#timeouts */
export const longestTimeout = 99_999_999;
