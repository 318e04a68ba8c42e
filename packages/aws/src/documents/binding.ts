import { ArgumentError, type Zone, zones } from "@cyclops/core";
import type { PlatformBinding } from "../args";

/** Fields of a binding that hold text. */
const texts = [
  "partition",
  "region",
  "accountId",
  "stack",
  "instance",
  "keyArn",
  "trackingUri",
  "images.runtime",
  "alertTopicArn",
  "starterRoleArn",
  ...zones.map((zone: Zone) => `zones.${zone}` as const),
] as const;

/**
 * A platform's binding as another stack has exported it. What is exported there may be anything: the output of another target's platform,
 * or of an older version.
 *
 * @throws ArgumentError that lists every field that is missing
 */
export function asBinding(value: unknown, stack: string): PlatformBinding {
  const missing: string[] = texts.filter((path) => typeof at(value, path) !== "string");
  if (at(value, "network") === undefined) missing.push("network");
  if (missing.length > 0) {
    throw new ArgumentError(
      `output "binding" of the stack ${stack}`,
      `is not the binding of a platform on AWS; missing: ${missing.join(", ")}.`,
      "Export `binding` of a `Platform` of @cyclops/aws there, run `pulumi up`, and name that stack here.",
    );
  }
  // Older versions had one key and no more.
  const { formerKeyArns = [], ...rest } = value as Omit<PlatformBinding, "formerKeyArns"> & Partial<PlatformBinding>;
  return { ...rest, formerKeyArns };
}

function at(value: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (found, key) => (typeof found === "object" && found !== null ? (found as Record<string, unknown>)[key] : undefined),
      value,
    );
}
