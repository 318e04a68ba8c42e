/** Exit codes of the command. 3, 4 and 75 are those of the runtime contract, so that a script can tell a refusal from a fault. */
export const exitCodes = { ok: 0, problem: 1, usage: 2, gateRefused: 3, rolledBack: 4, mayPass: 75, interrupted: 130 } as const;

/** Something the user can mend: the message is all that is printed. */
export class UserError extends Error {
  public override readonly name = "UserError";

  /** @param fix what to do about it, as a sentence of its own */
  constructor(
    message: string,
    public readonly fix?: string,
    public readonly exitCode: number = exitCodes.problem,
  ) {
    super(fix === undefined ? message : `${message} ${fix}`);
  }
}

/** The message of anything that was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The code of a system or module error, e.g. `ENOENT`. */
export const codeOf = (error: unknown): string | undefined =>
  typeof error === "object" && error !== null && "code" in error ? String(error.code) : undefined;
