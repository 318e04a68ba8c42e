import type { RecordedResource } from "../../plan";
import { label } from "./names";
import type { Subject } from "./subject";

/** One edge of the graph: a property of a resource that comes from an output of another one. */
interface Edge {
  readonly from: RecordedResource;
  readonly property: string;
  readonly to: RecordedResource;
}

/**
 * C15: no property comes from an output of a resource that can be replaced. When a resource is deleted before it is replaced, the engine
 * replaces each dependent one of whose properties came from it, and theirs in turn; a `dependsOn` does not spread. So names and addresses
 * are values that are known beforehand, and what is left are identities that the target makes up, each listed with its reason.
 */
export async function edges(subject: Subject): Promise<string[]> {
  const { madeUp = {} } = subject.options;
  const found = edgesOf((await subject.reference()).resources);
  if (found.length === 0 && Object.keys(madeUp).length > 0) return ["no property depends on another resource"];
  const used = new Set(found.map(({ to }) => to.type));
  const wrong = found.filter(({ to }) => !(to.type in madeUp));
  return [
    // One line for each type: an output that many read would fill pages.
    ...[...new Set(wrong.map(({ to }) => to.type))].map((type) => describe(wrong.filter(({ to }) => to.type === type))),
    // A list that allows more than there is says nothing any more.
    ...Object.keys(madeUp)
      .filter((type) => !used.has(type))
      .map((type) => `${type} is listed among the identities of the target, and nothing depends on one`),
  ];
}

function describe([first, ...others]: readonly Edge[]): string {
  if (!first) return "";
  const { from, property, to } = first;
  const more = others.length > 0 ? `, and ${others.length} more properties from ${to.type}` : "";
  return `${label(from)}: ${property} comes from ${label(to)}${more}`;
}

/** The edges between resources that the program makes. What it only reads exists, and is nobody's to replace. */
function edgesOf(resources: readonly RecordedResource[]): Edge[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  return resources.flatMap((from) =>
    Object.entries(from.inputDependencies).flatMap(([property, urns]) =>
      urns.flatMap((urn) => {
        const to = byUrn.get(urn);
        return to?.custom && !to.read ? [{ from, property, to }] : [];
      }),
    ),
  );
}
