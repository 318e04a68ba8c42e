/** Where a platform lives: what names and ARNs are made of. Models have that of their platform, also in stacks of their own. */
export interface Place {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  /** E.g. `eu-west-1`. */
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
  /** Name of the platform's stack. */
  readonly stack: string;
  /** Which of the stacks of that name it is; with `stack` the beginning of every physical name, `<stack>-<instance>-`. */
  readonly instance: string;
}

/** The partition of a region. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** The ARN of something in the place's account and region, e.g. `arnOf(place, "states", "stateMachine:churn-dev-training")`. */
export const arnOf = ({ partition, region, accountId }: Place, service: string, resource: string): string =>
  `arn:${partition}:${service}:${region}:${accountId}:${resource}`;

/** The ARN of something that IAM holds, which has no region, e.g. `globalArnOf(place, "role/churn-dev-train")`. */
export const globalArnOf = ({ partition, accountId }: Place, resource: string): string =>
  `arn:${partition}:iam::${accountId}:${resource}`;

/** The ARN of a bucket, or of objects in it. */
export const bucketArnOf = ({ partition }: Place, bucket: string, key?: string): string =>
  `arn:${partition}:s3:::${bucket}${key === undefined ? "" : `/${key}`}`;

/** The beginning that the physical names of a platform and its models share. */
export const prefixOf = ({ stack, instance }: Pick<Place, "stack" | "instance">): string => `${stack}-${instance}`;

/**
 * Namespace in CloudWatch of the KPIs of a platform's models, as `kpiSources` has it. The dimensions of a KPI are names of the spec: what
 * tells instances of one spec apart is the namespace, and a role can be narrowed to it.
 */
export const kpiNamespace = (place: Pick<Place, "stack" | "instance">): string => `CyclOps/${prefixOf(place)}`;

/** Tag whose value is the prefix: what a platform and its models cost is what has it. */
export const platformTag = "cyclops:platform";

/** The bucket of a zone's address `s3://bucket`. */
export const bucketOf = (zone: string): string => zone.replace(/^s3:\/\//, "").replace(/\/.*$/, "");

/** The registry of the account. https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html */
export const registryOf = ({ partition, region, accountId }: Place): string =>
  `${accountId}.dkr.ecr.${region}.amazonaws.com${partition === "aws-cn" ? ".cn" : ""}`;
