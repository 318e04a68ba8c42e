import { kpiCatalogue, kpiIds } from "@cyclops/core";
import { missingKpis } from "@cyclops/core/testing";
import { describe, expect, it } from "vitest";
import { dashboardQueries, modelDashboard } from "../../src/documents/dashboard";
import { thresholdSteps } from "../../src/documents/dashboard-panels";
import type { MonitoredModel } from "../../src/documents/monitored-model";
import { churn, limits, monitoredModels, prices } from "../support/monitored";
import { promqlProblems } from "../support/promql";

const panelsOf = (model = churn) => modelDashboard(model).panels.flatMap((panel) => ("targets" in panel ? [panel] : []));
const kpiPanels = (kpi: string, model = churn) => panelsOf(model).filter(({ description }) => description?.startsWith(`${kpi},`));

describe.each(Object.entries(monitoredModels))("the dashboard of %s", (_name, model) => {
  const dashboard = modelDashboard(model);
  const panels = panelsOf(model);

  it("shows each of the fifteen KPIs", () => {
    expect(missingKpis(dashboardQueries(dashboard))).toEqual([]);
  });

  it.each(kpiIds)("shows %s as a value and over time, and would be found to lack it", (kpi) => {
    const shown = kpiPanels(kpi, model);
    expect(shown.map(({ type }) => type)).toEqual(["stat", "timeseries"]);
    for (const { title, description, fieldConfig } of shown) {
      expect(title).toContain(kpiCatalogue[kpi].title);
      expect(description).toContain(kpiCatalogue[kpi].formula);
      expect(description).toContain(`#${kpi}`);
      expect(fieldConfig?.defaults.unit).toMatch(/^(percentunit|none|s|ms|reqpm|currencyUSD)$/);
    }
    expect(
      missingKpis(
        shown.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
        [kpi],
      ),
    ).toEqual([]);
    const others = panels.filter(({ description }) => !description?.startsWith(`${kpi},`));
    expect(
      missingKpis(
        others.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
        [kpi],
      ),
    ).toEqual([kpi]);
  });

  it("asks in PromQL, about this model only and without variables", () => {
    const queries = dashboardQueries(dashboard);
    expect(queries.length).toBeGreaterThan(2 * kpiIds.length);
    expect(queries.flatMap(promqlProblems)).toEqual([]);
    for (const query of queries) {
      expect(query).toContain(`model="${model.model}"`);
      expect(query).not.toContain("$");
    }
  });

  it("lays no panel over another or beyond the grid", () => {
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) => {
      expect(x + w).toBeLessThanOrEqual(24);
      expect([x, y, w, h].every((value) => Number.isInteger(value) && value >= 0)).toBe(true);
      return Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`);
    });
    expect(new Set(cells).size).toBe(cells.length);
  });

  it("numbers its panels, and takes the data source that was chosen", () => {
    expect(dashboard.panels.map(({ id }) => id)).toEqual(dashboard.panels.map((_, index) => index + 1));
    for (const { datasource, targets } of panels) {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of Grafana.
      for (const source of [datasource, ...targets.map((target) => target.datasource)]) expect(source?.uid).toBe("${datasource}");
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
    }
  });

  it("is plain JSON, the same each time", () => {
    expect(JSON.stringify(modelDashboard({ ...model }))).toBe(JSON.stringify(dashboard));
    expect(JSON.parse(JSON.stringify(dashboard))).toEqual(dashboard);
  });
});

describe("dashboards", () => {
  it("have addresses of their own, of a length that Grafana takes", () => {
    const uids = [churn, prices, { ...churn, instance: "prod" }, { ...churn, stack: "other" }].map(
      (model) => modelDashboard(model).uid,
    );
    expect(new Set(uids).size).toBe(uids.length);
    for (const uid of uids) expect(uid).toMatch(/^[a-z0-9-]{8,40}$/);
  });

  it("have a row per concern, and list alerts first", () => {
    expect(panelsOf()[0]?.title).toBe("Alerts");
    expect(modelDashboard(churn).panels.flatMap((panel) => (panel.type === "row" ? [panel.title] : []))).toEqual([
      "Quality",
      "Data",
      "Drift",
      "Serving",
      "Fairness",
      "Money",
    ]);
  });

  it("draw the thresholds of the alerts", () => {
    const steps = (kpi: string, model = churn) =>
      kpiPanels(kpi, model).map(({ fieldConfig }) => fieldConfig?.defaults.thresholds?.steps);
    const latency = [
      { value: null, color: "green" },
      { value: 500, color: "orange" },
      { value: 1000, color: "red" },
    ];
    expect(steps("latency_p95")).toEqual([latency, latency]);
    const throughput = [
      { value: null, color: "red" },
      { value: 1, color: "orange" },
      { value: 5, color: "green" },
    ];
    expect(steps("throughput", limits)).toEqual([throughput, throughput]);
    expect(kpiPanels("latency_p95")[0]?.description).toContain("warn >= 500, critical >= 1000 from 50 samples on");
  });

  it("colour what alerts: of a value that chance may explain, what it does not explain", () => {
    for (const kpi of kpiIds) {
      const [stat, series] = kpiPanels(kpi);
      const [judged, value] = stat?.targets ?? [];
      if (kpiCatalogue[kpi].beyondChance) {
        expect(judged?.expr, kpi).toContain("mlops_kpi_judged{");
        expect(value?.expr, kpi).toContain("mlops_kpi{");
        expect(stat?.fieldConfig?.overrides, kpi).toEqual([
          {
            matcher: { id: "byFrameRefID", options: value?.refId },
            properties: [{ id: "color", value: { mode: "fixed", fixedColor: "blue" } }],
          },
        ]);
        expect(series?.targets.map(({ expr }) => /^max by \(version\) \((\w+)\{/.exec(expr)?.[1])).toEqual([
          "mlops_kpi",
          "mlops_kpi_judged",
        ]);
      } else {
        expect(stat?.targets, kpi).toHaveLength(1);
        expect(stat?.fieldConfig?.overrides, kpi).toEqual([]);
      }
    }
  });

  it("tell features that have drifted from those that may differ by chance", () => {
    const bars = panelsOf(churn).find(({ title }) => title === "Features by drift");
    expect(bars?.targets.map(({ refId, expr }) => [refId, / (and|unless) on \(feature\) /.exec(expr)?.[1]])).toEqual([
      ["A", "and"],
      ["B", "unless"],
    ]);
    expect(bars?.fieldConfig?.overrides).toMatchObject([{ matcher: { options: "B" } }]);
  });

  it.each([
    ["down", null, null, [null]],
    ["down", 1, null, [null, 1]],
    ["down", null, 2, [null, 2]],
    ["down", 2, 2, [null, 2]],
    ["up", null, null, [null]],
    ["up", 1, null, [null, 1]],
    ["up", null, 2, [null, 2]],
    ["up", 2, 2, [null, 2]],
    ["up", 0.5, 0, [null, 0, 0.5]],
  ] as const)("have ascending steps for %s, %s and %s", (direction, warn, critical, expected) => {
    const steps = thresholdSteps({ direction, warn, critical });
    expect(steps.map(({ value }) => value)).toEqual(expected);
    expect(new Set(steps.map(({ color }) => color)).size).toBe(steps.length);
  });

  it("link to what to do where its place is an address", () => {
    const linkOf = (model: MonitoredModel) => kpiPanels("roi", model)[0]?.links?.[0]?.url;
    expect(linkOf(limits)).toBe("https://wiki.example.com/cyclops/concepts/kpis.md#roi");
    expect(linkOf(churn)).toMatch(/^https:\/\/github\.com\/.*\/concepts\/kpis\.md#roi$/);
    expect(linkOf({ ...churn, runbooks: "docs" })).toBeUndefined();
  });

  it("mark new versions", () => {
    expect(modelDashboard(churn).annotations.list.map(({ expr }) => expr)).toEqual([
      expect.stringContaining("cyclops_model_info"),
    ]);
    expect(modelDashboard(prices).annotations.list[0]?.expr).toContain("mlops_kpi_samples");
  });
});
