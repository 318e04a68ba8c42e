import { type Capabilities, featureIds } from "@cyclops/core";
import { expect, it } from "vitest";
import { supportMatrix } from "../src/support-matrix";

const native = { support: "native", note: "a service" } as const;
const capabilities: Capabilities = {
  ...(Object.fromEntries(featureIds.map((feature) => [feature, native])) as Capabilities),
  "endpoint.async": { support: "unsupported", note: "There is no queue.", alternative: "Use a | b." },
};
const rowOf = (text: string, feature: string) => text.split("\n").filter((line) => line.startsWith(`| \`${feature}\` |`));

it("has one row for each feature, and says what is not built", () => {
  const text = supportMatrix({ onprem: capabilities });
  for (const feature of featureIds) expect(rowOf(text, feature), feature).toHaveLength(1);
  expect(rowOf(text, "batch.schedule")).toEqual([
    "| `batch.schedule` | not built yet | not built yet | not built yet | **native**: a service |",
  ]);
});

it("gives the alternative of what is not supported, and keeps the table whole", () => {
  const [row] = rowOf(supportMatrix({ aws: capabilities }), "endpoint.async");
  expect(row).toBe(
    "| `endpoint.async` | **unsupported**: There is no queue. Use a \\| b. | not built yet | not built yet | not built yet |",
  );
});
