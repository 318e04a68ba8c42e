import { kpiIds } from "../kpi/catalogue";
import { columnTypes, dataFormats } from "./data";
import { endpointKinds, rolloutStrategies } from "./endpoint";
import {
  address,
  branch,
  column,
  columnKey,
  count,
  cron,
  duration,
  email,
  entrypoint,
  free,
  mapping,
  name,
  parameterName,
  repository,
  scalar,
  secretName,
  share,
  storage,
  tagKey,
  tagValue,
  timezone,
  user,
  variable,
  zonePath,
} from "./fields";
import { tasks } from "./model";
import { environments, sizes } from "./stack";
import { algorithms, metrics, retrainTriggers } from "./training";
import * as z from "./zod";

const size = z.enum(sizes);

const scheduleFields = { schedule: cron().optional(), timezone: timezone().default("UTC") };

const dataSource = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("object"),
    uri: address("s3", "gs", "abfss", "az", "https"),
    secret: secretName().optional(),
  }),
  z.strictObject({ kind: z.literal("http"), url: address("https"), secret: secretName().optional() }),
  z.strictObject({ kind: z.literal("sql"), query: free("a SELECT statement", 20_000), secret: secretName() }),
]);

const columnSpec = z.strictObject({
  type: z.enum(columnTypes),
  nullable: z.boolean().default(false),
  min: z.number().optional(),
  max: z.number().optional(),
  allowed: z.array(z.string()).min(1).max(1000).optional(),
  unique: z.boolean().default(false),
});

const data = z.strictObject({
  path: zonePath("raw"),
  format: z.enum(dataFormats).default("csv"),
  source: dataSource.optional(),
  target: column(),
  positive: scalar().optional(),
  id: column().optional(),
  timestamp: column().optional(),
  drop: z.array(column()).max(2000).default([]),
  schema: mapping(columnKey(), columnSpec, 10_000).default({}),
  maxViolationShare: share().default(0.05),
});

const step = (retries: number) =>
  z
    .strictObject({
      size: size.default("S"),
      gpu: count(0, 8).default(0),
      spot: z.boolean().default(false),
      instances: count(1, 64).default(1),
      retries: count(0, 10).default(retries),
      timeout: duration("1m", "7d").default("1h"),
      cache: z.boolean().default(false),
      image: free("the name of an image", 500).optional(),
      command: z.array(z.string()).min(1).max(100).optional(),
      entrypoint: entrypoint().optional(),
      // SageMaker takes a hundred for a job, and the library sets some of its own.
      environment: mapping(variable(), z.string({ error: "a text" }).max(1024), 80).default({}),
    })
    .prefault({});

// One schema for all steps alike: to make one takes a millisecond. A repeated gate gives the same answer, and a repeated deployment would
// hide a rollback: both are tried once.
const repeatable = step(2);
const once = step(0);

const training = z.strictObject({
  ...scheduleFields,
  retrainOn: z.array(z.enum(retrainTriggers)).default([]),
  cooldown: duration("1m").default("24h"),
  gate: z.strictObject({
    metric: z.enum(metrics),
    min: z.number().optional(),
    max: z.number().optional(),
    beatChampion: z.boolean().default(false),
    tolerance: z.number().min(0).default(0),
  }),
  algorithm: z.enum(algorithms).default("gradient-boosting"),
  hyperparameters: mapping(parameterName(), scalar(), 100).default({}),
  tune: z.strictObject({ trials: count(2, 500).default(20), parallelism: count(1, 32).default(1) }).optional(),
  approval: z.strictObject({ timeout: duration("1m", "90d").default("7d") }).optional(),
  testShare: z.number().gt(0).max(0.5).default(0.2),
  seed: count(0, 2 ** 31 - 1).default(42),
  steps: z
    .strictObject({
      ingest: repeatable,
      curate: repeatable,
      preprocess: repeatable,
      train: repeatable,
      tune: repeatable,
      evaluate: repeatable,
      gate: once,
      register: repeatable,
      deploy: once,
    })
    .prefault({}),
});

const batch = z.strictObject({
  ...scheduleFields,
  input: zonePath("raw", "curated").optional(),
  size: size.default("S"),
  instances: count(1, 64).default(1),
  spot: z.boolean().default(false),
  retries: count(0, 10).default(2),
  timeout: duration("1m", "7d").default("1h"),
});

