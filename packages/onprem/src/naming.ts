import { createHash } from "node:crypto";
import { type NameLimit, physicalName, type StackContext } from "@cyclops/core";

/** Limits of Kubernetes names. */
export const nameLimits = {
  /**
   * Every object: a CronWorkflow's name may have 52 characters, the least of all kinds in use (11 are appended to it), and one limit
   * for all keeps the parts of a component recognisable by their names.
   */
  object: { maxLength: 52, source: "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/" },
  /** Namespaces are DNS labels. */
  namespace: { maxLength: 63, source: "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/" },
  /** S3 bucket names; SeaweedFS keeps to Amazon's rules. */
  bucket: { maxLength: 63, source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html" },
} as const satisfies Record<string, NameLimit>;

/** Name of an object whose Pulumi name is `name`. */
export const objectName = (name: string): string => physicalName(nameLimits.object, ...name.toLowerCase().split("-"));

const contentHashLength = 8;

/** What the names of all versions of an object begin with whose Pulumi name is `name`. */
export function versionsName(name: string): string {
  const { maxLength, ...limit } = nameLimits.object;
  return physicalName({ ...limit, maxLength: maxLength - contentHashLength - 1 }, ...name.toLowerCase().split("-"));
}

/** Name of the version that holds `content`: another for any other content. */
export function versionName(name: string, content: unknown): string {
  const hash = createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, contentHashLength);
  return `${versionsName(name)}-${hash}`;
}

/** Namespace of a stack. */
export const namespaceName = ({ name }: Pick<StackContext, "name">, instance: string): string =>
  physicalName(nameLimits.namespace, name, instance);

/** Bucket of one zone. */
export const bucketName = ({ name }: Pick<StackContext, "name">, instance: string, zone: string): string =>
  physicalName(nameLimits.bucket, name, instance, zone);
