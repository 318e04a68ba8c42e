import { type Workload, workloads } from "@cyclops/core";
import { describe, expect, it } from "vitest";
import { workloadPolicy, workloadsOf } from "../../src/documents/identity";
import { machineKindsOf, machinePolicy } from "../../src/documents/machine-identity";
import type { PolicyDocument } from "../../src/documents/policy";
import { accessOf } from "../support/call-access";
import { callsOf } from "../support/calls";
import { actionProblems } from "../support/iam-actions";
import { binding, everyModel, machineArn, machineContext, machinesOf, modelWith, variants } from "../support/machines";
import { type AccessRequest, isAllowed, listOf } from "../support/policy-evaluator";

const context = machineContext(
  modelWith({
    training: {
      gate: { metric: "roc_auc", min: 0.75 },
      retrainOn: ["drift", "new-data"],
      steps: { gate: { command: ["./gate"] } },
    },
  }),
);
const policyOf = (workload: Workload, changes: Partial<typeof context> = {}) =>
  workloadPolicy(workload, { ...context, ...changes });
const may = (workload: Workload, request: AccessRequest) => isAllowed([policyOf(workload)], request);

const object = (zone: string, key: string) => `arn:aws:s3:::churn-dev-${zone}/${key}`;
const reads = (zone: string, key: string): AccessRequest => ({ action: "s3:GetObject", resource: object(zone, key) });
const writes = (zone: string, key: string): AccessRequest => ({ action: "s3:PutObject", resource: object(zone, key) });
const lists = (zone: string, prefix: string): AccessRequest => ({
  action: "s3:ListBucket",
  resource: `arn:aws:s3:::churn-dev-${zone}`,
  context: { "s3:prefix": prefix },
});
const own = (zone: string, file: string, folder = "churn/runs/run-1") => [zone, `${folder}/${file}`] as const;
const tracks: AccessRequest = { action: "sagemaker:CallMlflowAppApi", resource: binding.trackingUri };
const logs: AccessRequest = {
  action: "logs:PutLogEvents",
  resource: "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/sagemaker/ProcessingJobs:log-stream:a/algo-1",
};
const image: AccessRequest = {
  action: "ecr:BatchGetImage",
  resource: "arn:aws:ecr:eu-west-1:123456789012:repository/churn-dev-runtime",
};
const key = (action: string, contextOfKey: Record<string, string> = {}): AccessRequest => ({
  action: `kms:${action}`,
  resource: binding.keyArn,
  context: contextOfKey,
});
const artifact = "mlflow/1/models/m-1/artifacts/MLmodel";
const metrics = (namespace: string): AccessRequest => ({
  action: "cloudwatch:PutMetricData",
  resource: "*",
  context: { "cloudwatch:namespace": namespace },
});
const secret = (name: string): AccessRequest => ({
  action: "secretsmanager:GetSecretValue",
  resource: `arn:aws:secretsmanager:eu-west-1:123456789012:secret:churn-dev/${name}-a1B2c3`,
});

/** What each step does, from its code: the files that `docs/concepts/runtime-contract.md` lists, MLflow, and other services. */
const needed: Readonly<Record<Workload, readonly AccessRequest[]>> = {
  ingest: [
    lists("raw", "telco/"),
    reads("raw", "telco/a.csv"),
    writes("raw", "telco/a.csv"),
    writes(...own("curated", "ingest.json")),
    secret("telco-source"),
  ],
  curate: [
    reads("raw", "telco/a.csv"),
    reads(...own("curated", "ingest.json")),
    writes(...own("curated", "data.parquet")),
    writes("curated", "churn/cache/curate/0.json"),
  ],
  preprocess: [reads(...own("curated", "data.parquet")), writes(...own("features", "train.parquet"))],
  train: [
    reads(...own("features", "train.parquet")),
    writes(...own("models", "train.json")),
    writes("models", artifact),
    writes("models", "churn/jobs/checkpoints/run-1/train/state"),
    writes("models", "churn/jobs/output/job/output/model.tar.gz"),
    tracks,
  ],
  evaluate: [
    reads(...own("features", "test.parquet")),
    reads(...own("models", "train.json")),
    reads("models", artifact),
    writes(...own("models", "evaluate.json")),
    tracks,
  ],
  gate: [reads(...own("models", "evaluate.json"))],
  register: [
    reads(...own("curated", "ingest.json")),
    reads(...own("models", "evaluate.json")),
    writes(...own("models", "register.json")),
    tracks,
  ],
  deploy: [reads(...own("models", "register.json")), writes(...own("models", "deploy.json")), tracks],
  batch: [
    lists("raw", "telco/"),
    reads("raw", "telco/a.csv"),
    reads("models", artifact),
    reads("predictions", "churn/batch/run-1/_plan.json"),
    writes("predictions", "churn/batch/run-1/part-0.parquet"),
    tracks,
  ],
  monitor: [
    lists("predictions", "churn/capture/"),
    reads("predictions", "churn/capture/dt=2026-05-06/hh=12/a-0.parquet"),
    lists("curated", "churn/runs/"),
    reads(...own("curated", "curate.json")),
    reads(...own("features", "train.parquet")),
    reads("models", artifact),
    lists("raw", "telco/"),
    writes("predictions", "churn/monitor/run-1.json"),
    tracks,
    metrics("CyclOps/churn-dev"),
    { action: "cloudwatch:GetMetricData", resource: "*" },
    { action: "states:StartExecution", resource: machineArn("training") },
    { action: "states:ListExecutions", resource: machineArn("training") },
    { action: "states:DescribeExecution", resource: `${machineArn("training").replace("stateMachine", "execution")}:retrain-1` },
    secret("telco-source"),
  ],
  scorer: [
    reads("models", artifact),
    lists("models", "mlflow/1/models/m-1/artifacts/"),
    writes("predictions", "churn/capture/dt=2026-05-06/a.parquet"),
    writes("predictions", "churn/usage/dt=2026-05-06/hh=12/a-0.jsonl"),
  ],
};

