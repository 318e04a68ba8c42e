import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Environment, loadSpec, type ResolvedStackSpec } from "@cyclops/core";
import { validFixtures } from "@cyclops/core/testing";

/** A spec of core's corpus. @throws Error where there is none of the name */
export const fixture = (name: string): ResolvedStackSpec => loadSpec(fileOf(name));

/** The same in an environment. */
export function fixtureIn(environment: Environment, name: string): ResolvedStackSpec {
  const folder = mkdtempSync(path.join(tmpdir(), "cyclops-"));
  try {
    const text = readFileSync(fileOf(name), "utf8").replace(/^environment: .*\n/m, "");
    writeFileSync(path.join(folder, "mlops.yaml"), `environment: ${environment}\n${text}`);
    return loadSpec(path.join(folder, "mlops.yaml"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function fileOf(name: string): string {
  const found = validFixtures().find((each) => each.name === name);
  if (!found) throw new Error(`there is no valid fixture "${name}"`);
  return found.file;
}
