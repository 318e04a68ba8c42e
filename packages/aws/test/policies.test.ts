import { loadSpec } from "@cyclops/core";
import { validFixtures } from "@cyclops/core/testing";
import { describe, expect, it } from "vitest";
import { MlopsStack } from "../src";
import { actionProblems } from "./support/iam-actions";
import { listOf } from "./support/policy-evaluator";
import { record } from "./support/recorded";
import { statementsOf } from "./support/security";

describe("the policies of a whole stack", () => {
  it.each(["full", "platform-only", "async"])("of the spec %s name actions that AWS has", async (name) => {
    const fixture = validFixtures().find((each) => each.name === name);
    if (!fixture) throw new Error(`no fixture ${name}`);
    const { resources } = await record(() => new MlopsStack("stack", { spec: loadSpec(fixture.file) }));
    const policies = resources.map((resource) => ({ resource, Statement: statementsOf(resource) }));
    const found = policies.flatMap(({ resource, Statement }) =>
      actionProblems({ Version: "2012-10-17", Statement }).map((problem) => `${resource.name}: ${problem}`),
    );
    expect(found).toEqual([]);
    expect(policies.filter(({ Statement }) => Statement.length > 0).length).toBeGreaterThan(5);
  });

  it("give no identity everything", async () => {
    const fixture = validFixtures().find(({ name }) => name === "full");
    if (!fixture) throw new Error("no fixture");
    const { resources } = await record(() => new MlopsStack("stack", { spec: loadSpec(fixture.file) }));
    const identities = resources.filter(
      ({ type }) => type === "aws:iam/rolePolicy:RolePolicy" || type === "aws:iam/policy:Policy",
    );
    const everything = identities.flatMap(statementsOf).filter(({ Action, Resource = [] }) => {
      return listOf(Action).some((action) => action === "*" || action.endsWith(":*")) && listOf(Resource).includes("*");
    });
    expect(everything).toEqual([]);
    expect(JSON.stringify(resources.map(({ inputs }) => inputs))).not.toMatch(/FullAccess|AdministratorAccess/);
  });
});
