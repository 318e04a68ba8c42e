import { type KpiId, kpiCatalogue } from "../kpi/catalogue";
import { defaultBounds } from "../kpi/thresholds";
import { isParameterName } from "./fields";
import { hyperparametersOf } from "./hyperparameters";
import { suggestion } from "./issues";
import type { ModelSpec } from "./model";
import type { StackSpec } from "./stack";
import { classificationMetrics, type Metric, metricRanges, regressionMetrics, trainingSteps } from "./training";

type Path = readonly PropertyKey[];

/** A spec of which any part may be missing: rules run even where the shape of other parts is wrong. */
export type Draft<T> = T extends readonly (infer Item)[]
  ? readonly Draft<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]?: Draft<T[Key]> }
    : T;

/** A problem between fields, with the path to the field to change. */
export interface RuleIssue {
  readonly at: Path;
  readonly message: string;
  readonly fix: string;
  /** Parts whose absence makes the problem: it is not told where one of them is there and wrong in itself. */
  readonly needs: readonly Path[];
}
type Rule<T> = (draft: Draft<T>) => Iterable<RuleIssue>;

const issue = (at: Path, message: string, fix: string, ...needs: Path[]): RuleIssue => ({ at, message, fix, needs });
const lessIsBetter = new Set<string>(["rmse", "mae", "mape", "log_loss"]);
/** Columns of batch predictions beside the id, and what the runtime's own columns of captured requests and raw rows begin with. */
const batchColumns = ["label", "probability", "model_version", "timestamp"];
const reservedColumns = ["cyclops_", "__source_"];
const reservedVariables = ["CYCLOPS_", "MLFLOW_", "AWS_", "GOOGLE_", "AZURE_"];

const positiveLabel: Rule<ModelSpec> = function* ({ task, data }) {
  if (task === "binary-classification" && data && data.positive === undefined) {
    yield issue(
      ["data", "positive"],
      "is missing.",
      'Binary classification needs the positive value of the target, e.g. positive: "Yes".',
    );
  }
  if (task && task !== "binary-classification" && data?.positive !== undefined) {
    yield issue(["data", "positive"], `has no meaning for ${task}.`, "Remove it, or set task: binary-classification.");
  }
};

const gateMetric: Rule<ModelSpec> = function* ({ task, training }) {
  const gate = training?.gate;
  if (!gate?.metric) return;
  const at = (key: string) => ["training", "gate", key];
  const fitting: readonly Metric[] = task === "regression" ? regressionMetrics : classificationMetrics;
  if (task && !fitting.includes(gate.metric)) {
    yield issue(at("metric"), `"${gate.metric}" does not fit ${task}.`, `Allowed: ${fitting.join(", ")}.`);
  }
  const [right, wrong] = lessIsBetter.has(gate.metric) ? (["max", "min"] as const) : (["min", "max"] as const);
  if (gate[wrong] !== undefined) {
    yield issue(
      at(wrong),
      `has no use: for ${gate.metric} ${right === "min" ? "more" : "less"} is better.`,
      `Use ${right} instead.`,
    );
  } else if (gate[right] !== undefined) {
    yield* outside(at(right), gate[right], metricRanges[gate.metric], gate.metric, at("metric"));
  } else if (gate.beatChampion !== true) {
    yield issue(
      at(right),
      "is missing.",
      `Give the ${right === "min" ? "least" : "greatest"} ${gate.metric} that passes, or beatChampion: true.`,
      ["training", "gate"],
    );
  }
  if (gate.tolerance !== undefined && gate.beatChampion !== true) {
    yield issue(
      at("tolerance"),
      "has no use without beatChampion.",
      "Add beatChampion: true, or remove tolerance.",
      at("beatChampion"),
    );
  }
};

const columnRoles: Rule<ModelSpec> = function* ({ data }) {
  if (!data) return;
  const { target, id, timestamp } = data;
  if (target !== undefined && data.drop?.includes(target)) {
    yield issue(
      ["data", "drop", data.drop.indexOf(target)],
      `"${target}" is the target.`,
      "Remove it: the target is never a feature.",
    );
  }
  if (id !== undefined && id === target)
    yield issue(["data", "id"], `"${id}" is the target.`, "Name the column that identifies a row.");
  if (id !== undefined && id !== target && batchColumns.includes(id)) {
    yield issue(
      ["data", "id"],
      `"${id}" is a column of the predictions, which the id stands beside.`,
      `Rename the column in the files; taken are ${batchColumns.join(", ")}.`,
    );
  }
  const named = [["target", target] as const, ["id", id] as const, ["timestamp", timestamp] as const];
  for (const [key, column] of named) {
    const start = reservedColumns.find((each) => column?.startsWith(each));
    if (start !== undefined)
      yield issue(["data", key], `columns that begin with ${start} are the runtime's own.`, "Rename the column in the files.");
  }
  if (timestamp !== undefined && (timestamp === target || timestamp === id)) {
    yield issue(
      ["data", "timestamp"],
      `"${timestamp}" is already the ${timestamp === target ? "target" : "id"}.`,
      "Name the column with the time of the row.",
    );
  }
  yield* repeated(["data", "drop"], data.drop);
};

