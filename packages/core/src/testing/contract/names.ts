import type { RecordedResource } from "../../plan";
import type { Subject } from "./subject";

/** A resource in a message. */
export const label = ({ type, name }: RecordedResource) => `${type} ${name}`;

/** Names in the target that two resources of a type share. */
export function repeatedNames({ options }: Subject, resources: readonly RecordedResource[]): string[] {
  const seen = new Map<string, RecordedResource>();
  return resources.flatMap((resource) => {
    const physical = options.physicalName(resource);
    if (!physical) return [];
    const key = JSON.stringify([resource.type, physical.scope ?? "", physical.name]);
    const other = seen.get(key);
    seen.set(key, resource);
    return other ? [`${label(resource)} and ${label(other)} are both named ${physical.name}`] : [];
  });
}

// Longer than what most kinds of resource allow, and than any name that a user is likely to choose.
const longName = "instance-with-a-name-of-sixty-characters-for-the-longest-one";

/** C12: names in the target obey its limits and stay different, whatever the names of instance, stack and models. */
export async function physicalNames(subject: Subject): Promise<string[]> {
  const made = await subject.make({ spec: subject.specOf("names-at-the-limit"), name: longName });
  const reference = await subject.reference();
  const resources = [...made.resources, ...reference.resources];
  const named = resources.flatMap((resource) => {
    const physical = subject.options.physicalName(resource);
    return physical ? [{ resource, physical }] : [];
  });
  if (named.length === 0) return ["no resource has a name in the target"];
  const wrong = named.flatMap(({ resource, physical: { name, maxLength, pattern } }) => [
    ...(name.length > maxLength ? [`${label(resource)}: ${name} has ${name.length} characters, ${maxLength} are allowed`] : []),
    ...(pattern.test(name) ? [] : [`${label(resource)}: ${name} does not match ${pattern.source}`]),
  ]);
  return [...wrong, ...repeatedNames(subject, made.resources), ...repeatedNames(subject, reference.resources)];
}
