import type { ResolvedModelSpec, ResolvedStackSpec } from "@cyclops/core";
import { trainingSteps } from "@cyclops/core";
import { ownResources, type PlannedResource, type TargetPlan } from "../plan/report";
import { buildTree, type ComponentNode, shortType } from "../plan/tree";
import { count } from "../terminal/table";
import { kindName } from "./services";

/** One box of the diagram. */
export interface Box {
  readonly id: string;
  readonly title: string;
  readonly lines: readonly string[];
  /** `outside`: not part of the stack; `store`: keeps data; `work`: runs; `base`: what the others stand on. */
  readonly kind: "outside" | "store" | "work" | "base";
}

/** One arrow; dashed ones start something instead of carrying data. */
interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly dashed?: boolean;
}

/** Boxes that belong together. */
interface Group {
  readonly id: string;
  readonly title: string;
  readonly boxes: readonly Box[];
}

/** The picture of a stack, without any layout. */
export interface Architecture {
  readonly outside: readonly Box[];
  readonly groups: readonly Group[];
  readonly arrows: readonly Arrow[];
  /** Ids of boxes that stand above each other. */
  readonly columns: readonly (readonly string[])[];
}

/** More models than these are drawn as one box: they all look the same. */
const drawnModels = 2;
const drawnTypes = 3;

/** What the boxes of a stack are, which of them its target declares, and how data flows between them. */
export function architectureOf(plan: TargetPlan, spec: ResolvedStackSpec): Architecture {
  const root = buildTree(plan).roots[0];
  const platform = root?.components.find(({ resource }) => shortType(resource.type) === "Platform");
  const models = Object.entries(spec.models);
  const drawn = models.slice(0, models.length > drawnModels ? drawnModels - 1 : drawnModels);
  const pictures = drawn.map(([name, model]) => modelPicture(name, model, modelNode(root, name)));
  const rest = models.length - drawn.length;
  const served = drawn.some(([, { endpoint }]) => endpoint);
  const platformParts = platformBoxes(platform, spec);
  const hasBase = platformParts.some(({ id }) => id === "base");
  const people = spec.workbench
    ? [{ id: "people", title: "Data scientists", lines: [count(spec.workbench.users.length, "user")], kind: "outside" } as const]
    : [];
  return {
    outside: [
      {
        id: "data",
        title: "Raw data",
        lines: [...new Set(models.map(([, { data }]) => data.path))].slice(0, 3),
        kind: "outside",
      },
      ...(served ? [{ id: "clients", title: "Applications", lines: ["ask for predictions"], kind: "outside" } as const] : []),
      ...people,
      ...(spec.alerts
        ? [
            {
              id: "oncall",
              title: "On call",
              lines: [...spec.alerts.email, ...spec.alerts.webhook.map((address) => new URL(address).host)].slice(0, 2),
              kind: "outside",
            } as const,
          ]
        : []),
    ],
    groups: [
      { id: "platform", title: "Platform", boxes: platformParts },
      ...pictures.map(({ group }) => group),
      ...(rest > 0
        ? [
            {
              id: "rest",
              title: "Models",
              boxes: [
                { id: "rest-models", title: `${count(rest, "more model")}`, lines: ["of the same make"], kind: "work" } as const,
              ],
            },
          ]
        : []),
    ],
    arrows: [
      { from: "data", to: "storage", label: "files" },
      ...(spec.workbench
        ? [
            { from: "people", to: "workbench", label: "notebooks" },
            { from: "workbench", to: "tracking", label: "experiments" },
          ]
        : []),
      ...pictures.flatMap(({ arrows }) => arrows),
      ...(spec.alerts
        ? drawn
            .filter(([, { monitoring }]) => monitoring)
            .map(([name]) => ({ from: `${name}-monitoring`, to: "oncall", label: "alerts", dashed: true }))
        : []),
      ...(rest > 0
        ? [
            { from: "storage", to: "rest-models", label: "data" },
            { from: "rest-models", to: "tracking", label: "versions" },
          ]
        : []),
    ],
    columns: [
      [...(spec.workbench ? ["people"] : []), "data", "storage"],
      [
        ...(spec.workbench ? ["workbench"] : []),
        ...drawn.flatMap(([name, { batch }]) => [`${name}-training`, ...(batch ? [`${name}-batch`] : [])]),
      ],
      ["tracking", ...(hasBase ? ["base"] : [])],
      [
        ...(served ? ["clients"] : []),
        ...(spec.alerts ? ["oncall"] : []),
        ...drawn.flatMap(([name, { endpoint, monitoring }]) => [
          ...(endpoint ? [`${name}-endpoint`] : []),
          ...(monitoring ? [`${name}-monitoring`] : []),
        ]),
      ],
    ],
  };
}

