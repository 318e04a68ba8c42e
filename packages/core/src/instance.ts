import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentError } from "./errors";

const allowed = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const hashLength = 4;

/**
 * What tells stacks of one spec apart, and stands in physical names after the spec's name: the one given, else the name of the Pulumi
 * stack. Where that has other characters than names may have, a hash of it follows: `pr_42` and `pr-42` stay two.
 *
 * @param given lower-case letters, digits and single hyphens
 * @throws ArgumentError for anything else
 */
export function instanceName(given?: string): string {
  if (given !== undefined) {
    if (allowed.test(given)) return given;
    throw new ArgumentError("instance", `"${given}" cannot be in a name.`, "Use lower-case letters, digits and single hyphens.");
  }
  const stack = pulumi.getStack();
  if (allowed.test(stack)) return stack;
  const hash = createHash("sha256").update(stack).digest("hex").slice(0, hashLength);
  const words = stack
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  return [...words, hash].join("-");
}
