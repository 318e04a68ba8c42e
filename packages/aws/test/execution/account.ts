import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { EndpointNames } from "../../src/documents/context";
import { type Ending, Replica, runJob } from "./processes";

type Fields = Readonly<Record<string, unknown>>;

/** An error of a service, as Step Functions hands it to Retry and Catch. */
export class ServiceError extends Error {
  constructor(
    public override readonly name: string,
    message: string,
  ) {
    super(message);
  }
}

/** A job that was made. */
export interface Job {
  readonly name: string;
  readonly kind: "processing" | "training";
  readonly step: string;
  readonly parameters: Fields;
  readonly ending: Ending;
}

/** A version in the registry of SageMaker. */
export interface ModelPackage {
  readonly fields: Fields;
  status: string;
  description: string;
}

interface EndpointState {
  status: string;
  config: string;
  /** What the endpoint becomes at the next look. */
  next: { readonly status: string; readonly config: string }[];
  instances: number;
}

/** What an account does in place of the services. */
export interface AccountOptions {
  /** Folder that stands for the buckets: `zones/<zone>`. */
  readonly folder: string;
  /** Folder of each bucket, by its name. */
  readonly buckets: Readonly<Record<string, string>>;
  /** Variables that take the place of those that only AWS understands. */
  readonly environment: Readonly<Record<string, string>>;
  readonly endpoint: EndpointNames;
  /** What a job does. @default - its command, as a process of this machine */
  readonly job?: (step: string, parameters: Fields, attempt: number) => Promise<Ending> | Ending;
  /** Whether endpoints have replicas, as processes of this machine. @default false */
  readonly serves?: boolean;
}

/**
 * SageMaker, S3 and CloudWatch as far as the state machines use them: jobs are processes of this machine, the endpoint is a scorer. It refuses
 * what the services refuse: names that were used before, configurations that do not exist, updates of an endpoint that changes.
 */
export class Account {
  readonly jobs: Job[] = [];
  readonly packages = new Map<string, ModelPackage>();
  readonly models = new Map<string, Fields>();
  readonly configs = new Map<string, Fields>();
  /** Updates of the endpoint, in order. */
  readonly updates: Fields[] = [];
  /** Names of the alarms that are in alarm. */
  readonly firing = new Set<string>();
  readonly #endpoint: EndpointState;
  #replica: Replica | undefined;

  constructor(private readonly options: AccountOptions) {
    const { bootstrapConfig } = options.endpoint;
    this.configs.set(bootstrapConfig, {});
    this.#endpoint = { status: "InService", config: bootstrapConfig, next: [], instances: 1 };
  }

  /** Configuration that the endpoint has. */
  get served(): string {
    return this.#endpoint.config;
  }

  /** Number of instances of the endpoint. */
  get instances(): number {
    return this.#endpoint.instances;
  }

  /** Address of the replica that answers. */
  get url(): string {
    if (!this.#replica) throw new Error("no replica");
    return this.#replica.url;
  }

  async close(): Promise<void> {
    await this.#replica?.stop();
  }

  /** Answers one call of a state machine. */
  async call(integration: string, fields: Fields): Promise<unknown> {
    const action = integration.replace(/^aws-sdk:/, "");
    switch (action) {
      case "sagemaker:createProcessingJob.sync":
        return this.#runJob("processing", fields, "ProcessingJobName");
      case "sagemaker:createTrainingJob.sync":
        return this.#runJob("training", fields, "TrainingJobName");
      case "s3:getObject":
        return this.#getObject(fields);
      case "sagemaker:createModelPackage":
        return this.#createPackage(fields);
      case "sagemaker:describeModelPackage":
        return this.#describePackage(text(fields.ModelPackageName));
      case "sagemaker:updateModelPackage":
        return this.#updatePackage(fields);
      case "sagemaker:createModel":
        return put(this.models, text(fields.ModelName), fields);
      case "sagemaker:createEndpointConfig":
        return this.#createConfig(fields);
      case "sagemaker:updateEndpoint":
        return this.#updateEndpoint(fields);
      case "sagemaker:describeEndpoint":
        return this.#describeEndpoint();
      case "sagemaker:updateEndpointWeightsAndCapacities":
        return this.#resize(fields);
      case "sagemaker:deleteModel":
        return remove(this.models, text(fields.ModelName));
      case "sagemaker:deleteEndpointConfig":
        return this.#deleteConfig(text(fields.EndpointConfigName));
      case "cloudwatch:describeAlarms":
        return { MetricAlarms: list(fields.AlarmNames).filter((name) => this.firing.has(text(name))) };
      default:
        throw new Error(`the account has no ${integration}`);
    }
  }

  async #runJob(kind: Job["kind"], parameters: Fields, nameField: string): Promise<unknown> {
    const name = text(parameters[nameField]);
    if (this.jobs.some((job) => job.name === name)) throw new ServiceError("SageMaker.ResourceInUseException", `${name} exists`);
    const specification = record(parameters[kind === "training" ? "AlgorithmSpecification" : "AppSpecification"]);
    const command = list(specification.ContainerEntrypoint).map(text);
    const environment = { ...strings(parameters.Environment), ...this.options.environment };
    const step = command[1] ?? "";
    const attempt = this.jobs.filter((job) => job.step === step).length;
    const ending = await (this.options.job?.(step, parameters, attempt) ?? runJob(command, environment, this.options.folder));
    this.jobs.push({ name, kind, step, parameters, ending });
    if (ending.code === 0) return { [nameField]: name };
    const { code, left } = ending;
    const reason = `AlgorithmError: ${kind === "training" ? (left ?? "") : ""}, exit code: ${code}`;
    const message = kind === "processing" && left !== undefined ? { ExitMessage: left } : {};
    throw new ServiceError("States.TaskFailed", JSON.stringify({ [nameField]: name, ...message, FailureReason: reason }));
  }

