/** Milliseconds of processor time (all threads) and of the clock. */
export interface Usage {
  readonly cpu: number;
  readonly wall: number;
}

/** What this process has used since it started. */
export function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpu: (user + system) / 1000, wall: performance.now() };
}

/** What this process has used since `start`. */
export function since(start: Usage): Usage {
  const now = usage();
  return { cpu: now.cpu - start.cpu, wall: now.wall - start.wall };
}

/** Greatest memory of this process so far, in MB. */
export const peakMemory = (): number => process.resourceUsage().maxRSS / 1024;
