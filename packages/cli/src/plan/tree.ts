import type { PlannedResource, TargetPlan } from "./report";

/** A component with the components and resources it has made itself. */
export interface ComponentNode {
  readonly resource: PlannedResource;
  readonly components: readonly ComponentNode[];
  readonly resources: readonly PlannedResource[];
  /** Resources of the whole subtree, components not counted. */
  readonly total: number;
}

/** A forest: components without parent, and resources that belong to none. */
export interface PlanTree {
  readonly roots: readonly ComponentNode[];
  readonly loose: readonly PlannedResource[];
}

/** The plan's resources by parent, in the order of their registration. */
export function buildTree({ resources }: Pick<TargetPlan, "resources">): PlanTree {
  const children = new Map<string | undefined, PlannedResource[]>();
  const known = new Set(resources.map(({ urn }) => urn));
  for (const resource of resources) {
    const parent = resource.parent !== undefined && known.has(resource.parent) ? resource.parent : undefined;
    const siblings = children.get(parent);
    if (siblings) siblings.push(resource);
    else children.set(parent, [resource]);
  }
  const node = (resource: PlannedResource): ComponentNode => {
    const own = children.get(resource.urn) ?? [];
    const below = own.filter(({ component }) => component).map(node);
    // A resource may be the parent of others (Pulumi allows it): they count, and are shown, with it.
    const flat = own.filter(({ component }) => !component).flatMap(withDescendants);
    return {
      resource,
      components: below,
      resources: flat,
      total: flat.length + below.reduce((sum, { total }) => sum + total, 0),
    };
  };
  const withDescendants = (resource: PlannedResource): PlannedResource[] => [
    resource,
    ...(children.get(resource.urn) ?? []).flatMap(withDescendants),
  ];
  const top = children.get(undefined) ?? [];
  return {
    roots: top.filter(({ component }) => component).map(node),
    loose: top.filter(({ component }) => !component).flatMap(withDescendants),
  };
}

/** Number of resources by type, the short type name first, most frequent first. */
export function countTypes(resources: readonly PlannedResource[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { type } of resources) counts.set(shortType(type), (counts.get(shortType(type)) ?? 0) + 1);
  return [...counts].sort(([a, x], [b, y]) => y - x || a.localeCompare(b));
}

/** Last part of a type token: `kubernetes:core/v1:ConfigMap` is a `ConfigMap`. */
export const shortType = (type: string): string => type.slice(type.lastIndexOf(":") + 1);

/** Name of a resource below its component: `churn-platform-storage-bucket` in `churn-platform-storage` is `bucket`. */
export function localName(name: string, parent: string | undefined): string {
  return parent !== undefined && name.startsWith(`${parent}-`) ? name.slice(parent.length + 1) : name;
}
