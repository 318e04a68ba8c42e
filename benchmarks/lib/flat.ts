// What a program without components would write of recorded resources: shared by the program that is written out and by those that are
// replayed.
import type { RecordedResource } from "@cyclops/core/plan";

/** Recorded resources by URN. */
export type ByUrn = ReadonlyMap<string, RecordedResource>;

/** The resource whose name `value`, found under `key`, is; undefined where the text is no such reference. */
export function ownerOf(value: string, key: string, dependencies: readonly string[], byUrn: ByUrn): RecordedResource | undefined {
  if (!isName(key)) return undefined;
  const named = dependencies.flatMap((urn) => byUrn.get(urn) ?? []).filter((found) => physicalName(found) === value);
  return named.find(({ name }) => name !== value) ?? named[0];
}

/** What a program writes of a resource's inputs; the classes of the SDK add the rest. */
export function inputsOf({ type, inputs }: RecordedResource): Record<string, unknown> {
  if (isCustomResource(type)) return { ...inputs };
  const { apiVersion: _apiVersion, kind: _kind, compat: _compat, ...rest } = inputs;
  return rest;
}

/** Options but for `dependsOn`. */
export const optionsOf = ({ protect, retainOnDelete, ignoreChanges }: RecordedResource) => ({
  ...(protect ? { protect } : {}),
  ...(retainOnDelete ? { retainOnDelete } : {}),
  ...(ignoreChanges.length > 0 ? { ignoreChanges: [...ignoreChanges] } : {}),
});

/** Path of a resource's class in the SDK of Kubernetes, e.g. `core.v1.ConfigMap`. */
export function classOf({ type }: RecordedResource): string {
  if (isCustomResource(type)) return "apiextensions.CustomResource";
  const [, module = "", name = ""] = type.split(":");
  const [group = "", version = ""] = module.split("/");
  return [group.split(".")[0], version, name].join(".");
}

const isCustomResource = (type: string): boolean => /^kubernetes:(argoproj\.io|gateway\.)/.test(type);

/** Fields that hold the name of another object. */
const isName = (key: string): boolean =>
  ["name", "namespace", "configMap", "serviceAccountName", "serviceName"].includes(key) || key === "workflowNamespaces";

function physicalName({ type, inputs }: RecordedResource): string | undefined {
  if (type.includes("helm.sh")) return undefined;
  return (inputs.metadata as { name?: string } | undefined)?.name;
}

/** What a text says that is JSON as programs write it: on one line, or indented by two. */
export function jsonOf(text: string): { content: object; indented: boolean } | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    const content = JSON.parse(text) as object;
    const indented = [false, true].find((each) => JSON.stringify(content, null, each ? 2 : undefined) === text);
    return indented === undefined ? undefined : { content, indented };
  } catch {
    return undefined;
  }
}
