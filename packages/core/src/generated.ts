import { finalExitCodes, lastWords, runtimeExitCodes } from "./contract/exit-codes";
import { kpiFixture } from "./kpi/fixture";
import { describeSchema } from "./spec/describe-schema";
import { inputSchema } from "./spec/json-schema";

/** The generated files of this package that are committed, by path from the root. */
export function generatedFiles(): Record<string, string> {
  const { $schema, ...rest } = describeSchema(inputSchema()) as { $schema?: string };
  const schema = { $schema, title: "CyclOps stack spec", ...rest };
  const json = (document: unknown) => `${JSON.stringify(document, undefined, 2)}\n`;
  return {
    "packages/core/schemas/stack-spec.schema.json": json(schema),
    "runtime/tests/exit_codes.json": json({ codes: runtimeExitCodes, final: finalExitCodes, lastWords }),
    "runtime/tests/monitoring/kpi_catalogue.json": json(kpiFixture()),
  };
}
