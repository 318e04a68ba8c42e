import { expect } from "vitest";
import { list } from "./cluster";
import type { Engine } from "./engine";

/** Objects of a stack that the engine's state does not know, as `namespace/name`. */
async function unknownObjects(engine: Engine, namespace: string): Promise<string[]> {
  const { deployment } = JSON.parse(await engine.pulumi("stack", "export"));
  const known = new Set(deployment.resources.map(({ id }: { id?: string }) => id));
  const kinds = ["configmaps", "services", "serviceaccounts", "deployments", "statefulsets", "jobs", "roles"];
  const found = (await Promise.all(kinds.map((kind) => list(kind, namespace)))).flat();
  return found
    .filter(({ metadata }) => metadata.labels?.["app.kubernetes.io/managed-by"] === "cyclops")
    .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
    .filter((id) => !known.has(id));
}

/**
 * Kills an `up` while it waits for servers that it has made, and has another one go on.
 *
 * @throws AssertionError where the kill left nothing that the state does not know, or the other `up` did
 */
export async function upAfterKilledUp(engine: Engine, namespace: string): Promise<void> {
  await engine.killedUp(/Waiting for StatefulSet to create Pods/, 1);
  await engine.attempt("cancel", "--yes");
  expect(await unknownObjects(engine, namespace), "what the killed up has made without knowing it").not.toEqual([]);
  await engine.up();
  expect(await unknownObjects(engine, namespace), "objects that the state does not know").toEqual([]);
}
