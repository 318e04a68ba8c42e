/** What is shown in place of a secret. */
const secretText = "[secret]";
/** What is shown in place of a value that only a deployment tells. */
const unknownText = "[known after deployment]";

// A program may forget to mark a value: these names are never shown, whatever it says.
const secretKeys = /(^|[a-z_-])(password|passwd|passphrase|secret_?access_?key|private_?key|client_?secret|api_?key|token)$/i;
const secretTypes = /(^|[:/])Secret(Patch)?$/;
const secretFields = new Set(["data", "stringData"]);

/** Recorded inputs of a resource as plain data, without any secret. */
export function showInputs(type: string, inputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const hideFields = secretTypes.test(type);
  return Object.fromEntries(
    Object.entries(inputs).flatMap(([key, value]) => {
      if (value === undefined) return [];
      return [[key, hideFields && secretFields.has(key) ? secretText : show(value, key)]];
    }),
  );
}

/** A recorded value as plain data, without any secret; `key` is the name of the field that holds it. */
export function show(value: unknown, key = ""): unknown {
  if (typeof value === "string") return value !== "" && secretKeys.test(key) ? secretText : value;
  if (Array.isArray(value)) return value.map((item) => show(item, key));
  if (typeof value !== "object" || value === null) return value;
  // The recorder's marks of secret and unknown values say themselves how they are printed.
  if ("toJSON" in value && typeof value.toJSON === "function") return value.toJSON() === secretText ? secretText : unknownText;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) => (item === undefined ? [] : [[name, show(item, name)]])),
  );
}
