import {
  durationSeconds,
  type ModelDocument,
  modelDocument,
  type ResolvedModelSpec,
  type ResolvedStackSpec,
} from "@cyclops/core";
import type { Workspace } from "./workspace";

/** The model document of a model on this machine; `port` is its scorer's, undefined where it has no endpoint. */
export function localDocument(
  stack: ResolvedStackSpec,
  model: string,
  spec: ResolvedModelSpec,
  workspace: Workspace,
  port: number | undefined,
  bake: string,
): ModelDocument {
  const address = `127.0.0.1:${port}`;
  return modelDocument({
    stack: stack.name,
    environment: stack.environment,
    instance: stack.environment,
    model,
    spec: withBake(spec, bake),
    zones: workspace.zones,
    serving: port === undefined ? null : { url: `http://${address}`, pods: address, gateway: null },
    target: "local",
  });
}

/** Whether the spec watches new versions for longer than `bake`. */
export const bakeIsCut = ({ endpoint }: ResolvedModelSpec, bake: string): boolean =>
  endpoint !== undefined &&
  endpoint.rollout.strategy !== "all-at-once" &&
  durationSeconds(endpoint.rollout.bake) > durationSeconds(bake);

function withBake(spec: ResolvedModelSpec, bake: string): ResolvedModelSpec {
  if (!spec.endpoint || !bakeIsCut(spec, bake)) return spec;
  return { ...spec, endpoint: { ...spec.endpoint, rollout: { ...spec.endpoint.rollout, bake } } };
}
