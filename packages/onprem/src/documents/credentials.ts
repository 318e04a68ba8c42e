import { type Zone, zones } from "@cyclops/core";
import type { PolicyRule } from "./identity";

/** One Secret that the runtime's `credentials` command fills: see `docs/concepts/runtime-contract.md`. */
export type GeneratedSecret =
  | { name: string; kind: "password" | "s3-key" | "token" | "seaweedfs-security" }
  | { name: string; kind: "database-url"; passwordSecret: string; host: string; port: number; user: string; database: string }
  | { name: string; kind: "s3-config"; identities: { name: string; secret: string; actions: string[] }[] }
  | { name: string; kind: "mlflow-user" | "web-user"; username: string }
  | { name: string; kind: "mlflow-auth"; adminSecret: string; databaseUrlSecret: string };

/** One entry of the command's file. An existing Secret is somebody else's: the command reads what others refer to, and never writes it. */
export type ListedSecret = GeneratedSecret | { name: string; kind: "existing" };

/** What the command may do: read the Secrets of its file, and fill those that are the stack's own. */
export function credentialsRules(secrets: readonly ListedSecret[]): PolicyRule[] {
  const namesOf = (wanted: boolean) => secrets.filter(({ kind }) => (kind === "existing") === wanted).map(({ name }) => name);
  const rule = (resourceNames: string[], verbs: string[]) =>
    resourceNames.length > 0 ? [{ apiGroups: [""], resources: ["secrets"], resourceNames, verbs }] : [];
  return [...rule(namesOf(false), ["get", "patch"]), ...rule(namesOf(true), ["get"])];
}

/** Who uses the object store. */
export const storageUsers = [
  "administrator",
  "tracking",
  "ingest",
  "curate",
  "preprocess",
  "train",
  "evaluate",
  "gate",
  "register",
  "deploy",
  "batch",
  "scorer",
  "monitor",
  "workbench",
] as const;
export type StorageUser = (typeof storageUsers)[number];

type Access = "read" | "write";

/** The least each user needs; a user not allowed to read a zone cannot list it either. */
const zoneAccess: Readonly<Record<Exclude<StorageUser, "administrator">, Partial<Record<Zone, Access>>>> = {
  tracking: { models: "write" },
  ingest: { raw: "write", curated: "write" },
  curate: { raw: "read", curated: "write" },
  preprocess: { curated: "read", features: "write" },
  train: { features: "read", models: "write" },
  evaluate: { features: "read", models: "write" },
  gate: { models: "read" },
  register: { curated: "read", models: "write" },
  deploy: { models: "write", features: "read" },
  batch: { raw: "read", curated: "read", predictions: "write" },
  scorer: { predictions: "write" },
  monitor: { raw: "read", curated: "read", features: "read", models: "read", predictions: "write" },
  workbench: { raw: "read", curated: "read", features: "read", predictions: "read" },
};

/** Actions of SeaweedFS's S3 gateway. https://github.com/seaweedfs/seaweedfs/wiki/Amazon-S3-API */
export function storageActions(user: StorageUser, buckets: Readonly<Record<Zone, string>>): string[] {
  if (user === "administrator") return ["Admin", "Read", "Write", "List", "Tagging"];
  const access = zoneAccess[user];
  return zones.flatMap((zone) => {
    const bucket = buckets[zone];
    if (access[zone] === undefined) return [];
    return access[zone] === "write"
      ? [`Read:${bucket}`, `List:${bucket}`, `Write:${bucket}`]
      : [`Read:${bucket}`, `List:${bucket}`];
  });
}

/** Which of the storage users a step of a pipeline is. */
export const storageUserOf: Readonly<Record<string, StorageUser>> = {
  ingest: "ingest",
  curate: "curate",
  preprocess: "preprocess",
  train: "train",
  tune: "train",
  evaluate: "evaluate",
  gate: "gate",
  register: "register",
  deploy: "deploy",
  batch: "batch",
  scorer: "scorer",
  monitor: "monitor",
};
