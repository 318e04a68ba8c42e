import type { StateResource } from "./stack";
import type { JournalEntry } from "./store";
import { isRecord } from "./values";

/** Places of a resource's calls in the journal. */
interface Span {
  readonly begin: number;
  readonly end: number;
}

/** First call of a kind on each URN. */
function spans(journal: readonly JournalEntry[], call: "create" | "delete"): ReadonlyMap<string, Span> {
  const found = new Map<string, Span>();
  journal.forEach((entry, index) => {
    if (entry.call !== call) return;
    const span = found.get(entry.urn);
    if (entry.phase === "begin" && !span) found.set(entry.urn, { begin: index, end: Number.POSITIVE_INFINITY });
    if (entry.phase === "end" && span?.end === Number.POSITIVE_INFINITY) found.set(entry.urn, { ...span, end: index });
  });
  return found;
}

const nameOf = (urn: string) => urn.split("::").at(-1) ?? urn;

/**
 * Which resources were made before what they depend on was there, or deleted after it had gone; empty where order was kept.
 *
 * @param journal of an `up` from nothing, and of a `destroy` where it is to be checked as well
 * @param resources of the state between the two
 */
export function orderProblems(journal: readonly JournalEntry[], resources: readonly StateResource[]): string[] {
  const created = spans(journal, "create");
  const deleted = spans(journal, "delete");
  return resources.flatMap(({ urn, dependencies = [] }) =>
    dependencies.flatMap((dependency) => {
      const problems: string[] = [];
      const [child, parent] = [created.get(urn), created.get(dependency)];
      if (child && parent && child.begin < parent.end) problems.push(`${nameOf(urn)} was made before ${nameOf(dependency)}`);
      const [first, second] = [deleted.get(urn), deleted.get(dependency)];
      if (first && second && second.begin < first.end) problems.push(`${nameOf(dependency)} was deleted before ${nameOf(urn)}`);
      return problems;
    }),
  );
}

/** Every text in a value. */
function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(texts);
  return isRecord(value) ? Object.values(value).flatMap(texts) : [];
}

/**
 * Which resources name another one that nothing made them wait for: an input is the ARN of a resource of the stack that was made later.
 * Such a program works or fails by chance. A text that merely holds an ARN, as a policy does, is no reference.
 */
export function referenceProblems(journal: readonly JournalEntry[], resources: readonly StateResource[]): string[] {
  const created = spans(journal, "create");
  // An ARN among the inputs is another resource's: a target's is where it sends to.
  const owns = ({ inputs, outputs }: StateResource) => typeof outputs?.arn === "string" && inputs?.arn === undefined;
  const owners = new Map(resources.filter(owns).map(({ urn, outputs }) => [outputs?.arn, urn]));
  return resources.flatMap(({ urn, inputs }) =>
    texts(inputs).flatMap((text) => {
      const owner = owners.get(text);
      const [user, used] = [created.get(urn), created.get(owner ?? "")];
      if (!owner || owner === urn || !user || !used || user.begin > used.end) return [];
      return [`${nameOf(urn)} names ${nameOf(owner)}, and did not wait for it`];
    }),
  );
}
