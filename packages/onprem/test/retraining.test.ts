import { beforeAll, describe, expect, it } from "vitest";
import { MlopsStack } from "../src";
import { podsOf } from "./support/pods";
import { documentOf, type Plain, type Recorded, record } from "./support/recorded";
import { fullStack, withTraining } from "./support/specs";

type Training = Parameters<typeof withTraining>[0];

const stack = (training: Training) =>
  record(() => new MlopsStack("churn", { spec: { ...fullStack, models: { churn: withTraining(training) } } }));

/** Kinds that a workload may touch, with the verbs. */
const rightsOf = (recorded: Recorded, workload: string): Record<string, string[]> => {
  const { rules } = recorded.object(`churn-model-churn-identity-role-${workload}`);
  return Object.fromEntries(rules.flatMap(({ resources, verbs }: Plain) => resources.map((kind: string) => [kind, verbs])));
};

const secretsOf = (recorded: Recorded, step: string): string[] =>
  podsOf(recorded.resources)
    .filter(({ where }) => where.endsWith(` ${step}`))
    .flatMap(({ spec }) => spec.volumes.flatMap(({ secret }: Plain) => (secret ? [secret.secretName] : [])));

const steps = ["ingest", "curate", "preprocess", "train", "evaluate", "gate", "register", "deploy", "batch"];

describe("a monitor that may start trainings", () => {
  let drift: Recorded;
  let newData: Recorded;
  let none: Recorded;
  beforeAll(async () => {
    drift = await stack({ retrainOn: ["drift"] });
    newData = await stack({ retrainOn: ["new-data", "schedule"] });
    none = await stack({ retrainOn: ["schedule"] });
  });

  it("reads the namespace and the name of the training's WorkflowTemplate, and no other command does", () => {
    const template: string = drift.object("churn-model-churn-training-template").metadata.name;
    expect(documentOf(drift, "monitoring").orchestration).toEqual({ kind: "argo", namespace: "churn-dev", template });
    expect(template.length).toBeLessThanOrEqual(52);
    for (const part of ["training", "batch"]) expect(documentOf(drift, part).orchestration, part).toBeNull();
  });

  it("may make and read workflows, and nobody else may", () => {
    expect(rightsOf(drift, "monitor")).toEqual({
      workflowtaskresults: ["create", "patch"],
      workflows: ["create", "get", "list"],
    });
    for (const step of steps) expect(rightsOf(drift, step), step).not.toHaveProperty("workflows");
  });

  it("has neither where only a schedule starts trainings", () => {
    expect(documentOf(none, "monitoring").orchestration).toBeNull();
    expect(rightsOf(none, "monitor")).toEqual({ workflowtaskresults: ["create", "patch"] });
  });

  it("opens the data source only to look for new data", () => {
    const pushes = "churn-platform-observability-pushgateway-user";
    expect(secretsOf(newData, "monitor")).toEqual(["telco-source", pushes]);
    expect(secretsOf(drift, "monitor")).toEqual([pushes]);
    expect(secretsOf(newData, "batch")).toEqual([]);
    expect(secretsOf(drift, "ingest")).toEqual(["telco-source"]);
  });

  it("makes the same resources", () => {
    const names = ({ resources }: Recorded) => resources.map(({ type, name }) => `${type} ${name}`).sort();
    expect(names(newData)).toEqual(names(none));
  });
});
