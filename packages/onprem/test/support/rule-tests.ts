import { type KpiId, kpiCatalogue, kpiIds } from "@cyclops/core";
import { alertRules, type Severity } from "../../src/documents/alert-rules";
import type { MonitoredModel } from "../../src/documents/monitored-model";
import { recorded, recordedHourly, recordingRules, requestsIn } from "../../src/documents/recording-rules";
import { churn, limits, monitoredModels, prices } from "./monitored";
import { platformRuleFiles, platformRuleTestFiles } from "./platform-rule-tests";

/** Series with their values, a minute apart, in promtool's notation: `1+0x60` is one, sixty-one times. */
type Series = Readonly<Record<string, string>>;

/** What fires of one KPI of one model at a time. */
interface Expectation {
  readonly model: MonitoredModel;
  readonly kpi: string;
  readonly at: string;
  readonly firing: readonly Severity[];
}

interface RuleTest {
  readonly name: string;
  readonly series: Series;
  readonly expect: readonly Expectation[];
}

/** A value that stays, e.g. for 40 minutes. */
const constant = (value: number, minutes = 40) => `${value}+0x${minutes}`;

// KPIs of the monitor ----------------------------------------------------------------------------------------------------------

const labels = ({ stack, environment, model }: MonitoredModel) =>
  `stack="${stack}",environment="${environment}",model="${model}"`;
/** Of what was pushed: also the label that its target gives it, where one Prometheus scrapes several namespaces. */
const pushedLabels = (model: MonitoredModel) =>
  `${model.namespace === undefined ? "" : `namespace="${model.namespace}",`}${labels(model)}`;
const report = (metric: string, model: MonitoredModel, kpi: KpiId) =>
  `${metric}{job="cyclops-monitor",instance="",kpi="${kpi}",version="3",${pushedLabels(model)}}`;

/** What one report tells of a KPI; `beyond` is what chance does not explain of the value, where it may explain any. */
const reported = (model: MonitoredModel, kpi: KpiId, value: number, samples: number, beyond = value): Series => ({
  ...valued(model, kpi, value, beyond),
  [report("mlops_kpi_samples", model, kpi)]: constant(samples),
});

const valued = (model: MonitoredModel, kpi: KpiId, value: number, beyond = value): Series => ({
  [report("mlops_kpi", model, kpi)]: constant(value),
  ...(kpiCatalogue[kpi].beyondChance ? { [report("mlops_kpi_judged", model, kpi)]: constant(beyond) } : {}),
});

const judged = (name: string, model: MonitoredModel, kpi: KpiId, series: Series, ...firing: Severity[]): RuleTest => ({
  name,
  series,
  expect: [{ model, kpi, at: "30m", firing }],
});

/** Tests of different KPIs with the same name become one: promtool makes a database for each, which takes longer than the rest. */
function together(tests: readonly RuleTest[]): RuleTest[] {
  const byName = new Map<string, RuleTest>();
  for (const { name, series, expect } of tests) {
    const same = byName.get(name);
    byName.set(name, { name, series: { ...same?.series, ...series }, expect: [...(same?.expect ?? []), ...expect] });
  }
  return [...byName.values()];
}

/** Below, at and beyond both thresholds, with too few samples, and with a part of the report missing. */
function thresholdTests(model: MonitoredModel, kpi: KpiId): RuleTest[] {
  const { direction, operator, warn, critical, minSamples } = model.thresholds[kpi];
  if (warn === null || critical === null) return [];
  const worse = direction === "up" ? -1 : 1;
  const step = 0.001 * (Math.abs(warn) + Math.abs(critical));
  const enough = Math.max(minSamples, 1);
  const test = (name: string, value: number, ...firing: Severity[]) =>
    judged(name, model, kpi, reported(model, kpi, value, enough), ...firing);
  const atBound = operator === ">=";
  const both: Severity[] = ["critical", "warn"];
  const bad = critical + worse * step;
  return [
    test("short of warn", warn - worse * step),
    test("at warn", warn, ...(atBound ? (warn === critical ? both : (["warn"] as const)) : [])),
    test("beyond warn", warn + worse * step, ...(warn === critical ? both : (["warn"] as const))),
    test("at critical", critical, ...(atBound ? both : warn === critical ? [] : (["warn"] as const))),
    test("beyond critical", bad, ...both),
    ...(minSamples > 0
      ? [
          judged("from too few samples", model, kpi, reported(model, kpi, bad, minSamples - 1)),
          judged("from an unknown number of samples", model, kpi, valued(model, kpi, bad)),
        ]
      : []),
    ...(kpiCatalogue[kpi].beyondChance
      ? [
          judged("beyond critical, all by chance", model, kpi, reported(model, kpi, bad, enough, 0)),
          judged("beyond critical, not all by chance", model, kpi, reported(model, kpi, bad, enough, warn), "warn"),
        ]
      : []),
    judged("without a value", model, kpi, { [report("mlops_kpi_samples", model, kpi)]: constant(enough) }),
  ];
}

