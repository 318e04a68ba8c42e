import type { BindingChange } from "@cyclops/core/testing";

const registry = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";

/** What people change in the bindings of a running stack on AWS. */
export const bindingChanges: readonly BindingChange[] = [
  {
    id: "key",
    title: "the company's key in place of the stack's own (`key`)",
    bindings: {
      "key.kind": "existing",
      "key.arn": "arn:aws:kms:eu-central-1:123456789012:key/99999999-0000-0000-0000-000000000000",
      "key.ownKey": "keep",
    },
  },
  {
    id: "runtime-image",
    title: "another runtime image (`images.runtime`)",
    bindings: { "images.runtime": `${registry}/churn-dev-platform-tracking-repository:0.2.0` },
  },
  {
    id: "instance-types-jobs",
    title: "another instance type of jobs (`instanceTypes.jobs`)",
    bindings: { "instanceTypes.jobs.S": "ml.m6i.large" },
  },
  {
    id: "instance-types-endpoints",
    title: "another instance type of endpoints (`instanceTypes.endpoints`)",
    bindings: { "instanceTypes.endpoints.S": "ml.m5.xlarge" },
  },
  { id: "retention", title: "logs are kept longer (`logRetentionDays`)", bindings: { logRetentionDays: "90" } },
  { id: "network-private", title: "no way to the internet (`network.kind`: private)", bindings: { "network.kind": "private" } },
  {
    id: "network-zones",
    title: "the zones of today are named (`network.availabilityZones`)",
    bindings: {
      "network.kind": "service",
      "network.availabilityZones[0]": "eu-central-1a",
      "network.availabilityZones[1]": "eu-central-1b",
    },
  },
];
