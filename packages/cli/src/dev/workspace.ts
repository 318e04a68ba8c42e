import { accessSync, constants, existsSync, mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Zone, zones } from "@cyclops/core";
import { UserError, whyNotWritten } from "../errors";
import { type Lock, takeLock } from "./lock";

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
 * @throws UserError where another `cyclops dev` has it, or the folder cannot be written
 */
export async function openWorkspace(workspace: Workspace): Promise<Lock> {
  const { folder, zones: zoneFolders, logs, documents } = workspace;
  try {
    for (const path of [folder, logs, documents, ...Object.values(zoneFolders)]) makeFolder(path);
    return await takeLock(join(folder, "dev.lock"), folder);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`The folder ${folder} cannot be written: ${whyNotWritten(error)}.`, "Name another one with --workdir.");
  }
}

/** Makes a folder. On a read-only disk Node's own answer, with `recursive`, is that the parent does not exist. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    let there = dirname(path);
    while (!existsSync(there)) there = dirname(there);
    accessSync(there, constants.W_OK);
    throw error;
  }
}
