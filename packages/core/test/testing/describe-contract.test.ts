import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type ContractOptions, contractChecks, describeContract } from "../../src/testing";
import { type Fault, fakeProvider } from "../fake-provider";
import { fakeOptions } from "../fake-provider/options";

describeContract(fakeProvider(), fakeOptions);

/** Each way to break the contract, with the rule that must notice it and words of the problem. */
const faults: readonly [Fault, string, string][] = [
  ["wrong token", "C1", "cyclops-onprem:index:storage does not start with"],
  ["part left out", "C1", "no component has the type cyclops-onprem:index:Network"],
  ["orphan", "C2", "fake:index:Bucket stack-platform-storage-orphan is outside the stack"],
  ["foreign name", "C3", 'fake:index:Bucket mine does not start with "stack-"'],
  ["fixed name", "C4", "are both named fixed"],
  ["resource in apply", "C5", "stack-platform-storage-late in urn:pulumi"],
  ["output left out", "C6", "endpointUrl is undefined"],
  ["output too many", "C6", "extra is no output of the contract"],
  ["output empty", "C6", 'endpointUrls is {}, not ["churn"]'],
  ["dashboard denied", "C6", 'dashboardUrl is "https://stack-model-churn-monitoring-service.fake.example.com", not "nothing"'],
  ["unsupported accepted", "C7", "async: nothing is thrown instead of an UnsupportedFeatureError"],
  ["refused late", "C7", "async: 1 resources were registered before it was refused"],
  ["other words", "C8", "your spec: 1 problem found."],
  ["other words in files", "C8", "your spec: 1 problem found."],
  ["tag left out", "C9", "the tag environment=prod is missing"],
  ["public bucket", "C10", "fake:index:Bucket stack-platform-storage-bucket: is public"],
  ["plain password", "C11", "fake:index:Service stack-platform-tracking-server: the input password is not secret"],
  ["password in settings", "C11", "fake:index:Service stack-platform-tracking-server: shows the value of a secret"],
  ["long name", "C12", "characters, 40 are allowed"],
  ["bad characters", "C12", "does not match"],
  ["node left out", "C13", "stack-platform-storage-hidden is not among the nodes"],
  ["transform ignored", "C13", "has no probe instead of probe:platform/storage/bucket"],
  ["transform of another", "C13", "has probe:platform/storage/archive instead of probe:platform/storage/bucket"],
  ["child renamed", "C14", "new: cyclops-onprem:index:BatchInference stack-model-churn-scheduled"],
  ["address taken over", "C15", "storage-archive: settings comes from fake:index:Bucket stack-platform-storage-bucket"],
];

const problemsOf = async (id: string, options: ContractOptions, fault?: Fault) => {
  const checks = contractChecks(fakeProvider(fault), options).filter((check) => check.id === id);
  expect(checks).toHaveLength(1);
  return (await Promise.all(checks.map((check) => check.problems()))).flat().join("\n");
};

describe("the contract notices", () => {
  // A stack with a fault must not become the golden one.
  beforeAll(() => void vi.stubEnv("UPDATE_GOLDEN", ""));
  afterAll(() => void vi.unstubAllEnvs());

  it.each(faults)("%s (%s)", { timeout: 180_000 }, async (fault, id, words) => {
    expect(await problemsOf(id, fakeOptions, fault)).toContain(words);
  });

  it("every rule has a fault that breaks it", () => {
    const ids = new Set(contractChecks(fakeProvider(), fakeOptions).map(({ id }) => id));
    expect([...ids].filter((id) => !faults.some(([, broken]) => broken === id))).toEqual([]);
    expect(ids.size).toBe(15);
  });

  it("no edge to an identity that the target makes up, and an identity that nothing depends on", {
    timeout: 180_000,
  }, async () => {
    const allowing = { ...fakeOptions, madeUp: { "fake:index:Bucket": "its address is given by the target" } };
    expect(await problemsOf("C15", allowing, "address taken over")).toBe("");
    expect(
      await problemsOf("C15", { ...allowing, madeUp: { ...allowing.madeUp, "fake:index:Role": "" } }, "address taken over"),
    ).toBe("fake:index:Role is listed among the identities of the target, and nothing depends on one");
    expect(await problemsOf("C15", allowing)).toBe("no property depends on another resource");
  });

  it("rules that concern nothing", { timeout: 60_000 }, async () => {
    const nothing: ContractOptions = {
      ...fakeOptions,
      physicalName: () => undefined,
      tags: () => undefined,
      security: [{ title: "none", applies: () => false, problem: () => undefined }],
      goldenFile: "/nowhere/golden.txt",
    };
    expect(await problemsOf("C9", nothing)).toBe("no resource carries tags");
    expect(await problemsOf("C10", nothing)).toBe('the rule "none" concerns no resource');
    expect(await problemsOf("C12", nothing)).toBe("no resource has a name in the target");
    expect(await problemsOf("C14", nothing)).toContain("/nowhere/golden.txt does not exist");
  });
});
