import type { Properties } from "./values";

/**
 * What a stand-in knows of a type of resource beyond the SDK. Texts may hold placeholders: `{partition}`, `{region}`, `{account}`,
 * `{name}` (the physical name), `{hex}` and `{uuid}` (follow from the URN and how often it was created), `{arn}` and `{id}` where
 * they are known by then, and any input, e.g. `{bucket}`.
 */
export interface ResourceRules {
  /** Page that says which properties cannot be changed in place. */
  readonly source: string;
  /** Inputs, or paths into objects, whose change replaces the resource; `*` stands for all but tags and those of `conditions`. */
  readonly immutable: readonly string[] | "*";
  /** What a path cannot say: inputs whose change replaces the resource at times. @default [] */
  readonly conditions?: readonly Condition[];
  /** Whether the old resource goes first whatever its name, as the provider's own settings say. @default false */
  readonly deleteBeforeReplace?: boolean;
  /** The input that is the physical name. @default `name`, where there is such an input */
  readonly name?: string;
  /** @default the physical name; without one `{hex}` */
  readonly id?: string;
  /** Other computed outputs, by name. What is not named here is made up by its type. */
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** Inputs that every resource of the type has, with the value that the provider sets where the program gives none. */
  readonly defaults?: Readonly<Record<string, unknown>>;
}

/** When a changed input replaces a resource; otherwise it is updated. */
export interface Condition {
  /** The input that has changed. */
  readonly input: string;
  /** The condition as a sentence, for whoever compares it with `source`. */
  readonly when: string;
  /** Where the provider says so. */
  readonly source: string;
  /** Whether it holds between two versions of all inputs, which are plain values. */
  readonly holds: (before: Properties, after: Properties) => boolean;
}

/** A function of the provider: from its arguments to its result. */
export type Invoke = (args: Readonly<Record<string, unknown>>, cloud: Cloud) => Record<string, unknown>;

/** One cloud as a stand-in plays it. */
export interface Cloud {
  /** Name of the provider: `aws`, `gcp`, `azure-native`. */
  readonly package: string;
  /** Values of placeholders that are the same for every resource, e.g. `region` and `account`. */
  readonly facts: Readonly<Record<string, string>>;
  /** Rules by type token. A type that is missing changes in place whatever changes. */
  readonly resources: Readonly<Record<string, ResourceRules>>;
  /** Inputs of any type that cannot be changed in place, e.g. `region`. */
  readonly immutable?: readonly string[];
  /** Text of the output `arn` where the rules of the type have none. */
  readonly arn?: string;
  readonly invokes: Readonly<Record<string, Invoke>>;
}
