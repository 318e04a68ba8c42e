import type { Architecture, Box } from "./architecture";
import { escapeText } from "./markup";

const fontName = "Helvetica";
/** Characters of one line in a box. */
const lineLength = 32;

/** The picture as SVG, laid out by Graphviz. Colours come from the page's style sheet, by class. */
export async function renderDiagram(architecture: Architecture): Promise<string> {
  const { instance } = await import("@viz-js/viz");
  const viz = await instance();
  const svg = viz.renderString(toDot(architecture), { format: "svg", engine: "dot" });
  return svg
    .slice(svg.indexOf("<svg"))
    .replace(/<!--[\s\S]*?-->\n?/g, "")
    .replace(/<title>[\s\S]*?<\/title>\n?/g, "")
    .replace(/<svg width="[^"]*" height="[^"]*"/, "<svg")
    .replace(/ xmlns(:xlink)?="[^"]*"/g, "");
}

/** The picture in Graphviz' language. */
function toDot({ outside, groups, arrows, columns }: Architecture): string {
  const lines = [
    "digraph {",
    `graph [rankdir=LR, bgcolor=transparent, fontname=${fontName}, nodesep=0.4, ranksep=0.7, pad=0.1, newrank=true]`,
    `node [shape=box, style="rounded,filled", fontname=${fontName}, fontsize=13, margin="0.18,0.12", penwidth=1.2]`,
    `edge [fontname=${fontName}, fontsize=11, arrowsize=0.7, penwidth=1.2]`,
    ...outside.map(node),
    ...columns.map((ids) => `{rank=same; ${ids.map(quote).join("; ")}}`),
    ...groups.flatMap(({ id, title, boxes }) => [
      `subgraph ${quote(`cluster_${id}`)} {`,
      `graph [label=<<b>${escapeText(title)}</b>>, labeljust=l, fontsize=13, style=rounded, margin=16, class=group]`,
      ...boxes.map(node),
      "}",
    ]),
    ...arrows.map(
      ({ from, to, label, dashed }) =>
        `${quote(from)} -> ${quote(to)} [label=${quote(` ${label} `)}${dashed ? ", style=dashed" : ""}]`,
    ),
    "}",
  ];
  return lines.join("\n");
}

function node({ id, title, lines, kind }: Box): string {
  const small = lines
    .flatMap(wrap)
    .map((line) => `<br/><font point-size="11">${escapeText(line)}</font>`)
    .join("");
  return `${quote(id)} [label=<<b>${escapeText(title)}</b>${small}>, class=${quote(kind)}]`;
}

/** A line in pieces of a box's width, broken at blanks. */
function wrap(line: string): string[] {
  const lines: string[] = [];
  for (const word of line.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < lineLength) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

const quote = (text: string): string => `"${text.replace(/["\\]/g, "\\$&")}"`;
