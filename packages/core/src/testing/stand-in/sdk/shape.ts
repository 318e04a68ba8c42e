/** What a value may be, read from the types of a Pulumi SDK. */
export type Shape =
  | { readonly kind: "any" }
  | { readonly kind: "scalar"; readonly type: "string" | "number" | "boolean" }
  | { readonly kind: "list"; readonly of: Shape }
  | { readonly kind: "map"; readonly of: Shape }
  /** `name`: of an interface in the SDK's `types/input.d.ts`, e.g. `sagemaker.EndpointDeploymentConfig`. */
  | { readonly kind: "object"; readonly name: string }
  | { readonly kind: "union"; readonly of: readonly Shape[] };

/** A property of an arguments interface. */
export interface Property {
  readonly shape: Shape;
  readonly required: boolean;
}

export const anything: Shape = { kind: "any" };
const token = /\s*("[^"]*"|[A-Za-z_$][\w$.]*|\[key: string\]:|[^\s])/y;

/** Reads one type of a generated declaration, e.g. `pulumi.Input<pulumi.Input<string>[] | undefined>`. What it does not know is anything. */
export function parseShape(text: string): Shape {
  const tokens: string[] = [];
  token.lastIndex = 0;
  for (let match = token.exec(text); match; match = token.exec(text)) tokens.push(match[1] ?? "");
  let at = 0;
  const peek = () => tokens[at];
  const take = () => tokens[at++];

  function union(): Shape {
    const members: Shape[] = [];
    do {
      const member = list();
      if (member) members.push(member);
    } while (peek() === "|" && take());
    const [first, ...rest] = members;
    if (!first || members.some(({ kind }) => kind === "any")) return anything;
    return rest.length === 0 ? first : { kind: "union", of: members };
  }

  /** A member of a union with the brackets behind it; undefined for `undefined`. */
  function list(): Shape | undefined {
    let shape = atom();
    while (peek() === "[" && tokens[at + 1] === "]") {
      at += 2;
      shape = { kind: "list", of: shape ?? anything };
    }
    return shape;
  }

  function atom(): Shape | undefined {
    const word = take() ?? "any";
    if (word === "undefined") return undefined;
    if (word === "string" || word === "number" || word === "boolean") return { kind: "scalar", type: word };
    if (word === "ARN" || word.endsWith(".ARN") || word.startsWith('"') || word.startsWith("enums."))
      return { kind: "scalar", type: "string" };
    if (word === "(") return closed(")");
    if (word === "pulumi.Input" || word === "pulumi.Output") {
      take(); // <
      return closed(">");
    }
    if (word.startsWith("inputs.") || word.startsWith("outputs.")) return { kind: "object", name: word.replace(/^\w+\./, "") };
    if (word === "{" && peek() === "[key: string]:") {
      take();
      const of = union();
      while (peek() !== undefined && take() !== "}");
      return { kind: "map", of };
    }
    if (peek() === "<") skip("<", ">");
    if (word === "{") skip("{", "}", 1);
    return anything;
  }

  function closed(by: string): Shape {
    const inner = union();
    while (peek() !== undefined && take() !== by);
    return inner;
  }

  function skip(open: string, close: string, depth = 0): void {
    do {
      const next = take();
      if (next === undefined) return;
      if (next === open) depth += 1;
      if (next === close) depth -= 1;
    } while (depth > 0);
  }

  return union();
}

/** The properties of an interface or class body, whose members are indented by `indent` spaces. Methods are not among them. */
export function parseProperties(body: string, indent: number): Record<string, Property> {
  const found: Record<string, Property> = {};
  const code = body.replace(/\/\*[\s\S]*?\*\//g, "");
  const member = new RegExp(
    `^ {${indent}}(?:readonly )?"?([\\w$-]+)"?(\\?)?: ([\\s\\S]*?);(?=\\s*(?:\\n {${indent}}\\S|$))`,
    "gm",
  );
  for (const [, name = "", optional, type = ""] of code.matchAll(member))
    found[name] = { shape: parseShape(type), required: optional === undefined };
  return found;
}
