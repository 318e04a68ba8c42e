import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { State, StateMachine } from "../../src/documents/asl";
import type { MachineKind } from "../../src/documents/machine-identity";
import { fullModel, machineArn, machineOf, modelWith, resolveModel } from "../support/machines";
import type { AccountOptions } from "./account";
import { execute, type Run } from "./interpreter";
import { makeWorkspace, type Workspace } from "./workspace";

const done = { code: 0, words: "" };
const failed = { code: 75, words: "error: nobody answers", left: "[may pass] nobody answers" };
const refused = { code: 1, words: "error: it cannot be done", left: "[final] it cannot be done" };
const { gate } = fullModel.training;
const open: Workspace[] = [];

/** A workspace whose jobs do nothing but leave the files that the machine reads. */
function workspaceOf(spec = resolveModel(fullModel), job: AccountOptions["job"] = () => done): Workspace {
  const made = makeWorkspace(spec, {
    job: (step, parameters, attempt) => {
      const folder = path.join(made.folder, "zones", "models", "churn", "runs", "run-1");
      mkdirSync(folder, { recursive: true });
      const leave = (file: string, content: object) => writeFileSync(path.join(folder, file), JSON.stringify(content));
      if (step === "evaluate") leave("evaluate.json", { passed: true, reason: "roc_auc is 0.84" });
      if (step === "register") leave("register.json", { version: "1", artifacts: "s3://churn-dev-models/mlflow/1/" });
      return job(step, parameters, attempt);
    },
  });
  open.push(made);
  return made;
}

const run = (workspace: Workspace, kind: MachineKind, changes: Partial<Run> = {}, machine = machineOf(kind, workspace.context)) =>
  execute(machine, {
    account: workspace.account,
    machines: { [machineArn("deploy")]: machineOf("deploy", workspace.context) },
    ...changes,
  });

afterEach(async () => {
  await Promise.all(open.splice(0).map((workspace) => workspace.close()));
});

