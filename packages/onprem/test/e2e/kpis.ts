import { readFileSync } from "node:fs";
import path from "node:path";
import { type KpiId, kpiIds } from "@cyclops/core";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { type Dashboard, dashboardQueries } from "../../src/documents/dashboard";
import { invocation, python } from "./access";
import { receiveAlerts } from "./alerts";
import { badDataSteps } from "./bad-data";
import { changeExample, example } from "./changed-example";
import { addressOf, customer, endpoint, namespace, status, volumes, withStore } from "./churn-stack";
import { ended, type KubernetesObject, kubectl, list, read, readyPods, secret, submit, workflowLogs } from "./cluster";
import { run, until } from "./command";
import type { Engine } from "./engine";
import { forward } from "./forward";
import { customers, type Exchange, percentile, type Row, send, shifted } from "./load";
import { promtoolInPod } from "./promtool";
import { traffic } from "./traffic";

const monitor = "churn-model-churn-monitoring-template";

/** Address of this machine for pods: that of the node, which is this machine. */
const hostAddress = async (): Promise<string> => {
  const [node] = await list("nodes");
  const addresses: { type: string; address: string }[] = node?.status.addresses ?? [];
  return addresses.find(({ type }) => type === "InternalIP")?.address ?? "127.0.0.1";
};

interface Report {
  readonly version: string;
  readonly run: string;
  readonly at: string;
  readonly kpis: { id: KpiId; value: number | null; n: number; status: string; reason: string | null }[];
  readonly serving: { seconds: number; requests: number; serverErrors: number; predictions: number };
  readonly usage: { replicaSeconds: number; predictions: number };
  readonly retraining: { decision: string; trigger: string | null; reason: string; run: string | null };
  readonly window: { rows: number; source: string };
}

interface Sample {
  readonly metric: Record<string, string>;
  readonly value: readonly [number, string];
}

/** What the stack's Prometheus answers to its user. */
async function askPrometheus(path: string): Promise<unknown> {
  const { username, password } = await secret("churn-platform-observability-prometheus-user", namespace);
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  const url = new URL(path, await addressOf("churn-platform-observability-prometheus-service"));
  return (await fetch(url, { headers: { authorization } })).json();
}

/** What an instant query answers, now or at another time (seconds since 1970). */
export async function query(expression: string, time?: number): Promise<Sample[]> {
  const at = time === undefined ? "" : `&time=${time}`;
  const answer = (await askPrometheus(`/api/v1/query?query=${encodeURIComponent(expression)}${at}`)) as {
    status: string;
    error?: string;
    data: { result: Sample[] };
  };
  if (answer.status !== "success") throw new Error(`${expression}: ${answer.error}`);
  return answer.data.result;
}

const upload = (key: string, content: string) =>
  withStore(
    "import boto3, sys; boto3.client('s3').put_object(Bucket='churn-dev-raw', Key=sys.argv[1], Body=sys.stdin.read().encode())",
    [key],
    content,
  );

const readReport = async (name: string): Promise<Report> =>
  JSON.parse(
    await withStore(
      "import boto3, sys; print(boto3.client('s3').get_object(Bucket='churn-dev-predictions', Key=sys.argv[1])['Body'].read().decode())",
      [`churn/monitor/${name}.json`],
    ),
  );

/** Runs the monitor to its end. @returns its report */
async function report(): Promise<Report> {
  const name = await submit(namespace, monitor);
  const { phase, message, steps } = await ended(namespace, name, 600);
  expect(
    { phase, message },
    `${JSON.stringify(steps)}\n${phase === "Succeeded" ? "" : await workflowLogs(namespace, name)}`,
  ).toEqual({
    phase: "Succeeded",
    message: "",
  });
  return readReport(name);
}

