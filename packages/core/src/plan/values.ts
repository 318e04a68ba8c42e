// Signatures of Pulumi's wire format: sdk/go/common/resource/properties.go. They are stable across versions, but not exported as types.
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const assetSignature = "c44067f5952c0a294b673a41bacd8c17";
const archiveSignature = "0def7320c3a5731c473e5ecbe6d01bc7";
const resourceSignature = "5cf8f73096256a8f31e491e813e4eb8e";
const unknownSignature = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A secret input. Printed or serialised it shows `[secret]`: only code that asks for `value` sees what is inside. */
export class SecretValue {
  readonly #value: unknown;

  constructor(value: unknown) {
    this.#value = value;
  }

  /** What the secret holds. */
  public get value(): unknown {
    return this.#value;
  }

  public toJSON(): string {
    return "[secret]";
  }

  public toString(): string {
    return "[secret]";
  }
}

/** A value that is known only after deployment. There is one of it: {@link unknownValue}. */
export class UnknownValue {
  public toJSON(): string {
    return "[unknown]";
  }

  public toString(): string {
    return "[unknown]";
  }
}

/** The value of every input that is known only after deployment. */
export const unknownValue = new UnknownValue();

/** A value of the wire format as plain data, in which secrets are `SecretValue` and unknown ones `unknownValue`. */
function decodeValue(value: unknown): unknown {
  if (value === unknownSignature) return unknownValue;
  if (Array.isArray(value)) return value.map(decodeValue);
  if (typeof value !== "object" || value === null) return value;
  const fields = value as Record<string, unknown>;
  switch (fields[signatureKey]) {
    case secretSignature:
      return new SecretValue(decodeValue(fields.value));
    case resourceSignature:
      return fields.urn;
    case assetSignature:
    case archiveSignature: {
      const { [signatureKey]: _signature, ...rest } = fields;
      return decodeRecord(rest);
    }
    default:
      return decodeRecord(fields);
  }
}

/** {@link decodeValue} of every field. */
export function decodeRecord(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, decodeValue(value)]));
}

/** A decoded value without its marks: secrets show what they hold, unknown values are `undefined`. For assertions, never for output. */
export function revealValue(value: unknown): unknown {
  if (value instanceof SecretValue) return revealValue(value.value);
  if (value instanceof UnknownValue) return undefined;
  if (Array.isArray(value)) return value.map(revealValue);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revealValue(inner)]));
}
