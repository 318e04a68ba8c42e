import { relative, sep } from "node:path";

/** A path as a person would write it here: relative where it lies below the working directory, else absolute. */
export function displayPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short === ".." || short.startsWith(`..${sep}`) ? path : short || ".";
}

/** A word of a command line, as it may be pasted into a shell. */
export const quoted = (word: string): string => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
