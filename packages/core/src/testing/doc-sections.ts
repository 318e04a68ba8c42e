import { readFileSync } from "node:fs";
import path from "node:path";

/** Sections of a page below `docs/` by their anchors, as GitHub makes them of headings: with what stands below each. */
export function docSections(page: string): Map<string, string> {
  const [, ...parts] = readFileSync(path.join(__dirname, "../../../../docs", page), "utf8").split(/^#+ /m);
  return new Map(
    parts.map((part) => {
      const [heading = "", ...lines] = part.split("\n");
      const anchor = heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}_ -]/gu, "")
        .replaceAll(" ", "-");
      return [anchor, lines.join("\n")];
    }),
  );
}
