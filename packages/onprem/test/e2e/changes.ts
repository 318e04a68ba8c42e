import path from "node:path";
import type { StackSpec } from "@cyclops/core";
import {
  type BindingChange,
  baseSpec,
  changesTable,
  type Disposable,
  documentProblems,
  type PlanStep,
  resourceChanges,
  type SpecChange,
  supportedChanges,
  type TableRow,
  unnamedLosses,
} from "@cyclops/core/testing";
import { expect, it } from "vitest";
import { capabilities } from "../../src";
import { bindingChanges } from "./binding-changes";
import { changeExample } from "./changed-example";
import { namespace } from "./churn-stack";
import { kubectl } from "./cluster";
import { root } from "./command";
import type { Engine } from "./engine";

const document = path.join(root, "docs/changes.md");
const command = "CYCLOPS_E2E=required npm run test:e2e -- cluster";

/** Of these a changed one is a new one under another name, made before the old one goes; a dashboard is gone for a second. */
const disposable: readonly Disposable[] = [
  {
    reason: "is named by what it holds: the new one is there before the old one goes",
    applies: ({ type }) => /:(ConfigMap|Job)$/.test(type),
  },
];

/** The stack that changes are tried on, whose trainings end soon, and whose scorers, so many at most, leave room on a small node. */
export function changesSpec(max = 2): StackSpec {
  const { churn, ...models } = baseSpec.models ?? {};
  const rollout = { strategy: "canary", percent: 10, bake: "30s" } as const;
  const endpoint = { ...churn?.endpoint, rollout, replicas: { min: 1, max } };
  // On New Year's Day: a scheduled report of the odd requests of these tests would start a training, and the next trigger would have to wait.
  const monitoring = { ...churn?.monitoring, schedule: "0 0 1 1 *" };
  return { ...baseSpec, models: { churn: { ...churn, endpoint, monitoring } as NonNullable<typeof churn>, ...models } };
}

/** Steps that say of every change in the list what it does to the running stack, and hold `docs/changes.md` against it. */
export function changeSteps(engine: Engine): void {
  const rows: TableRow[] = [];

  it("takes a second model and a second user", async () => {
    await changeExample(engine, changesSpec());
    // Mail needs a server, which is none of the spec's.
    await engine.configure({ "smtp.host": "mail.example.com", "smtp.from": "mlops@example.com" });
    await engine.up();
    await engine.up("--expect-no-changes");
    // A small node has other pods to run.
    const notebook = "statefulset --selector app.kubernetes.io/part-of=churn";
    const names = (await kubectl("get", ...notebook.split(" "), "--namespace", namespace, "--output", "name")).split("\n");
    const second = names.find((name) => /workbench-server-ben-/.test(name)) ?? "";
    await kubectl("scale", second, "--namespace", namespace, "--replicas", "0");
  });

  it.each<SpecChange | BindingChange>([...supportedChanges(changesSpec(), capabilities), ...bindingChanges])(
    "previews: $title",
    async (change) => {
      const spec = changesSpec();
      const steps = "apply" in change ? await previewSpec(engine, change.apply(spec)) : await previewBindings(engine, change);
      const made = resourceChanges(steps);
      expect(made.length, "a change that changes nothing").toBeGreaterThan(0);
      expect(unnamedLosses(change, spec, made, disposable)).toEqual([]);
      rows.push({ title: change.title, made });
    },
  );

  it("is what docs/changes.md says", () => {
    expect(rows.length).toBeGreaterThanOrEqual(24);
    expect(documentProblems(document, "onprem", changesTable(rows), command)).toEqual([]);
  });
}

async function previewSpec(engine: Engine, spec: StackSpec): Promise<readonly PlanStep[]> {
  await changeExample(engine, spec);
  try {
    return await engine.preview();
  } finally {
    await changeExample(engine, changesSpec());
  }
}

async function previewBindings(engine: Engine, { bindings }: BindingChange): Promise<readonly PlanStep[]> {
  const restore = await engine.reconfigure(bindings);
  try {
    return await engine.preview();
  } finally {
    restore();
  }
}
