import { ArgumentError, applyAll, asOutput, type MlopsOptions, type ResolvedEndpointSpec } from "@cyclops/core";
import * as appautoscaling from "@pulumi/aws/appautoscaling";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as s3 from "@pulumi/aws/s3";
import * as sagemaker from "@pulumi/aws/sagemaker";
import type * as pulumi from "@pulumi/pulumi";
import { AwsComponent } from "./component";
import { variantName } from "./defaults";
import { rollbackAlarm, shadowAlarm } from "./documents/alarms";
import type { EndpointNames } from "./documents/context";
import { invocationUrl, scalableReplicas, scalingTarget, wakeAlarm, wakeUp } from "./documents/endpoint";
import { asyncConfig, serverlessConfig } from "./documents/endpoint-config";
import { endpointInstance, takesVolumeKey } from "./documents/instances";
import { configUri } from "./documents/model-config";
import type { ModelPartArgs } from "./model-args";
import { nameLimits } from "./naming";
import { alarmArgs, configObject, scorerText } from "./pipeline";

/** Arguments of `ModelEndpoint`. */
export interface ModelEndpointArgs extends Omit<ModelPartArgs, "serving" | "trainingArn"> {}

interface Children {
  config: typeof s3.BucketObjectv2;
  /** Model and endpoint configuration of the endpoint's beginning, which serve no version. */
  model: typeof sagemaker.Model;
  configuration: typeof sagemaker.EndpointConfiguration;
  endpoint: typeof sagemaker.Endpoint;
  replicas: typeof appautoscaling.Target;
  scaling: typeof appautoscaling.Policy;
  /** What starts the first replica of an asynchronous endpoint that has none. */
  waking: typeof appautoscaling.Policy;
  "waking-alarm": typeof cloudwatch.MetricAlarm;
  /** Alarm that takes a new version back during its rollout. */
  rollback: typeof cloudwatch.MetricAlarm;
  /** The same for a version that gets copies of requests. */
  shadow: typeof cloudwatch.MetricAlarm;
}

// A rollout gives the endpoint configurations of its own; the first ones stay as they were made.
const rolloutOwns = { ignoreChanges: ["endpointConfigName", "deploymentConfig"] };
const modelStays = { ignoreChanges: ["primaryContainer", "vpcConfig", "executionRoleArn"] };
const configurationStays = {
  ignoreChanges: ["productionVariants", "asyncInferenceConfig", "kmsKeyArn"],
};

/**
 * Online predictions: a SageMaker endpoint with autoscaling and the alarms that roll a version back. The first `up` needs no model: until a
 * version is deployed, predictions answer 503. Pulumi owns the endpoint's name, rollouts own what it serves.
 *
 * @example new ModelEndpoint("churn-endpoint", { context, model: "churn", spec, platform: platform.binding, accounts: identity.accounts })
 */
export class ModelEndpoint extends AwsComponent<Children> {
  /** Address for predictions; requests are signed (SigV4). */
  public readonly endpointUrl: pulumi.Output<string>;
  /** What rollouts and monitoring need to know. */
  public readonly serving: pulumi.Output<EndpointNames>;

  constructor(name: string, args: ModelEndpointArgs, opts?: MlopsOptions<Children>) {
    super("ModelEndpoint", name, args.context, args.place ?? args.platform, opts);
    const { endpoint: spec } = args.spec;
    if (!spec) throw new ArgumentError(`${name}: spec.endpoint`, "is missing.", "Add endpoint: {} to the model.");
    const names = this.namesOf(name, args, spec);
    const config = this.child("config", s3.BucketObjectv2, configObject(name, args, scorerText(args)));
    const endpoint = this.makeEndpoint(name, args, spec, config);
    this.makeAlarms(spec, names);
    if (spec.kind !== "serverless") this.makeScaling(args, spec, endpoint);
    this.serving = applyAll([names, endpoint.urn], (known) => known);
    this.endpointUrl = applyAll([asOutput(args.place ?? args.platform), endpoint.name], invocationUrl);
    this.finish({ endpointUrl: this.endpointUrl });
  }

  private namesOf(
    name: string,
    { platform, model }: ModelEndpointArgs,
    spec: ResolvedEndpointSpec,
  ): pulumi.Output<EndpointNames> {
    const alarm = (key: string) => this.nameIn(nameLimits.alarm, `${name}-${key}`);
    return applyAll(
      [
        this.nameIn(nameLimits.sagemaker, `${name}-endpoint`),
        this.nameIn(nameLimits.sagemaker, `${name}-configuration`),
        asOutput(alarm("rollback")),
        asOutput(alarm("shadow")),
        asOutput(platform),
      ],
      (endpoint, bootstrapConfig, rollback, shadow, binding) => ({
        endpoint,
        configUri: configUri(binding, model, name),
        variant: variantName,
        bootstrapConfig,
        rollbackAlarms: [rollback],
        shadowAlarms: hasShadow(spec) ? [shadow] : [],
      }),
    );
  }

