import { describe, expect, it } from "vitest";
import { instanceName } from "../src";
import { recordProgram } from "../src/plan";

/** The instance of a Pulumi stack of that name, or the one given. */
async function instanceOf(stack: string, given?: string): Promise<string> {
  let name = "";
  await recordProgram(
    () => {
      name = instanceName(given);
    },
    { stack },
  );
  return name;
}

describe("instanceName", () => {
  it("is the name of the Pulumi stack, or the one given", async () => {
    expect(await instanceOf("pr-42")).toBe("pr-42");
    expect(await instanceOf("pr-42", "dev")).toBe("dev");
  });

  it("fits into names, and differs for stacks whose names differ", async () => {
    const stacks = ["pr-42", "pr_42", "PR-42", "pr.42", "_", "-pr-42"];
    const names = await Promise.all(stacks.map((stack) => instanceOf(stack)));
    expect(new Set(names).size).toBe(stacks.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(names[1]).toMatch(/^pr-42-[0-9a-f]{4}$/);
  });

  it.each(["", "Dev", "a_b", "a--b", "-a", "a-", "a.b"])("refuses %j with the mend", async (given) => {
    await expect(instanceOf("dev", given)).rejects.toThrow(
      `instance: "${given}" cannot be in a name. Use lower-case letters, digits and single hyphens.`,
    );
  });
});
