import { runbook, scheduleGraceSeconds } from "@cyclops/core";
import { selector } from "./monitored-model";
import { scrapeJobs } from "./prometheus";
import type { AlertRule, RuleFile } from "./recording-rules";
import { type Pipeline, pipelines } from "./runs";

/** Name of the alert that always fires. */
export const watchdog = "CyclopsWatchdog";

/** What the rules of a platform depend on. */
export interface WatchedPlatform {
  readonly stack: string;
  readonly environment: string;
  /** Namespace of the series; needed where one Prometheus scrapes several. @default - whatever the series say */
  readonly namespace?: string | undefined;
  /** Address of the folder with the runbooks. @default - see `runbook` */
  readonly runbooks?: string | undefined;
}

type Severity = "warn" | "critical" | "none";

/**
 * Alerts about what is no KPI: runs that have failed or are missing, servers that do not answer, volumes that fill, and a dead man's switch.
 * One document for all models of a platform, from what `cyclops-runtime watch` tells.
 *
 * A run that failed alerts at once, and until a later run of the same pipeline has ended well: there is nothing to wait for. Who stops a
 * run by hand is told nothing.
 */
export function platformRules(platform: WatchedPlatform): RuleFile<AlertRule> {
  const group = (name: string, rules: readonly AlertRule[]) => ({ name: `cyclops-${name}`, rules });
  return {
    groups: [
      group("runs", runRules(platform)),
      group("servers", serverRules(platform)),
      group("volumes", volumeRules(platform)),
      group("watchdog", [watchdogRule(platform)]),
    ],
  };
}

interface Parts {
  readonly alert: string;
  readonly severity: Severity;
  /** Value of the label `kpi`: what is told about together. */
  readonly kpi: string;
  readonly expr: string;
  readonly for?: string;
  readonly summary: string;
  readonly description: string;
  readonly section: string;
}

const rule = (platform: WatchedPlatform, parts: Parts, labels: Record<string, string> = {}): AlertRule => ({
  alert: parts.alert,
  expr: parts.expr,
  ...(parts.for === undefined ? {} : { for: parts.for }),
  labels: {
    severity: parts.severity,
    kpi: parts.kpi,
    ...labels,
    stack: platform.stack,
    environment: platform.environment,
    repeat: "24h",
  },
  annotations: {
    summary: `${parts.summary} (${platform.stack}/${platform.environment})`,
    description: parts.description,
    runbook_url: runbook("runbooks.md", parts.section, platform.runbooks),
  },
});

// Runs -----------------------------------------------------------------------------------------------------------------------------

/** How bad it is that a pipeline does not run: a batch is what somebody waits for; meanwhile the model that is there goes on. */
const severityOf: Readonly<Record<Pipeline, Severity>> = { training: "warn", batch: "critical", monitoring: "warn" };
/** Topics as the rules of models have them, so that alerts about one thing are told together. */
const topicOf: Readonly<Record<Pipeline, string>> = { training: "training", batch: "batch", monitoring: "monitor" };

/** Exit codes of verdicts; any other is a failure. */
const refused = "3";
const rolledBack = "4";

const failedRuns = "cyclops_pipeline_failed";
/** The newest sentence; a label of an alert would make a new alert of every run. */
function reasonOf({ namespace }: WatchedPlatform): string {
  const place = namespace === undefined ? [] : [["namespace", JSON.stringify(namespace)] as const];
  const labels = [...place, ["model", "$labels.model"], ["pipeline", "$labels.pipeline"]] as const;
  const query = `printf "${failedRuns}{${labels.map(([label]) => `${label}=%q`).join(",")}}" ${labels.map(([, value]) => value).join(" ")}`;
  return `{{ range ${query} | query }}{{ .Labels.reason }} (run {{ .Labels.run }}){{ end }}`;
}
/** What the exit code says, as in the runtime's contract. */
const cause =
  '{{ if eq $labels.exit_code "1" }}The input or the configuration is wrong: another attempt gives the same answer.' +
  '{{ else if eq $labels.exit_code "75" }}Something that it needs did not answer, at no attempt.' +
  '{{ else if eq $labels.exit_code "137" }}It was killed, mostly since it used more memory than its size has.' +
  "{{ else }}See the log of its pod.{{ end }}";

