import { revealValue, SecretValue } from "../../plan";
import { contextOf } from "../../spec/resolve";
import { label } from "./names";
import type { SecurityRule, Subject } from "./subject";

/** C9: tags reach every resource that can carry them. */
export async function tags(subject: Subject): Promise<string[]> {
  const { resources, spec } = await subject.reference(true);
  const required = Object.entries(subject.options.requiredTags(contextOf(spec)));
  const taggable = resources.flatMap((resource) => {
    const found = subject.options.tags(resource);
    return found && !resource.read ? [{ resource, found }] : [];
  });
  if (taggable.length === 0 || required.length === 0) return ["no resource carries tags"];
  return taggable.flatMap(({ resource, found }) =>
    required
      .filter(([key, value]) => revealValue(found[key]) !== value)
      .map(([key, value]) => `${label(resource)}: the tag ${key}=${value} is missing`),
  );
}

/** C10: one rule of security. */
export async function security(subject: Subject, rule: SecurityRule): Promise<string[]> {
  const { resources } = await subject.reference();
  const concerned = resources.filter((resource) => rule.applies(resource));
  if (concerned.length === 0) return [`the rule "${rule.title}" concerns no resource`];
  return concerned.flatMap((resource) => {
    const problem = rule.problem(resource);
    return problem === undefined ? [] : [`${label(resource)}: ${problem}`];
  });
}

// Shorter secrets, e.g. a user name, can be part of other values by chance.
const shortestSecret = 8;

/** C11: inputs that hold secrets are secret, and what is secret in one place is plain in no other. */
export async function secrets(subject: Subject): Promise<string[]> {
  const { resources } = await subject.reference();
  const open = resources.flatMap((resource) =>
    subject.options
      .secretInputs(resource)
      .filter((key) => key in resource.inputs && !(resource.inputs[key] instanceof SecretValue))
      .map((key) => `${label(resource)}: the input ${key} is not secret`),
  );
  const held = new Set(resources.flatMap(({ inputs }) => secretTexts(inputs)));
  const leaks = resources.flatMap((resource) =>
    plainTexts([resource.inputs, resource.outputs])
      .filter((plain) => [...held].some((secret) => plain.includes(secret)))
      .map(() => `${label(resource)}: shows the value of a secret`),
  );
  return [...open, ...new Set(leaks)];
}

/** Every text inside secrets. */
function secretTexts(value: unknown): string[] {
  if (value instanceof SecretValue) return plainTexts(revealValue(value)).filter((text) => text.length >= shortestSecret);
  return innerOf(value).flatMap(secretTexts);
}

/** Every text outside secrets. */
function plainTexts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return value instanceof SecretValue ? [] : innerOf(value).flatMap(plainTexts);
}

const innerOf = (value: unknown): unknown[] => (typeof value === "object" && value !== null ? Object.values(value) : []);