const monitored = kpiIds.filter((id) => !(id in recorded));

/** Eight days of a value, then two hours of another, an hour apart each. */
const changed = (before: number, after: number) => `${before}+0x191 ${after}+0x2`;

function changeTest(name: string, model: MonitoredModel, kpi: KpiId, values: string, ...firing: Severity[]): RuleTest {
  return {
    name: `${kpi} ${name}`,
    series: { [report("mlops_kpi", model, kpi)]: values, [report("mlops_kpi_samples", model, kpi)]: constant(500, 200) },
    expect: [{ model, kpi, at: "193h", firing }],
  };
}

const costTests = [
  changeTest("steady", churn, "cost_per_1k_predictions", changed(0.2, 0.2)),
  changeTest("doubled", churn, "cost_per_1k_predictions", changed(0.2, 0.4)),
  changeTest("tripled and more", churn, "cost_per_1k_predictions", changed(0.2, 0.7), "warn"),
  changeTest("free of charge", churn, "cost_per_1k_predictions", changed(0, 0)),
  changeTest("known for some hours only", churn, "cost_per_1k_predictions", "_x180 0.2+0x10 9+0x2"),
];
const qualityTests = [
  changeTest("steady", limits, "model_quality", changed(0.8, 0.79)),
  changeTest("a tenth worse", limits, "model_quality", changed(0.8, 0.7), "warn"),
  changeTest("better", limits, "model_quality", changed(0.8, 0.95)),
];

const monthOld = 30 * 86_400;
const freshnessTests = [
  judged("younger than a month", prices, "data_freshness", reported(prices, "data_freshness", monthOld - 60, 1)),
  judged("a month old", prices, "data_freshness", reported(prices, "data_freshness", monthOld, 1), "warn"),
];

// KPIs of serving ----------------------------------------------------------------------------------------------------------------

const scorer = ({ model, namespace }: MonitoredModel) => `namespace="${namespace}",model="${model}"`;
const live = (metric: string, model: MonitoredModel) => `${metric}{${scorer(model)}}`;
const requests = (model: MonitoredModel, inFive: number, inHour: number, minutes = 200): Series => ({
  [live(requestsIn["5m"], model)]: constant(inFive, minutes),
  [live(requestsIn["1h"], model)]: constant(inHour, minutes),
});

const served = (name: string, model: MonitoredModel, kpi: KpiId, series: Series, ...expected: [at: string, ...Severity[]][]) => ({
  name: `${kpi} ${name}`,
  series,
  expect: expected.map(([at, ...firing]) => ({ model, kpi, at, firing })),
});

const latency = (values: string) => ({ [live(recorded.latency_p95, churn)]: values });
const hourly = (values: string) => ({ [live(recordedHourly.latency_p95, churn)]: values });
const busy = requests(churn, 50, 600);
const scorers = (model: MonitoredModel, minutes = 300): Series => ({
  [`cyclops_inflight_requests{${scorer(model)},instance="a"}`]: constant(0, minutes),
  [`cyclops_model_info{${scorer(model)},instance="a",role="champion",version="3"}`]: constant(1, minutes),
});
const throughput = (values: string) => ({ [live(recorded.throughput, churn)]: values });

