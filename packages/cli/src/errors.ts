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

const storageProblems: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the quota of the disk is used up",
  EROFS: "the file system is read-only",
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  ENOTDIR: "a file is in the way",
  EEXIST: "a file is in the way",
};

/** Why something cannot be written, with the system's code: `the disk is full (ENOSPC)`. */
export function whyNotWritten(error: unknown): string {
  const code = codeOf(error) ?? "unknown";
  const words = storageProblems[code];
  return words === undefined ? code : `${words} (${code})`;
}

/** Whether the error says that a disk takes nothing more. */
export const isFull = (error: unknown): boolean => ["ENOSPC", "EDQUOT"].includes(codeOf(error) ?? "");
