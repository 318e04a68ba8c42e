import * as pulumi from "@pulumi/pulumi";
import type { RecordedResource } from "../../plan";
import { label } from "./names";
import type { MadeStack, Subject } from "./subject";

/** A resource that the stack has among its nodes. */
interface Leaf {
  /** Keys from the stack down, e.g. `platform`, `storage`, `bucket`. */
  readonly path: readonly string[];
  readonly urn: string;
}

// An option of every resource of every SDK, and visible in what is registered.
const probe = (path: readonly string[]) => `probe:${path.join("/")}`;

/** C13: `nodes` lists every resource, and a transform changes exactly the resource of its key. */
export async function transforms(subject: Subject): Promise<string[]> {
  const before = await subject.reference(true);
  const leaves = await leavesOf(before.instance);
  if (leaves.length === 0) return ["the stack has no nodes"];
  const made = await subject.make({ spec: before.spec, preview: true, transform: transformOf(leaves) });
  const expected = new Map(leaves.map(({ urn, path }) => [urn, probe(path)]));
  const wrong = made.resources.flatMap((resource) => {
    const found = resource.ignoreChanges.filter((each) => each.startsWith("probe:"));
    const own = expected.get(resource.urn);
    if (found.join() === (own ?? "")) return [];
    return [`${label(resource)}: has ${found.join() || "no probe"} instead of ${own ?? "none"}`];
  });
  return [...wrong, ...unlisted(before, leaves), ...changed(before, made)];
}

/** Resources that a component of the library has made and does not list. */
function unlisted({ resources }: MadeStack, leaves: readonly Leaf[]): string[] {
  const listed = new Set(leaves.map(({ urn }) => urn));
  const own = new Set(resources.filter(({ type, custom }) => !custom && type.startsWith("cyclops-")).map(({ urn }) => urn));
  const children = resources.filter(({ urn, parent, read }) => !read && parent !== undefined && own.has(parent) && !own.has(urn));
  return children.filter(({ urn }) => !listed.has(urn)).map((resource) => `${label(resource)} is not among the nodes`);
}

/** Resources that differ in more than the probe. */
function changed(before: MadeStack, after: MadeStack): string[] {
  const plain = (resource: RecordedResource) =>
    JSON.stringify({ ...resource, ignoreChanges: resource.ignoreChanges.filter((each) => !each.startsWith("probe:")) });
  const known = new Map(before.resources.map((resource) => [resource.urn, plain(resource)]));
  return after.resources
    .filter((resource) => known.get(resource.urn) !== plain(resource))
    .map((resource) => `${label(resource)}: changes with the transform`);
}

async function leavesOf(component: pulumi.Resource, path: readonly string[] = []): Promise<Leaf[]> {
  const found: Leaf[] = [];
  for (const [key, node] of Object.entries(nodesOf(component) ?? {})) {
    const place = [...path, key];
    if (nodesOf(node)) found.push(...(await leavesOf(node, place)));
    else found.push({ path: place, urn: await urnOf(node) });
  }
  return found;
}

/** Children of a component of the library; undefined for any other resource. */
function nodesOf(resource: pulumi.Resource): Readonly<Record<string, pulumi.Resource>> | undefined {
  if (!(resource instanceof pulumi.ComponentResource) || !("nodes" in resource)) return undefined;
  return resource.nodes as Readonly<Record<string, pulumi.Resource>>;
}

const urnOf = (resource: pulumi.Resource) => new Promise<string>((resolve) => void resource.urn.apply(resolve));

/** A transform for every leaf, as deep as the components. */
function transformOf(leaves: readonly Leaf[]): object {
  const root: Record<string, unknown> = {};
  for (const { path } of leaves) {
    let inner = root;
    for (const key of path.slice(0, -1)) {
      inner[key] ??= {};
      inner = inner[key] as Record<string, unknown>;
    }
    inner[path.at(-1) ?? ""] = (_args: unknown, opts: pulumi.CustomResourceOptions) => {
      opts.ignoreChanges = [...(opts.ignoreChanges ?? []), probe(path)];
    };
  }
  return root;
}
