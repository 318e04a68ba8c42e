import path from "node:path";
import type { StackContext } from "@cyclops/core";
import { type ContractOptions, describeContract, mocksOf } from "@cyclops/core/testing";
import * as aws from "../src";
import { stackTags } from "../src/component";
import { resourceKinds } from "../src/naming";
import { awsState } from "./support/aws-state";
import { given, named } from "./support/identities";
import { physicalName } from "./support/physical-names";
import { securityRules } from "./support/security";

const options: ContractOptions = {
  goldenFile: path.join(__dirname, "golden/resources.txt"),
  physicalName,
  tags: ({ type, custom, inputs }) =>
    custom && resourceKinds[type]?.tags === true ? ((inputs.tags ?? {}) as Record<string, unknown>) : undefined,
  requiredTags: (context: StackContext) => stackTags(context, { stack: context.name, instance: "stack" }),
  // Nothing of a stack is a secret: who may do what is IAM's.
  secretInputs: () => [],
  security: securityRules,
  madeUp: { ...given, ...named },
  mocks: mocksOf(awsState, aws.planCall),
};

describeContract(aws, options);
