import { describeSchema } from "./spec/describe-schema";
import { inputSchema } from "./spec/json-schema";

/** The generated files of this package that are committed, by path from the root. */
export function generatedFiles(): Record<string, string> {
  const { $schema, ...rest } = describeSchema(inputSchema()) as { $schema?: string };
  const schema = { $schema, title: "CyclOps stack spec", ...rest };
  return { "packages/core/schemas/stack-spec.schema.json": `${JSON.stringify(schema, undefined, 2)}\n` };
}
