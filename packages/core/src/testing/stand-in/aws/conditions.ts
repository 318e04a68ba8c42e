import type { Condition } from "../cloud";
import { at } from "../diff";
import { isRecord } from "../values";
import { source } from "./source";

const absent = (value: unknown) => value === undefined || value === null;

/**
 * A block that cannot be added or taken away, while what is in it can be changed: the plugin SDK gives `ForceNew` of a block to its
 * existence, and not to the fields inside. https://github.com/hashicorp/terraform-plugin-sdk/issues/1314
 *
 * @param path of the block, whose first part is the input
 * @param file that declares it
 */
export const comesOrGoes = (path: string, file: string): Condition => ({
  input: path.split(".")[0] ?? path,
  when: `${path} appears or goes`,
  source: source(file),
  holds: (before, after) => absent(at(before, path)) !== absent(at(after, path)),
});

const sources = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"] as const;

/** A rule of a security group keeps its kind of source. @param file that says so, in `ModifyPlan` */
export const anotherKindOfSource = (file: string): Condition[] =>
  sources.map((input) => ({
    input,
    when: "another one of the four kinds of source is set",
    source: source(file),
    holds: (before, after) => sources.some((kind) => absent(before[kind]) !== absent(after[kind])),
  }));

/** `CustomizeDiff` of the VPC: the one change that `ModifyVpcTenancy` can make is from dedicated to default. */
export const tenancy: Condition = {
  input: "instanceTenancy",
  when: "it is not from dedicated to default",
  source: source("ec2/vpc_"),
  holds: (before, after) =>
    (before.instanceTenancy ?? "default") !== "dedicated" || (after.instanceTenancy ?? "default") !== "default",
};

/** `CustomizeDiff` of the subnet. */
export const assignedIpv6: Condition = {
  input: "ipv6CidrBlock",
  when: "addresses of the old block were given to whatever was made in it",
  source: source("ec2/vpc_subnet"),
  holds: (before) => before.assignIpv6AddressOnCreation === true,
};

/** `CustomizeDiff` of the endpoint. */
export const privateNames: Condition = {
  input: "privateDnsEnabled",
  when: "the endpoint is no interface endpoint",
  source: source("ec2/vpc_endpoint"),
  holds: (_before, after) => after.vpcEndpointType !== "Interface",
};

/**
 * `resourceResourceCustomizeDiffSchemaDiff`: a changed path that the type's CloudFormation schema lists as create-only. Where the program
 * does not give the schema, the provider asks CloudFormation for it; the stand-in cannot, and takes every path for one of them.
 */
export const createOnly: Condition = {
  input: "desiredState",
  when: "a changed property is create-only in the schema of the type",
  source: source("cloudcontrol/resource"),
  holds: (before, after) => {
    const changed = changedPaths(parsed(before.desiredState), parsed(after.desiredState));
    if (typeof after.schema !== "string") return changed.length > 0;
    const { createOnlyProperties: listed } = parsed(after.schema);
    const paths = Array.isArray(listed) ? listed.map((path) => String(path).replace(/^\/properties/, "")) : [];
    return changed.some((path) => paths.some((each) => path === each || path.startsWith(`${each}/`)));
  },
};

function parsed(text: unknown): Record<string, unknown> {
  const value: unknown = typeof text === "string" ? JSON.parse(text) : {};
  return isRecord(value) ? value : {};
}

/** Paths of what differs, e.g. `/Name/First`; those of a mapping that is on one side alone are its own. */
function changedPaths(before: unknown, after: unknown, path = ""): string[] {
  if (!isRecord(before) || !isRecord(after)) return JSON.stringify(before) === JSON.stringify(after) ? [] : [path];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => changedPaths(before[key], after[key], `${path}/${key}`));
}
