export {
  type RecordedResource,
  type RecorderMocks,
  type Recording,
  type RecordOptions,
  recordProgram,
  revealValue,
  SecretValue,
  unknownValue,
} from "../plan";
export * from "./changes";
export { type ContractCheck, contractChecks } from "./contract/checks";
export type { ContractOptions, PhysicalName, SecurityRule } from "./contract/subject";
export { describeContract } from "./describe-contract";
export { docSections } from "./doc-sections";
export { type ExpectedIssue, type InvalidFixture, invalidFixtures, type ValidFixture, validFixtures } from "./fixtures";
export { missingKpis } from "./kpi-coverage";
export { mocksOf, type StateByType } from "./mocks";
export { type RecordedSchedule, recordedSchedules, runsOf } from "./schedules";
export { supportedPart } from "./supported-part";
