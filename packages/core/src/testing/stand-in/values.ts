// Values as the engine hands them to a provider: secrets, outputs and unknowns are marked by keys and texts of Pulumi's protocol.
import { isDeepStrictEqual } from "node:util";
import { runtime } from "@pulumi/pulumi";

/** Inputs or state of a resource, with the protocol's marks. */
export type Properties = Readonly<Record<string, unknown>>;

const { specialSigKey: mark } = runtime;

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A value that only an `up` will know. */
export const isUnknown = (value: unknown): boolean => value === runtime.unknownValue;
const isSecret = (value: unknown): value is { value: unknown } => isRecord(value) && value[mark] === runtime.specialSecretSig;
export const isAsset = (value: unknown): boolean =>
  isRecord(value) && (value[mark] === runtime.specialAssetSig || value[mark] === runtime.specialArchiveSig);
const isOutput = (value: unknown): value is { value?: unknown } =>
  isRecord(value) && value[mark] === runtime.specialOutputValueSig;

/** The value, marked so that the engine encrypts it in the state. */
export const secret = (value: unknown): unknown => (isSecret(value) ? value : { [mark]: runtime.specialSecretSig, value });

/** The plain value at every depth; an output without value is unknown. */
export function plain(value: unknown): unknown {
  if (isSecret(value)) return plain(value.value);
  if (isOutput(value)) return "value" in value ? plain(value.value) : runtime.unknownValue;
  if (Array.isArray(value)) return value.map(plain);
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
  return value;
}

/** Whether a secret is somewhere in the value. */
export function holdsSecret(value: unknown): boolean {
  if (isSecret(value)) return true;
  if (Array.isArray(value)) return value.some(holdsSecret);
  return isRecord(value) && Object.values(value).some(holdsSecret);
}

/** Whether two values are the same to a cloud: marks do not count, and an absent value is the same as null. */
export const same = (left: unknown, right: unknown): boolean => isDeepStrictEqual(plain(left) ?? null, plain(right) ?? null);
