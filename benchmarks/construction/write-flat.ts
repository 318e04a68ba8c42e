// Rewrites flat.ts after the library's resources have changed: the program that somebody would write who makes the churn stack's
// resources one by one. Names are taken from resources where the library does so, other dependencies become `dependsOn`.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type RecordedResource, recordProgram } from "@cyclops/core/plan";
import { type ByUrn, classOf, inputsOf, jsonOf, optionsOf, ownerOf } from "../lib/flat";
import { root } from "../lib/root";
import { program } from "./stack";

const header = `// biome-ignore-all lint/suspicious/noTemplateCurlyInString: dashboards hold variables of Grafana.
// The churn stack without components: the same resources, names, inputs and dependencies as stack.ts, one after another.
// Written from a recording by \`npm run bench:write-flat\`; \`npm run bench:construction\` says when it is out of date.
import * as k8s from "@pulumi/kubernetes";
`;

/** Code in place of a value. */
class Code {
  constructor(readonly text: string) {}
}

class Writer {
  readonly #byUrn: ByUrn;
  readonly #used = new Set<string>();
  readonly #shared = new Map<string, string>();
  readonly #uses = new Map<string, number>();
  #once: ReadonlySet<string> = new Set();
  readonly #lines: string[] = [];

  constructor(private readonly resources: readonly RecordedResource[]) {
    this.#byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  }

  write(): string {
    // Twice: only the first round tells what is referred to, and what is needed more than once.
    for (let round = 0; round < 2; round++) {
      this.#once = new Set(round === 0 ? [] : [...this.#uses].filter(([, uses]) => uses === 1).map(([code]) => code));
      this.#lines.length = 0;
      this.#shared.clear();
      for (const resource of this.resources) this.#resource(resource);
    }
    return `${header}\nexport function program(): void {\n${this.#lines.join("\n")}\n}\n`;
  }

  #resource(resource: RecordedResource): void {
    const referred = new Set<string>();
    const args = Object.fromEntries(
      Object.entries(inputsOf(resource)).map(([key, value]) => [
        key,
        this.#value(value, key, resource.inputDependencies[key] ?? [], referred),
      ]),
    );
    const rest = resource.dependencies.filter((urn) => !referred.has(urn)).flatMap((urn) => this.#byUrn.get(urn) ?? []);
    const opts = {
      ...(rest.length > 0 ? { dependsOn: this.#dependsOn(rest) } : {}),
      ...optionsOf(resource),
    };
    const last = Object.keys(opts).length > 0 ? `, ${print(opts)}` : "";
    const declaration = this.#used.has(resource.urn) ? `const ${variable(resource)} = ` : "";
    this.#lines.push(`  ${declaration}new k8s.${classOf(resource)}(${JSON.stringify(resource.name)}, ${print(args)}${last});`);
  }

  #use(resource: RecordedResource): string {
    this.#used.add(resource.urn);
    return variable(resource);
  }

  #dependsOn(resources: readonly RecordedResource[]): unknown {
    const list = resources.map((resource) => new Code(this.#use(resource)));
    return list.length < 4 ? list : this.#share(`after${capital(variable(resources.at(-1) as RecordedResource))}`, print(list));
  }

  #value(value: unknown, key: string, dependencies: readonly string[], referred: Set<string>): unknown {
    if (typeof value === "string") return this.#text(value, key, dependencies, referred);
    if (Array.isArray(value)) return value.map((item) => this.#value(item, key, dependencies, referred));
    if (typeof value !== "object" || value === null) return value;
    if (key === "labels" && "cyclops.dev/stack" in value) return this.#share("labels", print(value));
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, this.#value(inner, name, dependencies, referred)]),
    );
  }

  #text(value: string, key: string, dependencies: readonly string[], referred: Set<string>): unknown {
    const owner = ownerOf(value, key, dependencies, this.#byUrn);
    if (owner) {
      referred.add(owner.urn);
      return new Code(`${this.#use(owner)}.metadata.name`);
    }
    const document = jsonOf(value);
    if (!document) return value;
    const name = key.replace(/[^a-z]+(.)/gi, (_, letter: string) => letter.toUpperCase());
    return this.#share(name, `JSON.stringify(${print(document.content)}${document.indented ? ", null, 2" : ""})`);
  }

  /** A constant for code that is needed again. */
  #share(name: string, code: string): Code {
    this.#uses.set(code, (this.#uses.get(code) ?? 0) + 1);
    if (this.#once.has(code)) return new Code(code);
    const known = this.#shared.get(code);
    if (known !== undefined) return new Code(known);
    const taken = new Set(this.#shared.values());
    let free = name;
    for (let number = 2; taken.has(free); number++) free = `${name}${number}`;
    this.#shared.set(code, free);
    this.#lines.push(`  const ${free} = ${code};`);
    return new Code(free);
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const variable = ({ name }: RecordedResource): string =>
  name.replace(/^churn-(platform-)?/, "").replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

function print(value: unknown): string {
  if (value instanceof Code) return value.text;
  if (Array.isArray(value)) return `[${value.map(print).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const key = (name: string) => (/^[a-zA-Z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));
  const fields = Object.entries(value).map(([name, inner]) => {
    const code = print(inner);
    return code === name ? name : `${key(name)}: ${code}`;
  });
  return fields.length > 0 ? `{ ${fields.join(", ")} }` : "{}";
}

async function main(): Promise<void> {
  const { resources } = await recordProgram(program);
  writeFileSync(join(root, "benchmarks/construction/flat.ts"), new Writer(resources.filter(({ custom }) => custom)).write());
}

void main();
