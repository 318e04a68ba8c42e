import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { invocation } from "./access";
import { cleanExample } from "./changed-example";
import { changeSteps } from "./changes";
import {
  continued,
  customer,
  endpoint,
  inScorer,
  namespace,
  predict,
  status,
  template,
  train,
  trainUnderTraffic,
  versions,
  withStore,
  withTrap,
} from "./churn-stack";
import { ended, everything, kubectl, list, read, readyPods, submit, watch } from "./cluster";
import { attempt, root, run, until } from "./command";
import { dayTwoSteps } from "./day-two";
import { Engine } from "./engine";
import { type Bindings, prepare } from "./environment";
import { upAfterKilledUp } from "./killed-up";
import { kpiSteps, promote } from "./kpis";
import { portTable } from "./port-table";
import { scanPorts } from "./ports";
import { ownPrediction, withDocument } from "./workflows";

// The stack's name is in the names of what it makes.
const engine = new Engine("examples/churn/onprem", "dev");

let bindings: Bindings;
let before: string[];
/** Runs whose files other runs go on from: the first training, and the one of the trap. */
let trained: string;
let trapped: string;

describe("the churn example on a real cluster", () => {
  beforeAll(async () => {
    await run("npx", ["tsc", "-b", "packages/onprem"]);
    bindings = await prepare(namespace);
    before = await everything();
    // A stack of this name that is not the tests' own would be taken over, and destroyed at the end.
    expect(before, "delete the stack that is there, or name another cluster").not.toContain(`Namespace/<none>/${namespace}`);
    await engine.init(bindings);
  });

  afterAll(async () => {
    await engine.attempt("destroy", "--yes", "--skip-preview");
    engine.clean();
    cleanExample();
  });

  it("says in one sentence that the cluster does not answer", async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "cyclops-kubeconfig-"));
    try {
      const nowhere = path.join(folder, "config");
      writeFileSync(nowhere, kubeconfigTo("https://127.0.0.1:1"));
      // The provider goes on trying for many minutes, so the sentence is what ends the wait.
      await engine.killedUp(/The Kubernetes provider has not answered for 3 s/, 1, { KUBECONFIG: nowhere });
      await engine.attempt("cancel", "--yes");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("ends in the same state after an up that was killed half-way", async () => {
    await upAfterKilledUp(engine, namespace);
    const pods = (await list("pods", namespace)).filter(({ status: state }) => state.phase !== "Succeeded");
    expect(pods.length).toBeGreaterThan(5);
    for (const { metadata, status: state } of pods) {
      expect(state.conditions.find((condition: { type: string }) => condition.type === "Ready")?.status, metadata.name).toBe(
        "True",
      );
    }
  });

  it("starts without a model: healthy, and 503 to predictions", async () => {
    expect((await fetch(`${await endpoint()}/readyz`)).status).toBe(200);
    const { status: code, body } = await predict([customer]);
    expect(code).toBe(503);
    expect(body.error).toContain("no model yet");
  });

  it("changes nothing at the second up", async () => {
    await engine.up("--expect-no-changes");
  });

  it("runs under Pod Security restricted, without a role in the cluster as a whole", async () => {
    const { metadata } = JSON.parse(await kubectl("get", "namespace", namespace, "--output", "json"));
    expect(metadata.labels["pod-security.kubernetes.io/enforce"]).toBe("restricted");
    const refused = await attempt("kubectl", [
      "run",
      "root",
      "--namespace",
      namespace,
      "--image",
      bindings["images.runtime"] ?? "",
      "--dry-run=server",
    ]);
    expect(refused.stderr).toContain("violates PodSecurity");
    const bound = (await list("clusterrolebindings")).filter(({ subjects }) =>
      subjects?.some((subject: { namespace?: string }) => subject.namespace === namespace),
    );
    expect(bound.map(({ metadata: { name } }) => name)).toEqual([]);
  });

  it("trains on the real data, passes the gate, registers and serves what the model itself predicts", async () => {
    const upload = "import boto3, sys; boto3.client('s3').upload_file(sys.argv[1], 'churn-dev-raw', 'telco/telco-churn.csv')";
    await withStore(upload, [path.join(root, "examples/churn/raw/telco/telco-churn.csv")]);
    const { phase, steps, logs, name } = await train();
    trained = name;
    expect(phase, logs).toBe("Succeeded");
    expect(steps).toMatchObject({
      ingest: "Succeeded",
      curate: "Succeeded",
      preprocess: "Succeeded",
      train: "Succeeded",
      evaluate: "Succeeded",
      gate: "Succeeded",
      register: "Succeeded",
      deploy: "Succeeded",
    });
    expect((await versions())["1"]?.["cyclops.outcome"]).toBe("promoted");

    const { status: code, version, body } = await predict([customer]);
    expect({ code, version }).toEqual({ code: 200, version: "1" });
    const line = (await inScorer(ownPrediction, JSON.stringify([customer])))
      .split("\n")
      .find((text) => text.startsWith("PREDICTION "));
    const [own] = JSON.parse(line?.slice(11) ?? "[]") as number[];
    expect(own).toBeGreaterThan(0);
    expect(body.predictions?.[0]?.probability).toBeCloseTo(own as number, 12);
  });

  it("gives no data and takes none without keys, at any port of any pod, to another namespace", async () => {
    const table = portTable({ bucket: "churn-dev-raw", tracking: "churn-platform-tracking-service" });
    expect(await scanPorts(namespace, bindings["images.runtime"] ?? "", table)).toEqual([]);
  });

  it("changes nothing at an up after the rollout", async () => {
    await engine.up("--expect-no-changes");
  });

  it("does not deploy a version that fails the gate", async () => {
    // The verdict is the evaluate step's: the model is that of the training before.
    const change = await continued({ run: "e2e-strict-gate", earlier: trained, step: "evaluate" });
    const workflow = await submit(namespace, template, (plain) =>
      withDocument(change(plain), ({ spec }) => {
        spec.training.gate = { ...spec.training.gate, min: 0.999 };
      }),
    );
    const { phase, steps } = await ended(namespace, workflow, 900);
    expect(phase).toBe("Failed");
    expect(steps.gate).toBe("Failed");
    expect(steps.register).toBe("Omitted");
    expect(Object.keys(await versions())).toEqual(["1"]);
    expect((await status()).champion?.version).toBe("1");
  });

  it("rolls a version back whose canary errors, and no client sees a failed request", async () => {
    const change = await continued({ run: "e2e-trap", earlier: trained, step: "train" });
    const clients = `${await endpoint()}/invocations`;
    const { phase, steps, logs, seen, name } = await trainUnderTraffic(clients, (plain) => withTrap(change(plain)));
    trapped = name;
    expect(steps.register, logs).toBe("Succeeded");
    expect({ phase, deploy: steps.deploy }).toEqual({ phase: "Failed", deploy: "Failed" });
    expect((await versions())["2"]?.["cyclops.outcome"]).toBe("rolled-back");
    expect(Object.keys(seen.statuses), JSON.stringify(seen)).toEqual(["200"]);
    expect(seen.requests).toBeGreaterThan(100);
    await until("the challenger to go", 60, async () => ((await status()).challenger === null ? true : undefined));
    expect((await status()).champion?.version).toBe("1");
  });

  it("loses no run, model or artifact with the MLflow pod and the database pod", async () => {
    const runsOf =
      "import mlflow; print('RUNS ' + str(sorted(r.info.run_id for r in mlflow.MlflowClient().search_runs([e.experiment_id for e in mlflow.MlflowClient().search_experiments()]))))";
    const runs = (await inScorer(runsOf)).split("\n").find((line) => line.startsWith("RUNS "));
    expect(runs?.length).toBeGreaterThan(40);
    const registered = await versions();
    await kubectl(
      "delete",
      "pod",
      "--namespace",
      namespace,
      "--selector",
      "cyclops.dev/role in (tracking,database)",
      "--wait=true",
    );
    for (const role of ["database", "tracking"]) {
      await until(`a ready ${role} pod`, 300, async () =>
        (await readyPods(namespace, `cyclops.dev/role=${role}`)).length > 0 ? true : undefined,
      );
    }
    // The scorer has gone on without the registry.
    expect((await predict([customer])).status).toBe(200);
    expect((await inScorer(runsOf)).split("\n").find((line) => line.startsWith("RUNS "))).toBe(runs);
    expect(await versions()).toEqual(registered);
    const artifact = (await inScorer(ownPrediction, JSON.stringify([customer])))
      .split("\n")
      .find((text) => text.startsWith("PREDICTION "));
    expect(JSON.parse(artifact?.slice(11) ?? "[]")[0]).toBeCloseTo(
      (await predict([customer])).body.predictions?.[0]?.probability as number,
      12,
    );
  });

  changeSteps(engine);
  dayTwoSteps(engine, () => bindings["images.runtime"] ?? "");
  kpiSteps(engine, "2");

  it("shows no secret value in the state, in a log, or in the environment of a pod that does not own it", async () => {
    const secrets = (await list("secrets", namespace)).filter(
      ({ metadata, type }) => type === "Opaque" && metadata.labels?.["app.kubernetes.io/managed-by"] === "cyclops",
    );
    const values = secrets.flatMap(({ metadata, data = {} }) =>
      Object.entries(data)
        .map(([key, value]) => ({ owner: metadata.name, key, value: Buffer.from(value, "base64").toString() }))
        .filter(({ key }) => key !== "username" && key !== "AWS_ACCESS_KEY_ID"),
    );
    expect(values.length).toBeGreaterThan(15);
    const state = await engine.pulumi("stack", "export");
    const inState = values.filter(({ value }) => state.includes(value) || state.includes(Buffer.from(value).toString("base64")));
    expect(inState.map(({ owner, key }) => `${owner}/${key}`)).toEqual([]);

    for (const pod of await list("pods", namespace)) {
      const { stdout: log } = await attempt("kubectl", [
        "logs",
        pod.metadata.name,
        "--namespace",
        namespace,
        "--all-containers",
        "--tail=-1",
      ]);
      expect(
        values.filter(({ value }) => log.includes(value)).map(({ owner, key }) => `${owner}/${key}`),
        `log of ${pod.metadata.name}`,
      ).toEqual([]);
      if (pod.status.phase !== "Running") continue;
      const owned = new Set(
        pod.spec.containers.flatMap((container: { env?: { valueFrom?: { secretKeyRef?: { name: string } } }[] }) =>
          (container.env ?? []).flatMap(({ valueFrom }) => valueFrom?.secretKeyRef?.name ?? []),
        ),
      );
      const { stdout: environment } = await attempt("kubectl", [
        "exec",
        pod.metadata.name,
        "--namespace",
        namespace,
        "--",
        "cat",
        "/proc/1/environ",
      ]);
      // A composed value, such as an address with its password, is made of others.
      const ownText = values
        .filter(({ owner }) => owned.has(owner))
        .map(({ value }) => value)
        .join("\n");
      const foreign = values.filter(({ value }) => environment.includes(value) && !ownText.includes(value));
      expect(
        foreign.map(({ owner, key }) => `${owner}/${key}`),
        `environment of ${pod.metadata.name}`,
      ).toEqual([]);
    }
  });

  it("shifts the weights of a route where a Gateway is given, and takes them back when the canary errors", async () => {
    const gateway = {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "Gateway",
      metadata: { name: "e2e", namespace },
      spec: {
        gatewayClassName: "sandbox",
        listeners: [{ name: "web", port: 8080, protocol: "HTTP", allowedRoutes: { namespaces: { from: "Same" } } }],
      },
    };
    await run("kubectl", ["apply", "--filename", "-"], { input: JSON.stringify(gateway) });
    await promote("1");
    const known = Object.keys(await versions());
    await engine.configure({ "gateway.name": "e2e", "gateway.url": "http://10.88.0.1:8080" });
    await engine.up();
    const through = "http://10.88.0.1:8080/churn/invocations";
    await until("an answer through the gateway", 120, async () => {
      const answer = await fetch(through, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(invocation([customer])),
      }).catch(() => undefined);
      return answer?.status === 200 ? true : undefined;
    });
    const weights = watch("httproute", "churn-model-churn-endpoint-route", namespace, ".spec.rules[0].backendRefs[*].weight");
    const change = await continued({ run: "e2e-route", earlier: trapped, step: "register" });
    const { phase, steps, logs, seen } = await trainUnderTraffic(through, change);
    const seenWeights = weights.stop();
    expect(steps.register, logs).toBe("Succeeded");
    expect({ phase, deploy: steps.deploy }).toEqual({ phase: "Failed", deploy: "Failed" });
    expect(seenWeights, "weights while the canary was watched").toContain("90,10");
    const { spec } = await read("httproute", "churn-model-churn-endpoint-route", namespace);
    expect(spec.rules[0].backendRefs.map(({ weight }: { weight: number }) => weight ?? 1)).toEqual([100, 0]);
    // Every failure came from the canary: the stable version answered all of its requests.
    const stable = seen.versions["1"] ?? 0;
    expect(stable).toBeGreaterThan(50);
    expect(seen.statuses["200"] ?? 0, JSON.stringify(seen)).toBeGreaterThanOrEqual(stable);
    const fresh = Object.entries(await versions()).filter(([version]) => !known.includes(version));
    expect(fresh.map(([, tags]) => tags["cyclops.outcome"])).toEqual(["rolled-back"]);
    await engine.up("--expect-no-changes");
    await kubectl("delete", "gateway", "e2e", "--namespace", namespace);
  });

  it("leaves nothing but Argo's definitions in the cluster when it is destroyed", async () => {
    await engine.pulumi("destroy", "--yes", "--skip-preview");
    const remaining = async () => (await everything()).filter((name) => !before.includes(name) && !isDefinitionOfArgo(name));
    const left = await until("volumes to be deleted", 120, async () => {
      const now = await remaining();
      return now.length === 0 ? now : undefined;
    }).catch(remaining);
    expect(left).toEqual([]);
    // They are the cluster's: without them the workflows of other stacks would be gone.
    expect((await everything()).filter(isDefinitionOfArgo).length).toBeGreaterThan(3);
  });
});

/** A definition, or the version of the API that the definitions make. */
const isDefinitionOfArgo = (name: string): boolean => /^(CustomResourceDefinition|APIService)\/.*\.argoproj\.io$/.test(name);

/** Configuration of kubectl and of the Kubernetes provider for a server. */
const kubeconfigTo = (server: string) =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "it", cluster: { server } }],
    users: [{ name: "it", user: {} }],
    contexts: [{ name: "it", context: { cluster: "it", user: "it" } }],
    "current-context": "it",
  });
