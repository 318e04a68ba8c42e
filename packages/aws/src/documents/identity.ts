import { type ResolvedModelSpec, type Workload, workloadOf, workloads, type Zone } from "@cyclops/core";
import type { MachineContext } from "./context";
import { formerKeys } from "./keys";
import { arnOf, bucketArnOf, bucketOf, kpiNamespace, prefixOf } from "./place";
import { type PolicyDocument, type PolicyStatement, policy } from "./policy";
import { artifactFolder } from "./tracking";

/** The workloads that a model has. A gate of the runtime's own is a choice in the state machine, and no job. */
export function workloadsOf({ training, batch, endpoint, monitoring }: ResolvedModelSpec): Workload[] {
  const { command, entrypoint, image } = training.steps.gate;
  const missing: Partial<Record<Workload, boolean>> = {
    gate: (command ?? entrypoint ?? image) === undefined,
    batch: !batch,
    scorer: !endpoint,
    monitor: !monitoring,
  };
  return workloads.filter((workload) => !missing[workload]);
}

/** What the policy of a workload follows from. */
export type WorkloadContext = Pick<MachineContext, "model" | "spec" | "binding" | "configUri" | "trainingArn">;

/** Part of a zone that a workload uses: a prefix without a slash at its end. */
interface Place {
  readonly zone: Zone;
  readonly prefix: string;
  readonly access: "read" | "write";
}

/** Who calls MLflow. The scorer is told its version and where its files are. */
const usesTracking = new Set<Workload>(["train", "evaluate", "register", "deploy", "batch", "monitor"]);

/** The least a workload needs of the zones. */
function placesOf(workload: Workload, { model, spec }: WorkloadContext): Place[] {
  const own = (zone: Zone, access: "read" | "write", folder = ""): Place => ({ zone, prefix: `${model}${folder}`, access });
  const artifacts = (access: "read" | "write"): Place => ({ zone: "models", prefix: artifactFolder, access });
  const raw = (access: "read" | "write") => placeOf(spec.data.path, access);
  switch (workload) {
    case "ingest":
      return [raw(spec.data.source ? "write" : "read"), own("curated", "write")];
    case "curate":
      return [raw("read"), own("curated", "write")];
    case "preprocess":
      return [own("curated", "read"), own("features", "write")];
    case "train":
      return [own("features", "read"), own("models", "write"), artifacts("write")];
    case "evaluate":
      return [own("features", "read"), own("models", "write"), artifacts("read")];
    case "gate":
      return [own("models", "read")];
    case "register":
      return [own("curated", "read"), own("models", "write"), artifacts("read")];
    case "deploy":
      return [own("models", "write")];
    case "batch":
      return [placeOf(spec.batch?.input ?? spec.data.path, "read"), own("predictions", "write"), artifacts("read")];
    case "monitor":
      return [
        raw("read"),
        ...(spec.monitoring?.labels ? [placeOf(spec.monitoring.labels.path, "read")] : []),
        own("curated", "read"),
        own("features", "read"),
        own("models", "read"),
        artifacts("read"),
        own("predictions", "write"),
      ];
    case "scorer":
      return [
        artifacts("read"),
        own("predictions", "write", "/capture"),
        own("predictions", "write", "/usage"),
        ...(spec.endpoint?.kind === "async" ? [own("predictions", "write", "/async")] : []),
      ];
  }
}

/** A path of the spec, such as `raw/telco/`. */
function placeOf(path: string, access: "read" | "write"): Place {
  const [zone = "", ...rest] = path.split("/");
  return { zone: zone as Zone, prefix: rest.filter(Boolean).join("/"), access };
}

