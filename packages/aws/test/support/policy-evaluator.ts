import type { PolicyDocument, PolicyStatement } from "../../src/documents/policy";

/** A call that somebody makes. */
export interface AccessRequest {
  readonly action: string;
  readonly resource: string;
  /** Values of condition keys. @default {} */
  readonly context?: Readonly<Record<string, string>>;
}

/**
 * Whether an identity with these policies may make a call: a statement allows it, and none denies it. As AWS decides within one account, without
 * permission boundaries: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function isAllowed(policies: readonly PolicyDocument[], request: AccessRequest): boolean {
  const matching = policies.flatMap(({ Statement }) => Statement).filter((statement) => applies(statement, request));
  return matching.some(({ Effect }) => Effect === "Allow") && matching.every(({ Effect }) => Effect === "Allow");
}

function applies(
  { Action, Resource, Condition = {} }: PolicyStatement,
  { action, resource, context = {} }: AccessRequest,
): boolean {
  return (
    listOf(Action).some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
    listOf(Resource ?? "*").some((pattern) => matches(pattern, resource)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) => holds(operator, context[key], listOf(values))),
    )
  );
}

/** Whether a condition holds; one whose key the call does not have does not. */
function holds(operator: string, actual: string | undefined, values: readonly string[]): boolean {
  if (actual === undefined) return false;
  switch (operator) {
    case "StringEquals":
    case "ArnEquals":
    case "Bool":
      return values.includes(actual);
    case "StringLike":
    case "ArnLike":
      return values.some((pattern) => matches(pattern, actual));
    case "NumericLessThan":
      return values.some((value) => Number(actual) < Number(value));
    default:
      throw new Error(`the evaluator does not know ${operator}`);
  }
}

/** Whether a text matches a pattern with `*` and `?`. */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", "[\\s\\S]*")
    .replaceAll("?", "[\\s\\S]");
  return new RegExp(`^${source}$`).test(text);
}

/** One or several values as several. */
export const listOf = (value: string | readonly string[]): readonly string[] => [value].flat();
