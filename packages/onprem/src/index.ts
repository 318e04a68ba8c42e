import { loadSpec, type ProviderPackage } from "@cyclops/core";
import { BatchInference } from "./batch";
import { capabilities } from "./capabilities";
import { Delivery } from "./delivery";
import { recoveryOptions } from "./documents/recovery";
import { ModelEndpoint } from "./endpoint";
import { Identity } from "./identity";
import { Model } from "./model";
import { Monitoring } from "./monitoring";
import { Network } from "./network";
import { Observability } from "./observability";
import { Platform } from "./platform";
import { MlopsStack } from "./stack";
import { Storage } from "./storage";
import { Tracking } from "./tracking";
import { TrainingPipeline } from "./training";
import { Workbench } from "./workbench";

/** The target of this package. */
export const target = "onprem";

/** A plan of a spec alone has no stack that could lack them. */
export const planConfiguration = Object.fromEntries(recoveryOptions.map(({ key }) => [`kubernetes:${key}`, "true"]));

export { loadSpec, parseStackSpec, SpecError, type StackSpec } from "@cyclops/core";
export * from "./args";
export { BatchInference, type BatchInferenceArgs } from "./batch";
export { capabilities } from "./capabilities";
export { Credentials, type CredentialsArgs } from "./credentials";
export { Delivery, type DeliveryArgs } from "./delivery";
export { ModelEndpoint, type ModelEndpointArgs } from "./endpoint";
export { Grafana, type GrafanaServerArgs } from "./grafana";
export { Identity, type IdentityArgs } from "./identity";
export { Model } from "./model";
export { Monitoring, type MonitoringArgs } from "./monitoring";
export { Network, type NetworkArgs } from "./network";
export { Observability, type ObservabilityArgs } from "./observability";
export { Orchestration, type OrchestrationArgs } from "./orchestration";
export { Platform } from "./platform";
export { MlopsStack } from "./stack";
export { Storage, type StorageArgs } from "./storage";
export { Tracking, type TrackingArgs } from "./tracking";
export { TrainingPipeline, type TrainingPipelineArgs } from "./training";
export { Workbench, type WorkbenchArgs as WorkbenchComponentArgs } from "./workbench";

void ({
  target,
  capabilities,
  loadSpec,
  planConfiguration,
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
