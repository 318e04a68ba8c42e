import { shortType } from "../plan/tree";

/** Services by the module of the SDK; people know a cloud by these names, and not by those of its hundreds of types. */
const services: Readonly<Record<string, string>> = {
  "aws:appautoscaling": "Auto Scaling",
  "aws:budgets": "Budgets",
  "aws:cloudtrail": "CloudTrail",
  "aws:cloudwatch": "CloudWatch",
  "aws:ec2": "VPC",
  "aws:ecr": "ECR",
  "aws:iam": "IAM",
  "aws:kms": "KMS",
  "aws:s3": "S3",
  "aws:sagemaker": "SageMaker",
  "aws:scheduler": "EventBridge Scheduler",
  "aws:sfn": "Step Functions",
  "aws:sns": "SNS",
};

/** Types that belong to another service than their module says. */
const exceptions: Readonly<Record<string, string>> = {
  "aws:cloudwatch/eventRule:EventRule": "EventBridge",
  "aws:cloudwatch/eventTarget:EventTarget": "EventBridge",
};

/** What a resource is called in a picture: its service where the target has services, else the last part of its type. */
export const kindName = (type: string): string => exceptions[type] ?? services[type.split("/")[0] ?? ""] ?? shortType(type);
