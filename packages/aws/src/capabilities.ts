import type { Capabilities } from "@cyclops/core";

/** What AWS with this package can do. */
export const capabilities: Capabilities = {
  "storage.versioning": { support: "native", note: "S3 bucket versioning" },
  "storage.lifecycle": { support: "native", note: "S3 lifecycle rules" },
  "tracking.registry": { support: "native", note: "SageMaker's serverless MLflow; each version is a model package too" },
  "tracking.authentication": { support: "native", note: "IAM: one role for each step" },
  "training.schedule": { support: "native", note: "EventBridge Scheduler" },
  "training.tune": { support: "emulated", note: "Trials run inside one training job, `parallelism` at a time" },
  "training.gpu": { support: "native", note: "Instance type with as many GPUs, or more" },
  "training.spot": {
    support: "native",
    note: "Managed spot training with checkpoints; steps that do not train become training jobs for it",
  },
  "training.distributed": { support: "native", note: "Training job with several instances" },
  "training.cache": { support: "emulated", note: "The runtime compares checksums of a step's inputs" },
  "training.approval": { support: "native", note: "Model package that waits for its approval status to change" },
  "training.custom-code": { support: "native", note: "Image (in ECR), command or Python function of a step" },
  "training.retrain-on-drift": { support: "emulated", note: "The monitor's run starts the training's state machine" },
  "training.retrain-on-new-data": {
    support: "emulated",
    note: "EventBridge starts the monitor's run when files arrive; it compares the raw zone, or the source, with what the champion's run has read",
  },
  "training.retrain-on-quality": { support: "emulated", note: "The monitor's run starts the training's state machine" },
  "batch.schedule": { support: "native", note: "EventBridge Scheduler" },
  "batch.shards": { support: "native", note: "One job per instance, each with its share of the files" },
  "batch.spot": { support: "native", note: "Managed spot training jobs: SageMaker has spot for training jobs alone" },
  "endpoint.realtime": { support: "native", note: "SageMaker endpoint" },
  "endpoint.serverless": {
    support: "native",
    note: "Serverless SageMaker endpoint; it has neither VPC nor GPU, and the scorer itself captures requests",
  },
  "endpoint.async": { support: "native", note: "Asynchronous SageMaker endpoint" },
  "endpoint.autoscaling": {
    support: "native",
    note: "Application Auto Scaling on CPU use; asynchronous endpoints on their backlog",
  },
  "endpoint.gpu": { support: "native", note: "Instance type with as many GPUs, or more" },
  "endpoint.canary": { support: "native", note: "Blue/green deployment with a canary, rolled back by alarms" },
  "endpoint.shadow": { support: "native", note: "Shadow variant, taken away by alarms" },
  "endpoint.capture": {
    support: "emulated",
    note: "The scorer writes requests to the predictions zone, as the monitor reads them",
  },
  "monitoring.kpis": {
    support: "emulated",
    note: "Scheduled runs of the runtime's monitor; SageMaker Model Monitor takes no new customers",
  },
  "monitoring.shards": { support: "native", note: "One processing job per instance, in a map of the monitor's state machine" },
  "monitoring.labels": { support: "emulated", note: "Joined by the runtime's monitor" },
  "monitoring.fairness": {
    support: "emulated",
    note: "Computed by the runtime's monitor; SageMaker Clarify takes no new customers",
  },
  "monitoring.dashboard": { support: "native", note: "CloudWatch dashboard" },
  "workbench.notebooks": { support: "native", note: "SageMaker Studio domain with a profile for each user" },
  "workbench.idle-shutdown": {
    support: "native",
    note: "Studio ends idle notebooks after an hour at the earliest; a shorter time becomes an hour",
  },
  "alerts.email": { support: "native", note: "SNS; each address confirms its subscription once" },
  "alerts.webhook": {
    support: "native",
    note: "SNS over HTTPS, in its own JSON format; the receiver confirms the subscription once",
  },
  "budget.alert": { support: "native", note: "AWS Budgets on the stack's tag, with an action that stops what starts pipelines" },
  "delivery.github": { support: "native", note: "OIDC provider and role for the branches' workflows" },
  "delivery.jenkins": { support: "native", note: "Role for the agents' own identity" },
};
