import { describe, expect, it } from "vitest";
import { trainingTemplate } from "../../src/documents/training-template";
import { pipeline } from "../support/contexts";
import type { Plain } from "../support/recorded";
import { fullModel, resolveModel, withTraining } from "../support/specs";

type Training = Parameters<typeof withTraining>[0];

const templateOf = (training: Training = {}, context = pipeline()): Plain =>
  trainingTemplate(resolveModel(withTraining(training)).training, context, "churn-rendezvous");
const stepOf = (workflow: Plain, name: string): Plain => {
  const found = workflow.templates.find((template: Plain) => template.name === name);
  if (!found) throw new Error(`no template ${name} among ${workflow.templates.map((each: Plain) => each.name).join(", ")}`);
  return found;
};
const tasksOf = (workflow: Plain): Plain[] => stepOf(workflow, workflow.entrypoint).dag.tasks;
const variable = (workflow: Plain, step: string, name: string): Plain =>
  stepOf(workflow, step).container.env.find((each: Plain) => each.name === name);

describe("the chain", () => {
  it("runs each step after the one before it", () => {
    const order = tasksOf(templateOf()).map(({ name, template, dependencies = [] }) => [name, template, ...dependencies]);
    expect(order).toEqual([
      ["ingest", "ingest"],
      ["curate", "curate", "ingest"],
      ["preprocess", "preprocess", "curate"],
      ["train", "train", "preprocess"],
      ["evaluate", "evaluate", "train"],
      ["gate", "gate", "evaluate"],
      ["register", "register", "gate"],
      ["deploy", "deploy", "register"],
    ]);
  });

  it("tunes in place of training, as the account and storage user of training", () => {
    const workflow = templateOf({ tune: { trials: 10, parallelism: 2 } });
    const names = tasksOf(workflow).map(({ name }) => name);
    expect(names).toContain("tune");
    expect(names).not.toContain("train");
    expect(stepOf(workflow, "tune")).toMatchObject({
      serviceAccountName: "account-train",
      container: { command: ["cyclops-runtime", "tune"] },
    });
    expect(variable(workflow, "tune", "AWS_ACCESS_KEY_ID").valueFrom.secretKeyRef.name).toBe("key-train");
  });

  it("waits for a person between gate and registration where approval is asked for", () => {
    const workflow = templateOf({ approval: { timeout: "2d" } });
    const tasks = tasksOf(workflow);
    expect(tasks.find(({ name }) => name === "approval")).toEqual({
      name: "approval",
      template: "approval",
      dependencies: ["gate"],
    });
    expect(tasks.find(({ name }) => name === "register").dependencies).toEqual(["approval"]);
    expect(stepOf(workflow, "approval")).toEqual({ name: "approval", suspend: {} });
    expect(workflow.activeDeadlineSeconds - templateOf().activeDeadlineSeconds).toBe(2 * 24 * 3600);
  });

  it("lets one training of a model run at a time", () => {
    expect(templateOf().synchronization).toEqual({ mutexes: [{ name: "train-churn" }] });
  });
});

describe("a step", () => {
  it("runs a command of the runtime with an identity of its own", () => {
    const train = stepOf(templateOf(), "train");
    expect(train.serviceAccountName).toBe("account-train");
    expect(train.container.command).toEqual(["cyclops-runtime", "train"]);
    expect(train.metadata.labels).toEqual({
      "cyclops.dev/role": "step",
      "cyclops.dev/name": "train",
      "cyclops.dev/model": "churn",
    });
    expect(train.container.env).toEqual([
      { name: "CYCLOPS_CONFIG", value: "/etc/cyclops/model.json" },
      { name: "CYCLOPS_RUN_ID", value: "{{workflow.name}}" },
      { name: "CYCLOPS_SECRETS_DIR", value: "/etc/cyclops-secrets" },
      { name: "CYCLOPS_IMAGE", value: train.container.image },
      { name: "AWS_ENDPOINT_URL", value: "http://store.churn-dev.svc:8333" },
      { name: "AWS_REGION", value: "us-east-1" },
      { name: "AWS_ACCESS_KEY_ID", valueFrom: { secretKeyRef: { name: "key-train", key: "AWS_ACCESS_KEY_ID" } } },
      { name: "AWS_SECRET_ACCESS_KEY", valueFrom: { secretKeyRef: { name: "key-train", key: "AWS_SECRET_ACCESS_KEY" } } },
      { name: "MLFLOW_TRACKING_URI", value: "http://mlflow.churn-dev.svc:5000" },
      { name: "MLFLOW_TRACKING_USERNAME", valueFrom: { secretKeyRef: { name: "mlflow-writer", key: "username" } } },
      { name: "MLFLOW_TRACKING_PASSWORD", valueFrom: { secretKeyRef: { name: "mlflow-writer", key: "password" } } },
    ]);
  });

  it("has keys and an account that no other step has", () => {
    const workflow = templateOf();
    const steps: Plain[] = workflow.templates.filter(({ container }: Plain) => container);
    expect(new Set(steps.map(({ serviceAccountName }) => serviceAccountName)).size).toBe(steps.length);
    expect(new Set(steps.map(({ name }) => variable(workflow, name, "AWS_ACCESS_KEY_ID").valueFrom.secretKeyRef.name)).size).toBe(
      steps.length,
    );
  });

  it("takes image, command, environment, size and limits of time from the spec", () => {
    const steps: Training["steps"] = {
      train: {
        image: "registry.example.com/train:3",
        command: ["python", "train.py"],
        environment: { EPOCHS: "3" },
        size: "M",
        timeout: "90m",
      },
    };
    const train = stepOf(templateOf({ steps }), "train");
    expect(train.container).toMatchObject({
      image: "registry.example.com/train:3",
      command: ["python", "train.py"],
      resources: { requests: { cpu: "1", memory: "4Gi" }, limits: { cpu: "4", memory: "4Gi" } },
    });
    expect(train.container.env.at(-1)).toEqual({ name: "EPOCHS", value: "3" });
    // Part of the key of cached files: another image makes others.
    expect(train.container.env).toContainEqual({ name: "CYCLOPS_IMAGE", value: "registry.example.com/train:3" });
    expect(train.activeDeadlineSeconds).toBe(90 * 60);
  });

  it("leaves an entry point to the runtime, which reads it from the model document", () => {
    expect(stepOf(templateOf({ steps: { train: { entrypoint: "team.train:fit" } } }), "train").container.command).toEqual([
      "cyclops-runtime",
      "train",
    ]);
  });

  it("mounts the secrets of the data source into ingest and into no other step", () => {
    const workflow = templateOf();
    const mounts = (name: string) => stepOf(workflow, name).container.volumeMounts.map((mount: Plain) => mount.mountPath);
    expect(mounts("ingest")).toContain("/etc/cyclops-secrets/telco-source");
    expect(stepOf(workflow, "ingest").volumes).toContainEqual({
      name: "secret-telco-source",
      secret: { secretName: "telco-source", defaultMode: 0o440 },
    });
    const others = ["curate", "preprocess", "train", "evaluate", "gate", "register", "deploy"];
    expect(others.filter((step) => JSON.stringify(stepOf(workflow, step)).includes("telco-source"))).toEqual([]);
  });

  it("prefers interruptible nodes where it may be interrupted, and asks for GPUs by the cluster's name of them", () => {
    const context = pipeline({ cluster: { scheduling: { gpuResource: "amd.com/gpu" } } });
    const workflow = templateOf({ steps: { train: { spot: true, gpu: 2 } } }, context);
    const train = stepOf(workflow, "train");
    expect(train.container.resources.limits).toMatchObject({ "amd.com/gpu": "2" });
    expect(train.container.resources.requests).toMatchObject({ "amd.com/gpu": "2" });
    expect(train.tolerations).toEqual([{ key: "cyclops.dev/spot", operator: "Equal", value: "true", effect: "NoSchedule" }]);
    expect(train.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions).toEqual([
      { key: "cyclops.dev/spot", operator: "In", values: ["true"] },
    ]);
    expect(stepOf(workflow, "evaluate")).not.toHaveProperty("tolerations");
  });
});

