import { documentation, type KpiId, kpiCatalogue, kpiIds, kpiSources, type ResolvedModelSpec } from "@cyclops/core";
import { missingKpis } from "@cyclops/core/testing";
import { describe, expect, it } from "vitest";
import { type Alarm, criticalRule, kpiAlarms, rollbackAlarm, shadowAlarm } from "../../src/documents/alarms";
import { modelDashboard } from "../../src/documents/dashboard";
import { kpiMetric, monitoredModel } from "../../src/documents/monitored-model";
import { putAlarm } from "../support/alarm-calls";
import { binding, everyModel, modelWith, variants } from "../support/machines";
import { askPython } from "../support/python";

const names = { endpoint: "churn-dev-churn", variant: "AllTraffic" };
const watched = (spec: ResolvedModelSpec) =>
  monitoredModel({
    context: { name: "churn", environment: "dev" },
    model: "churn",
    place: binding,
    spec,
    endpoint: spec.endpoint ? names : null,
  });
const monitored = Object.entries(everyModel()).filter(([, spec]) => spec.monitoring !== undefined);
const full = variants.full;
if (!full) throw new Error("no such variant");
const model = watched(full);

/** The alarm of a key. */
function alarmOf(alarms: readonly Alarm[], key: string): Alarm["args"] {
  const found = alarms.find((alarm) => alarm.key === key);
  if (!found) throw new Error(`no alarm ${key} among ${alarms.map((alarm) => alarm.key).join(", ")}`);
  return found.args;
}

describe("the description of an alarm", () => {
  it("leads to what to do, at this release's address or at a given one", () => {
    const described = (runbooks?: string) => kpiAlarms({ ...model, runbooks }).map(({ args }) => args.alarmDescription ?? "");
    for (const base of [undefined, "https://wiki.example.com/cyclops"]) {
      const folder = base ?? documentation;
      const addresses = described(base).map((text) => /What to do: (\S+)$/.exec(text)?.[1] ?? text);
      const expected = [...kpiIds, "monitor"].map((section) => `${folder}/concepts/kpis.md#${section}`);
      expect([...new Set(addresses)].sort()).toEqual(expected.sort());
    }
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    expect(Math.max(...described("https://wiki.example.com/".padEnd(300, "x")).map(({ length }) => length))).toBeLessThan(1024);
  });
});

