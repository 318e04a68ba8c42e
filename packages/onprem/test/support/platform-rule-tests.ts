import { platformRules, type WatchedPlatform } from "../../src/documents/platform-rules";

/** A platform with a Prometheus of its own. */
const platform: WatchedPlatform = { stack: "shop", environment: "dev" };
/** A platform whose Prometheus an operator has, which scrapes other namespaces too. */
const operated: WatchedPlatform = { ...platform, namespace: "shop-dev", runbooks: "https://wiki.example.com/cyclops/" };

/** What fires, as `alert severity` with the labels that tell one from another. */
type Firing = `${string} ${"warn" | "critical" | "none"}${string}`;

interface RuleTest {
  readonly name: string;
  readonly series: Readonly<Record<string, string>>;
  /** What fires at a time, besides the dead man's switch. */
  readonly expect: readonly (readonly [at: string, ...Firing[]])[];
}

/** A value that stays for an hour and forty minutes. */
const constant = (value: number) => `${value}+0x100`;
const sees = { cyclops_watch_sees_runs: constant(1) };

const failed = (pipeline: string, step: string, code: string, run = "run-7", reason = "no column") =>
  `cyclops_pipeline_failed{model="churn",pipeline="${pipeline}",step="${step}",exit_code="${code}",run="${run}",reason="${reason}"}`;
const runs = (name: string, series: string, ...firing: Firing[]): RuleTest => ({
  name,
  series: { ...sees, [series]: constant(1) },
  expect: [["1m", ...firing]],
});

const runTests: readonly RuleTest[] = [
  { name: "nothing has failed", series: sees, expect: [["1m"], ["90m"]] },
  runs("a training with bad data, at once", failed("training", "curate", "1"), "CyclopsRunFailed warn churn training curate 1"),
  runs("a batch, which somebody waits for", failed("batch", "batch", "137"), "CyclopsRunFailed critical churn batch batch 137"),
  runs("a monitor", failed("monitoring", "monitor", ""), "CyclopsRunFailed warn churn monitoring monitor "),
  runs("a run as a whole", failed("training", "", ""), "CyclopsRunFailed warn churn training  "),
  runs("a refused version is no failure", failed("training", "gate", "3"), "CyclopsVersionRefused warn churn training gate 3"),
  runs(
    "a version that was rolled back is no failure",
    failed("training", "deploy", "4"),
    "CyclopsVersionRolledBack warn churn training deploy 4",
  ),
  runs("code 3 of a batch is no verdict", failed("batch", "batch", "3"), "CyclopsRunFailed critical churn batch batch 3"),
  {
    name: "until a later run has ended well, and as one alert for several runs",
    series: {
      ...sees,
      [failed("training", "curate", "1", "run-7")]: "1+0x10 stale",
      [failed("training", "curate", "1", "run-8")]: "_x10 1+0x10 stale",
    },
    expect: [
      ["5m", "CyclopsRunFailed warn churn training curate 1"],
      ["15m", "CyclopsRunFailed warn churn training curate 1"],
      ["25m"],
    ],
  },
];

const schedule = (pipeline: string, interval: number, model = "churn") => {
  const labels = `{model="${model}",pipeline="${pipeline}"}`;
  return {
    [`cyclops_schedule_last_timestamp_seconds${labels}`]: constant(0),
    [`cyclops_schedule_interval_seconds${labels}`]: constant(interval),
  };
};
const missing = (name: string, series: Readonly<Record<string, string>>, ...expect: RuleTest["expect"]): RuleTest => ({
  name,
  series: { ...sees, ...series },
  expect,
});

const scheduleTests: readonly RuleTest[] = [
  missing("a schedule that is not yet late", schedule("training", 1800), ["89m"], ["94m"]),
  missing("a training that is missing", schedule("training", 1200), ["80m"], ["86m", "CyclopsRunMissing warn churn training"]),
  missing("a batch that is missing", schedule("batch", 1200), ["86m", "CyclopsRunMissing critical churn batch"]),
  missing("a monitor that is missing", schedule("monitoring", 600, "prices"), [
    "80m",
    "CyclopsRunMissing warn prices monitoring",
  ]),
  missing(
    "a schedule that is taken up again",
    { ...schedule("batch", 1200), [Object.keys(schedule("batch", 1))[0] ?? ""]: "0+0x84 5040+0x16" },
    ["95m"],
  ),
];

