import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { modelDocument, type ResolvedModelSpec, zones } from "@cyclops/core";
import type { MachineContext } from "../../src/documents/context";
import { binding, machineContext } from "../support/machines";
import { Account, type AccountOptions } from "./account";

/** A model with folders in place of its buckets, and SQLite in place of its MLflow. */
export interface Workspace {
  readonly folder: string;
  readonly context: MachineContext;
  readonly account: Account;
  /** Takes everything away. */
  close(): Promise<void>;
}

/**
 * Makes a workspace.
 *
 * @param raw folder that stands for the raw zone. @default - an empty one
 */
export function makeWorkspace(
  spec: ResolvedModelSpec,
  options: Pick<AccountOptions, "job" | "serves"> & { readonly raw?: string } = {},
): Workspace {
  const folder = mkdtempSync(path.join(tmpdir(), "cyclops-aws-"));
  const folderOf = (zone: string) => (zone === "raw" ? options.raw : undefined) ?? path.join(folder, "zones", zone);
  const folders = Object.fromEntries(zones.map((zone) => [zone, folderOf(zone)])) as Record<(typeof zones)[number], string>;
  for (const place of Object.values(folders)) mkdirSync(place, { recursive: true });
  const configUri = path.join(folder, "model.json");
  const document = modelDocument({
    stack: "churn",
    environment: "dev",
    instance: "dev",
    model: "churn",
    spec,
    zones: folders,
    serving: null,
    target: "aws",
  });
  writeFileSync(configUri, JSON.stringify(document));
  const defaults = machineContext(spec);
  const endpoint = defaults.endpoint && { ...defaults.endpoint, configUri };
  const context: MachineContext = { ...defaults, configUri, endpoint };
  const account = new Account({
    ...options,
    folder,
    buckets: Object.fromEntries(zones.map((zone) => [binding.zones[zone].replace("s3://", ""), folders[zone]])),
    environment: {
      MLFLOW_TRACKING_URI: `sqlite:///${path.join(folder, "mlflow.db")}`,
      CYCLOPS_METRIC_SINK: "none",
      CYCLOPS_SERVING: "",
    },
    endpoint: endpoint ?? { endpoint: "", configUri, variant: "", rollbackAlarms: [], shadowAlarms: [], bootstrapConfig: "none" },
  });
  return {
    folder,
    context,
    account,
    close: async () => {
      await account.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
