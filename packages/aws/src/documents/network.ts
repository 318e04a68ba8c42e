import type { Place } from "./place";

/**
 * Services that jobs, endpoints and notebooks call, as VPC endpoints name them; S3 has a gateway of its own, which costs nothing.
 * https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
 */
export const interfaceServices = [
  "sagemaker.api",
  "sagemaker.runtime",
  // MLflow. https://docs.aws.amazon.com/sagemaker/latest/dg/mlflow-interface-endpoint.html
  "experiments",
  "studio",
  "ecr.api",
  "ecr.dkr",
  "logs",
  "monitoring",
  "kms",
  "sts",
  "states",
  "events",
  "secretsmanager",
] as const;

/** Services whose names are SageMaker's own. */
const ofSageMaker = new Set(["experiments", "studio"]);

/** The name of a service for a VPC endpoint. China's begin with `cn.`. */
export function endpointService({ region }: Place, service: string): string {
  if (ofSageMaker.has(service)) return `aws.sagemaker.${region}.${service}`;
  return `${region.startsWith("cn-") && service !== "s3" ? "cn.com.amazonaws" : "com.amazonaws"}.${region}.${service}`;
}

/**
 * Two halves of a network.
 *
 * @param cidr e.g. `10.66.0.0/20`
 * @returns e.g. `10.66.0.0/21` and `10.66.8.0/21`
 */
export function subnetCidrs(cidr: string): [string, string] {
  const [address = "", bits = "0"] = cidr.split("/");
  const length = Number(bits) + 1;
  const [a = 0, b = 0, c = 0, d = 0] = address.split(".").map(Number);
  const start = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  const second = (start + 2 ** (32 - length)) >>> 0;
  const text = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
  return [`${text(start)}/${length}`, `${text(second)}/${length}`];
}
