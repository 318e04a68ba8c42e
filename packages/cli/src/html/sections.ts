import type { ResolvedStackSpec, Target } from "@cyclops/core";
import { stringify } from "yaml";
import type { FeatureRow } from "../plan/capabilities";
import { components, type Finding, ownResources, type PlannedResource, type TargetPlan } from "../plan/report";
import { modelParts, sharedParts } from "../plan/summary";
import { buildTree, type ComponentNode, countTypes, localName, shortType } from "../plan/tree";
import { html, type Markup } from "./markup";

/** Targets in words. */
export const targetTitles: Readonly<Record<Target, string>> = {
  aws: "AWS",
  gcp: "Google Cloud",
  azure: "Azure",
  onprem: "Kubernetes",
};

const supportWords: Readonly<Record<FeatureRow["support"], string>> = {
  native: "native",
  emulated: "by the runtime",
  unsupported: "not possible",
};
const describedModels = 12;

/** What the stack is to do, in the words of its spec. */
export function intentSection(spec: ResolvedStackSpec): Markup {
  const models = Object.entries(spec.models);
  const rows = [
    ...models.slice(0, describedModels).map(([name, model]) => intentRows(`Model ${name}`, modelParts(model))),
    intentRows("Shared", sharedParts(spec)),
  ];
  const more = models.length - describedModels;
  return html`<section aria-labelledby="intent"><h2 id="intent">What the stack does</h2>
<div class="card scroll"><table><thead><tr><th scope="col">For</th><th scope="col">Part</th><th scope="col">What is asked for</th></tr></thead>
<tbody>${rows}${more > 0 && html`<tr><th scope="row">and ${more} more models</th><td></td><td></td></tr>`}</tbody></table></div></section>`;
}

function intentRows(title: string, parts: readonly [string, string][]): Markup {
  return html`${parts.map(([part, text], index) => html`<tr>${index === 0 && html`<th scope="rowgroup" rowspan="${parts.length}">${title}</th>`}<td class="soft">${part}</td><td>${text}</td></tr>`)}`;
}

/** Which target does what: one column each. Only where several targets are compared. */
export function comparisonSection(plans: readonly TargetPlan[]): Markup | undefined {
  const compared = plans.filter(({ features }) => features.length > 0);
  if (compared.length < 2) return undefined;
  const features = [...new Set(compared.flatMap((plan) => plan.features.map(({ feature }) => feature)))];
  const cell = (plan: TargetPlan, feature: string): Markup => {
    const found = plan.features.find((row) => row.feature === feature);
    return html`<td>${found && supportBadge(found)}</td>`;
  };
  return html`<section aria-labelledby="comparison"><h2 id="comparison">Targets compared</h2>
<div class="card scroll"><table><thead><tr><th scope="col">Feature</th>${compared.map(({ target }) => html`<th scope="col">${targetTitles[target]}</th>`)}</tr></thead>
<tbody>${features.map((feature) => html`<tr><th scope="row"><code>${feature}</code></th>${compared.map((plan) => cell(plan, feature))}</tr>`)}</tbody></table></div></section>`;
}

/** Everything about one target. */
export function targetSection(plan: TargetPlan, diagram: Markup | undefined): Markup {
  const title = html`<h2 id="${plan.target}-title">${targetTitles[plan.target]}</h2>`;
  if (plan.status === "absent" || plan.status === "failed") {
    return html`<section class="target" id="${plan.target}" aria-labelledby="${plan.target}-title">${title}<div class="card message"><span class="badge ${plan.status}">${plan.status === "absent" ? "not there yet" : "failed"}</span> ${plan.message}</div></section>`;
  }
  return html`<section class="target" id="${plan.target}" aria-labelledby="${plan.target}-title">${title}
${plan.status === "impossible" && html`<p><span class="badge impossible">cannot be deployed</span> The target cannot do all that the spec asks for. Nothing would be made.</p>`}
${tiles(plan)}
${diagram}
${findings(plan.findings)}
${featureTable(plan.features)}
${plan.status === "planned" && html`${resources(plan)}${outputs(plan.outputs)}`}
</section>`;
}