const serverTests: readonly RuleTest[] = [
  missing(
    "workflows that nobody takes up",
    { cyclops_workflows_waiting: "0+0x5 2+0x95" },
    ["9m"],
    ["12m", "CyclopsRunsWait critical none"],
  ),
  missing("workflows that are taken up", { cyclops_workflows_waiting: constant(0) }, ["90m"]),
  missing(
    "a server that does not answer",
    { 'cyclops_server_up{server="tracking"}': "1+0x5 0+0x95", 'cyclops_server_up{server="database"}': constant(1) },
    ["8m"],
    ["10m", "CyclopsServerDown critical tracking"],
  ),
  missing("a server that is started again", { 'cyclops_server_up{server="tracking"}': "1+0x5 0 0 1+0x90" }, ["7m"], ["20m"]),
  missing(
    "several servers",
    { 'cyclops_server_up{server="tracking"}': constant(0), 'cyclops_server_up{server="object-store"}': constant(0) },
    ["5m", "CyclopsServerDown critical object-store", "CyclopsServerDown critical tracking"],
  ),
  missing("Argo", { 'up{job="cyclops-argo",instance="a:8080"}': constant(0) }, ["5m", "CyclopsServerDown critical argo"]),
  missing(
    "Argo that answers, and a scorer that does not, which has an alert of its own",
    { 'up{job="cyclops-argo",instance="a:8080"}': constant(1), 'up{job="cyclops-scorers",instance="b:8080"}': constant(0) },
    ["90m"],
  ),
  {
    name: "a watch that is blind",
    series: { cyclops_watch_sees_runs: "1 0+0x99" },
    expect: [["14m"], ["17m", "CyclopsWatchBlind warn none"]],
  },
  { name: "a watch that is gone", series: {}, expect: [["14m"], ["17m", "CyclopsWatchBlind warn none"]] },
];

/** Figures of a volume of a thousand bytes, as a pod tells them. */
const volume = (left: number, name = "prometheus", instance = "a:9097", values: (value: number) => string = constant) => ({
  [`cyclops_volume_available_bytes{job="cyclops-volumes",instance="${instance}",volume="${name}"}`]: values(left),
  [`cyclops_volume_size_bytes{job="cyclops-volumes",instance="${instance}",volume="${name}"}`]: values(1000),
});
const untilFive = (value: number) => `${value}+0x5 stale`;
const volumeTests: readonly RuleTest[] = [
  missing("a volume at four fifths", volume(200), ["90m"]),
  missing("a volume at nine tenths", volume(99), ["9m"], ["11m", "CyclopsVolumeFull warn prometheus"]),
  missing("a volume that is full", volume(10), [
    "11m",
    "CyclopsVolumeFull critical prometheus",
    "CyclopsVolumeFull warn prometheus",
  ]),
  missing(
    "volumes of several pods, each by its claim",
    { ...volume(60, "store"), ...volume(500, "database", "b:9097"), ...volume(70, "home-ana", "c:9097") },
    ["11m", "CyclopsVolumeFull warn home-ana", "CyclopsVolumeFull warn store"],
  ),
  missing(
    "a notebook that has ended is no full volume, and neither is one that was",
    { ...volume(500, "home-ana", "c:9097", (value) => `${value}+0x20 stale`), ...volume(10, "home-bo", "d:9097", untilFive) },
    ["14m"],
    ["90m"],
  ),
  missing(
    "a pod that is replaced, with the figures of both for a while",
    {
      ...volume(300, "store", "a:9097", (value) => `${value}+0x20 stale`),
      ...volume(300, "store", "b:9097", (value) => `_x18 ${value}+0x80`),
    },
    ["19m"],
    ["40m"],
  ),
  missing(
    "a full volume of a pod that is replaced is one alert",
    { ...volume(60, "store"), ...volume(60, "store", "b:9097", (value) => `_x12 ${value}+0x80`) },
    ["14m", "CyclopsVolumeFull warn store"],
  ),
];

