import { expect, it } from "vitest";
import { endpointService, subnetCidrs } from "../../src/documents/network";
import { partitionOf } from "../../src/documents/place";
import { homeGib, idleMinutes } from "../../src/documents/workbench";

it.each([
  ["10.66.0.0/20", "10.66.0.0/21", "10.66.8.0/21"],
  ["192.168.255.0/24", "192.168.255.0/25", "192.168.255.128/25"],
  ["172.16.0.0/16", "172.16.0.0/17", "172.16.128.0/17"],
])("halves %s", (cidr, first, second) => {
  expect(subnetCidrs(cidr)).toEqual([first, second]);
});

it("names services as regions and partitions do", () => {
  const place = (region: string) => ({ partition: partitionOf(region), region, accountId: "1", stack: "a", instance: "dev" });
  expect(endpointService(place("eu-west-1"), "states")).toBe("com.amazonaws.eu-west-1.states");
  expect(endpointService(place("eu-west-1"), "experiments")).toBe("aws.sagemaker.eu-west-1.experiments");
  expect(endpointService(place("cn-north-1"), "states")).toBe("cn.com.amazonaws.cn-north-1.states");
  expect([place("us-gov-west-1").partition, place("cn-north-1").partition]).toEqual(["aws-us-gov", "aws-cn"]);
});

it("ends notebooks after an hour at the earliest", () => {
  expect([idleMinutes("10m"), idleMinutes("60m"), idleMinutes("90m"), idleMinutes("1d")]).toEqual([60, 60, 90, 1440]);
  expect([homeGib("1Gi"), homeGib("10Gi"), homeGib("500Mi"), homeGib("1Ti")]).toEqual([5, 10, 5, 1024]);
});