/** Calls with the environment of one of MLflow's users, who reaches it at a port of this machine. */
async function withTracking<T>(user: "reader" | "writer", work: (env: Record<string, string>) => Promise<T>): Promise<T> {
  const { username = "", password = "" } = await secret(`churn-platform-tracking-${user}`, namespace);
  const { port, stop } = await forward(namespace, "churn-platform-tracking-service", 5000);
  try {
    return await work({
      MLFLOW_TRACKING_URI: `http://127.0.0.1:${port}`,
      MLFLOW_TRACKING_USERNAME: username,
      MLFLOW_TRACKING_PASSWORD: password,
      // Else the server sends its clients to the object store, under a name of the cluster.
      MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD: "false",
    });
  } finally {
    stop();
  }
}

/** Moves the registry's alias, as a person does who rolls back by hand. */
export async function promote(version: string): Promise<void> {
  const code = "import mlflow, sys; mlflow.MlflowClient().set_registered_model_alias('churn-dev-churn', 'champion', sys.argv[1])";
  await withTracking("writer", (env) => run(python, ["-c", code, version], { env }));
  await until(`version ${version} in the scorers`, 120, async () =>
    (await status()).champion?.version === version ? true : undefined,
  );
}

const fewScorers = 2;

/**
 * Traffic of earlier steps has made four scorers, with which a small node is full: new ones, which come before the old ones go, would wait
 * until the autoscaler takes some away, five minutes later. It takes those above its limit away at once.
 */
async function makeRoom(): Promise<void> {
  const autoscaler = "horizontalpodautoscaler/churn-model-churn-endpoint-autoscaler";
  await kubectl("patch", autoscaler, "--namespace", namespace, "--patch", JSON.stringify({ spec: { maxReplicas: fewScorers } }));
  await until("the autoscaler to take scorers away", 120, async () => {
    const { status: state } = await read("deployment", "churn-model-churn-endpoint-deployment", namespace);
    return state.replicas <= fewScorers ? true : undefined;
  });
}

/** Workflows of the training that a trigger has started. */
const retrainings = async (): Promise<KubernetesObject[]> =>
  (await list("workflows", namespace)).filter(({ metadata }) => metadata.labels?.["cyclops.dev/trigger"] !== undefined);

interface RulesAnswer {
  readonly data: { readonly groups: { readonly rules: { readonly labels: Record<string, string> }[] }[] };
}

/** What the client has seen of one load, and what the report says of it. */
interface Measured {
  readonly sent: readonly Exchange[];
  readonly before: Report;
  readonly report: Report;
}

/**
 * Steps that watch the model of the deployed example: its spec gets alert channels, labels and a monitor of two shards; then shifted traffic
 * is sent, and everything that should follow from it is looked at.
 *
 * @param failing version whose model fails on charges above 400: how requests come to fail
 */
