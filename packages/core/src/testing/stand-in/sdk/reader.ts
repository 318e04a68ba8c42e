import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { anything, type Property, parseProperties, type Shape } from "./shape";

/** An input of a resource. */
export interface Input extends Property {
  /** Whether the SDK makes a secret of every value that is given. */
  readonly secret: boolean;
}

/** What an SDK says of a resource. */
export interface ResourceDescription {
  readonly type: string;
  readonly inputs: Readonly<Record<string, Input>>;
  /** What the cloud computes and nobody can give, with the shape of each. */
  readonly outputs: Readonly<Record<string, Shape>>;
  /** Properties that the SDK marks secret in the state. */
  readonly secretOutputs: readonly string[];
}

/**
 * Reads the schema of a provider out of its installed Node SDK, because the schema itself is not in the package: the constructors of the
 * generated `*.js` list every input, what is required, and what is secret; the `*.d.ts` beside them give types.
 *
 * Works on SDKs that `pulumi-language-nodejs` or `pulumi-gen-sdk` wrote: aws, gcp, azure-native, kubernetes' own generator excepted.
 */
export class SdkReader {
  readonly #resources = new Map<string, ResourceDescription | undefined>();
  #objects: ReadonlyMap<string, string> | undefined;

  /** @param folder where the SDK is installed, e.g. `node_modules/@pulumi/aws` */
  constructor(readonly folder: string) {
    if (!existsSync(path.join(folder, "package.json")))
      throw new Error(`${folder} holds no Node SDK: install the package, or name its folder`);
  }

  get version(): string {
    const { version } = JSON.parse(readFileSync(path.join(this.folder, "package.json"), "utf8")) as { version: string };
    return version;
  }

  /** The description of a type token such as `aws:s3/bucket:Bucket`; undefined where the SDK has no such resource. */
  resource(type: string): ResourceDescription | undefined {
    if (!this.#resources.has(type)) {
      const file = this.#file(type, `static __pulumiType = '${type}'`);
      this.#resources.set(type, file === undefined ? undefined : describe(type, file));
    }
    return this.#resources.get(type);
  }

  /** Whether the SDK has a function of that token, e.g. `aws:index/getRegion:getRegion`. */
  hasFunction(token: string): boolean {
    return this.#file(token, `"${token}"`) !== undefined;
  }

  /** Properties of an interface of `types/input.d.ts`; undefined where there is none of that name. */
  object(name: string): Record<string, Property> | undefined {
    this.#objects ??= interfaces(readFileSync(path.join(this.folder, "types/input.d.ts"), "utf8"));
    const text = this.#objects.get(name);
    if (text === undefined) return undefined;
    const indent = /^ */.exec(text)?.[0].length ?? 0;
    return parseProperties(text.slice(text.indexOf("{") + 1), indent + 4);
  }

  /** The file, without extension, that holds the token: named like its class but for upper case, and `index_` for `index`. */
  #file(token: string, contains: string): string | undefined {
    const [, module = "", name = ""] = token.split(":");
    const parts = module.split("/").filter((part) => part !== "index" && part !== "");
    const isIt = (entry: string) =>
      entry.endsWith(".js") && entry.slice(0, -3).replace(/_$/, "").toLowerCase() === name.toLowerCase();
    // `azure-native:redis:Redis` lies in redis/redis.js: native providers name the folder, bridged ones the file: `aws:s3/bucket:Bucket`
    // lies in s3/bucket.js.
    return [parts, parts.slice(0, -1)]
      .map((folders) => path.join(this.folder, ...folders))
      .filter((folder) => existsSync(folder))
      .flatMap((folder) =>
        readdirSync(folder)
          .filter(isIt)
          .map((entry) => path.join(folder, entry.slice(0, -3))),
      )
      .find((file) => readFileSync(`${file}.js`, "utf8").includes(contains));
  }
}

function describe(type: string, file: string): ResourceDescription {
  const script = readFileSync(`${file}.js`, "utf8");
  const name = type.split(":")[2] ?? "";
  const creation = script.slice(script.indexOf("constructor(name"));
  // One half of the constructor takes arguments, the other one adopts a state. Native providers have the arguments first.
  const [first = "", second = ""] = creation.split(/^ {8}else \{/m);
  const withArguments = first.includes("if (!opts.id)") ? first : second;
  const types = existsSync(`${file}.d.ts`) ? readFileSync(`${file}.d.ts`, "utf8") : "";
  const args = parseProperties(section(types, new RegExp(`^export interface ${name}Args \\{$`, "m")), 4);
  const members = parseProperties(section(types, new RegExp(`^export declare class ${name} extends`, "m")), 4);
  const required = new Set([...withArguments.matchAll(/Missing required property '(\w+)'/g)].map(([, property]) => property));
  const inputs: Record<string, Input> = {};
  const outputs: Record<string, Shape> = {};
  for (const [, property = "", value = ""] of withArguments.matchAll(/resourceInputs\["([\w$]+)"\] = (.*);$/gm)) {
    if (/^undefined( \/\*out\*\/)?$/.test(value)) outputs[property] = members[property]?.shape ?? anything;
    else
      inputs[property] = {
        shape: args[property]?.shape ?? anything,
        required: required.has(property),
        secret: value.includes("pulumi.secret("),
      };
  }
  const secrets = /additionalSecretOutputs: \[([^\]]*)\]/.exec(creation)?.[1] ?? "";
  return { type, inputs, outputs, secretOutputs: [...secrets.matchAll(/"(\w+)"/g)].flatMap(([, property]) => property ?? []) };
}

/** The body that begins at a match, up to the brace in the first column. */
function section(text: string, begin: RegExp): string {
  const start = text.search(begin);
  if (start < 0) return "";
  const open = text.indexOf("{\n", start);
  const end = text.indexOf("\n}", open);
  return text.slice(open + 1, end < 0 ? undefined : end);
}

/** The texts of the interfaces of a file of nested namespaces, by their name without `inputs.`. */
function interfaces(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const names: string[] = [];
  let at = 0;
  for (const line of text.split("\n")) {
    const space = /^( *)(?:export )?(?:declare )?namespace (\w+) \{$/.exec(line);
    if (space) {
      names.length = (space[1]?.length ?? 0) / 4;
      names.push(space[2] ?? "");
    }
    const begin = /^( *)(?:export )?interface (\w+) \{$/.exec(line);
    if (begin) {
      const indent = begin[1] ?? "";
      const end = text.indexOf(`\n${indent}}`, at);
      const scope = names.slice(0, indent.length / 4);
      found.set([...scope, begin[2]].join("."), text.slice(at, end < 0 ? undefined : end));
    }
    at += line.length + 1;
  }
  return found;
}
