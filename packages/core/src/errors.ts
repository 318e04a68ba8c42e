import { RunError } from "@pulumi/pulumi";

/** One problem of a spec. */
export interface SpecIssue {
  /** Place in the spec, e.g. `models.churn.endpoint.size`; empty for the spec itself. */
  readonly path: string;
  /** What is wrong, with the value found and the values allowed. */
  readonly message: string;
  /** What to change. */
  readonly fix?: string;
  /** Line of the file, counted from one; where the spec was read from a file. */
  readonly line?: number;
}

/** The spec cannot be used. Lists every problem at once; nothing has been registered when it is thrown. */
export class SpecError extends RunError {
  public override readonly name: string = "SpecError";

  constructor(
    public readonly issues: readonly SpecIssue[],
    public readonly source: string = "spec",
  ) {
    super(describe(issues, source));
  }
}

/** The spec asks for something that the target cannot do. */
export class UnsupportedFeatureError extends SpecError {
  public override readonly name: string = "UnsupportedFeatureError";
}

/** A component was given an argument that it cannot use; `where` names the component and the field. */
export class ArgumentError extends RunError {
  public override readonly name: string = "ArgumentError";

  constructor(where: string, message: string, fix: string) {
    super(`${where}: ${message} ${fix}`);
  }
}

function describe(issues: readonly SpecIssue[], source: string): string {
  const count = issues.length === 1 ? "1 problem" : `${issues.length} problems`;
  const rows = issues.map(({ path, message, fix, line }) => {
    const place = [line === undefined ? "" : `line ${line}`, path].filter(Boolean).join(", ") || "the whole spec";
    return `  ${place}: ${message}${fix ? `\n      ${fix}` : ""}`;
  });
  return [`${source}: ${count} found.`, ...rows].join("\n");
}