export function kpiSteps(engine: Engine, failing: string): void {
  const { rows, labels } = customers();
  const dear = shifted(rows.slice(0, 700));
  const springs: Row[] = Array.from({ length: 35 }, (_, index) => ({
    ...customer,
    customerID: `trap-${index}`,
    MonthlyCharges: 450,
  }));
  // Of the others nobody knows yet whether they leave.
  const matured = Object.fromEntries(
    dear.slice(0, 500).map(({ customerID }) => [String(customerID), labels[String(customerID)] ?? ""]),
  );
  let receiver: Awaited<ReturnType<typeof receiveAlerts>>;
  let measured: Measured;

  const value = (id: KpiId) => measured.report.kpis.find((kpi) => kpi.id === id)?.value ?? Number.NaN;

  it("takes a changed spec: alert channels, labels, a monitor of two shards", async () => {
    receiver = await receiveAlerts(await hostAddress());
    const authorities = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "e2e-authorities", namespace },
      data: { "ca.crt": receiver.certificate },
    };
    await run("kubectl", ["apply", "--filename", "-"], { input: JSON.stringify(authorities) });
    const spec = parse(readFileSync(path.join(example, "mlops.yaml"), "utf8"));
    // On New Year's Day: a scheduled report in the middle of the test would count the requests before the test's own does.
    const watched = { schedule: "0 0 1 1 *", instances: 2, labels: { path: "raw/labels/" } };
    spec.models.churn.monitoring = { ...spec.models.churn.monitoring, ...watched };
    spec.models.churn.endpoint.replicas = { min: 1, max: fewScorers };
    await makeRoom();
    expect(spec.models.churn.training.retrainOn).toContain("drift");
    await changeExample(engine, { ...spec, alerts: { webhook: [receiver.url] } });
    await engine.configure({ "webhooks.authorities": "e2e-authorities" });
    const standing = await volumes();
    await engine.up();
    expect(await volumes(), "volumes, each the same as before").toMatchObject(standing);
    await engine.up("--expect-no-changes");
  });

  it("has rules that the running Prometheus accepts and that do what their tests say", async () => {
    const [pod] = await readyPods(namespace, "cyclops.dev/role=prometheus");
    await promtoolInPod(namespace, pod?.metadata.name ?? "");
    await until("the model's alert rules in Prometheus", 120, async () => {
      const answer = (await askPrometheus("/api/v1/rules?type=alert")) as RulesAnswer;
      const own = answer.data.groups.flatMap(({ rules }) => rules).filter(({ labels: { model } }) => model === "churn");
      const covered = new Set(own.map(({ labels: { kpi } }) => kpi));
      return kpiIds.every((id) => covered.has(id)) ? own : undefined;
    });
  });

  badDataSteps(() => receiver.alerts());

  it("knows in Prometheus how full the volume of every pod is that has one", async () => {
    await until("figures of every claim that a pod mounts", 120, async () => {
      const running = (await list("pods", namespace)).filter(({ status }) => status.phase === "Running");
      const claims: string[] = running.flatMap(({ spec }) =>
        (spec.volumes ?? []).flatMap((volume: { persistentVolumeClaim?: { claimName: string } }) =>
          volume.persistentVolumeClaim ? [volume.persistentVolumeClaim.claimName] : [],
        ),
      );
      const told = (await query("cyclops_volume_available_bytes > 0")).map(({ metric }) => metric.volume);
      return claims.length > 3 && claims.every((claim) => told.includes(claim)) ? claims : undefined;
    });
  });

  it("reports fifteen KPIs of shifted traffic in Prometheus", async () => {
    await promote(failing);
    // What earlier steps have asked is in the window, too, and no client has kept it.
    await withStore(emptyCapture, []);
    const before = await report();
    const sent = await send(`${await endpoint()}/invocations`, [...springs, ...dear]);
    const lines = Object.entries(matured).map(([id, label]) => `${id},${label}`);
    await upload("labels/first.csv", `customerID,Churn\n${lines.join("\n")}\n`);
    // The scorers write captured requests twice a minute.
    await withStore(awaitCapture, [String(sent.filter(({ status: code }) => code === 200).length)]);
    measured = { sent, before, report: await report() };
    expect(measured.report.version).toBe(failing);
    expect(measured.report.kpis.filter((kpi) => kpi.value === null)).toEqual([]);

    const pushed = await until("all KPIs of the report in Prometheus", 120, async () => {
      const samples = await query('mlops_kpi{stack="churn",environment="dev",model="churn"}');
      const values = Object.fromEntries(samples.map(({ metric, value: [, text] }) => [metric.kpi, Number(text)]));
      return kpiIds.every((id) => values[id] === value(id)) ? samples : undefined;
    });
    expect(pushed.map(({ metric }) => metric.kpi).sort()).toEqual([...kpiIds].sort());
  });

  it("computes what an independent program computes from the same traffic, to 1e-9", async () => {
    const answered = measured.sent.filter(({ status: code }) => code === 200);
    const independent = await independentKpis(measured.report, answered, matured);
    const wrong = Object.entries(independent).filter(
      ([id, expected]) => !(Math.abs(value(id as KpiId) - expected) / Math.max(1, Math.abs(expected)) <= 1e-9),
    );
    expect(wrong.map(([id, expected]) => `${id} is ${value(id as KpiId)}, independently ${expected}`)).toEqual([]);
    expect(Object.keys(independent)).toHaveLength(11);
  });

  it("measures serving as its client does", async () => {
    const { sent, before, report: after } = measured;
    const failed = sent.filter(({ status: code }) => code >= 500).length;
    expect(failed).toBe(springs.length);
    expect(after.serving).toMatchObject({ requests: sent.length, serverErrors: failed, predictions: sent.length - failed });
    expect(value("error_rate")).toBeCloseTo(failed / sent.length, 12);
    // Money is of the window: of all that was asked before, too. What was asked last may have been written after the first report.
    expect(after.usage.predictions - before.usage.predictions).toBeGreaterThanOrEqual(sent.length - failed);
    expect(after.usage.replicaSeconds).toBeGreaterThan(before.usage.replicaSeconds);
    // Between the two reports nobody else has asked; each pod reads the counters some seconds before it writes its report.
    const minutes = (Date.parse(after.at) - Date.parse(before.at)) / 60_000;
    expect(value("throughput") / (sent.length / minutes)).toBeGreaterThan(0.8);
    expect(value("throughput") / (sent.length / minutes)).toBeLessThan(1.25);
    // A histogram knows its value to one bucket; the client's time has the way through the network on top.
    const client = percentile(
      sent.map(({ milliseconds }) => milliseconds),
      0.95,
    );
    const metrics = await (await fetch(`${await endpoint()}/metrics`)).text();
    const bounds = [
      ...new Set([...metrics.matchAll(/cyclops_request_seconds_bucket\{.*?le="([\d.]+)"/g)].map((m) => 1000 * Number(m[1]))),
    ];
    const bucketOf = (milliseconds: number) => bounds.filter((bound) => bound < milliseconds).length;
    expect(bounds.length).toBeGreaterThan(10);
    // Between the bounds of its bucket a quantile is interpolated, so it may be above the client's there, but in no bucket above.
    const behind = bucketOf(client) - bucketOf(value("latency_p95"));
    expect(behind, `client ${client} ms, KPI ${value("latency_p95")} ms`).toBeGreaterThanOrEqual(0);
    expect(behind, `client ${client} ms, KPI ${value("latency_p95")} ms`).toBeLessThanOrEqual(2);
    // Memory as the kernel counts it for the process, against the container's limit of 1Gi; CPU may be more.
    const [pod] = await readyPods(namespace, "cyclops.dev/role=scorer");
    const inside = await kubectl("exec", "--namespace", namespace, pod?.metadata.name ?? "", "--", "cat", "/proc/1/status");
    const resident = Number(/VmRSS:\s+(\d+) kB/.exec(inside)?.[1]) / 2 ** 20;
    expect(value("saturation")).toBeGreaterThan(resident * 0.7);
    expect(value("saturation")).toBeLessThan(1);
  });

  it("answers every query of the dashboard", async () => {
    const config = await read("configmap", "churn-model-churn-monitoring-dashboard", namespace);
    const [text = "{}"] = Object.values(config.data ?? {});
    const dashboard = JSON.parse(text) as Dashboard;
    const panels = dashboardQueries({ ...dashboard, annotations: { list: [] } });
    expect(panels.length).toBeGreaterThanOrEqual(kpiIds.length);
    // Live values are of the last five minutes, and reports take their time on a slow machine.
    const client = traffic(`${await endpoint()}/invocations`, () => invocation([customer]), 1);
    for (const expression of panels) {
      // The ten features that differ most may all be beyond chance: then none is within.
      if (expression.includes(" unless on (feature) ")) await query(expression);
      else await until(`data for ${expression}`, 90, async () => ((await query(expression)).length > 0 ? true : undefined));
    }
    await client.stop();
    // Versions are marked where they change, so there may be none; that the query is understood is all there is to see.
    for (const expression of dashboardQueries({ ...dashboard, panels: [] })) await query(expression);
  });

  it("tells the alert channel of the drift", async () => {
    const firing = await until("the critical alert of drift", 240, async () => {
      const alerts = await query('ALERTS{alertstate="firing",severity="critical",kpi=~"feature_psi_max|drifted_feature_share"}');
      return alerts.length > 0 ? alerts : undefined;
    });
    expect(firing[0]?.metric).toMatchObject({ stack: "churn", environment: "dev", model: "churn" });
    const kpi = firing[0]?.metric.kpi;
    const told = await until("the alert at its receiver", 180, async () =>
      receiver.alerts().find(({ labels: own }) => own.kpi === kpi && own.severity === "critical"),
    );
    expect(told.annotations.summary).toContain("churn");
    expect(told.annotations.runbook_url).toContain(`#${kpi}`);
    receiver.stop();
  });

  it("starts one training for the drift, which passes or fails the gate by itself", async () => {
    expect(measured.report.retraining).toMatchObject({ decision: "started", trigger: "drift" });
    const again = await report();
    expect(again.retraining.decision, again.retraining.reason).toBe("skipped");
    const started = await retrainings();
    expect(started.map(({ metadata }) => metadata.name)).toEqual([measured.report.retraining.run]);
    const { phase, steps } = await ended(namespace, started[0]?.metadata.name ?? "", 900);
    if (phase === "Succeeded") expect(steps.deploy).toBe("Succeeded");
    else expect(steps.gate).toBe("Failed");
  });
}