function runRules(platform: WatchedPlatform): AlertRule[] {
  const { namespace } = platform;
  const reason = reasonOf(platform);
  const of = (metric: string, pipeline: Pipeline, ...others: string[]) => selector(metric, { namespace, pipeline }, ...others);
  const failed = (pipeline: Pipeline, ...codes: string[]) =>
    `max by (model, pipeline, step, exit_code) (${of(failedRuns, pipeline, ...codes)}) > 0`;
  const verdict = (alert: string, code: string, summary: string, section: string): AlertRule =>
    rule(platform, {
      alert,
      severity: "warn",
      kpi: topicOf.training,
      expr: failed("training", `exit_code="${code}"`),
      summary,
      description: `${reason}. The version that was there goes on.`,
      section,
    });
  return [
    ...pipelines.map((pipeline) =>
      rule(platform, {
        alert: "CyclopsRunFailed",
        severity: severityOf[pipeline],
        kpi: topicOf[pipeline],
        // Other pipelines have no verdicts: there, these codes are failures too.
        expr: failed(pipeline, ...(pipeline === "training" ? [`exit_code!~"${refused}|${rolledBack}"`] : [])),
        summary: `The ${pipeline} of {{ $labels.model }} has failed`,
        description: `{{ with $labels.step }}Step {{ . }}{{ else }}The run as a whole{{ end }}{{ with $labels.exit_code }}, exit code {{ . }}{{ end }}: ${reason}. ${cause}`,
        section: "failed-run",
      }),
    ),
    verdict("CyclopsVersionRefused", refused, "The gate has refused a version of {{ $labels.model }}", "version-refused"),
    verdict("CyclopsVersionRolledBack", rolledBack, "A version of {{ $labels.model }} was rolled back", "version-rolled-back"),
    ...pipelines.map((pipeline) => {
      const since = `max by (model, pipeline) (${of("cyclops_schedule_last_timestamp_seconds", pipeline)})`;
      const interval = `max by (model, pipeline) (${of("cyclops_schedule_interval_seconds", pipeline)})`;
      return rule(platform, {
        alert: "CyclopsRunMissing",
        severity: severityOf[pipeline],
        kpi: topicOf[pipeline],
        expr: `time() - ${since} > ${interval} + ${scheduleGraceSeconds}`,
        for: "5m",
        summary: `The ${pipeline} of {{ $labels.model }} does not run`,
        description: "Its schedule has started nothing for {{ $value | humanizeDuration }}, an hour longer than it may.",
        section: "missing-run",
      });
    }),
    rule(
      platform,
      {
        alert: "CyclopsRunsWait",
        severity: "critical",
        kpi: "argo",
        expr: `max(${selector("cyclops_workflows_waiting", { namespace })}) > 0`,
        for: "5m",
        summary: "Runs are not taken up",
        description: "{{ $value }} workflows have no phase: no controller of Argo Workflows takes them up.",
        section: "argo",
      },
      { model: "none" },
    ),
  ];
}

// Servers --------------------------------------------------------------------------------------------------------------------------

function serverRules(platform: WatchedPlatform): AlertRule[] {
  const { namespace } = platform;
  const silent = `min by (server) (${selector("cyclops_server_up", { namespace })}) == 0`;
  const argo = `label_replace(min(${selector("up", { namespace, job: scrapeJobs.argo })}) == 0, "server", "argo", "", "")`;
  const servers: Parts = {
    alert: "CyclopsServerDown",
    severity: "critical",
    kpi: "servers",
    expr: `${silent} or ${argo}`,
    for: "3m",
    summary: "{{ $labels.server }} does not answer",
    description: "{{ $labels.server }} has not answered for three minutes. Scorers go on with the model that they have.",
    section: "server-down",
  };
  const blind: Parts = {
    alert: "CyclopsWatchBlind",
    severity: "warn",
    kpi: "monitoring",
    expr: `min(${selector("cyclops_watch_sees_runs", { namespace })}) == 0 or absent(${selector("cyclops_watch_sees_runs", { namespace })})`,
    for: "15m",
    summary: "Nobody sees runs",
    description: "Runs and servers are not told of: alerts about them neither begin nor end.",
    section: "monitoring",
  };
  return [servers, blind].map((parts) => rule(platform, parts, { model: "none" }));
}

// Volumes --------------------------------------------------------------------------------------------------------------------------

/** Share of a volume from which on it is told of. Prometheus fills its own to four fifths. */
const full = { warn: 0.9, critical: 0.95 } as const;

function volumeRules(platform: WatchedPlatform): AlertRule[] {
  const { namespace } = platform;
  const own = ["available", "size"].map((part) => `max by (volume) (${selector(`cyclops_volume_${part}_bytes`, { namespace })})`);
  // An operator's Prometheus scrapes the kubelets too, which know claims of others in the namespace, such as JupyterHub's; its own has no
  // right to. Unknown names give no series.
  const kubelet = ["available", "capacity"].map((part) => selector(`kubelet_volume_stats_${part}_bytes`, { namespace }));
  const kubelets =
    namespace === undefined
      ? []
      : [`max by (volume) (label_replace(1 - ${kubelet.join(" / ")}, "volume", "$1", "persistentvolumeclaim", "(.*)"))`];
  const used = [`1 - ${own.join(" / ")}`, ...kubelets].join(" or ");
  return (["warn", "critical"] as const).map((severity) =>
    rule(
      platform,
      {
        alert: "CyclopsVolumeFull",
        severity,
        // One for each: a volume that is full mutes the warning of no other.
        kpi: "volume-{{ $labels.volume }}",
        expr: `(${used}) > ${full[severity]}`,
        for: "10m",
        summary: "The volume {{ $labels.volume }} is nearly full",
        description: "The claim {{ $labels.volume }} is filled to {{ $value | humanizePercentage }}.",
        section: "volume-full",
      },
      { model: "none" },
    ),
  );
}

// Dead man's switch ----------------------------------------------------------------------------------------------------------------

const watchdogRule = (platform: WatchedPlatform): AlertRule =>
  rule(
    platform,
    {
      alert: watchdog,
      severity: "none",
      kpi: "watchdog",
      expr: "vector(1)",
      summary: "Alerts are on their way",
      description: "Always fires: whoever receives it tells a person when it stays away, since then nothing else arrives either.",
      section: "watchdog",
    },
    { model: "none" },
  );
