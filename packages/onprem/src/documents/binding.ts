import { ArgumentError, type Zone, zones } from "@cyclops/core";
import type { PlatformBinding } from "../args";

/** Fields of a binding that hold text. */
const texts = [
  "instance",
  "namespace",
  "trackingUri",
  "objectStore.endpoint",
  "objectStore.region",
  "secrets.trackingWriter",
  "secrets.trackingReader",
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
  const keys = at(value, "secrets.objectStore");
  if (typeof keys !== "object" || keys === null) missing.push("secrets.objectStore");
  if (missing.length > 0) {
    throw new ArgumentError(
      `output "binding" of the stack ${stack}`,
      `is not the binding of a Kubernetes platform; missing: ${missing.join(", ")}.`,
      "Export `binding` of a `Platform` of @cyclops/onprem there, run `pulumi up`, and name that stack here.",
    );
  }
  return value as PlatformBinding;
}

function at(value: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (found, key) => (typeof found === "object" && found !== null ? (found as Record<string, unknown>)[key] : undefined),
      value,
    );
}
