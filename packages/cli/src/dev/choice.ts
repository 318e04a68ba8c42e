import type { ResolvedStackSpec } from "@cyclops/core";
import { UserError } from "../errors";
import { list } from "../terminal/table";

/** The models that a command is to work on: those that are named, else all. @throws UserError for a name that the spec does not have */
export function chooseModels(spec: ResolvedStackSpec, wanted: readonly string[]): string[] {
  const all = Object.keys(spec.models);
  if (all.length === 0) throw new UserError(`The spec ${spec.name} has no models.`, "Add one under `models:`.");
  const unknown = wanted.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new UserError(`The spec ${spec.name} has no model "${unknown}".`, `Its models: ${list(all)}.`);
  return wanted.length > 0 ? [...new Set(wanted)] : all;
}

/** `20261124-022700-123`: sorts by time, and differs between runs of one second. */
export function newRunId(now: Date): string {
  const [date = "", time = ""] = now.toISOString().split("T");
  return `${date.replaceAll("-", "")}-${time.replace(/[:Z]/g, "").replace(".", "-")}`;
}
