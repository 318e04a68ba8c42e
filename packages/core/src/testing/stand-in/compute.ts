import { createHash } from "node:crypto";
import type { Cloud } from "./cloud";
import { nameInput } from "./diff";
import type { ResourceDescription } from "./sdk/reader";
import type { Shape } from "./sdk/shape";
import { holdsSecret, isRecord, type Properties, plain, secret } from "./values";

/** What identifies one creation: a replaced resource has the URN of its predecessor, but not its identifier. */
export interface Birth {
  readonly urn: string;
  /** How many resources of this URN were created before. */
  readonly before: number;
}

const hex = ({ urn, before }: Birth) => createHash("sha256").update(`${urn}#${before}`).digest("hex");
const uuid = (digits: string) =>
  [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20, 32)].join("-");

/** A name for what the program does not name: the logical name and seven digits, as bridged providers do. */
export const automaticName = (birth: Birth) => `${birth.urn.split("::").at(-1) ?? ""}-${hex(birth).slice(0, 7)}`;

/** Identifier and state of a resource that has just been made or changed: its inputs, and what the cloud computes. */
export function compute(description: ResourceDescription, cloud: Cloud, birth: Birth, inputs: Properties) {
  const rules = cloud.resources[description.type];
  const [, module = "", kind = ""] = description.type.split(":");
  const name = nameInput(description, rules);
  const digits = hex(birth);
  const facts: Record<string, unknown> = {
    ...cloud.facts,
    ...inputs,
    service: module.split("/")[0],
    kind: `${kind.charAt(0).toLowerCase()}${kind.slice(1)}`,
    hex: digits.slice(0, 17),
    uuid: uuid(digits),
    name: (name === undefined ? undefined : inputs[name]) ?? digits.slice(0, 17),
  };
  // An identifier may be the ARN, and an ARN may hold the identifier: whichever does not need the other comes first.
  const arn = rules?.outputs?.arn ?? cloud.arn;
  const id = rules?.id ?? "{name}";
  const needsArn = id.includes("{arn}");
  if (!needsArn) facts.id = fill(id, facts);
  facts.arn = "arn" in description.outputs ? fill(arn, facts) : (inputs.arn ?? "");
  if (needsArn) facts.id = fill(id, facts);

  const state: Record<string, unknown> = { ...inputs };
  for (const [property, shape] of Object.entries(description.outputs)) {
    if (property === "arn") state.arn = facts.arn;
    else if (rules?.outputs && property in rules.outputs) state[property] = fill(rules.outputs[property], facts);
    else if (property === "tagsAll") state.tagsAll = inputs.tags ?? {};
    else state[property] = madeUp(property, shape, textOf(facts.id));
  }
  for (const property of description.secretOutputs) if (state[property] !== undefined) state[property] = secret(state[property]);
  return { id: textOf(facts.id), state };
}

/** A value within a text: as it is, or as JSON; nothing for what is absent. */
function textOf(value: unknown): string {
  const shown = plain(value) ?? "";
  return typeof shown === "string" ? shown : JSON.stringify(shown);
}

/** Fills the placeholders of every text in a value. What comes from a secret is secret. */
function fill(value: unknown, facts: Readonly<Record<string, unknown>>): unknown {
  if (Array.isArray(value)) return value.map((item) => fill(item, facts));
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, facts)]));
  if (typeof value !== "string") return value;
  let tainted = false;
  const text = value.replace(/\{(\w+)\}/g, (_, key: string) => {
    const fact = facts[key];
    tainted ||= holdsSecret(fact);
    return textOf(fact);
  });
  return tainted ? secret(text) : text;
}

/** A value of the right type for an output without rules, so that a program finds something to work on. */
function madeUp(property: string, shape: Shape, id: string): unknown {
  switch (shape.kind) {
    case "scalar":
      return { string: `${property}-of-${id}`, number: 1, boolean: false }[shape.type];
    case "list":
      return [];
    case "map":
    case "object":
      return {};
    default:
      return undefined;
  }
}
