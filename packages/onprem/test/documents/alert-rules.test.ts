import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { kpiIds } from "@cyclops/core";
import { missingKpis } from "@cyclops/core/testing";
import { describe, expect, it } from "vitest";
import { alertRules, repeatIntervals } from "../../src/documents/alert-rules";
import { recordingRules } from "../../src/documents/recording-rules";
import { churn, limits, monitoredModels, prices } from "../support/monitored";
import { promqlProblems } from "../support/promql";
import { ruleFiles, ruleTestFiles } from "../support/rule-tests";

const rulesOf = (model = churn) => alertRules(model).groups.flatMap(({ rules }) => rules);

describe.each(Object.entries(monitoredModels))("alert rules of %s", (_name, model) => {
  const rules = rulesOf(model);

  it("watch each of the fifteen KPIs", () => {
    expect(missingKpis(rules.map(({ labels }) => labels.kpi ?? ""))).toEqual([]);
  });

  it.each(kpiIds)("would be found to lack %s", (id) => {
    expect(missingKpis(rules.filter(({ labels }) => labels.kpi !== id).map(({ labels }) => labels.kpi ?? ""))).toEqual([id]);
  });

  it("are PromQL", () => {
    expect(rules.flatMap(({ expr }) => promqlProblems(expr))).toEqual([]);
  });

  it("have the labels that routes and inhibitions go by", () => {
    for (const { labels, alert } of rules) {
      const { severity, repeat, kpi, ...place } = labels;
      expect(place).toEqual({ stack: model.stack, environment: model.environment, model: model.model });
      expect(["warn", "critical"]).toContain(severity);
      expect(repeatIntervals).toContain(repeat);
      expect(kpi === undefined).toBe(alert === "CyclopsKpiWithoutValue");
    }
    const identities = rules.map(({ alert, labels }) => [alert, labels.severity].join());
    expect(new Set(identities).size).toBeGreaterThan(kpiIds.length);
    expect(rules.filter(({ alert }) => alert === "CyclopsScorersDown").length).toBe(model.endpoint ? 1 : 0);
  });

  it("are about this model only", () => {
    for (const { expr } of rules) {
      const selectors = expr.match(/[a-z_:0-9]+\{[^}]*\}/g) ?? [];
      expect(selectors.length).toBeGreaterThan(0);
      for (const selector of selectors) expect(selector).toContain(`model="${model.model}"`);
    }
  });

  it("lead to the page of what to do", () => {
    const folder = model.runbooks ?? "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs";
    for (const { labels, annotations } of rules) {
      expect(annotations.runbook_url).toBe(`${folder}/concepts/kpis.md#${labels.kpi ?? "monitor"}`);
      expect(Object.keys(annotations).sort()).toEqual(["description", "runbook_url", "summary"]);
    }
  });
});

describe("alert rules", () => {
  const of = (kpi: string, model = churn) => rulesOf(model).filter(({ labels }) => labels.kpi === kpi);

  it("take the cooldown of the KPI, for what comes and goes and for what goes on", () => {
    expect(of("feature_psi_max").map((rule) => [rule.keep_firing_for, rule.labels.repeat])).toEqual([
      ["24h", "24h"],
      ["24h", "24h"],
    ]);
    expect(of("latency_p95", limits).map((rule) => [rule.keep_firing_for, rule.labels.repeat])).toEqual([
      ["30m", "1h"],
      ["30m", "1h"],
    ]);
  });

  it("only warn by a rule that needs no threshold", () => {
    for (const kpi of ["throughput", "cost_per_1k_predictions"])
      expect(of(kpi).map(({ labels }) => labels.severity)).toEqual(["warn"]);
    for (const kpi of ["throughput", "cost_per_1k_predictions"])
      expect(of(kpi, limits).map(({ labels }) => labels.severity)).toEqual(["warn", "critical"]);
    expect(of("data_freshness", prices).map(({ labels }) => labels.severity)).toEqual(["warn"]);
    expect(of("model_quality", limits).map(({ labels }) => labels.severity)).toEqual(["warn"]);
  });

  it("depend on nothing but the model", () => {
    expect(alertRules(churn)).toEqual(alertRules({ ...churn }));
    expect(JSON.parse(JSON.stringify(alertRules(churn)))).toEqual(alertRules(churn));
  });
});

describe("recording rules", () => {
  it("are PromQL, with and without a namespace", () => {
    const rules = [recordingRules(), recordingRules({ namespace: "shop-dev" })].flatMap(({ groups }) => groups);
    expect(rules.flatMap((group) => group.rules.flatMap(({ expr }) => promqlProblems(expr)))).toEqual([]);
  });

  it("look at one namespace where it is given", () => {
    const [group] = recordingRules({ namespace: "shop-dev" }).groups;
    for (const { expr } of group?.rules ?? []) {
      const selectors = expr.match(/\{[^}]*\}/g) ?? [];
      expect(selectors.length).toBeGreaterThan(0);
      for (const selector of selectors) expect(selector).toContain('namespace="shop-dev"');
    }
  });
});

const hasPromtool = spawnSync("promtool", ["--version"]).status === 0;

// The same files are checked and tested in the cluster's own Prometheus by the end-to-end tests.
describe.skipIf(!hasPromtool)("promtool (skipped unless it is on PATH: it comes with Prometheus)", () => {
  function promtool(...args: string[]) {
    const folder = mkdtempSync(path.join(tmpdir(), "cyclops-rules-"));
    try {
      for (const [file, text] of Object.entries({ ...ruleFiles, ...ruleTestFiles })) writeFileSync(path.join(folder, file), text);
      const { status, stdout, stderr } = spawnSync("promtool", args, { cwd: folder, encoding: "utf8" });
      return { status, output: stdout + stderr };
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  it("accepts every file of rules", () => {
    expect(promtool("check", "rules", ...Object.keys(ruleFiles))).toMatchObject({ status: 0 });
  });

  it.each(Object.keys(ruleTestFiles))(
    "finds that the rules do what %s says",
    (file) => {
      const { status, output } = promtool("test", "rules", file);
      expect(status, output).toBe(0);
    },
    120_000,
  );
});
