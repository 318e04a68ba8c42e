import { zones } from "@cyclops/core";
import { expect, it } from "vitest";
import { type StorageUser, storageActions, storageUserOf, storageUsers } from "../../src/documents/credentials";

const buckets = { raw: "b-raw", curated: "b-curated", features: "b-features", models: "b-models", predictions: "b-predictions" };
const reads = (...names: string[]) => names.flatMap((name) => [`Read:b-${name}`, `List:b-${name}`]);
const writes = (name: string) => [...reads(name), `Write:b-${name}`];

/** What each step reads and writes: the table "Files of a run" of docs/concepts/runtime-contract.md. */
const needed: Record<Exclude<StorageUser, "administrator">, string[]> = {
  tracking: writes("models"),
  ingest: [...writes("raw"), ...writes("curated")],
  curate: [...reads("raw"), ...writes("curated")],
  preprocess: [...reads("curated"), ...writes("features")],
  train: [...reads("features"), ...writes("models")],
  evaluate: [...reads("features"), ...writes("models")],
  gate: reads("models"),
  // The checksums of the raw files, for a tag of the version.
  register: [...reads("curated"), ...writes("models")],
  // The sample rows that a new version is checked with.
  deploy: [...reads("features"), ...writes("models")],
  batch: [...reads("raw", "curated"), ...writes("predictions")],
  scorer: writes("predictions"),
  monitor: [...reads("raw", "curated", "features", "models"), ...writes("predictions")],
  workbench: reads("raw", "curated", "features", "predictions"),
};

it.each(Object.entries(needed))("opens for %s what its files need, and nothing else", (user, actions) => {
  expect([...storageActions(user as StorageUser, buckets)].sort()).toEqual([...actions].sort());
});

it("opens everything for the administrator alone", () => {
  expect(storageActions("administrator", buckets)).toEqual(["Admin", "Read", "Write", "List", "Tagging"]);
  const unlimited = storageUsers.filter((user) => storageActions(user, buckets).some((action) => !action.includes(":")));
  expect(unlimited).toEqual(["administrator"]);
});

it("lets those write a zone that make what is in it", () => {
  const writers = (zone: string) => storageUsers.filter((user) => storageActions(user, buckets).includes(`Write:b-${zone}`));
  expect(Object.fromEntries(zones.map((zone) => [zone, writers(zone)]))).toEqual({
    raw: ["ingest"],
    curated: ["ingest", "curate"],
    features: ["preprocess"],
    models: ["tracking", "train", "evaluate", "register", "deploy"],
    predictions: ["batch", "scorer", "monitor"],
  });
});

it("knows the user of every command of the runtime that touches zones", () => {
  expect(storageUserOf).toEqual({
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
  });
});