const claim = (namespace: string, left: number, name = "data-store-0") => {
  const labels = `{namespace="${namespace}",persistentvolumeclaim="${name}",node="a"}`;
  return {
    [`kubelet_volume_stats_available_bytes${labels}`]: constant(left),
    [`kubelet_volume_stats_capacity_bytes${labels}`]: constant(1000),
  };
};
const inNamespace = (name: string) => ({ [`cyclops_watch_sees_runs{namespace="${name}"}`]: constant(1) });
const operatedTests: readonly RuleTest[] = [
  {
    name: "the kubelet's volumes of this namespace alone",
    series: { ...inNamespace("shop-dev"), ...claim("shop-dev", 80), ...claim("other", 10) },
    expect: [["11m", "CyclopsVolumeFull warn data-store-0"]],
  },
  {
    name: "a claim that a pod tells of and the kubelet too is one alert",
    series: {
      ...inNamespace("shop-dev"),
      ...claim("shop-dev", 80, "store"),
      'cyclops_volume_available_bytes{namespace="shop-dev",volume="store"}': constant(80),
      'cyclops_volume_size_bytes{namespace="shop-dev",volume="store"}': constant(1000),
      'cyclops_volume_available_bytes{namespace="other",volume="home"}': constant(10),
      'cyclops_volume_size_bytes{namespace="other",volume="home"}': constant(1000),
    },
    expect: [["11m", "CyclopsVolumeFull warn store"]],
  },
  {
    name: "runs and servers of this namespace alone",
    series: {
      ...inNamespace("shop-dev"),
      [failed("batch", "batch", "1").replace("{", '{namespace="other",')]: constant(1),
      'cyclops_server_up{namespace="other",server="tracking"}': constant(0),
      'cyclops_server_up{namespace="shop-dev",server="database"}': constant(0),
    },
    expect: [["5m", "CyclopsServerDown critical database"]],
  },
  {
    name: "a watch of another namespace sees nothing here",
    series: inNamespace("other"),
    expect: [["17m", "CyclopsWatchBlind warn none"]],
  },
];

/** What tells two alerts apart, by kind. */
const told = ["model", "pipeline", "step", "exit_code"] as const;
const labelsOf = (firing: Firing): string => {
  const [alertname = "", severity = "", ...rest] = firing.split(" ");
  const named: Record<string, string> =
    alertname === "CyclopsServerDown"
      ? { server: rest[0] ?? "" }
      : alertname === "CyclopsVolumeFull"
        ? { volume: rest[0] ?? "" }
        : Object.fromEntries(rest.map((value, index) => [told[index] ?? "", value]));
  const all = Object.entries({ alertname, severity, ...named }).filter(
    ([key, value]) => value !== "" && value !== "none" && key !== "",
  );
  return `{${all.map(([key, value]) => `${key}="${value}"`).join(",")}}`;
};

const promtoolTest = ({ name, series, expect }: RuleTest) => ({
  name,
  interval: "1m",
  input_series: Object.entries(series).map(([key, values]) => ({ series: key, values })),
  promql_expr_test: expect.map(([at, ...firing]) => ({
    // The series that Prometheus itself keeps of its alerts.
    expr: 'count by (alertname, severity, model, pipeline, step, exit_code, server, volume) (label_replace(ALERTS{alertstate="firing",alertname!="CyclopsWatchdog"}, "model", "", "model", "none"))',
    eval_time: at,
    exp_samples: firing.map((each) => ({ labels: labelsOf(each), value: 1 })),
  })),
});