const servingTests: readonly RuleTest[] = [
  served("short of warn", churn, "latency_p95", { ...busy, ...latency(constant(499)) }, ["30m"]),
  served("at warn, from five minutes on", churn, "latency_p95", { ...busy, ...latency(constant(500)) }, ["4m"], ["6m", "warn"]),
  served(
    "at critical, from two minutes on",
    churn,
    "latency_p95",
    { ...busy, ...latency(constant(1000)) },
    ["1m"],
    ["3m", "critical"],
    ["6m", "critical", "warn"],
  ),
  served("from 49 requests", churn, "latency_p95", { ...requests(churn, 49, 49), ...latency(constant(5000)) }, ["30m"]),
  served("without requests", churn, "latency_p95", latency(constant(5000)), ["30m"]),
  served(
    "over an hour, where five minutes have too few requests",
    churn,
    "latency_p95",
    { ...requests(churn, 5, 60), ...latency(constant(1)), ...hourly(constant(1200)) },
    ["30m", "critical", "warn"],
  ),
  served(
    "over five minutes, where they have enough requests",
    churn,
    "latency_p95",
    { ...busy, ...latency(constant(100)), ...hourly(constant(1200)) },
    ["30m"],
  ),
  served("a spike of a minute", churn, "latency_p95", { ...busy, ...latency("100 5000 100+0x40") }, ["5m"], ["30m"]),
  served(
    "that comes and goes, as one alert until the cooldown is over",
    churn,
    "latency_p95",
    { ...busy, ...latency("600+0x10 100+0x20 600+0x10 100+0x120") },
    ["10m", "warn"],
    ["25m", "warn"],
    ["45m", "warn"],
    ["90m", "warn"],
    ["110m"],
  ),
  served("short of warn", churn, "error_rate", { ...busy, [live(recorded.error_rate, churn)]: constant(0.0099) }, ["30m"]),
  served("at warn", churn, "error_rate", { ...busy, [live(recorded.error_rate, churn)]: constant(0.01) }, ["30m", "warn"]),
  served("at critical", churn, "error_rate", { ...busy, [live(recorded.error_rate, churn)]: constant(0.05) }, [
    "30m",
    "critical",
    "warn",
  ]),
  served("short of warn", churn, "saturation", { [live(recorded.saturation, churn)]: constant(0.69) }, ["30m"]),
  served(
    "at warn, from a quarter of an hour on",
    churn,
    "saturation",
    { [live(recorded.saturation, churn)]: constant(0.7) },
    ["14m"],
    ["16m", "warn"],
  ),
  served(
    "at critical",
    churn,
    "saturation",
    { [live(recorded.saturation, churn)]: constant(0.9) },
    ["6m", "critical"],
    ["16m", "critical", "warn"],
  ),
  served(
    "stopped for an hour",
    churn,
    "throughput",
    { ...scorers(churn), ...throughput("60+0x30 0+0x200") },
    ["80m"],
    ["95m", "warn"],
  ),
  served("that goes on", churn, "throughput", { ...scorers(churn), ...throughput("60+0x30 0+0x40 60+0x200") }, ["200m"]),
  served("that never began", churn, "throughput", { ...scorers(churn), ...throughput(constant(0, 300)) }, ["200m"]),
  served("without a first request", churn, "throughput", scorers(churn), ["200m"]),
  served("stopped, as no scorer runs", churn, "throughput", throughput("60+0x30 0+0x200"), ["200m"]),
];

const limitsTests: readonly RuleTest[] = [
  served("without a least number of requests", limits, "latency_p95", { [live(recorded.latency_p95, limits)]: constant(600) }, [
    "30m",
    "warn",
  ]),
  served(
    "of fewer replicas than asked for",
    limits,
    "saturation",
    { ...scorers(limits), [live(recorded.saturation, limits)]: constant(0.95) },
    ["30m"],
  ),
  served(
    "below thresholds of its own",
    limits,
    "throughput",
    { [live(recorded.throughput, limits)]: "5+0x30 4+0x30 0.5+0x60" },
    ["30m"],
    ["50m", "warn"],
    ["80m", "critical", "warn"],
  ),
];

const withoutEndpoint: readonly RuleTest[] = [
  {
    name: "without an endpoint the monitor's values count",
    series: {
      ...reported(prices, "latency_p95", 700, 50),
      ...reported(prices, "error_rate", 0.06, 50),
      ...reported(prices, "saturation", 0.95, 1),
    },
    expect: [
      { model: prices, kpi: "latency_p95", at: "30m", firing: ["warn"] },
      { model: prices, kpi: "error_rate", at: "30m", firing: ["critical", "warn"] },
      { model: prices, kpi: "saturation", at: "30m", firing: ["critical", "warn"] },
    ],
  },
];

// Monitor and scorers ------------------------------------------------------------------------------------------------------------

const pushed = (model: MonitoredModel, values: string) => ({
  [`push_time_seconds{job="cyclops-monitor",instance="",${pushedLabels(model)}}`]: values,
});
const about = (kpi: string, ...expected: [at: string, ...Severity[]][]) =>
  expected.map(([at, ...firing]) => ({ model: churn, kpi, at, firing }));

