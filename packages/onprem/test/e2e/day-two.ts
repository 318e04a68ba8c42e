import { type SpecChange, specChanges } from "@cyclops/core/testing";
import { expect, it } from "vitest";
import { invocation } from "./access";
import { changeExample } from "./changed-example";
import { changesSpec } from "./changes";
import { customer, namespace, template, volumes } from "./churn-stack";
import { clientPod } from "./client-pod";
import { ended, kubectl, list, phasesOf, read, readyPods, submit, workflowLogs } from "./cluster";
import { run, until } from "./command";
import type { Engine } from "./engine";
import { query } from "./kpis";

/** Changes of the list that are applied to the running stack, each to the stack as it was before the one before. */
const applied = ["gate", "schedule", "segments", "threshold", "retry", "capture", "alert-webhook", "user-added"] as const;

const changeOf = (id: string): SpecChange => {
  const found = specChanges.find((change) => change.id === id);
  if (!found) throw new Error(`no change is called ${id}`);
  return found;
};

const note = "/home/notebooks/e2e-note.txt";

/** The pod of the first user's notebook. */
async function notebook(): Promise<string> {
  const [pod] = (await readyPods(namespace, "cyclops.dev/role=workbench")).filter(({ metadata }) => /-ana-/.test(metadata.name));
  if (!pod) throw new Error("no notebook is ready");
  return pod.metadata.name;
}

const inNotebook = async (...command: string[]) =>
  kubectl("exec", "--namespace", namespace, await notebook(), "--container", "jupyterlab", "--", ...command);

/** Steps that change the running stack again and again, while people and programs use it. */
export function dayTwoSteps(engine: Engine, runtimeImage: () => string): void {
  it("applies changes one after the other, and nobody notices", async () => {
    const endpoint = `http://churn-model-churn-endpoint-service.${namespace}.svc:8080/invocations`;
    await inNotebook("sh", "-c", `echo kept > ${note}`);
    const standing = await volumes();
    const since = Math.floor(Date.now() / 1000) - 30;
    expect(await seriesAt(since), "series of Prometheus before the changes").toBeGreaterThan(0);
    const client = await clientPod(runtimeImage(), endpoint, invocation([customer]));
    const training = await submit(namespace, template);

    for (const id of applied) {
      await changeExample(engine, changeOf(id).apply(changesSpec(1)));
      if (id === "capture") {
        await engine.killedUp(/updated|created/, 2);
        await engine.attempt("cancel", "--yes");
      }
      await engine.up();
    }
    await changeExample(engine, changesSpec(1));
    await engine.up();

    const { phase } = await ended(namespace, training, 900);
    expect(phase, phase === "Succeeded" ? "" : await workflowLogs(namespace, training)).toBe("Succeeded");
    const { requests, seconds, failures } = await client.stop();
    expect(failures, `of ${requests} requests in ${Math.round(seconds)} s`).toEqual([]);
    // Twenty a second, and no fewer because the client had to wait for answers.
    expect(requests / seconds).toBeGreaterThan(15);
    expect(await volumes()).toMatchObject(standing);
    expect(await inNotebook("cat", note)).toBe("kept\n");
    expect(await seriesAt(since), "series of Prometheus from before the changes").toBeGreaterThan(0);
    await engine.up("--expect-no-changes");
  });

  it("trains to the end although object store, MLflow and database are restarted meanwhile", async () => {
    const training = await submit(namespace, template);
    for (const [step, role] of [
      ["curate", "object-store"],
      ["train", "tracking"],
      ["evaluate", "database"],
    ] as const) {
      await until(`the step ${step}`, 300, async () => ((await stepBegan(training, step)) ? true : undefined));
      await kubectl("delete", "pod", "--namespace", namespace, "--selector", `cyclops.dev/role=${role}`, "--wait=false");
    }
    const { phase, steps } = await ended(namespace, training, 900);
    expect(phase, phase === "Succeeded" ? "" : `${JSON.stringify(steps)}\n${await workflowLogs(namespace, training)}`).toBe(
      "Succeeded",
    );
  });

  it("refuses a larger volume where its class does, loses nothing, and grows it where the class allows", async () => {
    const standing = await volumes();
    const restore = await engine.reconfigure({ "objectStore.kind": "seaweedfs", "objectStore.storage": "60Gi" });
    try {
      const { code, stdout, stderr } = await engine.attempt("up", "--yes", "--skip-preview");
      expect(code).not.toBe(0);
      expect(stdout + stderr).toMatch(/only dynamically provisioned pvc can be resized/);
      expect(await volumes()).toEqual(standing);
      await allowGrowth(true);
      await engine.up();
      const [claim] = (await list("persistentvolumeclaims", namespace)).filter(({ metadata }) =>
        /storage-volume/.test(metadata.name),
      );
      expect(claim?.spec.resources.requests.storage).toBe("60Gi");
      expect(await volumes()).toEqual(standing);
    } finally {
      await allowGrowth(false);
      restore();
    }
    const other = await engine.reconfigure({ storageClass: "another" });
    try {
      const { code, stdout, stderr } = await engine.attempt("up", "--yes", "--skip-preview");
      expect(code, "a claim never changes its class").not.toBe(0);
      expect(stdout + stderr).toMatch(/spec is immutable after creation|already exists/);
      expect(await volumes()).toEqual(standing);
    } finally {
      other();
    }
    // A claim does not shrink: the stack keeps the size in its configuration.
    await engine.configure({ "objectStore.kind": "seaweedfs", "objectStore.storage": "60Gi" });
    await engine.up("--expect-no-changes");
  });
}

const seriesAt = async (time: number) => (await query('up{job="cyclops-prometheus"}', time)).length;

async function stepBegan(workflow: string, step: string): Promise<boolean> {
  const { status } = await read("workflow", workflow, namespace);
  return (phasesOf(status)[step] ?? "Pending") !== "Pending";
}

async function allowGrowth(allowVolumeExpansion: boolean): Promise<void> {
  await run("kubectl", ["patch", "storageclass", "local-path", "--patch", JSON.stringify({ allowVolumeExpansion })]);
}
