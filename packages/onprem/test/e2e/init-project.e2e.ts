import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accessTo } from "./access";
import { ended, everything, list, submit, workflowLogs } from "./cluster";
import { root, run } from "./command";
import { Engine } from "./engine";
import { prepare } from "./environment";
import { upAfterKilledUp } from "./killed-up";

const spec = "twin";
const folder = mkdtempSync(path.join(os.tmpdir(), "cyclops-e2e-init-"));
const project = path.join(folder, spec);

/** A stack of the project: its engine, and how it is reached. */
const deployed = (stack: string) => {
  const namespace = `${spec}-${stack}`;
  return { engine: new Engine(project, stack), namespace, bucket: `${namespace}-raw`, ...accessTo(spec, namespace) };
};
type Deployed = ReturnType<typeof deployed>;

const main = deployed("main");
const preview = deployed("pr-42");
const customer = { customer: "c-1", tenure_months: 3, monthly_usd: 30, plan: "standard", support_calls: 4 };

describe("two stacks of a project of cyclops init, on one cluster", () => {
  let before: string[];

  beforeAll(async () => {
    await run("npx", ["tsc", "-b", "packages/onprem", "packages/cli"]);
    mkdirSync(project);
    await run("npx", ["cyclops", "init", project, "--target", "onprem"]);
    // What `npm install` would bring.
    symlinkSync(path.join(root, "node_modules"), path.join(project, "node_modules"));
    const bindings = await prepare(main.namespace, preview.namespace);
    before = await everything();
    for (const { engine, namespace } of [main, preview]) {
      // A stack of this name that is not the tests' own would be taken over, and destroyed at the end.
      expect(before, "delete the stack that is there, or name another cluster").not.toContain(`Namespace/<none>/${namespace}`);
      await engine.init(bindings);
    }
  });

  afterAll(async () => {
    for (const { engine } of [preview, main]) {
      await engine.attempt("destroy", "--yes", "--skip-preview");
      engine.clean();
    }
    rmSync(folder, { recursive: true, force: true });
  });

  it("goes on after an up that was killed half-way", async () => {
    await upAfterKilledUp(main.engine, main.namespace);
    await main.engine.up("--expect-no-changes");
  });

  it("brings a second stack of the same spec up beside the first", async () => {
    await preview.engine.up();
    await main.engine.up("--expect-no-changes");
  });

  it("trains and serves in both", async () => {
    const both = [main, preview];
    const trainings = await Promise.all(both.map(startTraining));
    for (const [index, stack] of both.entries()) {
      const training = trainings[index] ?? "";
      const { phase } = await ended(stack.namespace, training, 600);
      expect(phase, phase === "Succeeded" ? "" : await workflowLogs(stack.namespace, training)).toBe("Succeeded");
      const { status, version, body } = await stack.predict(spec, [customer]);
      expect({ status, version }).toEqual({ status: 200, version: "1" });
      expect(body.predictions?.[0]?.probability).toBeGreaterThan(0);
    }
  });

  it("leaves every object of the first as it is when the second is destroyed", async () => {
    const standing = await identities(main.namespace);
    expect(Object.keys(standing).length).toBeGreaterThan(80);
    await preview.engine.pulumi("destroy", "--yes", "--skip-preview");
    expect((await everything()).filter((name) => name.includes(preview.namespace))).toEqual([]);
    expect(await identities(main.namespace)).toEqual(standing);
    const { status, version } = await main.predict(spec, [customer]);
    expect({ status, version }).toEqual({ status: 200, version: "1" });
    await main.engine.up("--expect-no-changes");
    // Argo's definitions are the cluster's: without them no training could be started, and those that were would be gone.
    expect(await list("workflows", main.namespace)).toHaveLength(1);
    await startTraining(main);
  });

  it("leaves nothing of the first either when it is destroyed", async () => {
    await main.engine.pulumi("destroy", "--yes", "--skip-preview");
    expect((await everything()).filter((name) => !before.includes(name) && !/\.argoproj\.io$/.test(name))).toEqual([]);
  });
});

async function startTraining({ namespace, bucket, withStore }: Deployed): Promise<string> {
  const upload = "import boto3, sys; boto3.client('s3').upload_file(sys.argv[1], sys.argv[2], sys.argv[3])";
  await withStore(upload, [path.join(project, `raw/${spec}/example.csv`), bucket, `${spec}/example.csv`]);
  return submit(namespace, `${spec}-model-${spec}-training-template`);
}

/** What tells each object that the engine has made from another one of its name. */
async function identities(namespace: string): Promise<Record<string, string>> {
  const kinds =
    "namespaces,configmaps,secrets,services,serviceaccounts,persistentvolumeclaims,deployments,statefulsets,jobs,roles,rolebindings," +
    "networkpolicies,poddisruptionbudgets,horizontalpodautoscalers,workflowtemplates,cronworkflows";
  const objects = await Promise.all(kinds.split(",").map((kind) => list(kind, kind === "namespaces" ? undefined : namespace)));
  const own = objects.flat().filter(({ metadata }) => (metadata.namespace ?? metadata.name) === namespace);
  return Object.fromEntries(own.map(({ kind, metadata }) => [`${kind}/${metadata.name}`, metadata.uid ?? ""]));
}