const otherTests: readonly RuleTest[] = [
  {
    name: "the monitor is overdue after one missed run, and badly so after three",
    series: pushed(churn, constant(0, 400)),
    expect: about("monitor", ["119m"], ["122m", "warn"], ["239m", "warn"], ["242m", "critical", "warn"]),
  },
  {
    name: "the reports of another instance of the stack say nothing of this one",
    series: {
      ...pushed({ ...churn, namespace: "shop-pr-7" }, "0+60x400"),
      ...reported({ ...churn, namespace: "shop-pr-7" }, "feature_psi_max", 9, 500),
    },
    expect: [...about("monitor", ["122m", "warn"]), ...about("feature_psi_max", ["30m"])],
  },
  {
    name: "a monitor that reports is not overdue",
    series: pushed(churn, "0+60x400"),
    expect: about("monitor", ["300m"]),
  },
  {
    name: "a monitor that has never reported is told once it could have",
    series: {},
    expect: about("monitor", ["119m"], ["122m", "warn"]),
  },
  {
    name: "missing data is no drift: a KPI that has lost its value is told as that",
    series: {
      ...pushed(churn, "0+60x400"),
      [report("mlops_kpi", churn, "feature_psi_max")]: `0.05+0x60 ${"_x300"}`,
      [report("mlops_kpi_samples", churn, "feature_psi_max")]: constant(0, 400),
      // Never had one, e.g. as there are no late labels.
      [report("mlops_kpi_samples", churn, "prediction_drift")]: constant(0, 400),
    },
    expect: [...about("feature_psi_max", ["100m"], ["200m", "warn"]), ...about("prediction_drift", ["200m"])],
  },
  {
    name: "scorers that cannot be reached",
    series: {},
    expect: about("scorers", ["4m"], ["6m", "critical"]),
  },
  {
    name: "scorers before the first model",
    series: { [`cyclops_inflight_requests{${scorer(churn)},instance="a"}`]: constant(0) },
    expect: about("scorers", ["30m"]),
  },
  {
    name: "scorers that have lost their model",
    series: {
      ...scorers(churn),
      [`cyclops_model_info{${scorer(churn)},instance="a",role="champion",version="3"}`]: "1+0x10 _x60",
    },
    expect: about("scorers", ["12m"], ["25m", "critical"]),
  },
];

// Files --------------------------------------------------------------------------------------------------------------------------

function promtoolTest({ name, series, expect }: RuleTest, interval: string) {
  return {
    name,
    interval,
    input_series: Object.entries(series).map(([key, values]) => ({ series: key, values })),
    promql_expr_test: expect.map(({ model, kpi, at, firing }) => ({
      // The series that Prometheus itself keeps of its alerts.
      expr: `count by (severity) (ALERTS{alertstate="firing",kpi="${kpi}",${labels(model)}})`,
      eval_time: at,
      exp_samples: firing.map((severity) => ({ labels: `{severity="${severity}"}`, value: 1 })),
    })),
  };
}

