// One process: `node measure.js stack <models>`, `flat <file>`, `platform` or `model <index> <binding>` prints what it took as JSON.
import { type RecordOptions, recordProgram, revealValue } from "@cyclops/core/plan";
import { peakMemory, since, type Usage, usage } from "../lib/usage";
import { flatOf } from "./flat";
import { modelStack, platform, stackOf } from "./programs";

/** What one run took. */
export interface Figures {
  readonly resources: number;
  readonly construction: Usage;
  /** Greatest memory of the process in MB. */
  readonly memory: number;
  /** What a platform exports for the stacks of its models, as JSON. */
  readonly binding?: string;
}

const small: RecordOptions = { keepInputs: false, timeoutSeconds: 900 };

/** The program and how it is recorded; all that a program by hand has in its text is read here. */
function programOf(kind: string | undefined, first = "", binding = ""): [program: () => unknown, options?: RecordOptions] {
  if (kind === "platform") return [platform];
  if (kind === "stack") return [stackOf(Number(first)), small];
  if (kind === "flat") return [flatOf(first), small];
  const state = { outputs: { binding: JSON.parse(binding) as unknown }, secretOutputNames: [] };
  const mocks: RecordOptions["mocks"] = { resource: ({ read }) => (read ? { state } : undefined) };
  return [modelStack(Number(first)), { ...small, mocks }];
}

async function main([kind, ...rest]: string[]): Promise<void> {
  // The SDK loads its classes when they are first used: a small stack pays for that alone, so it is done before the clock starts.
  await recordProgram(stackOf(1), small);
  const [program, options] = programOf(kind, ...rest);
  const start = usage();
  const { resources, outputs } = await recordProgram(program, options);
  const figures: Figures = {
    resources: resources.length,
    construction: since(start),
    memory: peakMemory(),
    ...(kind === "platform" ? { binding: JSON.stringify(revealValue(outputs.binding)) } : {}),
  };
  process.stdout.write(JSON.stringify(figures));
}

void main(process.argv.slice(2));
