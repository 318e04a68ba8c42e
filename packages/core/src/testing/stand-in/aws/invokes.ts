import type { Invoke } from "../cloud";

const zones = ["a", "b", "c"];

/** Functions that ask the account about itself. */
export const invokes: Readonly<Record<string, Invoke>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": (_args, { facts }) => ({
    id: facts.account,
    accountId: facts.account,
    arn: `arn:${facts.partition}:iam::${facts.account}:user/deployer`,
    userId: "AIDADEPLOYER",
  }),
  "aws:index/getRegion:getRegion": ({ region }, { facts }) => ({
    id: region ?? facts.region,
    name: region ?? facts.region,
    region: region ?? facts.region,
    description: "Europe (Frankfurt)",
    endpoint: `ec2.${facts.region}.${facts.suffix}`,
  }),
  "aws:index/getPartition:getPartition": (_args, { facts }) => ({
    id: facts.partition,
    partition: facts.partition,
    dnsSuffix: facts.suffix,
    reverseDnsPrefix: "com.amazonaws",
  }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": (_args, { facts }) => ({
    id: facts.region,
    region: facts.region,
    names: zones.map((zone) => `${facts.region}${zone}`),
    zoneIds: zones.map((_zone, index) => `euc1-az${index + 1}`),
    groupNames: [facts.region],
  }),
  "aws:ssoadmin/getInstances:getInstances": (_args, { facts }) => ({ id: facts.region, arns: [], identityStoreIds: [] }),
};
