import type { Style } from "../terminal/style";
import { count, renderTable } from "../terminal/table";
import { components, type Finding, ownResources, type PlanReport, type TargetPlan } from "./report";
import { buildTree, type ComponentNode, countTypes, localName, shortType } from "./tree";

/** Components deeper than this many siblings are summed up: a tree of a thousand models helps nobody. */
const shownSiblings = 20;

/** The plan as text for a terminal. */
export function renderPlan(report: PlanReport, style: Style): string {
  const head = `${style.bold(report.stack)} ${style.dim(`(${report.environment})`)} from ${report.spec}`;
  return [head, ...report.targets.map((plan) => renderTarget(plan, style))].join("\n\n");
}

function renderTarget(plan: TargetPlan, style: Style): string {
  switch (plan.status) {
    case "absent":
      return `${style.bold(plan.target)}  ${style.dim(plan.message ?? "does not exist yet.")}`;
    case "failed":
      return `${style.bold(plan.target)}  ${style.red("failed:")} ${plan.message ?? ""}`;
    case "impossible":
      return [
        `${style.bold(plan.target)}  ${style.red("cannot do all of it; nothing would be deployed")}`,
        renderFindings(plan.findings, style),
        renderEmulated(plan, style),
      ]
        .filter(Boolean)
        .join("\n");
    case "planned":
      return [
        `${style.bold(plan.target)}  ${count(ownResources(plan).length, "resource")} in ${count(components(plan).length, "component")}`,
        renderTree(plan, style),
        renderOutputs(plan.outputs, style),
        renderEmulated(plan, style),
        renderFindings(plan.findings, style),
      ]
        .filter(Boolean)
        .join("\n\n");
  }
}

function renderTree(plan: TargetPlan, style: Style): string {
  const { roots, loose } = buildTree(plan);
  const rows: [string, string, string][] = [];
  const visit = (node: ComponentNode, parent: string | undefined, lead: string, branch: string): void => {
    const { resource } = node;
    rows.push([
      `${lead}${branch}${shortType(resource.type)} ${localName(resource.name, parent)}`,
      String(node.total),
      summarise(node),
    ]);
    const below = branch === "" ? "" : branch === "├─ " ? "│  " : "   ";
    const shown = node.components.slice(0, shownSiblings);
    const hidden = node.components.slice(shownSiblings);
    shown.forEach((child, index) => {
      const last = index === shown.length - 1 && hidden.length === 0;
      visit(child, resource.name, `${lead}${below}`, last ? "└─ " : "├─ ");
    });
    if (hidden.length > 0) {
      const total = hidden.reduce((sum, child) => sum + child.total, 0);
      rows.push([`${lead}${below}└─ and ${count(hidden.length, "more component")}`, String(total), ""]);
    }
  };
  for (const root of roots) visit(root, undefined, "", "");
  if (loose.length > 0) rows.push(["without component", String(loose.length), typeList(countTypes(loose))]);
  return renderTable(
    rows.map(([name, total, types]) => [name, { text: total, paint: style.bold }, { text: types, paint: style.dim }]),
    { indent: "  ", right: [1] },
  );
}

const summarise = ({ resources }: ComponentNode): string => typeList(countTypes(resources));
const typeList = (types: [string, number][]): string =>
  types.map(([type, amount]) => (amount === 1 ? type : `${amount} ${type}`)).join(", ");

function renderOutputs(outputs: TargetPlan["outputs"], style: Style): string {
  const rows = Object.entries(outputs).flatMap(([name, value]): [string, string][] => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return [[name, textOf(value)]];
    return Object.entries(value).map(([key, item]) => [`${name}.${key}`, textOf(item)]);
  });
  if (rows.length === 0) return "";
  return `${style.bold("Outputs")}\n${renderTable(rows, { indent: "  " })}`;
}

const textOf = (value: unknown): string =>
  typeof value === "string" ? value : (JSON.stringify(value) ?? "[known after deployment]");

function renderEmulated(plan: TargetPlan, style: Style): string {
  const emulated = plan.features.filter(({ support }) => support === "emulated");
  if (emulated.length === 0) return "";
  const rows = emulated.map(({ feature, note }) => [feature, { text: note, paint: style.dim }]);
  return `${style.bold("Done by CyclOps' runtime, not by a service of the target")}\n${renderTable(rows, { indent: "  " })}`;
}

const marks: Record<Finding["severity"], (style: Style) => string> = {
  error: (style) => style.red("✗"),
  warning: (style) => style.yellow("!"),
  note: (style) => style.cyan("i"),
};

function renderFindings(findings: readonly Finding[], style: Style): string {
  if (findings.length === 0) return "";
  const rows = findings.map(
    ({ severity, where, message, fix }) =>
      `  ${marks[severity](style)} ${where}: ${message}${fix ? `\n    ${style.cyan("→")} ${fix}` : ""}`,
  );
  return `${style.bold("Findings")}\n${rows.join("\n")}`;
}
