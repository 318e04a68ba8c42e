import type { ResolvedStackSpec } from "@cyclops/core";
import type { PlanReport, TargetPlan } from "../plan/report";
import { architectureOf, describeArchitecture } from "./architecture";
import { renderDiagram } from "./diagram";
import { html, type Markup, trusted } from "./markup";
import { comparisonSection, intentSection, targetSection, targetTitles } from "./sections";
import { styleSheet } from "./style";

/** The plan as one page that needs nothing else: no network, no script, no other file. Equal plans make equal pages. */
export async function renderPage(report: PlanReport, spec: ResolvedStackSpec, date: string | undefined): Promise<string> {
  const sections: Markup[] = [];
  for (const plan of report.targets) sections.push(targetSection(plan, await diagramOf(plan, spec)));
  const title = `${report.stack} (${report.environment}): plan for ${report.targets.map(({ target }) => targetTitles[target]).join(", ")}`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="generator" content="cyclops plan">
<title>${title}</title>
<style>${trusted(styleSheet)}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the plan</a>
<header><div>
<div class="over">CyclOps plan</div>
<h1>${report.stack}</h1>
${factList(report, date)}
${report.targets.length > 1 && html`<nav aria-label="Targets">${report.targets.map(({ target }) => html`<a href="#${target}">${targetTitles[target]}</a>`)}</nav>`}
</div></header>
<main id="content">
${intentSection(spec)}
${comparisonSection(report.targets)}
${sections}
</main>
<footer>Made by <code>cyclops plan</code> from <code>${report.spec}</code>, without credentials, engine or cluster. It shows what would be declared, not what exists; <code>pulumi preview</code> compares with what exists. Secret values are never part of this page.</footer>
</body>
</html>
`;
  return page.toString();
}

function factList(report: PlanReport, date: string | undefined): Markup {
  const facts: [string, string][] = [
    ["Environment", report.environment],
    [report.targets.length > 1 ? "Targets" : "Target", report.targets.map(({ target }) => targetTitles[target]).join(", ")],
    ["Spec", report.spec],
    ...(date === undefined ? [] : [["Date", date] as [string, string]]),
  ];
  return html`<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

async function diagramOf(plan: TargetPlan, spec: ResolvedStackSpec): Promise<Markup | undefined> {
  if (plan.status !== "planned") return undefined;
  const architecture = architectureOf(plan, spec);
  const svg = await renderDiagram(architecture);
  const id = `${plan.target}-diagram`;
  return html`<h3>Architecture</h3><div class="card"><figure class="diagram"><div class="scroll" role="img" aria-labelledby="${id}">${trusted(svg)}</div>
<figcaption><span class="key work">runs</span><span class="key store">keeps data</span><span class="key base">foundation</span><span class="key outside">outside of the stack</span><span>dashed arrow: starts or informs</span></figcaption>
<p id="${id}" hidden>${describeArchitecture(architecture, plan)}</p></figure></div>`;
}
