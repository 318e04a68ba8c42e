export { baseSpec } from "./base";
export { documentProblems } from "./document";
export { specChanges } from "./spec-changes";
export { type PlanStep, resourceChanges } from "./steps";
export { supportedChanges } from "./supported";
export { changesTable, type TableRow, withSection } from "./table";
export type { BindingChange, NamedResource, Operation, ResourceChange, SpecChange } from "./types";
export { type Disposable, unnamedLosses } from "./unnamed";
