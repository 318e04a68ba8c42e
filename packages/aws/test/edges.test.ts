import { clouds } from "@cyclops/core/testing/stand-in";
import { expect, it } from "vitest";
import { MlopsStack } from "../src";
import { given, named } from "./support/identities";
import { record } from "./support/recorded";
import { fixture } from "./support/specs";

const { resources: rules = {} } = clouds.aws ?? {};

/** Inputs that say which one a resource is, and follow from the names of stack, instance and component. */
const identity = new Set([
  "name",
  "bucket",
  "key",
  "role",
  "arn",
  "url",
  "resourceId",
  "scalableDimension",
  "serviceNamespace",
  "modelPackageGroupName",
]);
/** The same for texts about it. */
const about = new Set(["description", "modelPackageGroupDescription"]);

it("makes what others take names and ARNs from anew for another name alone", async () => {
  const { resources } = await record(() => new MlopsStack("stack", { spec: fixture("full") }));
  const known = resources.filter(({ type }) => type in named);
  expect(new Set(known.map(({ type }) => type))).toEqual(new Set(Object.keys(named)));
  const changeable = known.flatMap(({ type, name, inputs, ignoreChanges }) => {
    const { immutable = [], conditions = [] } = rules[type] ?? {};
    const replacing =
      immutable === "*"
        ? Object.keys(inputs).filter((input) => input !== "tags")
        : [...immutable.map((path) => path.split(".")[0] ?? path), ...conditions.map(({ input }) => input)];
    return replacing
      .filter((input) => input in inputs && !ignoreChanges.includes(input) && !identity.has(input) && !about.has(input))
      .map((input) => `${type} ${name}: ${input}`);
  });
  expect(changeable).toEqual([]);
});

it("knows each identity once", () => {
  expect(Object.keys(given).filter((type) => type in named)).toEqual([]);
});
