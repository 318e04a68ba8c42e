import type { PolicyStatement } from "./policy";

/** Reading, and nothing else, what was written with other keys before. */
export const formerKeys = (arns: readonly string[]): PolicyStatement[] =>
  arns.length === 0 ? [] : [{ Sid: "FormerKeys", Effect: "Allow", Action: ["kms:Decrypt", "kms:DescribeKey"], Resource: arns }];