const endpoint = z
  .strictObject({
    kind: z.enum(endpointKinds).default("realtime"),
    size: size.default("S"),
    gpu: count(0, 8).default(0),
    replicas: z.strictObject({ min: count(0, 100).optional(), max: count(1, 200).default(3) }).prefault({}),
    targetUtilization: count(10, 95).default(70),
    rollout: z
      .strictObject({
        strategy: z.enum(rolloutStrategies).optional(),
        percent: count(1, 100).optional(),
        bake: duration("0s", "24h").default("10m"),
        maxErrorRate: share().default(0.01),
      })
      .prefault({}),
    capture: z.strictObject({ percent: z.number().min(0).max(100).default(100) }).prefault({}),
  })
  .transform((value) => {
    // A queue has no share of live requests to send to a new version, and a serverless endpoint keeps no replica.
    const { strategy = value.kind === "async" ? "all-at-once" : "canary" } = value.rollout;
    const { percent = strategy === "all-at-once" ? 100 : 10 } = value.rollout;
    const { min = value.kind === "serverless" ? 0 : 1 } = value.replicas;
    return { ...value, replicas: { ...value.replicas, min }, rollout: { ...value.rollout, strategy, percent } };
  });

const threshold = z.strictObject({
  warn: z.number().optional(),
  critical: z.number().optional(),
  minSamples: count(0, 1_000_000_000).optional(),
  cooldown: duration("1m").optional(),
});

const monitoring = z.strictObject({
  schedule: cron().default("0 * * * *"),
  timezone: timezone().default("UTC"),
  window: duration("1m", "90d").default("24h"),
  instances: count(1, 100).default(1),
  valuePerPrediction: z.number().min(0).optional(),
  costPerHour: z.number().min(0).optional(),
  segments: z.array(column()).max(20).default([]),
  labels: z.strictObject({ path: zonePath("raw"), delay: duration().default("0s") }).optional(),
  thresholds: z.partialRecord(z.enum(kpiIds), threshold).default({}),
});

const model = z
  .strictObject({
    task: z.enum(tasks),
    data,
    training,
    batch: batch.optional(),
    endpoint: endpoint.optional(),
    monitoring: monitoring.optional(),
  })
  .transform((value) => ({ ...value, batch: value.batch && { ...value.batch, input: value.batch.input ?? value.data.path } }));

/** Schema of the stack spec: mirrors the interface `StackSpec` and fills in every portable default. */
export const stackSpecSchema = z.strictObject({
  name: name(),
  environment: z.enum(environments).default("dev"),
  models: mapping(name(), model, 10_000).default({}),
  workbench: z
    .strictObject({
      users: z.array(user()).min(1).max(500),
      size: size.default("S"),
      idleShutdown: duration("10m", "30d").default("60m"),
      storage: storage().default("10Gi"),
    })
    .optional(),
  alerts: z
    .strictObject({ email: z.array(email()).max(100).default([]), webhook: z.array(address("https")).max(100).default([]) })
    .optional(),
  budget: z
    .strictObject({ monthlyUsd: z.number().gt(0), alertAt: z.array(z.number().gt(0).max(2)).min(1).max(10).default([0.8, 1]) })
    .optional(),
  delivery: z
    .strictObject({
      github: z
        .strictObject({
          repository: repository(),
          branches: z.array(branch()).min(1).max(50).default(["main"]),
        })
        .optional(),
      jenkins: z.boolean().default(false),
    })
    .optional(),
  tags: mapping(tagKey(), tagValue(), 40, "Clouds take 50 for a resource, the library's own among them.").default({}),
});

/** A stack spec with every portable default filled in. */
export type ResolvedStackSpec = z.output<typeof stackSpecSchema>;
export type ResolvedModelSpec = ResolvedStackSpec["models"][string];
export type ResolvedDataSpec = ResolvedModelSpec["data"];
export type ResolvedTrainingSpec = ResolvedModelSpec["training"];
export type ResolvedStepSpec = ResolvedTrainingSpec["steps"]["train"];
export type ResolvedBatchSpec = NonNullable<ResolvedModelSpec["batch"]>;
export type ResolvedEndpointSpec = NonNullable<ResolvedModelSpec["endpoint"]>;
export type ResolvedMonitoringSpec = NonNullable<ResolvedModelSpec["monitoring"]>;
export type ResolvedWorkbenchSpec = NonNullable<ResolvedStackSpec["workbench"]>;
export type ResolvedDeliverySpec = NonNullable<ResolvedStackSpec["delivery"]>;