/** What every container needs before its command runs. */
const started: readonly AccessRequest[] = [
  reads("models", "churn/config/churn-training.json"),
  key("Decrypt"),
  key("GenerateDataKey"),
  key("CreateGrant", { "kms:GrantIsForAWSResource": "true" }),
  image,
  { action: "ecr:GetAuthorizationToken", resource: "*" },
  logs,
  metrics("/aws/sagemaker/ProcessingJobs"),
  { action: "ec2:CreateNetworkInterface", resource: "arn:aws:ec2:eu-west-1:123456789012:subnet/subnet-0a1b2c3d" },
  { action: "ec2:DescribeSubnets", resource: "*" },
];

/** What no step may do. */
const forbidden: readonly AccessRequest[] = [
  {
    action: "iam:PassRole",
    resource: "arn:aws:iam::123456789012:role/churn-dev-churn-train",
    context: { "iam:PassedToService": "sagemaker.amazonaws.com" },
  },
  { action: "sagemaker:CreateTrainingJob", resource: "arn:aws:sagemaker:eu-west-1:123456789012:training-job/any" },
  { action: "sagemaker:UpdateEndpoint", resource: "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/churn-dev-churn" },
  {
    action: "sagemaker:UpdateModelPackage",
    resource: "arn:aws:sagemaker:eu-west-1:123456789012:model-package/churn-dev-churn/1",
  },
  { action: "s3:DeleteObject", resource: object("raw", "telco/a.csv") },
  reads("models", "other/runs/run-1/train.json"),
  writes("models", "churn/config/churn-training.json-2"),
  writes("raw", "other/a.csv"),
  reads("predictions", "other/capture/a.parquet"),
  lists("models", ""),
  secret("other"),
  key("CreateGrant"),
  key("ScheduleKeyDeletion"),
  metrics("AWS/Billing"),
  metrics("CyclOps/churn-pr-42"),
];
// Steps that write the models zone write the whole folder of the model, its documents among it.
const ownsFolder = new Set<Workload>(["train", "evaluate", "register", "deploy"]);

describe("the role of each step", () => {
  it.each(workloads)("%s may do what the step does", (workload) => {
    for (const request of [...started, ...needed[workload]]) {
      expect(may(workload, request), `${request.action} on ${request.resource}`).toBe(true);
    }
  });

  it.each(workloads)("%s may do nothing else", (workload) => {
    for (const request of forbidden) {
      if (request.resource.includes("/config/") && ownsFolder.has(workload)) continue;
      expect(may(workload, request), `${request.action} on ${request.resource}`).toBe(false);
    }
  });

  it("opens a zone to those alone that work in it", () => {
    const writers = (zone: string, file: string) => workloads.filter((workload) => may(workload, writes(zone, file)));
    expect(writers("raw", "telco/a.csv")).toEqual(["ingest"]);
    expect(writers("curated", "churn/runs/r/data.parquet")).toEqual(["ingest", "curate"]);
    expect(writers("features", "churn/runs/r/train.parquet")).toEqual(["preprocess"]);
    expect(writers("models", artifact)).toEqual(["train"]);
    expect(writers("predictions", "churn/monitor/r.json")).toEqual(["batch", "monitor"]);
  });

  it("starts trainings only where the monitor is asked to", () => {
    const start = needed.monitor.filter(({ action }) => action.startsWith("states:"));
    for (const request of start) expect(isAllowed([policyOf("monitor", { trainingArn: null })], request)).toBe(false);
  });

  it("reads a bucket of somebody else's where the source is one", () => {
    const spec = variants["source in another bucket"];
    if (!spec) throw new Error("no such variant");
    const policies = [policyOf("ingest", { spec })];
    expect(isAllowed(policies, { action: "s3:GetObject", resource: "arn:aws:s3:::partner/telco/a.csv" })).toBe(true);
    expect(isAllowed(policies, { action: "s3:GetObject", resource: "arn:aws:s3:::partner/other/a.csv" })).toBe(false);
    expect(isAllowed(policies, { action: "s3:PutObject", resource: "arn:aws:s3:::partner/telco/a.csv" })).toBe(false);
  });

  it("calls a tracking server by its own actions", () => {
    const server = "arn:aws:sagemaker:eu-west-1:123456789012:mlflow-tracking-server/team";
    const policies = [policyOf("train", { binding: { ...binding, trackingUri: server } })];
    expect(isAllowed(policies, { action: "sagemaker-mlflow:CreateRun", resource: server })).toBe(true);
    expect(isAllowed(policies, { action: "sagemaker-mlflow:DeleteExperiment", resource: server })).toBe(false);
  });
});

