const secondsPer = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const bytesPer = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 } as const;

const durationPattern = /^(\d{1,7})([smhd])$/;
const storagePattern = /^(\d{1,6})(Ki|Mi|Gi|Ti)$/;

/** Seconds of a duration such as `"90s"`, `"10m"`, `"24h"` or `"7d"`; undefined where the text is none. */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit] = durationPattern.exec(text) ?? [];
  return amount === undefined ? undefined : Number(amount) * secondsPer[unit as keyof typeof secondsPer];
}

/** Seconds of a duration that has been validated. @throws Error where it has not */
export function durationSeconds(text: string): number {
  const seconds = parseDuration(text);
  if (seconds === undefined) throw new Error(`not a duration: ${text}`);
  return seconds;
}

/** Bytes of a storage quantity such as `"10Gi"`; undefined where the text is none. */
export function parseStorage(text: string): number | undefined {
  const [, amount, unit] = storagePattern.exec(text) ?? [];
  return amount === undefined ? undefined : Number(amount) * bytesPer[unit as keyof typeof bytesPer];
}
