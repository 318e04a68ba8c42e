// Prints the custom resources of a program as JSON: `node check.js flat|stack`.
import { recordProgram } from "@cyclops/core/plan";
import { declarations } from "../lib/declared";

async function main(kind: "flat" | "stack"): Promise<void> {
  const { program } = kind === "flat" ? await import("./flat.js") : await import("./stack.js");
  const { resources } = await recordProgram(program);
  process.stdout.write(JSON.stringify(declarations(resources)));
}

void main(process.argv[2] === "flat" ? "flat" : "stack");