const columnConstraints: Rule<ModelSpec> = function* ({ data }) {
  for (const [column, spec] of Object.entries(data?.schema ?? {})) {
    if (!spec) continue;
    const at = (key: string) => ["data", "schema", column, key];
    const numeric = spec.type === "integer" || spec.type === "number";
    if (spec.type && !numeric) {
      for (const key of ["min", "max"] as const)
        if (spec[key] !== undefined)
          yield issue(at(key), `does not fit type ${spec.type}.`, "Use it with integer or number only.");
    }
    if (spec.type && spec.type !== "string" && spec.allowed)
      yield issue(at("allowed"), `does not fit type ${spec.type}.`, "Use it with string only.");
    if (spec.min !== undefined && spec.max !== undefined && spec.min > spec.max)
      yield issue(at("min"), `${spec.min} is greater than max (${spec.max}).`, "Swap them.");
    if (column === data?.target && spec.nullable)
      yield issue(at("nullable"), "the target cannot be missing.", "Remove nullable: rows without a target are set aside.");
    yield* repeated(at("allowed"), spec.allowed);
  }
};

const hyperparameters: Rule<ModelSpec> = function* ({ task, training }) {
  const { algorithm = "gradient-boosting", hyperparameters: given } = training ?? {};
  const { image, command, entrypoint } = training?.steps?.[training.tune ? "tune" : "train"] ?? {};
  // Code of the user's own has what names it likes.
  if (!task || !given || image !== undefined || command !== undefined || entrypoint !== undefined) return;
  const known = hyperparametersOf(algorithm, task);
  for (const name of Object.keys(given)) {
    // What is no name at all is told by its form.
    if (!known.includes(name) && isParameterName(name)) {
      const at = ["training", "hyperparameters", name];
      yield issue(at, `${algorithm} has none of this name.`, suggestion(name, known), ["training", "algorithm"]);
    }
  }
};

const steps: Rule<ModelSpec> = function* ({ training }) {
  for (const step of trainingSteps) {
    const spec = training?.steps?.[step];
    if (!spec) continue;
    const at = (...keys: string[]) => ["training", "steps", step, ...keys];
    if (step === "tune" && !training?.tune)
      yield issue(at(), "has no use: the model is not tuned.", "Add training.tune, or configure steps.train.", [
        "training",
        "tune",
      ]);
    if (step === "train" && training?.tune)
      yield issue(at(), "has no use: the model is tuned.", "Configure steps.tune instead, or remove training.tune.");
    if (spec.command && spec.entrypoint !== undefined)
      yield issue(at("entrypoint"), "cannot be combined with command.", "Keep one of them.");
    if (step !== "train" && (spec.instances ?? 1) > 1)
      yield issue(at("instances"), "only train can be distributed.", "Remove it, or use training.tune.parallelism for tuning.");
    if (step !== "train" && step !== "tune" && (spec.gpu ?? 0) > 0)
      yield issue(at("gpu"), `the step ${step} does not use a GPU.`, "Remove it, or give it to train.");
    if (spec.cache && (step === "gate" || step === "register" || step === "deploy"))
      yield issue(at("cache"), `the step ${step} has effects and cannot be cached.`, "Remove cache.");
    for (const key of Object.keys(spec.environment ?? {})) {
      if (reservedVariables.some((prefix) => key.startsWith(prefix)))
        yield issue(
          at("environment", key),
          "is set by the pipeline itself.",
          `Choose a name that does not start with ${reservedVariables.join(", ")}.`,
        );
    }
  }
  const tune = training?.tune;
  if (tune && (tune.parallelism ?? 1) > (tune.trials ?? 20))
    yield issue(
      ["training", "tune", "parallelism"],
      `${tune.parallelism} is more than the number of trials (${tune.trials ?? 20}).`,
      "Use at most as many, or more trials.",
      ["training", "tune"],
    );
};