  #getObject({ Bucket, Key }: Fields): unknown {
    const folder = this.options.buckets[text(Bucket)];
    const file = folder && path.join(folder, text(Key));
    if (!file || !existsSync(file)) throw new ServiceError("S3.NoSuchKeyException", `no ${text(Bucket)}/${text(Key)}`);
    return { Body: readFileSync(file, "utf8"), ContentType: "application/json" };
  }

  #createPackage(fields: Fields): unknown {
    const arn = `arn:aws:sagemaker:eu-west-1:123456789012:model-package/${text(fields.ModelPackageGroupName)}/${this.packages.size + 1}`;
    this.packages.set(arn, { fields, status: text(fields.ModelApprovalStatus), description: "" });
    return { ModelPackageArn: arn };
  }

  #package(arn: string): ModelPackage {
    const found = this.packages.get(arn);
    if (!found) throw new ServiceError("SageMaker.SageMakerException", `no ${arn}`);
    return found;
  }

  #describePackage(arn: string): unknown {
    const { fields, status } = this.#package(arn);
    return { ...fields, ModelPackageArn: arn, ModelApprovalStatus: status };
  }

  #updatePackage(fields: Fields): unknown {
    const found = this.#package(text(fields.ModelPackageArn));
    found.status = text(fields.ModelApprovalStatus);
    found.description = text(fields.ApprovalDescription);
    return { ModelPackageArn: fields.ModelPackageArn };
  }

  #createConfig(fields: Fields): unknown {
    const variants = [...list(fields.ProductionVariants), ...list(fields.ShadowProductionVariants ?? [])].map(record);
    for (const { ModelName } of variants) {
      if (!this.models.has(text(ModelName)))
        throw new ServiceError("SageMaker.SageMakerException", `no model ${text(ModelName)}`);
    }
    return put(this.configs, text(fields.EndpointConfigName), fields);
  }

  async #updateEndpoint(fields: Fields): Promise<unknown> {
    const config = text(fields.EndpointConfigName);
    if (this.#endpoint.status !== "InService") throw new ServiceError("SageMaker.SageMakerException", "the endpoint changes");
    if (!this.configs.has(config)) throw new ServiceError("SageMaker.SageMakerException", `no configuration ${config}`);
    this.updates.push(fields);
    const before = this.#endpoint.config;
    const rollback = record(record(fields.DeploymentConfig ?? {}).AutoRollbackConfiguration ?? {});
    const alarmed = list(rollback.Alarms ?? []).some((alarm) => this.firing.has(text(record(alarm).AlarmName)));
    const works = !alarmed && (await this.#place(config));
    const updating = { status: "Updating", config: before };
    this.#endpoint.status = "Updating";
    this.#endpoint.next = works
      ? [updating, { status: "InService", config }]
      : [updating, { status: "RollingBack", config: before }, { status: "InService", config: before }];
    return { EndpointArn: "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/churn" };
  }

  /** Starts the replicas of a configuration, and stops those before. False where they do not get healthy. */
  async #place(config: string): Promise<boolean> {
    if (!this.options.serves) return true;
    const [variant = {}] = list(this.configs.get(config)?.ProductionVariants ?? []).map(record);
    const container = record(this.models.get(text(variant.ModelName))?.PrimaryContainer ?? {});
    const environment = { ...strings(container.Environment), ...this.options.environment };
    try {
      const seconds = Number(variant.ContainerStartupHealthCheckTimeoutInSeconds);
      const replica = await Replica.start(environment, this.options.folder, seconds);
      await this.#replica?.stop();
      this.#replica = replica;
      return true;
    } catch {
      return false;
    }
  }

  #describeEndpoint(): unknown {
    const endpoint = this.#endpoint;
    const next = endpoint.next.shift();
    if (next) {
      endpoint.status = next.status;
      if (next.status === "InService" && next.config !== endpoint.config) {
        endpoint.config = next.config;
        const [variant = {}] = list(this.configs.get(next.config)?.ProductionVariants ?? []).map(record);
        endpoint.instances = Number(variant.InitialInstanceCount ?? endpoint.instances);
      }
    }
    return {
      EndpointStatus: endpoint.status,
      EndpointConfigName: endpoint.config,
      ProductionVariants: [{ VariantName: this.options.endpoint.variant, CurrentInstanceCount: endpoint.instances }],
    };
  }

  #resize({ DesiredWeightsAndCapacities }: Fields): unknown {
    this.#endpoint.instances = Number(record(list(DesiredWeightsAndCapacities)[0]).DesiredInstanceCount);
    return {};
  }

  #deleteConfig(name: string): unknown {
    if (name === this.#endpoint.config) throw new Error(`${name} is served and must not be deleted`);
    return remove(this.configs, name);
  }
}

function put(all: Map<string, Fields>, name: string, fields: Fields): unknown {
  if (all.has(name)) throw new ServiceError("SageMaker.SageMakerException", `${name} exists`);
  all.set(name, fields);
  return {};
}

function remove(all: Map<string, Fields>, name: string): unknown {
  if (!all.delete(name)) throw new ServiceError("SageMaker.SageMakerException", `no ${name}`);
  return {};
}

function text(value: unknown): string {
  if (typeof value !== "string") throw new Error(`not a text: ${JSON.stringify(value)}`);
  return value;
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`not a list: ${JSON.stringify(value)}`);
  return value;
}

function record(value: unknown): Fields {
  if (typeof value !== "object" || value === null) throw new Error(`not an object: ${JSON.stringify(value)}`);
  return value as Fields;
}

const strings = (value: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(record(value)).map(([key, part]) => [key, text(part)]));