function tiles(plan: TargetPlan): Markup {
  const amount = (support: FeatureRow["support"]) => plan.features.filter((row) => row.support === support).length;
  const facts: [string, number][] = [
    ["resources", ownResources(plan).length],
    ["components", components(plan).length],
    ["features by the target", amount("native")],
    ["features by the runtime", amount("emulated")],
    ["features not possible", amount("unsupported")],
    ["protected from deletion", plan.resources.filter(({ protect }) => protect).length],
  ];
  return html`<dl class="tiles">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value.toLocaleString("en-US")}</dd></div>`)}</dl>`;
}

function findings(list: readonly Finding[]): Markup {
  const items = list.map(
    ({ severity, where, message, fix }) =>
      html`<li><span><span class="badge ${severity}">${severity}</span></span><div><code>${where}</code><br>${message}${fix !== undefined && html`<br><strong>Instead:</strong> ${fix}`}</div></li>`,
  );
  return html`<h3>Findings</h3><div class="card">${items.length > 0 ? html`<ul class="findings">${items}</ul>` : html`<p class="message soft">None.</p>`}</div>`;
}

function featureTable(features: readonly FeatureRow[]): Markup | undefined {
  if (features.length === 0) return undefined;
  const rows = features.map(
    (row) =>
      html`<tr><th scope="row"><code>${row.feature}</code></th><td>${supportBadge(row)}</td><td>${row.note}${row.alternative !== undefined && html`<br><strong>Instead:</strong> ${row.alternative}`}</td><td class="soft"><code>${breakable(shortList(row.paths))}</code></td></tr>`,
  );
  return html`<h3>What the spec asks for, and how this target does it</h3>
<div class="card scroll"><table><thead><tr><th scope="col">Feature</th><th scope="col">Support</th><th scope="col">How</th><th scope="col">Asked for by</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

const supportBadge = ({ support }: FeatureRow): Markup => html`<span class="badge ${support}">${supportWords[support]}</span>`;
/** Text that may be broken after its dots. */
const breakable = (text: string): Markup[] =>
  text.split(/(?<=\.)/).map((part, index) => html`${index > 0 && html`<wbr>`}${part}`);
const shortList = (words: readonly string[]): string =>
  words.length > 3 ? `${words.slice(0, 3).join(", ")} and ${words.length - 3} more` : words.join(", ");

function resources(plan: TargetPlan): Markup {
  const { roots, loose } = buildTree(plan);
  const blocks = roots.flatMap((root) => componentBlocks(root, []));
  return html`<h3>Resources by component</h3><div class="card resources">${blocks}${loose.length > 0 && block("without component", "", loose, undefined)}</div>`;
}

function componentBlocks(node: ComponentNode, path: readonly string[]): Markup[] {
  const here = [...path, localName(node.resource.name, path.length > 0 ? parentName(node) : undefined)];
  const own =
    node.resources.length > 0 ? [block(here.join(" / "), shortType(node.resource.type), node.resources, node.resource.name)] : [];
  return [...own, ...node.components.flatMap((child) => componentBlocks(child, here))];
}

// A component's name is its parent's, a hyphen and its key; the parent's URN ends with the parent's name.
const parentName = ({ resource }: ComponentNode): string | undefined =>
  resource.parent?.slice(resource.parent.lastIndexOf("::") + 2);

function block(title: string, kind: string, list: readonly PlannedResource[], component: string | undefined): Markup {
  const types = countTypes(list).map(([type, amount]) => (amount === 1 ? type : `${amount} ${type}`));
  const rows = list.map(
    (resource) =>
      html`<tr><th scope="row">${shortType(resource.type)}</th><td><code title="${resource.name}">${localName(resource.name, component)}</code>${resource.protect && html` <span class="badge note">protected</span>`}</td><td>${inputs(resource)}</td></tr>`,
  );
  return html`<details class="component"><summary><strong>${title}</strong>${kind && html`<span class="soft">${kind}</span>`}<span class="types">${types.join(", ")}</span><span class="amount">${list.length}</span></summary>
<table><thead><tr><th scope="col">Type</th><th scope="col">Name</th><th scope="col">Inputs</th></tr></thead><tbody>${rows}</tbody></table></details>
`;
}

function inputs({ inputs: values, type }: PlannedResource): Markup {
  const names = Object.keys(values);
  if (names.length === 0) return html`<span class="soft">none</span>`;
  return html`<details class="inputs"><summary>${names.length} of <code>${type}</code></summary><pre>${stringify(values, { lineWidth: 0 }).trimEnd()}</pre></details>`;
}

function outputs(values: TargetPlan["outputs"]): Markup | undefined {
  const rows = Object.entries(values).flatMap(([name, value]): [string, unknown][] =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.entries(value).map(([key, item]) => [`${name}.${key}`, item])
      : [[name, value]],
  );
  if (rows.length === 0) return undefined;
  const text = (value: unknown) => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));
  return html`<h3>Outputs</h3><div class="card scroll"><table><thead><tr><th scope="col">Output</th><th scope="col">Value</th></tr></thead>
<tbody>${rows.map(([name, value]) => html`<tr><th scope="row"><code>${name}</code></th><td><code>${text(value)}</code></td></tr>`)}</tbody></table></div>`;
}
