import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type ProviderPackage, zones } from "../../contract/provider";
import { type RecordedResource, revealValue } from "../../plan";
import { markResolved } from "../../spec/resolve";
import { label, repeatedNames } from "./names";
import type { MadeStack, Subject } from "./subject";

const componentNames = [
  "MlopsStack",
  "Platform",
  "Model",
  "Network",
  "Storage",
  "Tracking",
  "Identity",
  "TrainingPipeline",
  "BatchInference",
  "ModelEndpoint",
  "Monitoring",
  "Observability",
  "Workbench",
  "Delivery",
] as const satisfies readonly (keyof ProviderPackage)[];

/** C1: type tokens are `cyclops-<target>:index:<Class>`, and every component of the contract takes part. */
export async function typeTokens(subject: Subject): Promise<string[]> {
  const start = `cyclops-${subject.provider.target}:index:`;
  const { resources } = await subject.reference();
  const own = resources.filter(({ custom }) => !custom).map(({ type }) => type);
  const wrong = own.filter(
    (type) => type.startsWith("cyclops") && !(type.startsWith(start) && /^[A-Z]\w*$/.test(type.slice(start.length))),
  );
  const absent = componentNames.filter((name) => !own.includes(start + name));
  return [
    ...wrong.map((type) => `${type} does not start with ${start}`),
    ...absent.map((name) => `no component has the type ${start}${name}`),
  ];
}

/** C2: every resource has the stack among its parents. */
export async function parents(subject: Subject): Promise<string[]> {
  const { resources } = await subject.reference();
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const top = (resource: RecordedResource): RecordedResource => {
    const parent = resource.parent === undefined ? undefined : byUrn.get(resource.parent);
    return parent ? top(parent) : resource;
  };
  return resources
    .filter((resource) => !resource.read && !top(resource).type.endsWith(":MlopsStack"))
    .map((resource) => `${label(resource)} is outside the stack`);
}

/** C3: names of children start with the name of the instance. */
export async function childNames(subject: Subject): Promise<string[]> {
  const { resources } = await subject.reference();
  const wrong = resources.filter(({ name, parent, read }) => !read && parent !== undefined && !name.startsWith("stack-"));
  return wrong.map((resource) => `${label(resource)} does not start with "stack-"`);
}

/** C4: two stacks in one program do not collide, neither in Pulumi nor in the target. */
export async function collisions(subject: Subject): Promise<string[]> {
  const spec = subject.specOf(subject.referenceName);
  const { resources } = await subject.record(() => {
    for (const name of ["one", "two"]) subject.construct(markResolved({ ...spec, name }), name);
  });
  return repeatedNames(subject, resources);
}

/** C5: a preview registers what a deployment registers. */
export async function previewParity(subject: Subject): Promise<string[]> {
  const problems: string[] = [];
  for (const { name } of subject.supported()) {
    const [preview, up] = [await subject.fixture(name, true), await subject.fixture(name, false)].map(({ resources }) =>
      resources.map(place),
    );
    const late = up?.filter((each) => !preview?.includes(each)) ?? [];
    const lost = preview?.filter((each) => !up?.includes(each)) ?? [];
    problems.push(
      ...late.map((each) => `${name}: ${each} is not in the preview`),
      ...lost.map((each) => `${name}: ${each} is in the preview only`),
    );
  }
  return problems;
}

/** C6: the outputs are those of the contract, and none is empty that the spec asks for. */
export async function outputs(subject: Subject): Promise<string[]> {
  const made = await subject.reference();
  const { models, workbench } = made.spec;
  const having = (part: "endpoint" | "monitoring") => Object.keys(models).filter((name) => models[name]?.[part]);
  const asked = (part: unknown) => (part ? "text" : "nothing");
  // No field asks for a dashboard: a target without any makes models all the same, and says so in its capabilities.
  const hasDashboards = subject.provider.capabilities["monitoring.dashboard"].support !== "unsupported";
  const platform = { trackingUri: "text", zones } as const;
  return [
    ...outputProblems(made, "MlopsStack", {
      ...platform,
      endpointUrls: having("endpoint"),
      dashboardUrls: hasDashboards ? having("monitoring") : [],
    }),
    ...outputProblems(made, "Platform", { ...platform, workbenchUrls: workbench?.users ?? [], binding: "any" }),
    ...Object.entries(models).flatMap(([name, { batch, endpoint, monitoring }]) =>
      outputProblems(
        made,
        "Model",
        {
          trainingId: "text",
          batchId: asked(batch),
          endpointUrl: asked(endpoint),
          dashboardUrl: asked(hasDashboards && monitoring),
        },
        name,
      ),
    ),
  ];
}

/** What one output must be: a text, a mapping of texts with these keys, nothing, or anything but nothing. */
type ExpectedOutput = "text" | "nothing" | "any" | readonly string[];

function outputProblems(made: MadeStack, component: string, expected: Record<string, ExpectedOutput>, model = ""): string[] {
  const found = made.resources.find(({ type, name }) => type.endsWith(`:${component}`) && name.endsWith(model));
  if (!found) return [`there is no ${component} ${model}`.trim()];
  const values = (revealValue(found.outputs ?? {}) ?? {}) as Record<string, unknown>;
  const extra = Object.keys(values).filter((key) => !(key in expected));
  const wrong = Object.entries(expected).filter(([key, what]) => !isAs(values[key], what));
  return [
    ...extra.map((key) => `${label(found)}: ${key} is no output of the contract`),
    ...wrong.map(([key, what]) => `${label(found)}: ${key} is ${JSON.stringify(values[key])}, not ${JSON.stringify(what)}`),
  ];
}

function isAs(value: unknown, expected: ExpectedOutput): boolean {
  const isText = (text: unknown) => typeof text === "string" && text !== "" && !/undefined|\[object|toString/.test(text);
  if (expected === "nothing") return value === undefined || value === null;
  if (expected === "any") return value !== undefined && value !== null;
  if (expected === "text") return isText(value);
  if (typeof value !== "object" || value === null) return false;
  const keys = Object.keys(value).sort();
  return JSON.stringify(keys) === JSON.stringify([...expected].sort()) && Object.values(value).every(isText);
}

/** C14: types and names are those of stacks that exist. */
export async function goldenList(subject: Subject): Promise<string[]> {
  const { goldenFile } = subject.options;
  const { resources } = await subject.reference(true);
  const rows = resources.map(({ type, name }) => `${type} ${name}`).sort();
  if (process.env.UPDATE_GOLDEN === "1") {
    mkdirSync(path.dirname(goldenFile), { recursive: true });
    writeFileSync(goldenFile, `${rows.join("\n")}\n`);
  }
  if (!existsSync(goldenFile)) return [`${goldenFile} does not exist: set UPDATE_GOLDEN=1 to write it`];
  const golden = readFileSync(goldenFile, "utf8").trimEnd().split("\n");
  const added = rows.filter((row) => !golden.includes(row)).map((row) => `new: ${row}`);
  const removed = golden.filter((row) => !rows.includes(row)).map((row) => `gone: ${row}`);
  return [...added, ...removed];
}

/** Type, name and parent of a resource. */
const place = ({ type, name, parent }: RecordedResource) => `${type} ${name} in ${parent ?? "the program"}`;