describe("the alarms of a model", () => {
  it("are what CloudWatch takes", async () => {
    const calls = monitored.flatMap(([name, spec]) => kpiAlarms(watched(spec)).map((alarm) => putAlarm(name, alarm)));
    const rollouts = monitored.flatMap(([name, { endpoint }]) =>
      endpoint
        ? [
            rollbackAlarm({ name: names.endpoint, variant: names.variant }, endpoint),
            shadowAlarm({ name: names.endpoint }, endpoint),
          ].map((alarm) => putAlarm(name, alarm))
        : [],
    );
    expect(await askPython<string[]>("check_calls.py", [...calls, ...rollouts])).toEqual([]);
  }, 120_000);

  it.each(monitored)("have every KPI: %s", (_name, spec) => {
    const alarms = kpiAlarms(watched(spec));
    const found = alarms.flatMap(({ args }) =>
      args.metricQueries.map(({ id, expression = "", metric }) => `${id} ${expression} ${metric?.metricName ?? ""}`),
    );
    expect(missingKpis(found)).toEqual([]);
    expect(new Set(alarms.map(({ key }) => key)).size).toBe(alarms.length);
    for (const { key, args } of alarms) {
      // One result, or two where one is the band of what is usual; a look back of a week at most.
      expect(
        args.metricQueries.filter(({ returnData }) => returnData),
        key,
      ).toHaveLength(args.thresholdMetricId ? 2 : 1);
      const periods = args.metricQueries.flatMap(({ metric }) => (metric ? [metric.period] : []));
      expect(Math.max(...periods) * args.evaluationPeriods, key).toBeLessThanOrEqual(7 * 86_400);
      expect(
        periods.every((period) => period % 60 === 0),
        key,
      ).toBe(true);
      const ids = args.metricQueries.map(({ id }) => id);
      expect(new Set(ids).size, key).toBe(ids.length);
      for (const id of args.metricQueries.flatMap(({ expression = "" }) => expression.match(/\b[a-z][a-z0-9_]*\b/g) ?? []))
        expect(ids, key).toContain(id);
    }
  });

  it("have the thresholds that the monitor judges by", () => {
    const alarms = kpiAlarms(model);
    expect(alarmOf(alarms, "feature-psi-max-warn")).toMatchObject({
      threshold: 0.1,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
    });
    expect(alarmOf(alarms, "feature-psi-max-critical").threshold).toBe(0.25);
    expect(alarmOf(alarms, "model-quality-critical")).toMatchObject({ threshold: 0.75, comparisonOperator: "LessThanThreshold" });
    expect(alarmOf(alarms, "data-freshness-critical").threshold).toBe(2 * 7 * 86_400);
  });

  it("count values with enough behind them alone", () => {
    expect(alarmOf(kpiAlarms(model), "feature-psi-max-critical").metricQueries.at(-1)).toMatchObject({
      expression: "IF(samples >= 100, feature_psi_max)",
    });
    expect(alarmOf(kpiAlarms(model), "latency-p95-critical").metricQueries.at(-1)).toMatchObject({
      expression: "IF(requests >= 50, latency_p95)",
    });
  });

  it("compare what chance does not explain, where it may explain a value", () => {
    const compared = kpiAlarms(model).flatMap(({ args }) => args.metricQueries.flatMap(({ metric }) => metric?.metricName ?? []));
    for (const id of kpiIds.filter((kpi) => !kpiMetric(kpi, model).live)) {
      const [one, other] = kpiCatalogue[id].beyondChance ? [`${id}_judged`, id] : [id, `${id}_judged`];
      expect(compared).toContain(one);
      expect(compared).not.toContain(other);
    }
  });

  it("stay as they are between two reports, and tell that there is none", () => {
    const daily = watched(modelWith({ monitoring: { schedule: "0 6 * * *" } }));
    const drift = alarmOf(kpiAlarms(daily), "feature-psi-max-critical");
    expect(drift).toMatchObject({ treatMissingData: "ignore" });
    expect(drift.metricQueries[0]?.metric?.period).toBe(86_400);
    expect(alarmOf(kpiAlarms(daily), "monitor-overdue")).toMatchObject({ treatMissingData: "breaching", evaluationPeriods: 25 });
  });

  it("take microseconds for milliseconds", () => {
    const { metricQueries } = alarmOf(kpiAlarms(model), "latency-p95-critical");
    expect(metricQueries).toContainEqual(expect.objectContaining({ expression: "microseconds / 1000" }));
    expect(metricQueries).toContainEqual(
      expect.objectContaining({ metric: expect.objectContaining({ metricName: "ModelLatency", stat: "p95" }) }),
    );
  });

  it("take use for a share of what a replica has", () => {
    const gpu = watched(modelWith({ endpoint: { gpu: 2 } }));
    expect(kpiMetric("saturation", gpu).queries.at(-1)).toEqual({
      id: "saturation",
      expression: "MAX([cpu / 48, memory, gpu / 4]) / 100",
    });
    expect(kpiMetric("saturation", model).queries.at(-1)).toMatchObject({ expression: "MAX([cpu / 2, memory]) / 100" });
    const serverless = variants.serverless;
    if (!serverless) throw new Error("no such variant");
    expect(kpiMetric("saturation", watched(serverless)).queries.at(-1)).toMatchObject({ expression: "memory / 100" });
  });

  it("take a value from where the catalogue says it is", () => {
    for (const id of kpiIds) {
      const { place, origin } = kpiSources(id).aws;
      const { queries, live } = kpiMetric(id, model);
      expect(live ? "service" : "monitor", id).toBe(origin);
      expect(
        queries.some((query) => "namespace" in query && query.namespace === place.replace("<stack>-<instance>", "churn-dev")),
        id,
      ).toBe(true);
    }
  });

  it("roll a canary back at its share of the version's bound", () => {
    const endpoint = { name: "churn", variant: "AllTraffic" };
    expect(
      rollbackAlarm(endpoint, { rollout: { strategy: "canary", percent: 10, bake: "10m", maxErrorRate: 0.05 } }).args.threshold,
    ).toBeCloseTo(0.005);
    expect(
      rollbackAlarm(endpoint, { rollout: { strategy: "all-at-once", percent: 100, bake: "10m", maxErrorRate: 0.05 } }).args
        .threshold,
    ).toBe(0.05);
    const shadow = shadowAlarm(endpoint, { rollout: { strategy: "shadow", percent: 20, bake: "10m", maxErrorRate: 0.05 } }).args;
    expect(shadow.threshold).toBe(0.05);
    expect(shadow.metricQueries[0]?.metric?.dimensions.VariantName).toBe("Shadow");
  });

  it("are joined to one", () => {
    expect(criticalRule(["a", "b"])).toBe('ALARM("a") OR ALARM("b")');
  });
});

describe("the dashboard of a model", () => {
  const metricsOf = (body: ReturnType<typeof modelDashboard>) =>
    body.widgets.filter(({ type }) => type === "metric").map(({ properties }) => JSON.stringify(properties.metrics));

  it.each(monitored)("has every KPI: %s", (_name, spec) => {
    const body = modelDashboard(watched(spec), ["arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a"]);
    expect(missingKpis(metricsOf(body))).toEqual([]);
    expect(body.widgets.length).toBeLessThan(500);
    for (const { x, y, width, height } of body.widgets) {
      expect(x + width).toBeLessThanOrEqual(24);
      expect(Math.min(x, y, width, height)).toBeGreaterThanOrEqual(0);
    }
  });

  it("covers no widget by another one", () => {
    const taken = new Set<string>();
    for (const { x, y, width, height } of modelDashboard(model, []).widgets) {
      for (let column = x; column < x + width; column++) {
        for (let row = y; row < y + height; row++) {
          expect(taken.has(`${column},${row}`)).toBe(false);
          taken.add(`${column},${row}`);
        }
      }
    }
  });

  it("shows what is judged beside a value that chance may explain", () => {
    const shown = metricsOf(modelDashboard(model, []));
    for (const id of kpiIds) {
      const own = shown.filter((text) => text.includes(`"label":"${id}"`));
      const beside = own.filter((text) => text.includes(`"${id}_judged"`) && text.includes('"label":"beyond chance"'));
      expect(beside, id).toHaveLength(kpiCatalogue[id].beyondChance ? 2 : 0);
    }
  });

  it("draws the thresholds of the alarms", () => {
    const course = (id: KpiId) =>
      modelDashboard(model, []).widgets.find(
        ({ properties }) => properties.view === "timeSeries" && JSON.stringify(properties.metrics).includes(`"${id}"`),
      );
    expect(course("feature_psi_max")?.properties.annotations).toMatchObject({
      horizontal: [
        { label: "warn", value: 0.1 },
        { label: "critical", value: 0.25 },
      ],
    });
    expect(course("throughput")?.properties).not.toHaveProperty("annotations");
  });
});
