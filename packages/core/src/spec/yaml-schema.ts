import { CORE_SCHEMA, Type } from "js-yaml";

const integer = /^(?:[-+]?\d+|0o[0-7]+|0x[\da-fA-F]+)$/;
const decimal = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const infinite = /^[-+]?\.(?:inf|Inf|INF)$/;
const notANumber = /^\.(?:nan|NaN|NAN)$/;

const matches = (...patterns: readonly RegExp[]) => {
  return (text: unknown) => typeof text === "string" && patterns.some((pattern) => pattern.test(text));
};

/**
 * The core schema of YAML 1.2 with merge keys: dates are texts, as are `yes`, `1_000` and `12:30`. Of its own js-yaml also takes `0b11` and
 * `-0x1F` for numbers, and leaves `-.5` and `1e999` as texts.
 */
export const yamlSchema = CORE_SCHEMA.extend({
  implicit: [
    new Type("tag:yaml.org,2002:int", { kind: "scalar", resolve: matches(integer), construct: Number }),
    new Type("tag:yaml.org,2002:float", { kind: "scalar", resolve: matches(decimal, infinite, notANumber), construct: toFloat }),
    new Type("tag:yaml.org,2002:merge", { kind: "scalar", resolve: matches(/^<<$/) }),
  ],
});

function toFloat(text: string): number {
  if (infinite.test(text)) return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(text);
}