/** Raw series of two scorers of one model and of a process that is none, and what is recorded from them. */
const recordingTest = {
  name: "live KPIs from the series of the scorers",
  interval: "30s",
  input_series: [
    ...["a", "b"].flatMap((instance) => {
      const of = (metric: string, more = "") => `${metric}{namespace="shop-dev",job="scorers",instance="${instance}"${more}}`;
      const model = ',model="churn"';
      return [
        { series: of("cyclops_inflight_requests", model), values: "1+0x300" },
        { series: of("cyclops_requests_total", `${model},version="3",code="200"`), values: "0+18x300" },
        { series: of("cyclops_requests_total", `${model},version="4",code="500"`), values: "0+2x300" },
        // Before a model is there; not the model's fault.
        { series: of("cyclops_requests_total", `${model},version="none",code="503"`), values: "0+50x300" },
        { series: of("cyclops_request_seconds_bucket", `${model},version="3",le="0.1"`), values: "0+9x300" },
        { series: of("cyclops_request_seconds_bucket", `${model},version="3",le="0.2"`), values: "0+10x300" },
        { series: of("cyclops_request_seconds_bucket", `${model},version="3",le="+Inf"`), values: "0+10x300" },
        { series: of("process_cpu_seconds_total"), values: instance === "a" ? "0+3x300" : "0+6x300" },
        { series: of("cyclops_cpu_limit_cores"), values: "1+0x300" },
        { series: of("process_resident_memory_bytes"), values: "600+0x300" },
        { series: of("cyclops_memory_limit_bytes"), values: "1000+0x300" },
      ];
    }),
    // A model without a failure, and then without requests.
    {
      series: 'cyclops_requests_total{namespace="shop-dev",instance="c",model="calm",version="1",code="200"}',
      values: "0+6x100 600+0x200",
    },
    { series: 'process_cpu_seconds_total{namespace="shop-dev",job="prometheus",instance="z"}', values: "0+30x300" },
    {
      series: 'cyclops_requests_total{namespace="other",instance="d",model="churn",version="1",code="200"}',
      values: "0+100x300",
    },
  ],
  promql_expr_test: [
    [recorded.throughput, "churn", 80],
    [requestsIn["5m"], "churn", 400],
    [requestsIn["1h"], "churn", 4800],
    [recorded.error_rate, "churn", 0.1],
    [recordedHourly.error_rate, "churn", 0.1],
    [recorded.latency_p95, "churn", 150],
    [recordedHourly.latency_p95, "churn", 150],
    ["cyclops:cpu_use:ratio", "churn", 0.2],
    [recorded.saturation, "churn", 0.6],
    [recorded.throughput, "calm", 0],
    [recorded.error_rate, "calm", undefined],
    [recorded.saturation, "calm", undefined],
  ]
    .map(([metric, model, value]) => ({
      // Rates of floating-point numbers are exact to some digits only.
      expr: `round(${String(metric)}{model="${String(model)}"}, 0.0001)`,
      eval_time: "120m",
      exp_samples: value === undefined ? [] : [{ labels: `{namespace="shop-dev",model="${String(model)}"}`, value }],
    }))
    .concat([
      {
        expr: `${recorded.error_rate}{model="calm"}`,
        eval_time: "40m",
        exp_samples: [{ labels: `${recorded.error_rate}{namespace="shop-dev",model="calm"}`, value: 0 }],
      },
    ]),
};

/** From the scorers' series to the alert, with its texts. */
const chainTest = {
  name: "from the scorers' series to the alert",
  interval: "30s",
  input_series: recordingTest.input_series,
  alert_rule_test: [
    {
      eval_time: "30m",
      alertname: "CyclopsErrorRate",
      exp_alerts: (["warn", "critical"] as const).map((severity) => ({
        exp_labels: {
          severity,
          kpi: "error_rate",
          model: "churn",
          stack: "shop",
          environment: "dev",
          repeat: "1h",
          namespace: "shop-dev",
        },
        exp_annotations: {
          summary: `Error rate of churn: ${severity} (shop/dev)`,
          description: `error_rate is 10%: ${severity} at or above ${severity === "warn" ? 1 : 5}%. Share of predictions answered with a 5xx status.`,
          runbook_url: "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#error_rate",
        },
      })),
    },
  ],
};

const json = (document: unknown) => `${JSON.stringify(document, undefined, 1)}\n`;
const alertFiles = Object.entries(monitoredModels).map(
  ([name, model]) => [`alerts-${name}.yml`, json(alertRules(model))] as const,
);

/** Files of rules, by name: for `promtool check rules`. */
export const ruleFiles: Readonly<Record<string, string>> = {
  "recording.yml": json(recordingRules({ namespace: "shop-dev" })),
  ...Object.fromEntries(alertFiles),
  ...platformRuleFiles,
};

const testFile = (name: keyof typeof monitoredModels, step: string, tests: readonly RuleTest[]) =>
  json({
    rule_files: [`alerts-${name}.yml`],
    evaluation_interval: step,
    tests: tests.map((test) => promtoolTest(test, step)),
  });

/** Files of tests that lie beside the rules, by name: for `promtool test rules`. */
export const ruleTestFiles: Readonly<Record<string, string>> = {
  "churn.test.yml": testFile("churn", "1m", [
    ...together(monitored.flatMap((kpi) => thresholdTests(churn, kpi))),
    ...servingTests,
    ...otherTests,
  ]),
  "prices.test.yml": testFile("prices", "1m", [
    ...together(monitored.flatMap((kpi) => thresholdTests(prices, kpi))),
    ...freshnessTests,
    ...withoutEndpoint,
  ]),
  "limits.test.yml": testFile("limits", "1m", [...thresholdTests(limits, "cost_per_1k_predictions"), ...limitsTests]),
  "changes-churn.test.yml": testFile("churn", "1h", costTests),
  "changes-limits.test.yml": testFile("limits", "1h", qualityTests),
  "recording.test.yml": json({
    rule_files: ["recording.yml", "alerts-churn.yml"],
    evaluation_interval: "30s",
    tests: [recordingTest, chainTest],
  }),
  ...platformRuleTestFiles,
};