const models = Object.entries(everyModel());
const machinePolicies = models.flatMap(([name, spec]) => {
  const known = machineContext(spec);
  return machineKindsOf(spec).map((kind) => ({
    name: `${name}: ${kind}`,
    kind,
    spec,
    document: machinePolicy(kind, machineArn(kind), known),
  }));
});

describe("the role of each state machine", () => {
  it("may make every call of its states", async () => {
    for (const [name, spec] of models) {
      for (const [kind, machine] of machinesOf(spec)) {
        // The machine asks for its own executions, whatever it is called in the samples.
        const calls = await callsOf(`${name}: ${kind}`, machine, machineArn(kind));
        const document = machinePolicy(kind, machineArn(kind), machineContext(spec));
        for (const call of calls) {
          for (const request of accessOf(call)) {
            expect(isAllowed([document], request), `${call.place}: ${request.action} on ${request.resource}`).toBe(true);
          }
        }
      }
    }
  });

  it("hands out the roles of its own jobs alone, to SageMaker alone", () => {
    const roleOf = (workload: string) => `arn:aws:iam::123456789012:role/churn-dev-churn-${workload}`;
    const passed = (document: PolicyDocument) =>
      document.Statement.filter(({ Action }) => Action === "iam:PassRole").flatMap(({ Resource = [] }) => listOf(Resource));
    const byKind = Object.fromEntries(
      machinePolicies.filter(({ name }) => name.startsWith("full: ")).map(({ kind, document }) => [kind, passed(document)]),
    );
    expect(byKind).toEqual({
      training: ["ingest", "curate", "preprocess", "train", "evaluate", "register"].map(roleOf),
      deploy: ["deploy", "scorer"].map(roleOf),
      batch: [roleOf("batch")],
      monitor: [roleOf("monitor")],
    });
    for (const { name, document } of machinePolicies) {
      for (const role of passed(document)) {
        const toOthers = { action: "iam:PassRole", resource: role, context: { "iam:PassedToService": "lambda.amazonaws.com" } };
        expect(isAllowed([document], toOthers), name).toBe(false);
      }
    }
  });

  it("makes no jobs of other models, and changes no other endpoint", () => {
    for (const { name, document } of machinePolicies) {
      for (const request of [
        {
          action: "sagemaker:CreateTrainingJob",
          resource: "arn:aws:sagemaker:eu-west-1:123456789012:training-job/churn-dev-other-train-1",
        },
        { action: "sagemaker:UpdateEndpoint", resource: "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/churn-dev-other" },
        { action: "sagemaker:DeleteEndpoint", resource: "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/churn-dev-churn" },
        { action: "sagemaker:DeleteModel", resource: "arn:aws:sagemaker:eu-west-1:123456789012:model/churn-dev-churn-bootstrap" },
        reads("raw", "telco/a.csv"),
      ]) {
        expect(isAllowed([document], request), `${name}: ${request.action}`).toBe(false);
      }
    }
  });
});

describe("every policy of a model", () => {
  const documents = [
    ...machinePolicies,
    ...models.flatMap(([name, spec]) =>
      workloadsOf(spec).map((workload) => ({
        name: `${name}: ${workload}`,
        document: workloadPolicy(workload, machineContext(spec)),
      })),
    ),
  ];

  it("names actions that AWS has, and resources that they are about", () => {
    expect(documents.flatMap(({ name, document }) => actionProblems(document).map((problem) => `${name}: ${problem}`))).toEqual(
      [],
    );
  });

  it("would be told about an action or a resource that is none", () => {
    const wrong: PolicyDocument = {
      Version: "2012-10-17",
      Statement: [
        { Sid: "A", Effect: "Allow", Action: "sagemaker:CreateEverything", Resource: "*" },
        { Sid: "B", Effect: "Allow", Action: "sagemaker:CreateModel", Resource: "arn:aws:s3:::bucket" },
      ],
    };
    expect(actionProblems(wrong)).toEqual([
      "A: there is no action sagemaker:CreateEverything",
      "B: sagemaker:CreateModel is not about arn:aws:s3:::bucket, but about model",
    ]);
  });

  it("has no wildcard among its actions, and fits into a role", () => {
    for (const { name, document } of documents) {
      const actions = document.Statement.flatMap(({ Action }) => listOf(Action));
      expect(
        actions.filter((action) => action.includes("*")),
        name,
      ).toEqual([]);
      // All inline policies of a role together: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
      expect(JSON.stringify(document).length, name).toBeLessThan(10_240);
    }
  });
});
