import * as pulumi from "@pulumi/pulumi";

/**
 * The value as an output. Unlike `pulumi.output`, hands back an output as it is: no output of ours holds further outputs, and looking for
 * them takes longer than what is then done with the value.
 */
export function asOutput<Value>(value: pulumi.Input<Value>): pulumi.Output<Value> {
  return pulumi.Output.isInstance<Value>(value) ? value : (pulumi.output(value) as pulumi.Output<Value>);
}

/** Values of outputs, in their order. */
type ValuesOf<Outputs extends readonly unknown[]> = {
  [Index in keyof Outputs]: Outputs[Index] extends pulumi.Output<infer Value> ? Value : never;
};

/**
 * What `func` makes of the values of all outputs: `pulumi.all(outputs).apply(...)` in half the time, and without looking for further
 * outputs inside of the values. Most of what a stack's construction takes is promises, of which Pulumi makes dozens for each of these.
 */
export function applyAll<Outputs extends readonly pulumi.Output<unknown>[], Result>(
  outputs: readonly [...Outputs],
  func: (...values: ValuesOf<Outputs>) => Result,
): pulumi.Output<Result> {
  const step = (values: readonly unknown[]): unknown =>
    values.length < outputs.length
      ? (outputs[values.length] as pulumi.Output<unknown>).apply((value) => step([...values, value]))
      : func(...(values as ValuesOf<Outputs>));
  return asOutput(step([])) as pulumi.Output<Result>;
}

/** One output of each part that has it, by the part's name. */
export function outputsByName<Part>(
  parts: Readonly<Record<string, Part>>,
  output: (part: Part) => pulumi.Output<string | undefined>,
): pulumi.Output<Record<string, string>> {
  const outputs = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, output(part)]));
  return pulumi
    .output(outputs)
    .apply((all) => Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined)));
}
