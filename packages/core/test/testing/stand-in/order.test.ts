import { type JournalEntry, orderProblems, referenceProblems, type StateResource } from "@cyclops/core/testing/stand-in";
import { describe, expect, it } from "vitest";

const urn = (name: string) => `urn:pulumi:dev::project::cloud:store/box:Box::${name}`;
const entries = (...calls: string[]): JournalEntry[] =>
  calls.map((text) => {
    const [call, phase, name = ""] = text.split(" ");
    return { call: call as JournalEntry["call"], phase: phase as JournalEntry["phase"], urn: urn(name) };
  });
const box = (name: string, more: Partial<StateResource> = {}): StateResource => ({
  urn: urn(name),
  type: "cloud:store/box:Box",
  custom: true,
  ...more,
});
const resources = [box("a"), box("b", { dependencies: [urn("a")] })];

describe("the order of calls", () => {
  it("is kept where each begins after the end of what it depends on", () => {
    const made = entries("create begin a", "create end a", "create begin b", "create end b");
    const gone = entries("delete begin b", "delete end b", "delete begin a", "delete end a");
    expect(orderProblems([...made, ...gone], resources)).toEqual([]);
  });

  it("is broken by one that begins while the other is still being made, or fails", () => {
    expect(orderProblems(entries("create begin a", "create begin b", "create end a"), resources)).toEqual([
      "b was made before a",
    ]);
    expect(orderProblems(entries("create begin a", "create begin b"), resources)).toEqual(["b was made before a"]);
  });

  it("is broken by a deletion that does not wait for what still needs it", () => {
    expect(orderProblems(entries("delete begin a", "delete begin b", "delete end a", "delete end b"), resources)).toEqual([
      "a was deleted before b",
    ]);
  });
});

describe("references", () => {
  const owner = box("owner", { outputs: { arn: "arn:1" } });
  const user = box("user", { inputs: { roles: [{ arn: "arn:1" }] } });
  const target = box("target", { inputs: { arn: "arn:1" }, outputs: { arn: "arn:1" } });

  it("are sound where the owner of the ARN was made first", () => {
    const made = entries("create begin owner", "create end owner", "create begin user", "create end user");
    expect(referenceProblems(made, [owner, user])).toEqual([]);
  });

  it("are found where nothing made a resource wait", () => {
    const made = entries("create begin user", "create end user", "create begin owner", "create end owner");
    expect(referenceProblems(made, [owner, user])).toEqual(["user names owner, and did not wait for it"]);
  });

  it("are no business of texts that hold an ARN, nor of resources that send to one", () => {
    const made = entries("create begin target", "create end target", "create begin owner", "create end owner");
    const policy = box("target", { inputs: { policy: '{"Resource": "arn:1"}' } });
    expect(referenceProblems(made, [owner, policy])).toEqual([]);
    expect(referenceProblems(entries("create begin user", "create end user", "create begin target"), [target, user])).toEqual([]);
  });
});
