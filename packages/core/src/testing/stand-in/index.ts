export { checkInputs, type Failure } from "./check";
export type { Cloud, Condition, Invoke, ResourceRules } from "./cloud";
export { clouds } from "./clouds";
export { compute } from "./compute";
export { type Difference, difference } from "./diff";
export { orderProblems, referenceProblems } from "./order";
export { type Input, type ResourceDescription, SdkReader } from "./sdk/reader";
export { type Property, parseShape, type Shape } from "./sdk/shape";
export {
  type CommandResult,
  type EngineStep,
  StandInStack,
  type StandInStackOptions,
  type StateResource,
  whyNoEngine,
} from "./stack";
export { type JournalEntry, Store, type StoredResource } from "./store";
