import type { YAMLException } from "js-yaml";
import type { SpecIssue } from "../errors";
import { lineAt, secondDocument, type YamlNode } from "./lines";

const deficientIndentation = "deficient indentation";
/** Text that ends in a line with a tab in its indentation. */
const tabbedLine = /(?:^|[\r\n])[ -]*\t.*$/;

/** The problem of aliases or merge keys that stand for more values than a spec can have. */
export const excessive: SpecIssue = {
  path: "",
  message: "its aliases cannot be expanded: they repeat each other without measure.",
  fix: "Write the values themselves.",
};

/**
 * Throws what js-yaml only warns of: a bracket or a quote that is left open would swallow the keys behind it, and be told of at the end of
 * the text. Many write the closing bracket below the key that its mapping belongs to, though; and at the end of the text an error follows.
 */
export function refuseWarning(warning: YAMLException): void {
  const { reason, mark } = warning;
  if (reason === deficientIndentation && ["", "]", "}"].includes(mark.buffer.charAt(mark.position))) return;
  throw warning;
}

/** An error of js-yaml in the user's words; `node` is the innermost that it was reading. */
export function describeYaml({ reason, mark: { buffer, position } }: YAMLException, node: YamlNode | undefined): SpecIssue {
  const issue = (message: string, fix: string, at = position): SpecIssue => ({
    path: "",
    message,
    fix,
    line: lineAt(buffer, at),
  });
  const tab = () => issue("a tab is used as indentation.", "Indent with spaces.");
  const [, alias] = /^unidentified alias "(.*)"$/.exec(reason) ?? [];
  if (alias) return issue(`the alias *${alias} has no anchor.`, `Define &${alias} above it.`);
  if (reason.startsWith("unknown tag") && node) {
    // The error comes when the whole node has been read: its tag stands at the start, behind comments and an anchor.
    const [before = "", tag = ""] = /^(?:\s|#.*|&\S+\s)*(?=(!\S*))/.exec(buffer.slice(node.position)) ?? [];
    return issue(`the tag ${tag} is not known.`, "Remove it: a spec is plain YAML.", node.position + before.length);
  }
  if (reason.startsWith("merge keys exceeded")) return excessive;
  switch (reason) {
    case "duplicated mapping key": {
      const [, key = ""] = /^\s*([^:\s]*)/.exec(buffer.slice(position)) ?? [];
      return issue(`the key ${key} is there twice.`, "Remove one of them, or merge what they hold.");
    }
    case "tab characters must not be used in indentation":
      return tab();
    case deficientIndentation:
      return issue("a bracket or a quote above is open, and this line is not indented.", "Close it, or indent this line.");
    case secondDocument:
      return issue("a second document begins (---).", "Put each stack into a file of its own.");
    default:
      // js-yaml calls a tab by its name only between the keys of a mapping.
      if (/^bad indentation|^end of the stream/.test(reason) && tabbedLine.test(buffer.slice(0, position))) return tab();
      return issue(`this is not YAML: ${reason}.`, "Mend the YAML at this line, or the one before it.");
  }
}