describe("a failed step", () => {
  it("is repeated, but not where the answer would be the same", () => {
    expect(stepOf(templateOf(), "train").retryStrategy).toEqual({
      limit: "2",
      retryPolicy: "Always",
      // A limit of the whole duration would stop a second attempt that is still running.
      backoff: { duration: "60s", factor: 2, cap: "600s" },
      expression: "asInt(lastRetry.exitCode) not in [1, 2, 3, 4]",
    });
  });

  it("is repeated whatever its exit code, where the command is the user's", () => {
    const { retryStrategy } = stepOf(templateOf({ steps: { train: { command: ["./train"], retries: 5 } } }), "train");
    expect(retryStrategy).toEqual({ limit: "5", retryPolicy: "Always", backoff: { duration: "60s", factor: 2, cap: "600s" } });
  });

  it("is final for gate and deploy", () => {
    const workflow = templateOf();
    expect(["gate", "deploy"].filter((step) => "retryStrategy" in stepOf(workflow, step))).toEqual([]);
  });

  it("leaves time for all attempts and the pauses between them", () => {
    // Six steps of three attempts of an hour with pauses of 10 s and 20 s; gate and deploy once.
    expect(templateOf().activeDeadlineSeconds).toBe(6 * (3 * 3600 + 180) + 2 * 3600);
  });
});

describe("a distributed training", () => {
  const workflow = templateOf({ steps: { train: { instances: 4 } } });

  it("runs one pod for each instance, numbered from zero", () => {
    expect(tasksOf(workflow).find(({ name }) => name === "train")).toEqual({
      name: "train",
      template: "train",
      dependencies: ["preprocess"],
      withSequence: { count: "4" },
      arguments: { parameters: [{ name: "instance", value: "{{item}}" }] },
    });
    expect(stepOf(workflow, "train").inputs).toEqual({ parameters: [{ name: "instance" }] });
    expect(tasksOf(workflow).filter((task) => "withSequence" in task)).toHaveLength(1);
  });

  it("tells each its number, their count, and where the first one is", () => {
    expect(variable(workflow, "train", "CYCLOPS_RANK").value).toBe("{{inputs.parameters.instance}}");
    expect(variable(workflow, "train", "CYCLOPS_WORLD_SIZE").value).toBe("4");
    expect(variable(workflow, "train", "CYCLOPS_RENDEZVOUS").value).toBe("rank-0.churn-rendezvous.churn-dev.svc:29500");
    expect(JSON.parse(stepOf(workflow, "train").podSpecPatch)).toEqual({
      hostname: "rank-{{inputs.parameters.instance}}",
      subdomain: "churn-rendezvous",
    });
  });

  it("is told of by its own step alone", () => {
    const others = workflow.templates.filter(({ name }: Plain) => name !== "train" && name !== workflow.entrypoint);
    expect(others.length).toBeGreaterThan(5);
    expect(JSON.stringify(others)).not.toContain("CYCLOPS_RANK");
  });
});

it("is the same document for the same spec", () => {
  const { training } = resolveModel(fullModel);
  expect(trainingTemplate(training, pipeline(), "r")).toEqual(
    trainingTemplate(resolveModel(fullModel).training, pipeline(), "r"),
  );
});