function platformBoxes(platform: ComponentNode | undefined, spec: ResolvedStackSpec): Box[] {
  const named = (name: string) => platform?.components.find(({ resource }) => shortType(resource.type) === name);
  const shown = new Set(["Storage", "Tracking", "Workbench"]);
  const base = platform?.components.filter(({ resource }) => !shown.has(shortType(resource.type))) ?? [];
  return [
    {
      id: "storage",
      title: "Storage",
      lines: ["raw · curated · features", "models · predictions", ...resourceLine(named("Storage"))],
      kind: "store",
    },
    {
      id: "tracking",
      title: "Tracking and registry",
      lines: ["experiments, versions", ...resourceLine(named("Tracking"))],
      kind: "store",
    },
    ...(spec.workbench
      ? [{ id: "workbench", title: "Workbench", lines: resourceLine(named("Workbench")), kind: "work" } as const]
      : []),
    ...(base.length > 0
      ? [
          {
            id: "base",
            title: base.map(({ resource }) => shortType(resource.type)).join(", "),
            lines: resourceLine(...base),
            kind: "base",
          } as const,
        ]
      : []),
  ];
}

function modelPicture(
  name: string,
  model: ResolvedModelSpec,
  node: ComponentNode | undefined,
): { group: Group; arrows: Arrow[] } {
  const part = (type: string) => node?.components.find(({ resource }) => shortType(resource.type) === type);
  const id = (box: string) => `${name}-${box}`;
  const { training, batch, endpoint, monitoring } = model;
  const steps = trainingSteps
    .filter((step) => step !== (training.tune ? "train" : "tune"))
    .flatMap((step) => (step === "register" && training.approval ? ["approval", step] : [step]));
  const boxes: Box[] = [
    {
      id: id("training"),
      title: "Training pipeline",
      lines: [steps.join(" → "), ...resourceLine(part("TrainingPipeline"))],
      kind: "work",
    },
    ...(endpoint
      ? [
          {
            id: id("endpoint"),
            title: "Endpoint",
            lines: [
              `${endpoint.kind}, ${endpoint.replicas.min} to ${count(endpoint.replicas.max, "replica")}`,
              endpoint.rollout.strategy,
              ...resourceLine(part("ModelEndpoint")),
            ],
            kind: "work",
          } as const,
        ]
      : []),
    ...(batch
      ? [
          {
            id: id("batch"),
            title: "Batch inference",
            lines: [batch.schedule ? `schedule ${batch.schedule}` : "on demand", ...resourceLine(part("BatchInference"))],
            kind: "work",
          } as const,
        ]
      : []),
    ...(monitoring
      ? [
          {
            id: id("monitoring"),
            title: "Monitoring",
            lines: [`15 KPIs, schedule ${monitoring.schedule}`, ...resourceLine(part("Monitoring"))],
            kind: "work",
          } as const,
        ]
      : []),
  ];
  const retrains = training.retrainOn.filter((trigger) => trigger !== "schedule");
  const arrows: Arrow[] = [
    { from: "storage", to: id("training"), label: "training data" },
    { from: id("training"), to: "tracking", label: "versions" },
    ...(endpoint
      ? [
          { from: "tracking", to: id("endpoint"), label: "champion" },
          { from: id("endpoint"), to: "clients", label: "predictions" },
        ]
      : []),
    ...(batch ? [{ from: "storage", to: id("batch"), label: "rows and predictions" }] : []),
    ...(monitoring && endpoint ? [{ from: id("endpoint"), to: id("monitoring"), label: "requests" }] : []),
    ...(monitoring && !endpoint && batch ? [{ from: id("batch"), to: id("monitoring"), label: "predictions" }] : []),
    ...(monitoring && retrains.length > 0
      ? [{ from: id("monitoring"), to: id("training"), label: `retrain on ${retrains.join(", ")}`, dashed: true }]
      : []),
  ];
  return { group: { id: `model-${name}`, title: `Model ${name}`, boxes }, arrows };
}

function modelNode(root: ComponentNode | undefined, model: string): ComponentNode | undefined {
  return root?.components.find(
    ({ resource }) => shortType(resource.type) === "Model" && (resource.name === model || resource.name.endsWith(`-${model}`)),
  );
}

function resourceLine(...nodes: readonly (ComponentNode | undefined)[]): string[] {
  const resources = nodes.flatMap((node) => (node ? below(node) : []));
  if (resources.length === 0) return [];
  const kinds = countKinds(resources);
  return [
    `${count(resources.length, "resource")}: ${kinds.slice(0, drawnTypes).join(", ")}${kinds.length > drawnTypes ? ", …" : ""}`,
  ];
}

/** What the resources are, the most frequent first. */
function countKinds(resources: readonly PlannedResource[]): string[] {
  const counts = new Map<string, number>();
  for (const { type } of resources) counts.set(kindName(type), (counts.get(kindName(type)) ?? 0) + 1);
  return [...counts].sort(([a, x], [b, y]) => y - x || a.localeCompare(b)).map(([kind]) => kind);
}

const below = (node: ComponentNode): PlannedResource[] => [...node.resources, ...node.components.flatMap(below)];

/** One sentence that says in words what the picture shows, for those who cannot see it. */
export function describeArchitecture({ groups, arrows, outside }: Architecture, plan: TargetPlan): string {
  const title = new Map([...outside, ...groups.flatMap(({ boxes }) => boxes)].map((box) => [box.id, box.title]));
  const flows = arrows.map(({ from, to, label }) => `${title.get(from) ?? from} to ${title.get(to) ?? to} (${label})`);
  return `${ownResources(plan).length} resources in ${groups.map(({ title: name }) => name).join(", ")}. Data flows from ${flows.join("; ")}.`;
}