const place = { stack: "shop", environment: "dev", repeat: "24h" };
const textTest = {
  name: "what people read",
  interval: "1m",
  input_series: [
    { series: failed("training", "curate", "1", "train-x7", "MonthlyCharges is missing"), values: constant(1) },
    { series: failed("batch", "", "", "batch-9", "Max duration limit exceeded"), values: constant(1) },
    ...Object.entries(volume(80, "shop-platform-storage-volume")).map(([series, values]) => ({ series, values })),
  ],
  alert_rule_test: [
    {
      eval_time: "2m",
      alertname: "CyclopsRunFailed",
      exp_alerts: [
        {
          exp_labels: {
            ...place,
            severity: "warn",
            kpi: "training",
            model: "churn",
            pipeline: "training",
            step: "curate",
            exit_code: "1",
          },
          exp_annotations: {
            summary: "The training of churn has failed (shop/dev)",
            description:
              "Step curate, exit code 1: MonthlyCharges is missing (run train-x7). The input or the configuration is wrong: another attempt gives the same answer.",
            runbook_url: "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/runbooks.md#failed-run",
          },
        },
        {
          exp_labels: { ...place, severity: "critical", kpi: "batch", model: "churn", pipeline: "batch" },
          exp_annotations: {
            summary: "The batch of churn has failed (shop/dev)",
            description: "The run as a whole: Max duration limit exceeded (run batch-9). See the log of its pod.",
            runbook_url: "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/runbooks.md#failed-run",
          },
        },
      ],
    },
    {
      eval_time: "11m",
      alertname: "CyclopsVolumeFull",
      exp_alerts: [
        {
          exp_labels: {
            ...place,
            severity: "warn",
            kpi: "volume-shop-platform-storage-volume",
            model: "none",
            volume: "shop-platform-storage-volume",
          },
          exp_annotations: {
            summary: "The volume shop-platform-storage-volume is nearly full (shop/dev)",
            description: "The claim shop-platform-storage-volume is filled to 92%.",
            runbook_url: "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/runbooks.md#volume-full",
          },
        },
      ],
    },
    {
      eval_time: "0m",
      alertname: "CyclopsWatchdog",
      exp_alerts: [
        {
          exp_labels: { ...place, severity: "none", kpi: "watchdog", model: "none" },
          exp_annotations: {
            summary: "Alerts are on their way (shop/dev)",
            description:
              "Always fires: whoever receives it tells a person when it stays away, since then nothing else arrives either.",
            runbook_url: "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/runbooks.md#watchdog",
          },
        },
      ],
    },
  ],
};

const operatedTextTest = {
  name: "what people read of this namespace",
  interval: "1m",
  input_series: ["other", "shop-dev"].map((namespace) => ({
    series: failed("batch", "", "", `run-${namespace}`, `the reason of ${namespace}`).replace("{", `{namespace="${namespace}",`),
    values: constant(1),
  })),
  alert_rule_test: [
    {
      eval_time: "2m",
      alertname: "CyclopsRunFailed",
      exp_alerts: [
        {
          exp_labels: { ...place, severity: "critical", kpi: "batch", model: "churn", pipeline: "batch" },
          exp_annotations: {
            summary: "The batch of churn has failed (shop/dev)",
            description: "The run as a whole: the reason of shop-dev (run run-shop-dev). See the log of its pod.",
            runbook_url: "https://wiki.example.com/cyclops/runbooks.md#failed-run",
          },
        },
      ],
    },
  ],
};

const json = (document: unknown) => `${JSON.stringify(document, undefined, 1)}\n`;
const testFile = (file: string, tests: readonly object[]) => json({ rule_files: [file], evaluation_interval: "1m", tests });

/** Files of rules, by name: for `promtool check rules`. */
export const platformRuleFiles: Readonly<Record<string, string>> = {
  "platform.yml": json(platformRules(platform)),
  "platform-operated.yml": json(platformRules(operated)),
};

/** Files of tests that lie beside the rules, by name: for `promtool test rules`. */
export const platformRuleTestFiles: Readonly<Record<string, string>> = {
  "platform.test.yml": testFile("platform.yml", [
    ...[...runTests, ...scheduleTests, ...serverTests, ...volumeTests].map(promtoolTest),
    textTest,
  ]),
  "platform-operated.test.yml": testFile("platform-operated.yml", [...operatedTests.map(promtoolTest), operatedTextTest]),
};
