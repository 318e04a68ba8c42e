import {
  applyAll,
  asOutput,
  type ChildClass,
  type ChildClasses,
  MlopsComponent,
  type MlopsOptions,
  type NameLimit,
  type StackContext,
} from "@cyclops/core";
import * as pulumi from "@pulumi/pulumi";
import { type Place, platformTag, prefixOf } from "./documents/place";
import { accountName, resourceKinds } from "./naming";

/** Tags that every resource of a stack carries; those of a model in a stack of its own name its platform too. */
export function stackTags(
  { name, environment, tags }: StackContext,
  place: Pick<Place, "stack" | "instance">,
): Record<string, string> {
  return {
    ...tags,
    "cyclops:managed-by": "cyclops",
    "cyclops:stack": name,
    "cyclops:environment": environment,
    [platformTag]: prefixOf(place),
  };
}

/** Whether the data of a stack outlives it. */
export const keepsData = ({ environment }: StackContext): boolean => environment === "prod";

/** Options of what holds data: `pulumi destroy` leaves it alone until its owner takes the protection away. */
export const dataOptions = (context: StackContext): pulumi.CustomResourceOptions => (keepsData(context) ? { protect: true } : {});

/** Base of the components on AWS: physical names and tags of every resource. Those that only group others have no place. */
export abstract class AwsComponent<Children extends ChildClasses<Children>> extends MlopsComponent<Children> {
  readonly #context: StackContext;
  readonly #place: pulumi.Output<Place> | undefined;

  protected constructor(
    type: string,
    name: string,
    context: StackContext,
    place: pulumi.Input<Place> | undefined,
    opts?: MlopsOptions<Children>,
  ) {
    super(`cyclops-aws:index:${type}`, name, opts);
    this.#context = context;
    this.#place = place === undefined ? undefined : asOutput(place);
  }

  /** Name in the account of a child of this component, where the SDK insists on being told. */
  protected nameIn(limit: NameLimit, name: string): pulumi.Output<string> {
    return this.#known(name).apply((place) => accountName(place, limit, name));
  }

  protected override decorate(name: string, args: Record<string, unknown>, Class: ChildClass): Record<string, unknown> {
    const type = typeOf(Class);
    const kind = resourceKinds[type];
    if (!kind) throw new Error(`${name}: naming.ts does not say how ${type} is named`);
    const place = this.#known(name);
    const decorated = { ...args };
    if (kind.name && decorated[kind.name.field] === undefined) {
      const { limit, start = "" } = kind.name;
      decorated[kind.name.field] = place.apply((known) => start + accountName(known, limit, name));
    }
    if (kind.tags) {
      const context = kind.tags === "own" ? { ...this.#context, tags: {} } : this.#context;
      decorated.tags = applyAll([place, pulumi.output(args.tags ?? {})], (known, own) => ({
        ...stackTags(context, known),
        ...own,
      }));
    }
    return decorated;
  }

  #known(name: string): pulumi.Output<Place> {
    if (!this.#place) throw new Error(`${name}: a component without a place has no resources of its own`);
    return this.#place;
  }
}

/** The type token of a class of the SDK: each has it, though its declaration does not say so. */
function typeOf(Class: object): string {
  const { __pulumiType: type } = Class as { __pulumiType?: unknown };
  if (typeof type !== "string") throw new Error("not a class of Pulumi's SDK");
  return type;
}
