import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/** The message of one check, as it stands in the source, and as a pattern. */
interface CheckText {
  readonly source: string;
  readonly pattern: RegExp;
}

/** The messages of all checks in a file of src/spec: second argument of `issue(...)`, `message` of a literal, first argument of `formed(...)`. */
export function checkTexts(file: string): CheckText[] {
  const name = path.join(__dirname, "../../src/spec", file);
  const root = ts.createSourceFile(name, readFileSync(name, "utf8"), ts.ScriptTarget.Latest, true);
  const found: CheckText[] = [];
  const visit = (node: ts.Node): void => {
    const text = messageOf(node);
    if (text && patternOf(text) !== undefined)
      found.push({ source: text.getText(), pattern: new RegExp(`^${patternOf(text)}$`, "s") });
    ts.forEachChild(node, visit);
  };
  visit(root);
  return found;
}

function messageOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
    if (node.expression.text === "issue") return node.arguments[1];
    if (node.expression.text === "formed") return node.arguments[0];
  }
  if (ts.isPropertyAssignment(node) && node.name.getText() === "message") return node.initializer;
  return undefined;
}

/** What a text looks like when its variable parts are filled in; undefined for an expression that is no text. */
function patternOf(text: ts.Expression): string | undefined {
  const literal = (part: string) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  // The words of `formed` are part of a sentence: `"x" is not a tag key.`
  if (ts.isCallExpression(text.parent) && text.parent.expression.getText() === "formed") {
    return ts.isStringLiteral(text) ? `.* is not ${literal(text.text)}\\.` : undefined;
  }
  if (ts.isStringLiteral(text) || ts.isNoSubstitutionTemplateLiteral(text)) return literal(text.text);
  if (!ts.isTemplateExpression(text)) return undefined;
  return literal(text.head.text) + text.templateSpans.map((span) => `.+${literal(span.literal.text)}`).join("");
}
