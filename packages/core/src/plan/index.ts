export { recordProgram } from "./record";
export type { RecordedCall, RecordedResource, RecorderMocks, Recording, RecordOptions } from "./types";
export { revealValue, SecretValue, UnknownValue, unknownValue } from "./values";