  private makeEndpoint(
    name: string,
    args: ModelEndpointArgs,
    spec: ResolvedEndpointSpec,
    config: s3.BucketObjectv2,
  ): sagemaker.Endpoint {
    const binding = asOutput(args.platform);
    const model = this.child(
      "model",
      sagemaker.Model,
      {
        executionRoleArn: asOutput(args.accounts).apply(({ scorer = "" }) => scorer),
        primaryContainer: {
          image: binding.images.runtime,
          environment: binding.apply((known) => ({
            CYCLOPS_CONFIG: configUri(known, args.model, name),
            AWS_DEFAULT_REGION: known.region,
          })),
        },
        vpcConfig: binding.apply(({ network }) =>
          network && spec.kind !== "serverless"
            ? { subnets: [...network.subnetIds], securityGroupIds: [...network.securityGroupIds] }
            : undefined,
        ),
      },
      { ...modelStays, dependsOn: [config] },
    );
    const configuration = this.makeConfiguration(args, spec, model);
    return this.child("endpoint", sagemaker.Endpoint, { endpointConfigName: configuration.name }, rolloutOwns);
  }

  private makeConfiguration(
    { platform, model: modelName, account = {} }: ModelEndpointArgs,
    spec: ResolvedEndpointSpec,
    model: sagemaker.Model,
  ): sagemaker.EndpointConfiguration {
    const binding = asOutput(platform);
    const instanceType = endpointInstance(spec, account.instanceTypes);
    const serverless = serverlessConfig(spec);
    const capacity =
      spec.kind === "serverless"
        ? { serverlessConfig: { memorySizeInMb: serverless.MemorySizeInMB, maxConcurrency: serverless.MaxConcurrency } }
        : { instanceType, initialInstanceCount: Math.max(1, spec.replicas.min) };
    const queue = binding.apply((known) => {
      const { OutputConfig, ClientConfig } = asyncConfig({ binding: known, model: modelName });
      return {
        outputConfig: {
          s3OutputPath: OutputConfig.S3OutputPath,
          s3FailurePath: OutputConfig.S3FailurePath,
          kmsKeyId: OutputConfig.KmsKeyId,
        },
        clientConfig: { maxConcurrentInvocationsPerInstance: ClientConfig.MaxConcurrentInvocationsPerInstance },
      };
    });
    return this.child(
      "configuration",
      sagemaker.EndpointConfiguration,
      {
        productionVariants: [{ variantName, modelName: model.name, initialVariantWeight: 1, ...capacity }],
        ...(spec.kind === "async" ? { asyncInferenceConfig: queue } : {}),
        ...(spec.kind !== "serverless" && takesVolumeKey(instanceType) ? { kmsKeyArn: binding.keyArn } : {}),
      },
      configurationStays,
    );
  }

  private makeAlarms(spec: ResolvedEndpointSpec, names: pulumi.Output<EndpointNames>): void {
    // They have no actions: SageMaker, and the rollout's state machine, look at their states.
    const make = (key: "rollback" | "shadow", alarm: typeof rollbackAlarm) => {
      const args = names.apply(({ endpoint, variant }) => alarm({ name: endpoint, variant }, spec).args);
      this.child(key, cloudwatch.MetricAlarm, alarmArgs(args));
    };
    make("rollback", rollbackAlarm);
    if (hasShadow(spec)) make("shadow", shadowAlarm);
  }

  private makeScaling({ account = {} }: ModelEndpointArgs, spec: ResolvedEndpointSpec, endpoint: sagemaker.Endpoint): void {
    const replicas = this.child("replicas", appautoscaling.Target, {
      ...scalable(endpoint),
      minCapacity: spec.replicas.min,
      maxCapacity: spec.replicas.max,
    });
    const of = {
      resourceId: replicas.resourceId,
      scalableDimension: replicas.scalableDimension,
      serviceNamespace: replicas.serviceNamespace,
    };
    this.child("scaling", appautoscaling.Policy, {
      ...of,
      policyType: "TargetTrackingScaling",
      targetTrackingScalingPolicyConfiguration: endpoint.name.apply((id) =>
        scalingTarget(spec, id, variantName, account.instanceTypes),
      ),
    });
    if (spec.kind !== "async" || spec.replicas.min > 0) return;
    const waking = this.child("waking", appautoscaling.Policy, {
      ...of,
      policyType: "StepScaling",
      stepScalingPolicyConfiguration: wakeUp,
    });
    this.child("waking-alarm", cloudwatch.MetricAlarm, {
      ...wakeAlarm,
      dimensions: { EndpointName: endpoint.name },
      alarmActions: [waking.arn],
    });
  }
}

/** Serverless endpoints have no shadow variants: the canary alone watches a version there. */
const hasShadow = ({ kind, rollout }: ResolvedEndpointSpec): boolean => kind !== "serverless" && rollout.strategy === "shadow";

/** The replicas of an endpoint's variant, as Application Auto Scaling names them. */
function scalable({ name }: sagemaker.Endpoint) {
  const known = name.apply((id) => scalableReplicas(id, variantName));
  return { resourceId: known.resourceId, scalableDimension: known.scalableDimension, serviceNamespace: known.serviceNamespace };
}
