// One process, one program: `node measure.js flat|stack` prints what it took as JSON.
import "@pulumi/pulumi"; // `pulumi up` starts a launcher that loads it before any program; the SDK of Kubernetes is the program's own import
import { recordProgram } from "@cyclops/core/plan";
import { peakMemory, since, type Usage, usage } from "../lib/usage";

/** What one run took. */
export interface Figures {
  /** The process from its start to the last registration. */
  readonly whole: Usage;
  /** The same without what comes before the program: Node's start and Pulumi's SDK. */
  readonly program: Usage;
  /** Reading and checking the spec, which the flat program does not have. */
  readonly spec: Usage;
  /** From the first constructor until the last resource is registered. */
  readonly construction: Usage;
  /** Greatest memory of the process in MB. */
  readonly memory: number;
  readonly resources: number;
}

/** The program, ready to be called: all that it imports is loaded, and its spec is read. */
async function prepare(kind: "flat" | "stack"): Promise<{ program: () => void; spec: Usage }> {
  if (kind === "flat") return { program: (await import("./flat.js")).program, spec: { cpu: 0, wall: 0 } };
  const { program, readSpec } = await import("./stack.js");
  const start = usage();
  const spec = readSpec();
  return { program: () => program(spec), spec: since(start) };
}

async function main(kind: "flat" | "stack"): Promise<void> {
  const launched = usage();
  const { program, spec } = await prepare(kind);
  const prepared = usage();
  const { resources } = await recordProgram(program, { keepInputs: false });
  const figures: Figures = {
    construction: since(prepared),
    program: since(launched),
    whole: usage(),
    spec,
    memory: peakMemory(),
    resources: resources.length,
  };
  process.stdout.write(JSON.stringify(figures));
}

void main(process.argv[2] === "flat" ? "flat" : "stack");
