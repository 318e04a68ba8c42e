import type { Cloud } from "../cloud";
import { compute } from "./compute";
import { data } from "./data";
import { invokes } from "./invokes";
import { operations } from "./operations";

/** AWS, with one account and one region. */
export const aws: Cloud = {
  package: "aws",
  facts: { partition: "aws", region: "eu-central-1", account: "123456789012", suffix: "amazonaws.com" },
  resources: { ...data, ...compute, ...operations },
  // https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/enhanced-region-support
  immutable: ["region"],
  arn: "arn:{partition}:{service}:{region}:{account}:{kind}/{name}",
  invokes,
};
