import type { StackSpec } from "../../spec/stack";

/**
 * What becomes of one resource. A restarted one is updated, and its pods are made anew by its own strategy. A replaced one is there twice for
 * a moment, or not at all: it is no update.
 */
export const operations = ["update", "restart", "replace", "create", "delete"] as const;
export type Operation = (typeof operations)[number];

/** A resource, by what Pulumi calls it. */
export interface NamedResource {
  /** Type token, e.g. `aws:s3/bucket:Bucket`. */
  readonly type: string;
  /** Name in Pulumi, e.g. `churn-platform-storage-raw-bucket`. */
  readonly name: string;
}

/** What a change makes of one resource. */
export interface ResourceChange extends NamedResource {
  readonly op: Operation;
}

/** What people change in a running stack, and what they give up by it. */
interface Change {
  /** Short, and different from those of all other changes: for titles of tests and maps. */
  readonly id: string;
  /** As it stands in a table: what is changed, in words of the spec. */
  readonly title: string;
  /**
   * Whether the change names the resource, so that it may go, e.g. the home folder of a user who is taken off the list. `spec` is the stack's
   * before the change. @default - it names none
   */
  readonly mayRemove?: (resource: NamedResource, spec: StackSpec) => boolean;
  /** The same for what may be made anew in the place of the old one, e.g. a volume of another class. @default - none */
  readonly mayReplace?: (resource: NamedResource, spec: StackSpec) => boolean;
}

/** A change of the spec, which means the same on every target. */
export interface SpecChange extends Change {
  /** The changed spec; leaves the given one as it is. @throws Error where the spec lacks what the change is about */
  readonly apply: (spec: StackSpec) => StackSpec;
}

/** A change of a target's bindings, e.g. of an image or a volume's size; each target lists its own. */
export interface BindingChange extends Change {
  /** Values of the stack's configuration, by their path below the target's name space, e.g. `{"images.runtime": "…"}`. */
  readonly bindings: Readonly<Record<string, string>>;
}
