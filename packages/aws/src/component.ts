import { type ChildClass, type ChildClasses, MlopsComponent, type MlopsOptions, type StackContext } from "@cyclops/core";
import * as pulumi from "@pulumi/pulumi";
import type { Place } from "./documents/place";
import { accountName, resourceKinds } from "./naming";

/** Tags that every resource of a stack carries. */
export function stackTags({ name, environment, tags }: StackContext): Record<string, string> {
  return { ...tags, "cyclops:managed-by": "cyclops", "cyclops:stack": name, "cyclops:environment": environment };
}

/** Whether the data of a stack outlives it. */
export const keepsData = ({ environment }: StackContext): boolean => environment === "prod";

/** Options of what holds data: `pulumi destroy` leaves it alone until its owner takes the protection away. */
export const dataOptions = (context: StackContext): pulumi.CustomResourceOptions => (keepsData(context) ? { protect: true } : {});

/** Base of the components on AWS: physical names and tags of every resource. */
export abstract class AwsComponent<Children extends ChildClasses<Children>> extends MlopsComponent<Children> {
  readonly #place: pulumi.Output<Place>;
  readonly #tags: Record<string, string>;

  protected constructor(
    type: string,
    name: string,
    context: StackContext,
    place: pulumi.Input<Place>,
    opts?: MlopsOptions<Children>,
  ) {
    super(`cyclops-aws:index:${type}`, name, opts);
    this.#place = pulumi.output(place);
    this.#tags = stackTags(context);
  }

  protected override decorate(name: string, args: Record<string, unknown>, Class: ChildClass): Record<string, unknown> {
    const type = typeOf(Class);
    const kind = resourceKinds[type];
    if (!kind) throw new Error(`${name}: naming.ts does not say how ${type} is named`);
    const decorated = { ...args };
    if (kind.name && decorated[kind.name.field] === undefined) {
      const { limit, start = "" } = kind.name;
      decorated[kind.name.field] = this.#place.apply((place) => start + accountName(place, limit, name));
    }
    if (kind.tags) decorated.tags = { ...this.#tags, ...(args.tags as Record<string, string> | undefined) };
    return decorated;
  }
}

/** The type token of a class of the SDK: each has it, though its declaration does not say so. */
function typeOf(Class: object): string {
  const { __pulumiType: type } = Class as { __pulumiType?: unknown };
  if (typeof type !== "string") throw new Error("not a class of Pulumi's SDK");
  return type;
}