/** Has `independent_kpis.py` compute the eleven KPIs that come from data. */
async function independentKpis(
  { at, usage }: Report,
  answered: readonly Exchange[],
  labels: Record<string, string>,
): Promise<Record<string, number>> {
  const { data, monitoring } = parse(readFileSync(path.join(example, "mlops.yaml"), "utf8")).models.churn;
  const newestFile = (await withStore(newestRaw, [at, data.path.replace("raw/", "")])).trim();
  return withTracking("reader", async (user) => {
    const keys = await secret("churn-platform-storage-key-administrator", namespace);
    const env = { ...user, ...keys, AWS_DEFAULT_REGION: "us-east-1" };
    const tags = JSON.parse((await run(python, ["-c", championTags], { env })).trim()) as Record<string, string>;
    const input = {
      features: Object.keys(answered[0]?.row ?? {}).filter((name) => name !== data.id),
      rows: answered.map(({ row }) => row),
      answers: answered.map(({ answer }) => answer),
      labels,
      objectStore: await addressOf("churn-platform-storage-service"),
      trainData: tags["cyclops.train-data"],
      newestFile,
      registeredModel: "churn-dev-churn",
      schema: data.schema,
      target: data.target,
      positive: data.positive,
      id: data.id,
      segment: monitoring.segments[0],
      at,
      ...usage,
      costPerHour: monitoring.costPerHour,
      valuePerPrediction: monitoring.valuePerPrediction,
    };
    const output = await run(python, [path.join(__dirname, "independent_kpis.py")], { env, input: JSON.stringify(input) });
    return JSON.parse(output.trim().split("\n").at(-1) ?? "{}");
  });
}

