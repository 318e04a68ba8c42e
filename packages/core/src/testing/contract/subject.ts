import { readFileSync } from "node:fs";
import type * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../component";
import type { ProviderPackage } from "../../contract/provider";
import { unsupportedFeatures } from "../../contract/support";
import { type RecordedResource, type RecorderMocks, type Recording, recordProgram } from "../../plan";
import { loadSpec } from "../../spec/load";
import type { ResolvedStackSpec } from "../../spec/schema";
import type { StackSpec } from "../../spec/stack";
import { readYaml } from "../../spec/yaml";
import { type ValidFixture, validFixtures } from "../fixtures";
import { supportedPart } from "../supported-part";

/** The name that a target knows a resource by, and what the target allows. */
export interface PhysicalName {
  readonly name: string;
  readonly maxLength: number;
  readonly pattern: RegExp;
  /** What the name must be unique in besides the type, e.g. the namespace. @default - the stack */
  readonly scope?: string;
}

/** One rule of security over resources. */
export interface SecurityRule {
  readonly title: string;
  /** Whether the rule concerns a resource; a rule that concerns none fails. */
  applies(resource: RecordedResource): boolean;
  /** What is wrong with it; undefined where nothing is. */
  problem(resource: RecordedResource): string | undefined;
}

/** What `describeContract` must know of a target. */
export interface ContractOptions {
  /** List of the types and names of the reference stack, which is the contract with stacks that exist. Written by `UPDATE_GOLDEN=1`. */
  readonly goldenFile: string;
  /** Name of a resource in the target; undefined where it has none, or the target gives it. */
  physicalName(resource: RecordedResource): PhysicalName | undefined;
  /** Tags or labels of a resource, {} where it could have some and has none; undefined where it cannot have any. */
  tags(resource: RecordedResource): Readonly<Record<string, unknown>> | undefined;
  /** Tags that every resource must carry which can. */
  requiredTags(context: StackContext): Readonly<Record<string, string>>;
  /** Names of the top-level inputs of a resource that must be secret. */
  secretInputs(resource: RecordedResource): readonly string[];
  /** At least: no public access, encryption, no wildcard on wildcard. */
  readonly security: readonly SecurityRule[];
  /**
   * Types of resources whose identity the target makes up, so that others can only learn it from them, each with the reason: what it is, and
   * why a replacement of it is no harm. @default - C15 is not checked
   */
  readonly madeUp?: Readonly<Record<string, string>>;
  /** Answers in place of the target. @default {} */
  readonly mocks?: RecorderMocks;
  /** Bindings that `MlopsStack` needs besides the spec. @default {} */
  readonly args?: Readonly<Record<string, unknown>>;
  /** Valid fixture that most rules are checked on, as far as the target supports it; asks for every part of a stack. @default "full" */
  readonly reference?: string;
}

/** A stack that was made, with what it registered. */
export interface MadeStack extends Recording {
  readonly spec: ResolvedStackSpec;
  readonly instance: pulumi.ComponentResource;
}

/** How a stack is made. */
interface MakeOptions {
  readonly spec: ResolvedStackSpec;
  readonly preview?: boolean;
  /** Name of the instance. @default "stack" */
  readonly name?: string;
  readonly transform?: object;
}

/** A provider under test: makes stacks, and remembers those of the fixtures. */
export class Subject {
  readonly #made = new Map<string, Promise<MadeStack>>();
  readonly #supported = new Map<string, ResolvedStackSpec>();

  constructor(
    public readonly provider: ProviderPackage,
    public readonly options: ContractOptions,
  ) {}

  /** The fixtures that the target supports. */
  public supported(): ValidFixture[] {
    return validFixtures().filter(({ file }) => {
      const { capabilities, target } = this.provider;
      return unsupportedFeatures(loadSpec(file), capabilities, target).length === 0;
    });
  }

  /** Name of the reference fixture. */
  public get referenceName(): string {
    return this.options.reference ?? "full";
  }

  /** What the target supports of a fixture. */
  public specOf(name: string): ResolvedStackSpec {
    const spec = this.#supported.get(name) ?? supportedPart(rawSpecOf(name), this.provider.capabilities);
    this.#supported.set(name, spec);
    return spec;
  }

  /** The stack of the reference fixture. */
  public reference(preview = false): Promise<MadeStack> {
    return this.fixture(this.referenceName, preview);
  }

  /** The stack of what the target supports of a fixture; made once for each mode. */
  public fixture(name: string, preview: boolean): Promise<MadeStack> {
    const key = `${name} ${preview}`;
    const made = this.#made.get(key) ?? this.make({ spec: this.specOf(name), preview });
    this.#made.set(key, made);
    return made;
  }

  /** Makes a stack. @throws what its constructor throws */
  public async make({ spec, preview = false, name, transform }: MakeOptions): Promise<MadeStack> {
    let instance: pulumi.ComponentResource | undefined;
    const program = () => {
      instance = this.construct(spec, name, transform);
    };
    const recording = await this.record(program, preview);
    if (!instance) throw new Error("the program made no stack");
    return { ...recording, spec, instance };
  }

  /** Records any program against the target's mocks. */
  public record(program: () => unknown, preview = false): Promise<Recording> {
    return recordProgram(program, { preview, ...(this.options.mocks ? { mocks: this.options.mocks } : {}) });
  }

  /** Makes a stack inside a program that is being recorded. */
  public construct(spec: StackSpec | ResolvedStackSpec, name = "stack", transform?: object): pulumi.ComponentResource {
    const opts = transform ? ({ transform } as pulumi.ComponentResourceOptions) : {};
    return new this.provider.MlopsStack(name, { ...this.options.args, spec }, opts);
  }
}

/** What the file of a valid fixture holds, unchecked. @throws Error where there is none of the name */
function rawSpecOf(name: string): StackSpec {
  const fixture = validFixtures().find((each) => each.name === name);
  if (!fixture) throw new Error(`there is no valid fixture "${name}"`);
  return readYaml(readFileSync(fixture.file, "utf8")).data as StackSpec;
}
