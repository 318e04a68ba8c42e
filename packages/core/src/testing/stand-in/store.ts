import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Properties } from "./values";

/** A resource as the stand-in's cloud holds it. */
export interface StoredResource {
  readonly type: string;
  readonly id: string;
  readonly urn: string;
  readonly inputs: Properties;
  /** Inputs and outputs. */
  readonly state: Properties;
}

/** One line of the journal. Calls that change something write two: when they begin, and when they have ended. */
export interface JournalEntry {
  readonly call: "check" | "diff" | "create" | "read" | "update" | "delete" | "invoke";
  readonly phase: "begin" | "end" | "refused";
  /** Empty for `invoke`, which has `token`. */
  readonly urn: string;
  readonly id?: string;
  /** Of an invoked function. */
  readonly token?: string;
  /** Changed inputs of a `diff` or `update`. */
  readonly changed?: readonly string[];
  readonly replaces?: readonly string[];
  /** Why it was refused. */
  readonly reason?: string;
}

/** What the cloud of a stand-in holds: `resources.json`, and `journal.jsonl` with all calls in order, in a folder. */
export class Store {
  #births: Map<string, number> | undefined;

  constructor(readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  /** All resources, in the order of their creation. */
  read(): readonly StoredResource[] {
    const file = path.join(this.folder, "resources.json");
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as StoredResource[]) : [];
  }

  find(type: string, id: string): StoredResource | undefined {
    return this.read().find((resource) => resource.type === type && resource.id === id);
  }

  /** Adds a resource, or puts it in the place of that with its type and identifier. */
  put(resource: StoredResource): void {
    const all = this.read();
    const isIt = ({ type, id }: StoredResource) => type === resource.type && id === resource.id;
    this.#write(all.some(isIt) ? all.map((old) => (isIt(old) ? resource : old)) : [...all, resource]);
  }

  remove(type: string, id: string): void {
    this.#write(this.read().filter((resource) => resource.type !== type || resource.id !== id));
  }

  /** Changes a resource behind Pulumi's back, as a person or a pipeline would. @throws Error where there is no such resource */
  drift(type: string, id: string, changes: Properties): void {
    const resource = this.find(type, id);
    if (!resource) throw new Error(`no ${type} ${id} to change`);
    this.put({ ...resource, inputs: { ...resource.inputs, ...changes }, state: { ...resource.state, ...changes } });
  }

  log(entry: JournalEntry): void {
    if (isBirth(entry)) this.#births?.set(entry.urn, this.births(entry.urn) + 1);
    appendFileSync(path.join(this.folder, "journal.jsonl"), `${JSON.stringify(entry)}\n`);
  }

  /** All calls so far. */
  journal(): readonly JournalEntry[] {
    const file = path.join(this.folder, "journal.jsonl");
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
    return lines.map((line) => JSON.parse(line) as JournalEntry);
  }

  /** How many resources of a URN were ever created. */
  births(urn: string): number {
    this.#births ??= counts(this.journal());
    return this.#births.get(urn) ?? 0;
  }

  #write(resources: readonly StoredResource[]): void {
    const file = path.join(this.folder, "resources.json");
    writeFileSync(`${file}.new`, JSON.stringify(resources, undefined, 1), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
}

const isBirth = ({ call, phase }: JournalEntry) => call === "create" && phase === "end";

function counts(journal: readonly JournalEntry[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const entry of journal.filter(isBirth)) found.set(entry.urn, (found.get(entry.urn) ?? 0) + 1);
  return found;
}
