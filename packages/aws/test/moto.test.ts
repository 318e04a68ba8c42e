import type { ResolvedStackSpec } from "@cyclops/core";
import { revealValue } from "@cyclops/core/testing";
import { expect, it } from "vitest";
import { MlopsStack, type MlopsStackArgs } from "../src";
import { askPython } from "./support/python";
import { record } from "./support/recorded";
import { fixture } from "./support/specs";

/** What the adapter says of a stack. */
interface Made {
  /** Number of resources that moto has taken, by type. */
  readonly created: Readonly<Record<string, number>>;
  /** Number of resources that moto has no call for, and whose parameters botocore's models take, by type. */
  readonly checked: Readonly<Record<string, number>>;
  /** What was not taken, with the answer. */
  readonly refused: readonly string[];
}

/** Makes a stack on a moto server. */
async function make(spec: ResolvedStackSpec, args: Omit<MlopsStackArgs, "spec"> = {}) {
  const { resources } = await record(() => new MlopsStack("stack", { ...args, spec }));
  const custom = resources.filter((resource) => resource.custom && !resource.read);
  const made = await askPython<Made>(
    "moto_create.py",
    custom.map(({ type, name, inputs }) => ({ type, name, inputs: revealValue(inputs) })),
  );
  return { ...made, total: custom.length };
}

const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((total, each) => total + each, 0);
it("is accepted by moto, resource by resource", async () => {
  const { created, checked, refused, total } = await make(fixture("full"));
  expect(refused).toEqual([]);
  // moto knows no MLflow apps, user profiles, budget actions and composite alarms.
  expect(Object.keys(checked).sort()).toEqual([
    "aws:budgets/budgetAction:BudgetAction",
    "aws:cloudwatch/compositeAlarm:CompositeAlarm",
    "aws:sagemaker/mlflowApp:MlflowApp",
    "aws:sagemaker/userProfile:UserProfile",
  ]);
  expect(sum(created) + sum(checked)).toBe(total);
  expect(sum(created)).toBeGreaterThan(150);
});

it.each(["async", "serverless", "shadow", "approval", "gpu-spot-distributed", "regression"])(
  "is accepted by moto: the fixture %s",
  async (name) => {
    // moto's list of instance types is older than g5.
    const instanceTypes = { gpu: { 1: "ml.g4dn.xlarge", 4: "ml.g4dn.12xlarge" } };
    const { created, checked, refused, total } = await make(fixture(name), { instanceTypes });
    expect(refused).toEqual([]);
    expect(sum(created) + sum(checked)).toBe(total);
  },
);

it("is refused by moto where something is wrong", async () => {
  const { refused } = await make(fixture("async"), { instanceTypes: { endpoints: { S: "ml.none.large" } } });
  expect(refused[0]).toMatch(/EndpointConfiguration .*ml\.none\.large/);
});

it("is accepted by moto in a VPC of its own", async () => {
  const { refused, created } = await make(fixture("full"), { network: { kind: "private" } });
  expect(refused).toEqual([]);
  expect(created["aws:ec2/vpcEndpoint:VpcEndpoint"]).toBe(14);
});
