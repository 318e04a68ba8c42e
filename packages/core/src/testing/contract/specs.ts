import { readFileSync } from "node:fs";
import { unsupportedFeatures } from "../../contract/support";
import { SpecError, type SpecIssue, UnsupportedFeatureError } from "../../errors";
import { loadSpec } from "../../spec/load";
import { parseStackSpec } from "../../spec/parse";
import type { StackSpec } from "../../spec/stack";
import { readYaml } from "../../spec/yaml";
import { invalidFixtures, validFixtures } from "../fixtures";
import type { Subject } from "./subject";

/** C7: every valid spec becomes a stack, or is refused exactly where the capabilities say so, before anything is registered. */
export async function validSpecs(subject: Subject): Promise<string[]> {
  const { capabilities, target } = subject.provider;
  const problems: string[] = [];
  for (const { name, file } of validFixtures()) {
    const spec = loadSpec(file);
    const issues = unsupportedFeatures(spec, capabilities, target);
    if (issues.length === 0) {
      problems.push(...(await failureOf(name, () => subject.fixture(name, true))));
      continue;
    }
    let thrown: unknown;
    const { resources } = await subject.record(() => {
      thrown = thrownBy(() => subject.construct(spec));
    });
    if (!(thrown instanceof UnsupportedFeatureError))
      problems.push(`${name}: ${text(thrown)} is thrown instead of an UnsupportedFeatureError`);
    else if (!same(thrown.issues, issues))
      problems.push(`${name}: ${thrown.message} is thrown, and the capabilities say ${JSON.stringify(issues)}`);
    if (resources.length > 0) problems.push(`${name}: ${resources.length} resources were registered before it was refused`);
  }
  return problems;
}

/** C8: every invalid spec is refused with core's error, from a file and from a program, before anything is registered. */
export async function invalidSpecs(subject: Subject): Promise<string[]> {
  const problems: string[] = [];
  const compare = (name: string, core: unknown, own: unknown) => {
    if (own instanceof SpecError && core instanceof SpecError && own.name === core.name && own.message === core.message) return;
    problems.push(`${name}: ${text(own)} is thrown instead of ${text(core)}`);
  };
  const { resources } = await subject.record(() => {
    for (const { name, file } of invalidFixtures()) {
      compare(
        name,
        thrownBy(() => loadSpec(file)),
        thrownBy(() => subject.provider.loadSpec(file)),
      );
      const data = dataOf(file);
      const core = thrownBy(() => parseStackSpec(data));
      // What is wrong with the text alone, e.g. a tag, is gone from the data.
      if (data === undefined || core === undefined) continue;
      const own = thrownBy(() => subject.construct(data as StackSpec));
      compare(name, core, own);
    }
  });
  if (resources.length > 0) problems.push(`${resources.length} resources were registered by stacks that were refused`);
  return problems;
}

/** Plain data of a file; undefined where it is no YAML, or no mapping: a typed program cannot hold such a spec. */
function dataOf(file: string): unknown {
  try {
    const { data } = readYaml(readFileSync(file, "utf8"));
    return typeof data === "object" && data !== null && !Array.isArray(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

async function failureOf(name: string, work: () => Promise<unknown>): Promise<string[]> {
  try {
    await work();
    return [];
  } catch (error) {
    return [`${name}: ${text(error)}`];
  }
}

function thrownBy(work: () => unknown): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}

const text = (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : "nothing");
const same = (a: readonly SpecIssue[], b: readonly SpecIssue[]) => JSON.stringify(a) === JSON.stringify(b);
