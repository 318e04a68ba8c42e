import { type RecordedResource, type RecordOptions, recordProgram } from "@cyclops/core/plan";
import { mocksOf } from "@cyclops/core/testing";
import * as pulumi from "@pulumi/pulumi";
import { vi } from "vitest";
import { planCall } from "../../src";
import { awsState } from "./aws-state";

// A stack takes a second to record, and several on a machine that is busy.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

/** Plain data of one recorded object. */
// biome-ignore lint/suspicious/noExplicitAny: tests read vendors' objects by path; a wrong path gives undefined, and the assertion fails.
export type Plain = any;

/** The resources of a program, by what tests ask for. */
export class Recorded {
  constructor(
    readonly resources: readonly RecordedResource[],
    readonly outputs: Readonly<Record<string, unknown>>,
  ) {}

  /** Resources of one type, named by its last part, e.g. `Bucket`. */
  readonly ofKind = (kind: string): readonly RecordedResource[] =>
    this.resources.filter(({ type, custom }) => custom && type.endsWith(`:${kind}`));

  /** The one resource of a name. */
  named(name: string): RecordedResource {
    const found = this.resources.filter((resource) => resource.name === name && resource.custom);
    const [first] = found;
    if (!first || found.length > 1) {
      throw new Error(`${found.length} resources are named ${name}, among ${this.resources.map((each) => each.name).join(", ")}`);
    }
    return first;
  }

  /** The inputs of the one resource of a name. */
  inputs(name: string): Plain {
    return this.named(name).inputs;
  }

  /** A document that an input of the one resource of a name holds as text. */
  document(name: string, input: string): Plain {
    return JSON.parse(String(this.named(name).inputs[input]));
  }
}

/** Registers what the program makes, with the configuration of its stack, against an AWS that answers with ARNs of its own form. */
export async function record(
  program: () => unknown,
  { config = {}, ...options }: RecordOptions & { config?: Record<string, string> } = {},
): Promise<Recorded> {
  const mocks = mocksOf(awsState, planCall);
  const { resources, outputs } = await recordProgram(
    () => {
      pulumi.runtime.setAllConfig(config);
      return program();
    },
    { preview: false, mocks, stack: "dev", ...options },
  );
  return new Recorded(resources, outputs);
}
