import { createHash } from "node:crypto";

/** What a target allows as the name of one kind of object. Each target keeps one table of these. */
export interface NameLimit {
  /** Greatest number of characters. */
  readonly maxLength: number;
  /** What joins the parts; empty where the kind allows letters and digits only. @default "-" */
  readonly separator?: "-" | "_" | "";
  /** Vendor's page that states the limit. */
  readonly source: string;
}

const hashLength = 6;

/**
 * Physical name made of lower-case parts: joined when it fits, else cut and ended with a hash of the full name, so that
 * equal inputs give equal names and different inputs different ones. Without a separator the hash is always there: `churn-eu`
 * and `churneu` would be the same.
 *
 * @param parts at least one part `[a-z0-9-]`; the last one says what the object is and is kept longest
 * @returns a name of at most `limit.maxLength` characters that starts with a letter and ends with a letter or digit
 */
export function physicalName(limit: NameLimit, ...parts: string[]): string {
  const separator = limit.separator ?? "-";
  const full = parts.join("-");
  const clean = full.replace(/[^a-z0-9]+/g, separator);
  if (separator !== "" && clean.length <= limit.maxLength) return clean;
  const hash = createHash("sha256").update(full).digest("hex").slice(0, hashLength);
  if (separator === "" && clean.length + hashLength <= limit.maxLength) return clean + hash;
  const suffix = (parts.length > 1 ? (parts.at(-1) ?? "") : "").replace(/[^a-z0-9]+/g, separator);
  const tail = [suffix, hash].filter(Boolean).join(separator);
  // A suffix so long that nothing of the head would be left is dropped: the hash still tells the names apart.
  const end = tail.length + 4 <= limit.maxLength ? tail : hash;
  const head = clean.slice(0, limit.maxLength - end.length - separator.length).replace(/[-_]+$/, "");
  return `${head}${separator}${end}`;
}
