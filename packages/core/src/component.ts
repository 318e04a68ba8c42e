import * as pulumi from "@pulumi/pulumi";
import { ArgumentError } from "./errors";
import type { Environment } from "./spec/stack";
import { withoutStackTraces } from "./stack-traces";

// biome-ignore lint/suspicious/noExplicitAny: constructors of generated SDK classes share nothing but this shape.
export type ChildClass = new (name: string, args: any, opts?: any) => pulumi.Resource;

/** Children of a component by key: the class of each. */
export type ChildClasses<Children> = { [Key in keyof Children]: ChildClass };

/** Arguments that a child class takes. */
export type ChildArgs<Class extends ChildClass> = NonNullable<ConstructorParameters<Class>[1]>;

/** Changes a child before it is made: fields that replace the library's (a shallow merge), or a function that edits copies. */
export type ResourceTransform<Class extends ChildClass> =
  | Partial<ChildArgs<Class>>
  | ((args: ChildArgs<Class>, opts: pulumi.CustomResourceOptions, name: string) => void);

/** Changes to the children of a component; the keys are those of `nodes`, for a child component its own `transform`. */
export type Transform<Children extends ChildClasses<Children>> = {
  [Key in keyof Children]?: InstanceType<Children[Key]> extends MlopsComponent<infer Inner>
    ? Transform<Inner>
    : ResourceTransform<Children[Key]>;
};

/** Options of every component: Pulumi's own, and the escape hatch to its children. */
export interface MlopsOptions<Children extends ChildClasses<Children>> extends pulumi.ComponentResourceOptions {
  /** Changes single children. @default - none */
  transform?: Transform<Children>;
}

/** Children of a component that exist, by key. */
export type Nodes<Children extends ChildClasses<Children>> = { readonly [Key in keyof Children]: InstanceType<Children[Key]> };

/** Which stack a component belongs to: decides names and tags. */
export interface StackContext {
  readonly name: string;
  readonly environment: Environment;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Base of every component. Children are made by `child`, which gives them their name (`<component>-<key>`), parent, tags, what the
 * component depends on and the user's transform, and lists them in `nodes`; so none of these can be forgotten.
 */
export abstract class MlopsComponent<Children extends ChildClasses<Children>> extends pulumi.ComponentResource {
  /** The resources this component has made, by key: the way down to native. */
  public readonly nodes: Nodes<Children>;

  readonly #instanceName: string;
  readonly #transform: Transform<Children>;
  readonly #dependsOn: pulumi.ComponentResourceOptions["dependsOn"];
  readonly #made: Record<string, pulumi.Resource> = {};
  readonly #args: Record<string, Record<string, unknown>> = {};

  /** @param type Pulumi type token, `cyclops-<target>:index:<Class>` */
  protected constructor(type: string, name: string, opts: MlopsOptions<Children> = {}) {
    const { transform = {} as Transform<Children>, ...rest } = opts;
    // The arguments are left out of the state on purpose: every component of a stack would repeat the spec there.
    super(type, name, {}, rest);
    this.#instanceName = name;
    this.#transform = transform;
    this.#dependsOn = rest.dependsOn;
    this.nodes = this.#made as Nodes<Children>;
  }

  /** Adds what the target gives every resource of its own, as its class allows: physical name, tags or labels. */
  protected abstract decorate(name: string, args: Record<string, unknown>, Class: ChildClass): Record<string, unknown>;

  /** Changes what the user's transform has left, e.g. gives a name that follows from the content. */
  protected settle(_name: string, args: Record<string, unknown>, _Class: ChildClass): Record<string, unknown> {
    return args;
  }

  /**
   * Arguments that a child was made with, after the user's transform: what they say is known before the child exists, unlike its outputs,
   * which are unknown while it is replaced and have every resource replaced that takes them.
   */
  protected argsOf<Key extends keyof Children & string>(key: Key): Readonly<Record<string, unknown>> {
    const args = this.#args[key];
    if (args === undefined) throw new Error(`${this.#instanceName} has made no resource "${key}"`);
    return args;
  }

  /** Makes one child. Its name `<component>-<key>` is part of the contract with existing stacks. */
  protected child<Key extends keyof Children & string>(
    key: Key,
    Class: Children[Key],
    args: ChildArgs<Children[Key]>,
    opts: pulumi.CustomResourceOptions = {},
  ): InstanceType<Children[Key]> {
    const name = `${this.#instanceName}-${key}`;
    const transform = this.#transform[key];
    const childOpts: pulumi.CustomResourceOptions & { transform?: unknown } = { ...opts, parent: this };
    // Pulumi leaves the children of a component out of what the component waits for.
    const dependsOn = joined(this.#dependsOn, opts.dependsOn);
    if (dependsOn !== undefined) childOpts.dependsOn = dependsOn;
    let made: pulumi.Resource;
    if (Class.prototype instanceof MlopsComponent) {
      if (transform) childOpts.transform = transform;
      made = new Class(name, args, childOpts);
    } else {
      let childArgs = this.decorate(name, args, Class);
      if (typeof transform === "function") transform(childArgs as ChildArgs<Children[Key]>, childOpts, name);
      else if (transform) childArgs = { ...childArgs, ...transform };
      childArgs = this.settle(name, childArgs, Class);
      this.#args[key] = childArgs;
      made = withoutStackTraces(() => new Class(name, childArgs, childOpts));
    }
    this.#made[key] = made;
    return made as InstanceType<Children[Key]>;
  }

  /** Registers the outputs; the last statement of every constructor. @throws ArgumentError for a transform of a child that does not exist */
  protected finish(outputs: Record<string, unknown>): void {
    const keys = Object.keys(this.#made);
    const unknown = Object.keys(this.#transform).find((key) => !keys.includes(key));
    if (unknown !== undefined) {
      throw new ArgumentError(
        `${this.#instanceName}: transform.${unknown}`,
        "there is no such child.",
        `Children: ${keys.join(", ")}.`,
      );
    }
    this.registerOutputs(outputs);
  }
}

/** Options of a component that waits for these resources besides its own. */
export function dependingOn<Options extends pulumi.ResourceOptions>(
  resources: readonly pulumi.Resource[],
  opts: Options = {} as Options,
): Options {
  const dependsOn = joined([...resources], opts.dependsOn);
  return dependsOn === undefined ? opts : { ...opts, dependsOn };
}

type DependsOn = NonNullable<pulumi.ResourceOptions["dependsOn"]>;

/** Both lists of resources, as plain as they come. */
function joined(first: DependsOn | undefined, second: DependsOn | undefined): DependsOn | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  const [one, other] = [first, second].map((list) => (pulumi.Resource.isInstance(list) ? [list] : list));
  if (Array.isArray(one) && Array.isArray(other)) return [...one, ...other];
  return pulumi.all([pulumi.output(first), pulumi.output(second)]).apply((lists) => lists.flat());
}
