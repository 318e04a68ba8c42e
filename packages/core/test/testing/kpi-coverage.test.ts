import { describe, expect, it } from "vitest";
import { kpiIds } from "../../src";
import { missingKpis } from "../../src/testing";

describe("KPIs that a document leaves out", () => {
  const query = (id: string) => `max(mlops_kpi{kpi="${id}"})`;

  it("are none where each has its query", () => {
    expect(missingKpis(kpiIds.map(query))).toEqual([]);
    expect(missingKpis(JSON.stringify({ panels: kpiIds.map((id) => ({ expr: query(id) })) }))).toEqual([]);
  });

  it.each(kpiIds)("are found: %s", (id) => {
    expect(missingKpis(kpiIds.filter((other) => other !== id).map(query))).toEqual([id]);
  });

  it("are not taken for others whose names begin alike", () => {
    expect(missingKpis(["latency_p95_1h", "roi2", "my_error_rate"], ["latency_p95", "roi", "error_rate"])).toEqual([
      "latency_p95",
      "roi",
      "error_rate",
    ]);
    expect(missingKpis("", ["roi"])).toEqual(["roi"]);
  });
});
