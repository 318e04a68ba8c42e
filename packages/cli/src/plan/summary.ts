import type { ResolvedModelSpec, ResolvedStackSpec } from "@cyclops/core";
import { plainStyle, type Style } from "../terminal/style";
import { count, renderTable } from "../terminal/table";

/** Models that are described one by one; of more, only the number is told. */
const describedModels = 12;

/** A few lines that say what a spec asks for. */
export function describeSpec(spec: ResolvedStackSpec, style: Style = plainStyle): string {
  const models = Object.entries(spec.models);
  const rows = [
    `${style.bold(spec.name)} ${style.dim(`(${spec.environment})`)}, ${count(models.length, "model")}`,
    ...models.slice(0, describedModels).map(([name, model]) => describeModel(name, model, style)),
  ];
  if (models.length > describedModels) rows.push(`  and ${count(models.length - describedModels, "more model")}`);
  const shared = sharedParts(spec);
  if (shared.length > 0) rows.push(renderTable(shared, { indent: "  " }));
  return rows.join("\n");
}

/** The parts of a model as rows of name and description. */
export function modelParts({ task, data, training, batch, endpoint, monitoring }: ResolvedModelSpec): [string, string][] {
  const { gate } = training;
  const bound = gate.min !== undefined ? ` at least ${gate.min}` : gate.max !== undefined ? ` at most ${gate.max}` : "";
  const champion = gate.beatChampion ? `${bound ? " and" : ""} not worse than the champion` : "";
  const triggers = [
    ...(training.schedule ? [`schedule ${training.schedule}`] : []),
    ...training.retrainOn.filter((trigger) => trigger !== "schedule").map((trigger) => `on ${trigger}`),
  ];
  const parts: [string, string][] = [
    [
      "data",
      `${task.replace("-", " ")} of ${data.target} from ${data.path} (${data.format})${data.source ? `, fetched by ${data.source.kind}` : ""}`,
    ],
    [
      "training",
      [training.tune ? `${training.algorithm}, tuned in ${training.tune.trials} trials` : training.algorithm, ...triggers].join(
        ", ",
      ),
    ],
    ["gate", `${gate.metric}${bound}${champion}${training.approval ? ", then a person's approval" : ""}`],
  ];
  if (batch) parts.push(["batch", `${batch.input}${batch.schedule ? `, schedule ${batch.schedule}` : ", on demand"}`]);
  if (endpoint) {
    const { kind, size, replicas, rollout } = endpoint;
    const share = rollout.strategy === "all-at-once" ? "" : ` ${rollout.percent} % for ${rollout.bake}`;
    parts.push([
      "endpoint",
      `${kind}, size ${size}, ${replicas.min} to ${count(replicas.max, "replica")}, ${rollout.strategy}${share}`,
    ]);
  }
  if (monitoring) parts.push(["monitoring", `15 KPIs over ${monitoring.window}, schedule ${monitoring.schedule}`]);
  return parts;
}

/** What the models share, as rows of name and description. */
export function sharedParts({ workbench, alerts, budget, delivery }: ResolvedStackSpec): [string, string][] {
  const parts: [string, string][] = [];
  if (workbench)
    parts.push([
      "workbench",
      `${count(workbench.users.length, "user")}, size ${workbench.size}, shut down after ${workbench.idleShutdown} idle`,
    ]);
  if (alerts)
    parts.push(["alerts", [...alerts.email, ...alerts.webhook.map((address) => new URL(address).host)].join(", ") || "none"]);
  if (budget) parts.push(["budget", `${budget.monthlyUsd} USD a month`]);
  if (delivery)
    parts.push([
      "delivery",
      [delivery.github ? `GitHub ${delivery.github.repository}` : "", delivery.jenkins ? "Jenkins" : ""]
        .filter(Boolean)
        .join(", ") || "none",
    ]);
  return parts;
}

function describeModel(name: string, model: ResolvedModelSpec, style: Style): string {
  return `  ${style.bold(name)}\n${renderTable(
    modelParts(model).map(([part, text]) => [{ text: part, paint: style.dim }, text]),
    { indent: "    " },
  )}`;
}
