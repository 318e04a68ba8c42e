import { loadSpec, type ResolvedStackSpec, type Target, unsupportedFeatures } from "@cyclops/core";
import { exitCodes } from "../errors";
import { emulatedFeatures } from "../plan/capabilities";
import { loadProvider } from "../plan/providers";
import { describeSpec } from "../plan/summary";
import { hasIssues, renderIssues } from "../terminal/problems";
import { styleOf } from "../terminal/style";
import { list } from "../terminal/table";

/** Options of `cyclops validate`. */
export interface ValidateOptions {
  readonly file: string;
  readonly target: Target | undefined;
  readonly json: boolean;
}

/** Checks a spec; prints its problems or a summary. Returns the exit code. */
export function validate({ file, target, json }: ValidateOptions): number {
  const provider = target && loadProvider(target, file);
  let spec: ResolvedStackSpec;
  try {
    spec = loadSpec(file);
  } catch (error) {
    if (!hasIssues(error)) throw error;
    return refuse(file, error.issues, json);
  }
  const impossible = provider ? unsupportedFeatures(spec, provider.capabilities, provider.target) : [];
  if (impossible.length > 0) return refuse(file, impossible, json);
  if (json) {
    process.stdout.write(`${JSON.stringify({ valid: true, file, target: target ?? null, issues: [], spec }, null, 2)}\n`);
    return exitCodes.ok;
  }
  const style = styleOf(process.stdout);
  process.stdout.write(
    `${style.green("✓")} ${file} is valid${target ? `, and ${target} can do all of it` : ""}.\n\n${describeSpec(spec, style)}\n`,
  );
  if (provider) {
    const emulated = emulatedFeatures(spec, provider.capabilities).map(({ feature }) => feature);
    if (emulated.length > 0)
      process.stdout.write(`\n${target} has no service of its own for ${list(emulated)}: CyclOps' runtime does it.\n`);
  }
  return exitCodes.ok;
}

function refuse(file: string, issues: Parameters<typeof renderIssues>[0]["issues"], json: boolean): number {
  if (json) process.stdout.write(`${JSON.stringify({ valid: false, file, issues }, null, 2)}\n`);
  else process.stderr.write(`${renderIssues({ issues, source: file }, styleOf(process.stderr))}\n`);
  return exitCodes.problem;
}
