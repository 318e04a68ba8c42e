import type { StackSpec } from "@cyclops/core";
import { expect, it } from "vitest";
import { MlopsStack } from "../src";
import { bucketName, nameLimits, namespaceName, objectName } from "../src/naming";
import { kindOf, type Plain, record } from "./support/recorded";
import { fullModel, fullStack } from "./support/specs";

const longest = "a-name-of-forty-characters-as-is-allowed";
const gateway = { name: "public", url: "https://models.example.com" };

it("keeps names of objects within the least limit of all kinds, and tells them apart", () => {
  const long = "instance-with-a-name-of-sixty-characters-for-the-longest-one";
  const names = ["deployment", "canary", "canary-service", "canary-pods", "schedule"].map((key) => objectName(`${long}-${key}`));
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^instance-[a-z0-9-]{1,42}[a-z0-9]$/);
  expect(objectName("churn-storage")).toBe("churn-storage");
});

it("names namespaces and buckets by stack and instance", () => {
  expect(namespaceName({ name: "churn" }, "dev")).toBe("churn-dev");
  expect(bucketName({ name: "churn" }, "pr-42", "raw")).toBe("churn-pr-42-raw");
  expect(bucketName({ name: longest }, "a-branch-with-a-long-name", "predictions").length).toBeLessThanOrEqual(
    nameLimits.bucket.maxLength,
  );
});

it("fits everywhere with the longest names of stack, instance, model and user", async () => {
  const spec = {
    ...fullStack,
    name: longest,
    environment: "staging" as const,
    models: { [longest]: fullModel, [`${longest.slice(0, -1)}x`]: fullModel },
    workbench: { users: [`${"a".repeat(60)}@example.com`, `${"a".repeat(60)}@example.org`] },
  } satisfies StackSpec;
  const { resources } = await record(
    () => new MlopsStack("instance-with-a-name-of-sixty-characters-for-the-longest-one", { spec, gateway }),
  );
  const objects = resources.filter(({ custom }) => custom);
  const named = objects.map((resource) => {
    const metadata = (resource.inputs.metadata ?? resource.inputs) as Plain;
    return {
      kind: kindOf(resource),
      place: `${kindOf(resource)} ${metadata.namespace ?? ""}/${metadata.name}`,
      name: String(metadata.name),
    };
  });
  const limit = (kind: string) => (kind === "Namespace" ? 63 : 52);
  expect(named.filter(({ kind, name }) => name.length > limit(kind) || !/^[a-z][a-z0-9-]*[a-z0-9]$/.test(name))).toEqual([]);
  expect(named.map(({ place }) => place).filter((place, index, all) => all.indexOf(place) !== index)).toEqual([]);
  // The pods of a StatefulSet carry a label of its name and a hash; values of labels end at 63.
  const labels = objects.flatMap(({ inputs }) =>
    Object.values({ ...(inputs.metadata as Plain)?.labels, ...(inputs.spec as Plain)?.template?.metadata?.labels }),
  );
  expect(labels.filter((value) => String(value).length > 63)).toEqual([]);
});

it("keeps the types and names by which stacks know what they have made", async () => {
  const full = await record(() => new MlopsStack("churn", { spec: fullStack, gateway }));
  const rows = full.resources
    .map(
      ({ type, name, inputs }) =>
        `${type === "kubernetes:apiextensions.k8s.io:CustomResource" ? String(inputs.kind) : type} ${name}`,
    )
    .sort();
  await expect(`${rows.join("\n")}\n`).toMatchFileSnapshot("golden/full-stack.txt");
});