describe("a step that fails", () => {
  it("is tried again under another name, and then ends the run with its words", async () => {
    const workspace = workspaceOf(undefined, (step) => (step === "curate" ? failed : done));
    const execution = await run(workspace, "training");
    expect(execution).toMatchObject({ status: "FAILED", error: "States.TaskFailed" });
    expect(execution.cause).toMatch(/\[may pass\] nobody answers/);
    const names = workspace.account.jobs.filter(({ step }) => step === "curate").map(({ name }) => name);
    expect(names.map((name) => name.replace(/^.*-(?=\d+$)/, ""))).toEqual(["0", "1", "2"]);
    expect(execution.path).not.toContain("Preprocess");
  });

  it("goes on where a later attempt works", async () => {
    const workspace = workspaceOf(undefined, (step, _parameters, attempt) => (step === "train" && attempt === 0 ? failed : done));
    expect(await run(workspace, "training")).toMatchObject({ status: "SUCCEEDED" });
    expect(workspace.account.jobs.filter(({ step }) => step === "train")).toHaveLength(2);
  });

  it.each(["curate", "train"])("is not tried again where %s says that it is final", async (step) => {
    const workspace = workspaceOf(undefined, (name) => (name === step ? refused : done));
    const execution = await run(workspace, "training");
    expect(execution).toMatchObject({ status: "FAILED", error: "States.TaskFailed" });
    expect(execution.cause).toContain("[final] it cannot be done");
    expect(workspace.account.jobs.filter((job) => job.step === step)).toHaveLength(1);
  });

  it("is tried again whatever it leaves behind, where the command is the user's", async () => {
    const steps = { curate: { command: ["./curate", "curate"] } };
    const workspace = workspaceOf(modelWith({ training: { gate, steps } }), (step) => (step === "curate" ? refused : done));
    expect(await run(workspace, "training")).toMatchObject({ status: "FAILED", error: "States.TaskFailed" });
    const jobs = workspace.account.jobs.filter(({ step }) => step === "curate");
    expect(jobs.map(({ name }) => name.replace(/^.*-(?=\d+$)/, ""))).toEqual(["0", "1", "2"]);
  });

  it("leaves the next step all of its attempts", async () => {
    const failing = (step: string, _parameters: unknown, attempt: number) =>
      (step === "ingest" || step === "curate") && attempt < 2 ? failed : done;
    const workspace = workspaceOf(undefined, failing);
    expect(await run(workspace, "training")).toMatchObject({ status: "SUCCEEDED" });
    expect(workspace.account.jobs.filter(({ step }) => step === "curate")).toHaveLength(3);
  });

  it("waits longer before each attempt", () => {
    const machine = machineOf(
      "training",
      workspaceOf(modelWith({ training: { gate, steps: { curate: { retries: 6 } } } })).context,
    );
    expect(machine.States.CurateAgain).toMatchObject({
      Parameters: { "pause.$": "States.ArrayGetItem(States.Array(60, 120, 240, 480, 600, 600), $.run.attempt.number)" },
    });
    expect(machine.States.CuratePause).toEqual({ Type: "Wait", SecondsPath: "$.run.attempt.pause", Next: "Curate" });
  });

  it("is the runtime's own where there are no raw files", async () => {
    const workspace = makeWorkspace(modelWith({ data: { path: "raw/none/", target: "Churn", positive: "Yes" } }));
    open.push(workspace);
    const execution = await run(workspace, "training");
    expect(execution).toMatchObject({ status: "FAILED", error: "States.TaskFailed" });
    expect(execution.cause).toMatch(/"\[final\] no raw files: .*raw\/none/);
    expect(workspace.account.jobs).toHaveLength(1);
  }, 120_000);

  it("is tried again after a timeout too", async () => {
    const endless = () => new Promise<never>(() => undefined);
    const workspace = workspaceOf(modelWith({ training: { gate, steps: { ingest: { retries: 1 } } } }), endless);
    const machine = withState(machineOf("training", workspace.context), "Ingest", (state) => ({
      ...state,
      TimeoutSeconds: 1,
    }));
    const entered: string[] = [];
    const execution = await run(workspace, "training", { entered: (state) => entered.push(state) }, machine);
    expect(execution).toMatchObject({ status: "FAILED", error: "States.Timeout" });
    expect(entered.filter((state) => state === "Ingest")).toHaveLength(2);
  });
});

/** The machine with another form of one state: the service's hours are a second here. */
function withState(machine: StateMachine, name: string, change: (state: State) => object): StateMachine {
  const state = machine.States[name];
  if (!state) throw new Error(`no state ${name}`);
  return { ...machine, States: { ...machine.States, [name]: change(state) as State } };
}

describe("the gate", () => {
  it("is a job of the user's where there is one, whose failure ends the run", async () => {
    const spec = modelWith({ training: { gate, steps: { gate: { command: ["python", "gate.py"] } } } });
    const workspace = workspaceOf(spec, (step) => (step === "gate.py" ? failed : done));
    const execution = await run(workspace, "training");
    expect(execution).toMatchObject({ status: "FAILED", error: "States.TaskFailed" });
    expect(execution.path).not.toContain("Register");
  });
});

describe("two runs at a time", () => {
  const older = "arn:aws:states:eu-west-1:123456789012:execution:test:older";

  it("are one training: the later one leaves the work to the earlier one", async () => {
    const workspace = workspaceOf();
    const execution = await run(workspace, "training", { others: [older] });
    expect(execution).toMatchObject({ status: "SUCCEEDED" });
    expect(execution.path.at(-1)).toBe("AnotherRuns");
    expect(workspace.account.jobs).toEqual([]);
  });

  it("are two rollouts, one after the other", async () => {
    const workspace = workspaceOf();
    await run(workspace, "training");
    const [modelPackageArn = ""] = workspace.account.packages.keys();
    const others = [older];
    const entered: string[] = [];
    const waits = (state: string) => {
      entered.push(state);
      // The other one ends while this one waits.
      if (entered.filter((name) => name === "ListRuns").length === 3) others.pop();
    };
    const execution = await run(workspace, "deploy", { input: { modelPackageArn }, others, entered: waits });
    expect(execution).toMatchObject({ status: "SUCCEEDED" });
    expect(execution.path.filter((state) => state === "WaitForTurn")).toHaveLength(2);
  });
});

describe("an approval", () => {
  const spec = modelWith({ training: { gate, approval: { timeout: "1h" } } });
  const decide = (workspace: Workspace, status: string) => {
    let looks = 0;
    return (state: string) => {
      if (state !== "LookAtApproval" || ++looks < 3) return;
      for (const version of workspace.account.packages.values()) version.status = status;
    };
  };

  it("ends the training well, and leaves the rollout to its event", async () => {
    const workspace = workspaceOf(spec);
    const execution = await run(workspace, "training", { entered: decide(workspace, "Approved") });
    expect(execution).toMatchObject({ status: "SUCCEEDED" });
    expect(execution.path.filter((state) => state === "LookAtApproval")).toHaveLength(3);
    expect(workspace.account.updates).toEqual([]);
    const [modelPackageArn = ""] = workspace.account.packages.keys();
    expect(await run(workspace, "deploy", { input: { modelPackageArn } })).toMatchObject({ status: "SUCCEEDED" });
    expect(workspace.account.updates).toHaveLength(1);
  });

  it("that is refused ends the training badly, and nothing is deployed", async () => {
    const workspace = workspaceOf(spec);
    const execution = await run(workspace, "training", { entered: decide(workspace, "Rejected") });
    expect(execution).toMatchObject({ status: "FAILED", error: "NotApproved" });
    const [modelPackageArn = ""] = workspace.account.packages.keys();
    expect(await run(workspace, "deploy", { input: { modelPackageArn } })).toMatchObject({ error: "NotApproved" });
    expect(workspace.account.updates).toEqual([]);
  });

  it("that nobody gives in time is a refusal", async () => {
    const workspace = workspaceOf(spec);
    const execution = await run(workspace, "training");
    expect(execution).toMatchObject({ status: "FAILED", error: "NotApproved" });
    // Every minute of the hour.
    expect(execution.path.filter((state) => state === "LookAtApproval")).toHaveLength(60);
    const [version] = workspace.account.packages.values();
    expect(version).toMatchObject({ status: "Rejected", description: "Nobody has approved it in time." });
  });
});

describe("a rollout", () => {
  const rollout = (endpoint: NonNullable<Parameters<typeof modelWith>[0]["endpoint"]>) => modelWith({ endpoint });
  /** A workspace that serves a first version, and the package of the second one. */
  async function second(spec = resolveModel(fullModel), job?: AccountOptions["job"]) {
    const workspace = workspaceOf(spec, job);
    expect(await run(workspace, "training")).toMatchObject({ status: "SUCCEEDED" });
    const [modelPackageArn = ""] = workspace.account.packages.keys();
    return { workspace, account: workspace.account, before: workspace.account.served, input: { modelPackageArn } };
  }

  it("of copies of requests puts the version in place after the bake time", async () => {
    const { workspace, account, before, input } = await second(
      rollout({ rollout: { strategy: "shadow", percent: 20, bake: "3m" } }),
    );
    const execution = await run(workspace, "deploy", { input });
    expect(execution).toMatchObject({ status: "SUCCEEDED" });
    expect(execution.path.filter((state) => state === "WatchShadowLook")).toHaveLength(3);
    expect(account.served).not.toBe(before);
    expect(account.configs.size).toBe(2);
    expect(account.models.size).toBe(1);
  });

  it("of copies of requests is taken back when they fail", async () => {
    const { workspace, account, before, input } = await second(
      rollout({ rollout: { strategy: "shadow", percent: 20, bake: "3m" } }),
    );
    account.firing.add("churn-dev-churn-shadow");
    const execution = await run(workspace, "deploy", { input });
    expect(execution).toMatchObject({ status: "FAILED", error: "RolledBack" });
    expect(account.served).toBe(before);
    expect([...account.configs.keys()]).toEqual(["churn-dev-churn-bootstrap", before]);
  });

  it("without SageMaker's guardrails is watched by the machine, which puts the previous version back", async () => {
    const { workspace, account, before, input } = await second(
      rollout({ kind: "serverless", replicas: { min: 0, max: 20 }, rollout: { strategy: "canary", bake: "3m" } }),
    );
    account.firing.add("churn-dev-churn-rollback");
    const execution = await run(workspace, "deploy", { input });
    expect(execution).toMatchObject({ status: "FAILED", error: "RolledBack" });
    expect(execution.path).toContain("Revert");
    expect(account.served).toBe(before);
    account.firing.clear();
    for (const version of account.packages.values()) version.status = "Approved";
    expect(await run(workspace, "deploy", { input })).toMatchObject({ status: "SUCCEEDED" });
    expect(account.served).not.toBe(before);
  });

  it("of a day is watched by SageMaker for an hour, and by the machine for the rest", async () => {
    const { workspace, input } = await second(rollout({ rollout: { strategy: "canary", percent: 50, bake: "2h" } }));
    const execution = await run(workspace, "deploy", { input });
    expect(execution).toMatchObject({ status: "SUCCEEDED" });
    expect(execution.path.filter((state) => state === "WatchLook")).toHaveLength(60);
  });

  it("without an endpoint is the alias alone", async () => {
    const { account } = await second(modelWith({ endpoint: undefined }));
    expect(account.updates).toEqual([]);
    expect(account.jobs.at(-1)).toMatchObject({
      step: "deploy",
      parameters: { Environment: { CYCLOPS_ROLLOUT_OUTCOME: "promoted" } },
    });
  });

  it("ends the training badly where it is rolled back", async () => {
    const { workspace, account, before } = await second();
    account.firing.add("churn-dev-churn-rollback");
    const execution = await run(workspace, "training");
    expect(execution).toMatchObject({ status: "FAILED", error: "States.TaskFailed" });
    expect(execution.cause).toMatch(/RolledBack/);
    expect(account.served).toBe(before);
  });
});

describe("work that is shared", () => {
  it("is a job for each instance, each with its share", async () => {
    const workspace = workspaceOf(modelWith({ batch: { instances: 3 } }));
    expect(await run(workspace, "batch")).toMatchObject({ status: "SUCCEEDED" });
    const shares = workspace.account.jobs.map(
      ({ parameters }) => (parameters.Environment as Record<string, string>).CYCLOPS_SHARD,
    );
    expect(shares.sort()).toEqual(["0/3", "1/3", "2/3"]);
  });

  it("is planned and added up for the monitor", async () => {
    const workspace = workspaceOf(modelWith({ monitoring: { instances: 2 } }));
    expect(await run(workspace, "monitor")).toMatchObject({ status: "SUCCEEDED" });
    const stages = workspace.account.jobs.map(
      ({ parameters }) => (parameters.Environment as Record<string, string>).CYCLOPS_MONITOR_STAGE,
    );
    expect(stages).toEqual(["plan", "profile", "profile", "merge"]);
  });
});
