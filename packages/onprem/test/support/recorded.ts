import type { ModelDocument } from "@cyclops/core";
import { type RecordedResource, type RecordOptions, recordProgram } from "@cyclops/core/plan";
import * as pulumi from "@pulumi/pulumi";
import { vi } from "vitest";
import { documentAnnotation } from "../../src/documents/pod";

// A stack takes a second to record, and several on a machine that is busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** Plain data of one recorded object. */
// biome-ignore lint/suspicious/noExplicitAny: tests read vendors' objects by path; a wrong path gives undefined, and the assertion fails.
export type Plain = any;

/** The resources of a program, by what tests ask for. */
export class Recorded {
  constructor(
    readonly resources: readonly RecordedResource[],
    readonly outputs: Readonly<Record<string, unknown>>,
  ) {}

  /** Resources of one type, named by its last part, e.g. `Deployment`. */
  ofKind(kind: string): readonly RecordedResource[] {
    return this.resources.filter((resource) => kindOf(resource) === kind);
  }

  /** The one resource of a name. */
  named(name: string): RecordedResource {
    const found = this.resources.filter((resource) => resource.name === name && resource.custom);
    const [first] = found;
    if (!first || found.length > 1) {
      throw new Error(`${found.length} resources are named ${name}, among ${this.resources.map((each) => each.name).join(", ")}`);
    }
    return first;
  }

  /** The object that the API server gets for a name. */
  object(name: string): Plain {
    return this.named(name).inputs;
  }
}

/** Kind of a recorded resource; that of a custom resource is in its inputs. */
export const kindOf = ({ type, inputs }: RecordedResource): string =>
  typeof inputs.kind === "string" ? inputs.kind : (type.split(":").at(-1) ?? "");

/** Objects of the API server; Helm charts, components and providers are none. */
export const isObject = ({ custom, read, inputs }: RecordedResource): boolean =>
  custom && !read && typeof inputs.apiVersion === "string";

/** Registers what the program makes, in a Pulumi stack named `dev`, with the configuration of its stack. */
export async function record(
  program: () => unknown,
  { config = {}, ...options }: RecordOptions & { config?: Record<string, string> } = {},
): Promise<Recorded> {
  const { resources, outputs } = await recordProgram(
    () => {
      pulumi.runtime.setAllConfig(config);
      return program();
    },
    { stack: "dev", ...options },
  );
  return new Recorded(resources, outputs);
}

/** Every text anywhere inside of a value, with its path. */
export function texts(value: unknown, path = ""): { path: string; text: string }[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => texts(inner, path ? `${path}.${key}` : key));
}

/** The document that the runs of a pipeline of the model carry. */
export const documentOf = (recorded: Recorded, pipeline: string, model = "churn-model-churn"): ModelDocument =>
  JSON.parse(recorded.object(`${model}-${pipeline}-template`).spec.podMetadata.annotations[documentAnnotation]);