const retraining: Rule<ModelSpec> = function* ({ data, training, monitoring }) {
  const at = ["training", "retrainOn"];
  const triggers = training?.retrainOn ?? [];
  yield* repeated(at, triggers);
  if (triggers.includes("schedule") && training?.schedule === undefined)
    yield issue(at, '"schedule" needs a schedule.', 'Add training.schedule, e.g. "0 3 * * 1".', ["training", "schedule"]);
  for (const trigger of ["drift", "new-data", "quality"] as const) {
    if (triggers.includes(trigger) && !monitoring)
      yield issue(
        at,
        `"${trigger}" needs monitoring.`,
        trigger === "quality" ? "Add monitoring with labels to the model." : "Add monitoring: {} to the model.",
        ["monitoring"],
      );
  }
  if (triggers.includes("quality") && monitoring && !monitoring.labels)
    yield issue(at, '"quality" needs labels that arrive later.', "Add monitoring.labels with their path.", ["monitoring"]);
  if (triggers.includes("new-data") && data?.source?.kind === "sql")
    yield issue(
      at,
      '"new-data" cannot see whether the rows of a query are new.',
      "Use training.schedule, or let the rows be exported to files.",
      ["data", "source"],
    );
};

const endpoint: Rule<ModelSpec> = function* ({ endpoint: spec }) {
  if (!spec) return;
  const { kind = "realtime", replicas, rollout } = spec;
  const least = replicas?.min ?? 1;
  const greatest = replicas?.max ?? 3;
  if (least > greatest)
    yield issue(["endpoint", "replicas", "min"], `${least} is greater than max (${greatest}).`, "Raise max, or lower min.");
  if (kind === "realtime" && replicas?.min === 0)
    yield issue(
      ["endpoint", "replicas", "min"],
      "a realtime endpoint needs at least one replica.",
      "Use 1, or kind: serverless.",
    );
  if (kind === "serverless" && (spec.gpu ?? 0) > 0)
    yield issue(["endpoint", "gpu"], "a serverless endpoint has no GPU.", "Remove it, or use kind: realtime.");
  if (kind === "serverless" && (replicas?.min ?? 0) > 0)
    yield issue(["endpoint", "replicas", "min"], "a serverless endpoint scales to zero.", "Remove it, or use kind: realtime.");
  if (kind === "async" && rollout?.strategy && rollout.strategy !== "all-at-once")
    yield issue(
      ["endpoint", "rollout", "strategy"],
      `"${rollout.strategy}" needs requests that are answered at once.`,
      "Use all-at-once, or kind: realtime.",
    );
  const strategy = rollout?.strategy ?? (rollout ? "canary" : undefined);
  if (strategy === "canary" && (rollout?.percent ?? 10) > 50)
    yield issue(
      ["endpoint", "rollout", "percent"],
      `${rollout?.percent ?? 10} is too much for a canary.`,
      "Use at most 50, or strategy: all-at-once.",
    );
  if (strategy === "all-at-once" && rollout?.percent !== undefined && rollout.percent !== 100)
    yield issue(["endpoint", "rollout", "percent"], "has no use with all-at-once.", "Remove it, or use strategy: canary.");
};

const monitoring: Rule<ModelSpec> = function* ({ data, endpoint: served, monitoring: spec, training = {} }) {
  if (!spec) return;
  if (spec.labels && data && data.id === undefined)
    yield issue(["monitoring", "labels"], "late labels are joined by the id column.", "Add data.id.", ["data"]);
  yield* repeated(["monitoring", "segments"], spec.segments);
  for (const [index, segment] of (spec.segments ?? []).entries()) {
    const type = data?.schema?.[segment]?.type;
    if (segment === data?.target)
      yield issue(["monitoring", "segments", index], "the target cannot be a segment.", "Name a column of the input.");
    else if (type && type !== "string" && type !== "boolean" && type !== "integer")
      yield issue(["monitoring", "segments", index], `"${segment}" is of type ${type}.`, "Name a categorical column.");
  }
  for (const [id, threshold] of Object.entries(spec.thresholds ?? {})) {
    if (!threshold) continue;
    const bounds = defaultBounds(id as KpiId, training);
    const at = ["monitoring", "thresholds", id];
    const metric = id === "model_quality" ? training.gate?.metric : undefined;
    const range = metric === undefined ? kpiCatalogue[id as KpiId].range : metricRanges[metric];
    for (const key of ["warn", "critical"] as const)
      yield* outside([...at, key], threshold[key], range, metric ?? id, ["training", "gate", "metric"]);
    const warn = threshold.warn ?? bounds.warn;
    const critical = threshold.critical ?? bounds.critical;
    if (warn !== null && critical !== null && (bounds.direction === "up" ? warn < critical : warn > critical)) {
      yield issue(
        [...at, threshold.warn === undefined ? "critical" : "warn"],
        `warn (${warn}) comes after critical (${critical}).`,
        `For ${id} ${bounds.direction === "up" ? "more" : "less"} is better: give a warn that is reached before critical.`,
        at,
      );
    }
    if (id === "roi" && spec.valuePerPrediction === undefined)
      yield issue(at, "the ROI needs the value of a prediction.", "Add monitoring.valuePerPrediction.", [
        "monitoring",
        "valuePerPrediction",
      ]);
    if (id === "fairness_gap" && !spec.segments?.length)
      yield issue(at, "fairness needs segments.", "Add monitoring.segments.", ["monitoring", "segments"]);
    if (!served && ["latency_p95", "error_rate", "throughput", "saturation"].includes(id))
      yield issue(at, "the model has no endpoint.", "Add endpoint: {} to the model.", ["endpoint"]);
  }
};

