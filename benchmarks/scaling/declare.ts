// One process: `node declare.js <models> <file>` writes what a stack of so many models declares, for the flat program of the same size,
// and proves that this declares the same.
import { recordProgram } from "@cyclops/core/plan";
import { compareDeclarations, declarations } from "../lib/declared";
import { flatOf, writeDeclarations } from "./flat";
import { stackOf } from "./programs";

const timeoutSeconds = 900;

async function main([models, file = ""]: string[]): Promise<void> {
  const { resources } = await recordProgram(stackOf(Number(models)), { timeoutSeconds });
  writeDeclarations(resources, file);
  const flat = await recordProgram(flatOf(file), { timeoutSeconds });
  compareDeclarations(declarations(flat.resources), declarations(resources));
  process.stdout.write(JSON.stringify(flat.resources.length));
}

void main(process.argv.slice(2));
