/** One resource that a program registers or reads, as the engine would see it. */
export interface RecordedResource {
  /** Type token, e.g. `aws:s3/bucket:Bucket` or `cyclops-aws:index:Storage`. */
  readonly type: string;
  readonly name: string;
  /** Unique in the stack; holds the types of all parents. */
  readonly urn: string;
  /** URN of the parent; undefined at the top. */
  readonly parent: string | undefined;
  /** Whether a provider makes it, if only as the objects of a Helm chart; false for a component of this program. */
  readonly custom: boolean;
  /** Whether it exists already and is only read (`get`, `StackReference`). */
  readonly read: boolean;
  /** Its inputs: plain data, secrets as `SecretValue`, values known only after deployment as `unknownValue`. Empty without `keepInputs`. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** URNs it depends on, by an input or by `dependsOn`; in the order of their registration. */
  readonly dependencies: readonly string[];
  /** URNs behind each input that depends on another resource. */
  readonly inputDependencies: Readonly<Record<string, readonly string[]>>;
  /** Whether it is protected from deletion. */
  readonly protect: boolean;
  /** Whether it stays when it is removed from the program. */
  readonly retainOnDelete: boolean;
  /** Inputs whose changes are ignored. */
  readonly ignoreChanges: readonly string[];
  /** Outputs that are secret whatever the provider says. */
  readonly secretOutputs: readonly string[];
  /** URN of an explicit provider. */
  readonly provider: string | undefined;
  /** What a component registers as its outputs; undefined where it registers none (yet). */
  readonly outputs: Readonly<Record<string, unknown>> | undefined;
}

/** One call of a provider function. */
export interface RecordedCall {
  readonly token: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Answers in place of the target. Both must be pure: the same question gets the same answer. */
export interface RecorderMocks {
  /** Id and computed outputs of a resource, besides its inputs; not asked in a preview, where both are unknown. Asked of reads always. */
  resource?(resource: RecordedResource): { id?: string; state?: Record<string, unknown> } | undefined;
  /** Result of a provider function. @default - an error that names the function */
  call?(call: RecordedCall): Record<string, unknown>;
}

/** How a program is recorded. */
export interface RecordOptions {
  /** Whether values that are known only after deployment stay unknown, as in `pulumi preview`. @default true */
  readonly preview?: boolean;
  /** Answers in place of the target. @default {} (ids are `<name>-id`, nothing is computed) */
  readonly mocks?: RecorderMocks;
  /** Whether inputs and outputs are kept; without them thousands of resources need little memory. @default true */
  readonly keepInputs?: boolean;
  /** Pulumi project. @default "project" */
  readonly project?: string;
  /** Pulumi stack. @default "stack" */
  readonly stack?: string;
  /** Pulumi organization. @default "organization" */
  readonly organization?: string;
  /** Seconds after which a program that has not ended fails. @default 120 */
  readonly timeoutSeconds?: number;
}

/** What a program declares. */
export interface Recording {
  /** In the order of registration: parents and dependencies come first. */
  readonly resources: readonly RecordedResource[];
  readonly calls: readonly RecordedCall[];
  /** What it warns of with `pulumi.log.warn`, in order. */
  readonly warnings: readonly string[];
  /** What the program returns, where that is an object: the stack's outputs. */
  readonly outputs: Readonly<Record<string, unknown>>;
}