const source: Rule<ModelSpec> = function* ({ data }) {
  if (data?.source?.kind !== "sql" || data.source.query === undefined) return;
  if (!/^\s*(select|with)\b/i.test(data.source.query) || /;\s*\S/.test(data.source.query)) {
    yield issue(
      ["data", "source", "query"],
      "is not a single SELECT statement.",
      "Write one statement that starts with SELECT or WITH: data sources are only read.",
    );
  }
};

const modelRules: readonly Rule<ModelSpec>[] = [
  positiveLabel,
  gateMetric,
  columnRoles,
  columnConstraints,
  hyperparameters,
  steps,
  retraining,
  endpoint,
  monitoring,
  source,
];

const models: Rule<StackSpec> = function* ({ models: all }) {
  for (const [name, model] of Object.entries(all ?? {})) {
    if (!model) continue;
    const within = (path: Path) => ["models", name, ...path];
    for (const rule of modelRules) {
      for (const found of rule(model)) yield { ...found, at: within(found.at), needs: found.needs.map(within) };
    }
  }
};

const channels: Rule<StackSpec> = function* ({ alerts, budget, workbench, delivery }) {
  if (alerts && !alerts.email?.length && !alerts.webhook?.length)
    yield issue(["alerts"], "has no channel.", "Add email or webhook, or remove alerts.", ["alerts"]);
  if (delivery && !delivery.github && delivery.jenkins !== true)
    yield issue(["delivery"], "names no CI system.", "Add github or jenkins: true, or remove delivery.", ["delivery"]);
  yield* repeated(["alerts", "email"], alerts?.email);
  yield* repeated(["alerts", "webhook"], alerts?.webhook);
  yield* repeated(["budget", "alertAt"], budget?.alertAt);
  yield* repeated(["workbench", "users"], workbench?.users);
  yield* repeated(["delivery", "github", "branches"], delivery?.github?.branches);
};

const reservedTags: Rule<StackSpec> = function* ({ tags }) {
  for (const key of Object.keys(tags ?? {}))
    if (key.startsWith("cyclops")) yield issue(["tags", key], "is reserved.", 'Choose a key that does not start with "cyclops".');
};

/** The problem of a bound that no value reaches, or that every value is beyond. */
function* outside(
  at: Path,
  bound: number | undefined,
  [least, greatest]: readonly [number | null, number | null],
  what: string,
  need: Path,
): Iterable<RuleIssue> {
  if (bound === undefined) return;
  if (least !== null && bound < least) yield issue(at, `${bound} is less than any ${what}.`, `Use ${least} or more.`, need);
  if (greatest !== null && bound > greatest)
    yield issue(at, `${bound} is more than any ${what}.`, `Use ${greatest} or less.`, need);
}

function* repeated(at: Path, list: readonly (string | number | undefined)[] | undefined): Iterable<RuleIssue> {
  for (const [index, value] of (list ?? []).entries()) {
    if (value !== undefined && (list ?? []).indexOf(value) < index)
      yield issue([...at, index], `${JSON.stringify(value)} is listed twice.`, "Remove one.");
  }
}

/** Every problem between fields of a spec whose parts may be missing. */
export function checkRules(draft: Draft<StackSpec>): RuleIssue[] {
  return [models, channels, reservedTags].flatMap((rule) => [...rule(draft)]);
}