const championTags = `
import json, mlflow
print(json.dumps(dict(mlflow.MlflowClient().get_model_version_by_alias("churn-dev-churn", "champion").tags)))
`;

const emptyCapture = `
import boto3
bucket = boto3.resource("s3").Bucket("churn-dev-predictions")
for captured in bucket.objects.filter(Prefix="churn/capture/"):
    captured.delete()
`;

const awaitCapture = `
import boto3, io, pyarrow.parquet, sys, time
bucket = boto3.resource("s3").Bucket("churn-dev-predictions")
end, wanted, rows = time.monotonic() + 120, int(sys.argv[1]), 0
while rows < wanted:
    if time.monotonic() > end:
        sys.exit(f"{rows} of {wanted} rows were captured")
    time.sleep(1)
    files = [io.BytesIO(f.get()["Body"].read()) for f in bucket.objects.filter(Prefix="churn/capture/") if f.key.endswith(".parquet")]
    rows = sum(pyarrow.parquet.read_metadata(file).num_rows for file in files)
`;

const newestRaw = `
import boto3, datetime, sys
at = datetime.datetime.fromisoformat(sys.argv[1])
pages = boto3.client("s3").get_paginator("list_objects_v2").paginate(Bucket="churn-dev-raw", Prefix=sys.argv[2])
files = [f for page in pages for f in page.get("Contents", []) if f["LastModified"] <= at]
print("s3://churn-dev-raw/" + max(files, key=lambda f: f["LastModified"])["Key"])
`;
