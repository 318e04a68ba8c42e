import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Zone, zones } from "@cyclops/core";
import { codeOf, UserError } from "../errors";

/** The folders of a local stack. All paths are absolute. */
export interface Workspace {
  /** Folder of the spec; the raw zone is `raw/` in it. */
  readonly specFolder: string;
  /** Folder of everything that `cyclops dev` makes. */
  readonly folder: string;
  readonly zones: Readonly<Record<Zone, string>>;
  readonly logs: string;
  readonly documents: string;
  readonly secrets: string;
  /** The SQLite file that is MLflow's database. */
  readonly registry: string;
  /** MLflow's address of it. */
  readonly trackingUri: string;
}

/** Where things are; touches nothing. A relative `workdir` is relative to the spec. */
export function workspaceOf(specFile: string, workdir: string): Workspace {
  const specFolder = dirname(resolve(specFile));
  const folder = resolve(specFolder, workdir);
  const registry = join(folder, "mlflow.db");
  const zoneFolder = (zone: Zone) => (zone === "raw" ? join(specFolder, "raw") : join(folder, "zones", zone));
  return {
    specFolder,
    folder,
    zones: Object.fromEntries(zones.map((zone) => [zone, zoneFolder(zone)])) as Record<Zone, string>,
    logs: join(folder, "logs"),
    documents: join(folder, "models"),
    secrets: join(folder, "secrets"),
    registry,
    trackingUri: `sqlite:///${registry}`,
  };
}

/**
 * Makes the folders and takes the workspace: two runs at a time would fight for the registry.
 *
 * @returns what gives the workspace back
 * @throws UserError where another `cyclops dev` has it, or the folder cannot be written
 */
export function openWorkspace({ folder, zones: zoneFolders, logs, documents }: Workspace): () => void {
  try {
    for (const path of [folder, logs, documents, ...Object.values(zoneFolders)]) mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new UserError(
      `The folder ${folder} cannot be made (${codeOf(error) ?? "unknown"}).`,
      "Name another one with --workdir.",
    );
  }
  const lock = join(folder, "dev.lock");
  const owner = lockOwner(lock);
  if (owner !== undefined) {
    throw new UserError(
      `Another \`cyclops dev\` (process ${owner}) works in ${folder}.`,
      "Stop it, or name another folder with --workdir.",
    );
  }
  writeFileSync(lock, String(process.pid));
  return () => rmSync(lock, { force: true });
}

/** Process that holds the lock; undefined where there is none, or where it has ended without giving it back. */
function lockOwner(lock: string): number | undefined {
  try {
    const owner = Number(readFileSync(lock, "utf8"));
    process.kill(owner, 0);
    return owner === process.pid ? undefined : owner;
  } catch (error) {
    // EPERM: the process lives and belongs to someone else.
    return codeOf(error) === "EPERM" ? Number(readFileSync(lock, "utf8")) : undefined;
  }
}
