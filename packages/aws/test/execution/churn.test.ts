import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { loadSpec, modelOf } from "@cyclops/core";
import { afterAll, describe, expect, it } from "vitest";
import type { MachineKind } from "../../src/documents/machine-identity";
import { machineArn, machineOf } from "../support/machines";
import { execute, type Run } from "./interpreter";
import { makeWorkspace } from "./workspace";

const example = path.resolve(__dirname, "../../../../examples/churn");
const spec = modelOf(loadSpec(path.join(example, "mlops.yaml")), "churn");
const workspace = makeWorkspace(spec, { raw: path.join(example, "raw"), serves: true });
const { account, context, folder } = workspace;
const zone = (...parts: string[]) => path.join(folder, "zones", ...parts);
const readJson = (file: string): Record<string, unknown> => JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
const machine = (kind: MachineKind) => machineOf(kind, context);
const run = (kind: MachineKind, changes: Partial<Run> = {}) =>
  execute(machine(kind), { account, machines: { [machineArn("deploy")]: machine("deploy") }, ...changes });
// A dozen processes of Python, each of which loads its libraries anew.
const patience = 600_000;

const row = {
  gender: "Female",
  SeniorCitizen: 0,
  Partner: "Yes",
  Dependents: "No",
  tenure: 1,
  PhoneService: "No",
  MultipleLines: "No phone service",
  InternetService: "DSL",
  OnlineSecurity: "No",
  OnlineBackup: "Yes",
  DeviceProtection: "No",
  TechSupport: "No",
  StreamingTV: "No",
  StreamingMovies: "No",
  Contract: "Month-to-month",
  PaperlessBilling: "Yes",
  PaymentMethod: "Electronic check",
  MonthlyCharges: 29.85,
  TotalCharges: 29.85,
};

async function predict() {
  const answer = await fetch(`${account.url}/invocations`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ dataframe_records: [row] }),
  });
  return { status: answer.status, version: answer.headers.get("x-cyclops-model-version"), body: await answer.json() };
}

afterAll(() => workspace.close());

// The machines of the churn example, executed with the runtime's own commands on its own data; each test goes on where the one before ended.
describe("the machines of the churn example", () => {
  it(
    "train, register and deploy the first version",
    async () => {
      const execution = await run("training");
      expect(execution).toMatchObject({ status: "SUCCEEDED", error: undefined });
      expect(account.jobs.map(({ step }) => step)).toEqual([
        "ingest",
        "curate",
        "preprocess",
        "train",
        "evaluate",
        "register",
        "deploy",
      ]);
      expect(account.jobs.every(({ name }) => /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/.test(name))).toBe(true);
      const evaluation = readJson(zone("models", "churn", "runs", "run-1", "evaluate.json"));
      expect(evaluation).toMatchObject({ passed: true });
      const [modelPackage] = account.packages.values();
      expect(modelPackage).toMatchObject({
        status: "Approved",
        fields: { CustomerMetadataProperties: { run: "run-1", version: "1" } },
      });
      expect(readJson(zone("models", "churn", "runs", "run-1", "deploy.json"))).toMatchObject({
        outcome: "promoted",
        version: "1",
      });
    },
    patience,
  );

  it("serve that version in place of none, all requests at once", async () => {
    expect(account.updates).toHaveLength(1);
    expect(account.updates[0]).toMatchObject({
      DeploymentConfig: { BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: "ALL_AT_ONCE" } } },
    });
    expect(account.updates[0]).not.toHaveProperty("DeploymentConfig.AutoRollbackConfiguration");
    const { status, version, body } = await predict();
    expect({ status, version }).toEqual({ status: 200, version: "1" });
    expect(body).toMatchObject({
      predictions: [{ label: expect.stringMatching(/^(Yes|No)$/), probability: expect.any(Number) }],
    });
  });

  it(
    "deploy a version again with a canary, and take away what it replaces",
    async () => {
      const before = account.served;
      const [modelPackageArn = ""] = account.packages.keys();
      const execution = await run("deploy", { input: { modelPackageArn } });
      expect(execution).toMatchObject({ status: "SUCCEEDED" });
      expect(account.updates[1]).toMatchObject({
        DeploymentConfig: {
          BlueGreenUpdatePolicy: {
            TrafficRoutingConfiguration: {
              Type: "CANARY",
              CanarySize: { Type: "CAPACITY_PERCENT", Value: 10 },
              WaitIntervalInSeconds: 30,
            },
          },
          AutoRollbackConfiguration: { Alarms: [{ AlarmName: "churn-dev-churn-rollback" }] },
        },
      });
      expect(account.served).not.toBe(before);
      expect([...account.configs.keys()]).toEqual(["churn-dev-churn-bootstrap", account.served]);
      expect([...account.models.keys()]).toEqual([account.served]);
      // A share needs two instances; the one too many is given back.
      expect(account.instances).toBe(1);
      expect((await predict()).status).toBe(200);
    },
    patience,
  );

  it(
    "roll a version back whose alarm fires, and leave everything as it was",
    async () => {
      account.firing.add("churn-dev-churn-rollback");
      const before = account.served;
      const [modelPackageArn = ""] = account.packages.keys();
      const execution = await run("deploy", { input: { modelPackageArn } });
      account.firing.clear();
      expect(execution).toMatchObject({ status: "FAILED", error: "RolledBack" });
      expect(account.served).toBe(before);
      expect([...account.models.keys()]).toEqual([before]);
      expect(account.packages.get(modelPackageArn)).toMatchObject({ status: "Rejected" });
      expect(account.jobs.at(-1)).toMatchObject({ step: "deploy", ending: { code: 4 } });
      expect(readJson(zone("models", "churn", "runs", "run-1", "deploy.json"))).toMatchObject({ outcome: "rolled-back" });
      expect((await predict()).version).toBe("1");
      // A package that was rejected is not deployed again before a person approves it.
      expect(await run("deploy", { input: { modelPackageArn } })).toMatchObject({ status: "FAILED", error: "NotApproved" });
    },
    patience,
  );

  it(
    "score all customers, and report the fifteen KPIs",
    async () => {
      expect(await run("batch", { name: "batch-1" })).toMatchObject({ status: "SUCCEEDED" });
      const scored = readJson(zone("predictions", "churn", "batch", "batch-1", "batch.json"));
      expect(scored).toMatchObject({ rows: 7043 });
      expect(await run("monitor", { name: "monitor-1" })).toMatchObject({ status: "SUCCEEDED" });
      const report = readJson(zone("predictions", "churn", "monitor", "monitor-1.json"));
      expect(report.kpis).toHaveLength(15);
      expect(report).toMatchObject({ version: "1" });
    },
    patience,
  );

  it(
    "refuse a version that the gate does not want, and register nothing",
    async () => {
      const file = path.join(folder, "model.json");
      const document = readJson(file);
      const strict = { ...spec, training: { ...spec.training, gate: { ...spec.training.gate, min: 0.999 } } };
      writeFileSync(file, JSON.stringify({ ...document, spec: strict }));
      const execution = await run("training", { name: "run-2" });
      writeFileSync(file, JSON.stringify(document));
      expect(execution).toMatchObject({ status: "FAILED", error: "GateRefused" });
      expect(execution.cause).toMatch(/roc_auc/);
      expect(execution.path).not.toContain("Register");
      expect(account.packages.size).toBe(1);
      expect(existsSync(zone("models", "churn", "runs", "run-2", "register.json"))).toBe(false);
      expect(readdirSync(zone("models", "churn", "runs", "run-2"))).toContain("evaluate.json");
    },
    patience,
  );
});
