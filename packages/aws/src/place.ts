import { applyAll, asOutput, instanceName, type StackContext } from "@cyclops/core";
import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import * as pulumi from "@pulumi/pulumi";
import { type Place, partitionOf } from "./documents/place";

/** Where a platform's resources are made: what the program says, else what the provider says. */
export function placeOf(
  { name: stack }: StackContext,
  given: { accountId?: pulumi.Input<string>; region?: pulumi.Input<string>; instance?: string },
  parent: pulumi.Resource,
): pulumi.Output<Place> {
  const instance = instanceName(given.instance);
  return applyAll(
    [
      asOutput(given.accountId ?? getCallerIdentityOutput({}, { parent }).accountId),
      asOutput(given.region ?? getRegionOutput({}, { parent }).region),
    ],
    (accountId, region) => ({ partition: partitionOf(region), region, accountId, stack, instance }),
  );
}

/** Answers in place of AWS for a plan without credentials, by the token of the function that is called. */
export function planCall({
  token,
  inputs,
}: {
  readonly token: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}): Record<string, unknown> {
  const region = typeof inputs.region === "string" ? inputs.region : (new pulumi.Config("aws").get("region") ?? "us-east-1");
  switch (token) {
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return { accountId: "123456789012", arn: "arn:aws:iam::123456789012:user/plan", userId: "plan", id: "123456789012" };
    case "aws:index/getRegion:getRegion":
      return { region, name: region, id: region, description: region, endpoint: `ec2.${region}.amazonaws.com` };
    case "aws:index/getAvailabilityZones:getAvailabilityZones":
      return { names: ["a", "b", "c"].map((zone) => region + zone), zoneIds: [], groupNames: [], id: region, region };
    default:
      throw new Error(`the program calls ${token}, which a plan does not know`);
  }
}
