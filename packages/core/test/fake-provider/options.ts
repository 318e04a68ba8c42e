import path from "node:path";
import { type ContractOptions, mocksOf, type RecordedResource, revealValue } from "../../src/testing";
import { computed } from "./sdk";

const isFake = ({ type }: RecordedResource) => type.startsWith("fake:index:");

/** What the contract must know of the fake target. */
export const fakeOptions: ContractOptions = {
  goldenFile: path.join(__dirname, "../golden/fake-stack.txt"),
  mocks: mocksOf({ "fake:index:Bucket": computed, "fake:index:Service": computed, "fake:index:Role": computed }),
  physicalName: (resource) =>
    isFake(resource)
      ? { name: String(revealValue(resource.inputs.name)), maxLength: 40, pattern: /^[a-z][a-z0-9-]*[a-z0-9]$/ }
      : undefined,
  tags: (resource) =>
    isFake(resource) && resource.type !== "fake:index:Role" ? (resource.inputs.tags as Record<string, unknown>) : undefined,
  requiredTags: ({ name, environment, tags }) => ({ ...tags, stack: name, environment }),
  secretInputs: () => ["password"],
  madeUp: {},
  security: [
    {
      title: "no bucket is public",
      applies: ({ type }) => type === "fake:index:Bucket",
      problem: ({ inputs }) => (inputs.public === false ? undefined : "is public"),
    },
  ],
};
