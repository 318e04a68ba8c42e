import { loadSpec, type ProviderPackage } from "@cyclops/core";
import { BatchInference } from "./batch";
import { capabilities } from "./capabilities";
import { Delivery } from "./delivery";
import { ModelEndpoint } from "./endpoint";
import { Identity } from "./identity";
import { Model } from "./model";
import { Monitoring } from "./monitoring";
import { Network } from "./network";
import { Observability } from "./observability";
import { planCall } from "./place";
import { Platform } from "./platform";
import { MlopsStack } from "./stack";
import { Storage } from "./storage";
import { Tracking } from "./tracking";
import { TrainingPipeline } from "./training";
import { Workbench } from "./workbench";

/** The target of this package. */
export const target = "aws";

export { loadSpec, parseStackSpec, SpecError, type StackSpec } from "@cyclops/core";
export * from "./args";
export { BatchInference, type BatchInferenceArgs } from "./batch";
export { Bucket, type BucketArgs } from "./bucket";
export { capabilities } from "./capabilities";
export { Delivery, type DeliveryArgs } from "./delivery";
export { ModelEndpoint, type ModelEndpointArgs } from "./endpoint";
export { Identity, type IdentityArgs } from "./identity";
export { Model } from "./model";
export { Monitoring, type MonitoringArgs } from "./monitoring";
export { Network, type NetworkArgs } from "./network";
export { Observability, type ObservabilityArgs } from "./observability";
export { Orchestration, type OrchestrationArgs } from "./orchestration";
export { planCall } from "./place";
export { Platform } from "./platform";
export { MlopsStack } from "./stack";
export { Storage, type StorageArgs } from "./storage";
export { Tracking, type TrackingArgs } from "./tracking";
export { TrainingPipeline, type TrainingPipelineArgs } from "./training";
export { Workbench, type WorkbenchArgs } from "./workbench";

void ({
  target,
  capabilities,
  loadSpec,
  planCall,
  MlopsStack,
  Platform,
  Model,
  Network,
  Storage,
  Tracking,
  Identity,
  TrainingPipeline,
  BatchInference,
  ModelEndpoint,
  Monitoring,
  Observability,
  Workbench,
  Delivery,
} satisfies ProviderPackage);
