/** Exit codes of the runtime's commands, once for all: targets repeat steps by them, and the runtime's tests hold its own against them. */
export const runtimeExitCodes = {
  done: 0,
  /** The input or the configuration is wrong. */
  wrongInput: 1,
  /** The command line is wrong. */
  usage: 2,
  gateRefused: 3,
  rolledBack: 4,
  /** EX_TEMPFAIL of sysexits.h: the network, a server or a database failed in a way that passes. */
  mayPass: 75,
} as const;

/**
 * Codes that are not tried again: another attempt would give the same answer. Every other one is, 75 among them: what killed a step from
 * outside (a lost node, memory) has codes of its own.
 */
export const finalExitCodes = [
  runtimeExitCodes.wrongInput,
  runtimeExitCodes.usage,
  runtimeExitCodes.gateRefused,
  runtimeExitCodes.rolledBack,
] as const;

/** How the runtime begins its last sentence where the platform shows it, for platforms that tell no exit code. */
export const lastWords = { final: "[final]", mayPass: "[may pass]" } as const;

/**
 * Pauses between the attempts of a step: 1, 2, 4, 8 minutes, then 10. Two retries, the default, so wait for three minutes in all, besides
 * what clients repeat themselves: a database, an object store or MLflow that is moved to another node is back by then.
 */
export const retryPauses = { firstSeconds: 60, factor: 2, longestSeconds: 600 } as const;

/** Seconds of each pause, in order. */
export const pausesOf = (retries: number): number[] =>
  Array.from({ length: retries }, (_, index) =>
    Math.min(retryPauses.firstSeconds * retryPauses.factor ** index, retryPauses.longestSeconds),
  );

/** Seconds of all pauses. */
export const pausedSeconds = (retries: number): number => pausesOf(retries).reduce((sum, pause) => sum + pause, 0);
