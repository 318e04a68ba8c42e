import { type Operation, operations, type ResourceChange } from "./types";

/** One row: a change, and what it makes of the resources of a running stack. */
export interface TableRow {
  readonly title: string;
  readonly made: readonly ResourceChange[];
}

const headings: Readonly<Record<Operation, string>> = {
  update: "updated",
  restart: "restarted",
  replace: "replaced",
  create: "created",
  delete: "deleted",
};

/** A table in Markdown: for each change what is updated, replaced, created and deleted, by kind and number. */
export function changesTable(rows: readonly TableRow[]): string {
  // Only on Kubernetes something restarts.
  const columns = operations.filter((each) => each !== "restart" || rows.some(({ made }) => made.some(({ op }) => op === each)));
  const head = ["change", ...columns.map((operation) => headings[operation])];
  const body = rows.map(({ title, made }) => [title, ...columns.map((operation) => kindsOf(operation, made))]);
  return [head, head.map(() => "---"), ...body].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Kinds in alphabetical order, each with its number where it is not one, e.g. `Deployment, Job ×2`. */
function kindsOf(operation: Operation, made: readonly ResourceChange[]): string {
  const counts = new Map<string, number>();
  for (const { op, type } of made) {
    if (op !== operation) continue;
    const kind = type.split(":").at(-1) ?? type;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const kinds = [...counts].sort(([one], [other]) => (one < other ? -1 : 1));
  return kinds.map(([kind, count]) => (count === 1 ? kind : `${kind} ×${count}`)).join(", ") || "–";
}

/** Comments between which a target's part of the document stands. */
const marks = (target: string) => [`<!-- changes:${target} -->`, `<!-- /changes:${target} -->`] as const;

/** The document with another content of a target's part. @throws Error where the document has no such part */
export function withSection(document: string, target: string, content: string): string {
  const [begin, end] = marks(target);
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the document has no part between ${begin} and ${end}`);
  return `${document.slice(0, from + begin.length)}\n${content.trim()}\n${document.slice(to)}`;
}