/** Policy of a workload's role. */
export function workloadPolicy(workload: Workload, context: WorkloadContext): PolicyDocument {
  const { binding } = context;
  return policy(
    ...zoneStatements(placesOf(workload, context), context),
    {
      Sid: "ModelDocument",
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: bucketArnOf(binding, bucketOf(context.configUri), context.configUri.replace(/^s3:\/\/[^/]+\//, "")),
    },
    {
      // Files of the zones, and the volumes of the instances. https://docs.aws.amazon.com/sagemaker/latest/dg/encryption-at-rest.html
      Sid: "Key",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"],
      Resource: binding.keyArn,
    },
    {
      Sid: "KeyForVolumes",
      Effect: "Allow",
      Action: "kms:CreateGrant",
      Resource: binding.keyArn,
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
    ...formerKeys(binding.formerKeyArns),
    ...imageStatements(workload, context),
    ...logStatements(context),
    ...(usesTracking.has(workload) ? [trackingStatement(context)] : []),
    ...(binding.network ? networkStatements(context) : []),
    ...sourceStatements(workload, context),
    ...(workload === "monitor" ? monitorStatements(context) : []),
  );
}

function zoneStatements(places: readonly Place[], { binding }: WorkloadContext): PolicyStatement[] {
  const objects = ({ zone, prefix }: Place) =>
    bucketArnOf(binding, bucketOf(binding.zones[zone]), prefix === "" ? "*" : `${prefix}/*`);
  const written = places.filter(({ access }) => access === "write");
  const zones = [...new Set(places.map(({ zone }) => zone))];
  return [
    ...zones.map((zone): PolicyStatement => {
      const prefixes = places
        .filter((place) => place.zone === zone)
        .flatMap(({ prefix }) => (prefix === "" ? ["*"] : [prefix, `${prefix}/*`]));
      return {
        Sid: `List${zone.charAt(0).toUpperCase()}${zone.slice(1)}`,
        Effect: "Allow",
        Action: "s3:ListBucket",
        Resource: bucketArnOf(binding, bucketOf(binding.zones[zone])),
        Condition: { StringLike: { "s3:prefix": [...new Set(prefixes)] } },
      };
    }),
    { Sid: "Read", Effect: "Allow", Action: "s3:GetObject", Resource: places.map(objects) },
    ...(written.length > 0
      ? [
          {
            Sid: "Write",
            Effect: "Allow",
            Action: ["s3:PutObject", "s3:AbortMultipartUpload"],
            Resource: written.map(objects),
          } as const,
        ]
      : []),
  ];
}

/** The image that a workload runs, where it is one of ECR; others are pulled without this role. */
function imageStatements(workload: Workload, { binding, spec }: WorkloadContext): PolicyStatement[] {
  const steps: Readonly<Record<string, { image?: string | undefined }>> = spec.training.steps;
  const images = [
    binding.images.runtime,
    ...Object.entries(steps).flatMap(([step, { image }]) =>
      workloadOf(step) === workload && image !== undefined ? [image] : [],
    ),
  ];
  const repositories = images.flatMap((image) => repositoryOf(image, binding.partition) ?? []);
  return [
    {
      Sid: "Image",
      Effect: "Allow",
      Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"],
      Resource: [...new Set(repositories)],
    },
    {
      // Has no resources. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
      Sid: "SignIn",
      Effect: "Allow",
      Action: "ecr:GetAuthorizationToken",
      Resource: "*",
    },
  ];
}

/** ARN of the repository of an image URI, `<account>.dkr.ecr.<region>.amazonaws.com/<name>:<tag>`; undefined for other registries. */
function repositoryOf(image: string, partition: string): string | undefined {
  const [, account, region, name] = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)/.exec(image) ?? [];
  return name === undefined ? undefined : `arn:${partition}:ecr:${region}:${account}:repository/${name}`;
}

/** Logs and instance metrics, which SageMaker writes in the role's name. https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html */
function logStatements({ binding }: WorkloadContext): PolicyStatement[] {
  return [
    {
      Sid: "Logs",
      Effect: "Allow",
      Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      Resource: arnOf(binding, "logs", "log-group:/aws/sagemaker/*"),
    },
    {
      // Has no resources; the name space is its condition.
      Sid: "InstanceMetrics",
      Effect: "Allow",
      Action: "cloudwatch:PutMetricData",
      Resource: "*",
      Condition: { StringLike: { "cloudwatch:namespace": ["/aws/sagemaker/*", "aws/sagemaker/*"] } },
    },
  ];
}

/** Calls of MLflow: an app has one action for all of them, a tracking server one for each. */
function trackingStatement({ binding: { trackingUri } }: WorkloadContext): PolicyStatement {
  const server = trackingUri.includes(":mlflow-tracking-server/");
  return {
    Sid: "Tracking",
    Effect: "Allow",
    Action: server ? trackingActions : "sagemaker:CallMlflowAppApi",
    Resource: trackingUri,
  };
}

/** What the runtime asks of a tracking server. https://docs.aws.amazon.com/sagemaker/latest/dg/mlflow-create-tracking-server-iam.html */
const trackingActions = [
  "AccessUI",
  "CreateExperiment",
  "CreateModelVersion",
  "CreateRegisteredModel",
  "CreateRun",
  "DeleteRegisteredModelAlias",
  "DeleteRegisteredModelTag",
  "FinalizeLoggedModel",
  "GetDownloadURIForModelVersionArtifacts",
  "GetExperiment",
  "GetExperimentByName",
  "GetLoggedModel",
  "GetMetricHistory",
  "GetModelVersion",
  "GetModelVersionByAlias",
  "GetRegisteredModel",
  "GetRun",
  "ListArtifacts",
  "LogBatch",
  "ListLoggedModelArtifacts",
  "LogInputs",
  "LogLoggedModelParams",
  "LogMetric",
  "LogModel",
  "LogOutputs",
  "LogParam",
  "SearchExperiments",
  "SearchLoggedModels",
  "SearchModelVersions",
  "SearchRuns",
  "SetLoggedModelTags",
  "SetModelVersionTag",
  "SetRegisteredModelAlias",
  "SetRegisteredModelTag",
  "SetTag",
  "UpdateRun",
].map((action) => `sagemaker-mlflow:${action}`);

/** Network interfaces in the VPC. https://docs.aws.amazon.com/sagemaker/latest/dg/train-vpc.html */
function networkStatements({ binding }: WorkloadContext): PolicyStatement[] {
  const { subnetIds, securityGroupIds } = binding.network ?? { subnetIds: [], securityGroupIds: [] };
  return [
    {
      Sid: "Interfaces",
      Effect: "Allow",
      Action: [
        "ec2:CreateNetworkInterface",
        "ec2:CreateNetworkInterfacePermission",
        "ec2:DeleteNetworkInterface",
        "ec2:DeleteNetworkInterfacePermission",
      ],
      Resource: [
        arnOf(binding, "ec2", "network-interface/*"),
        ...subnetIds.map((id) => arnOf(binding, "ec2", `subnet/${id}`)),
        ...securityGroupIds.map((id) => arnOf(binding, "ec2", `security-group/${id}`)),
      ],
    },
    {
      // Have no resources. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
      Sid: "LookAtNetwork",
      Effect: "Allow",
      Action: [
        "ec2:DescribeDhcpOptions",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcs",
      ],
      Resource: "*",
    },
  ];
}

/** The data source and its secret: for ingest, and for the monitor where it looks there for what is new. */
function sourceStatements(workload: Workload, { binding, spec }: WorkloadContext): PolicyStatement[] {
  const { source } = spec.data;
  const reads = workload === "ingest" || (workload === "monitor" && spec.training.retrainOn.includes("new-data"));
  if (!reads || !source) return [];
  const [, bucket, prefix = ""] = (source.kind === "object" && /^s3:\/\/([^/]+)\/?(.*)$/.exec(source.uri)) || [];
  if (source.secret === undefined) {
    if (bucket === undefined) return [];
    return [
      {
        Sid: "ListSource",
        Effect: "Allow",
        Action: "s3:ListBucket",
        Resource: bucketArnOf(binding, bucket),
        Condition: { StringLike: { "s3:prefix": `${prefix}*` } },
      },
      { Sid: "ReadSource", Effect: "Allow", Action: "s3:GetObject", Resource: bucketArnOf(binding, bucket, `${prefix}*`) },
    ];
  }
  return [
    {
      Sid: "SourceSecret",
      Effect: "Allow",
      Action: "secretsmanager:GetSecretValue",
      // Six characters that Secrets Manager adds: https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html
      Resource: arnOf(binding, "secretsmanager", `secret:${prefixOf(binding)}/${source.secret}-??????`),
    },
  ];
}

function monitorStatements({ binding, spec, trainingArn }: WorkloadContext): PolicyStatement[] {
  const kpis: PolicyStatement = {
    // Has no resources; the name space is its condition.
    Sid: "Kpis",
    Effect: "Allow",
    Action: "cloudwatch:PutMetricData",
    Resource: "*",
    Condition: { StringEquals: { "cloudwatch:namespace": kpiNamespace(binding) } },
  };
  const traffic: PolicyStatement[] = spec.endpoint
    ? [
        {
          // Has no resources and no conditions. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
          Sid: "Traffic",
          Effect: "Allow",
          Action: "cloudwatch:GetMetricData",
          Resource: "*",
        },
      ]
    : [];
  if (trainingArn === null) return [kpis, ...traffic];
  return [
    kpis,
    ...traffic,
    { Sid: "Retrain", Effect: "Allow", Action: ["states:StartExecution", "states:ListExecutions"], Resource: trainingArn },
    { Sid: "Trainings", Effect: "Allow", Action: "states:DescribeExecution", Resource: executionsOf(trainingArn) },
  ];
}

/** ARN of the executions of a state machine. */
export const executionsOf = (machineArn: string): string => `${machineArn.replace(":stateMachine:", ":execution:")}:*`;
