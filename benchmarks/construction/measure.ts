// One process, one program: `node measure.js flat|stack` prints what it took as JSON.
import "@pulumi/kubernetes"; // both programs import it: everything up to here is shared
import { recordProgram } from "@cyclops/core/plan";
import { peakMemory, since, type Usage, usage } from "../lib/usage";

/** What one run took. */
export interface Figures {
  /** The process from its start, both SDKs included. */
  readonly whole: Usage;
  /** All that follows the import of the SDKs: import of the program and of what it uses, and construction. */
  readonly program: Usage;
  /** From the call of the program until the last resource is registered; in the stack's case it reads and checks the spec, too. */
  readonly construction: Usage;
  /** Greatest memory of the process in MB. */
  readonly memory: number;
  readonly resources: number;
}

async function main(kind: "flat" | "stack"): Promise<void> {
  const sdksLoaded = usage();
  const { program } = kind === "flat" ? await import("./flat.js") : await import("./stack.js");
  const loaded = usage();
  const { resources } = await recordProgram(program, { keepInputs: false });
  const figures: Figures = {
    construction: since(loaded),
    program: since(sdksLoaded),
    whole: usage(),
    memory: peakMemory(),
    resources: resources.length,
  };
  process.stdout.write(JSON.stringify(figures));
}

void main(process.argv[2] === "flat" ? "flat" : "stack");
