import { describe, expect, it } from "vitest";
import { type KpiId, kpiIds, kpiSources, targets } from "../../src";

const serving: readonly KpiId[] = ["latency_p95", "error_rate", "throughput", "saturation"];

describe("sources of the KPIs", () => {
  it.each(kpiIds)("%s has one on every target, of one origin", (id) => {
    const sources = kpiSources(id);
    expect(Object.keys(sources).sort()).toEqual([...targets].sort());
    for (const source of Object.values(sources)) {
      expect(source.origin).toBe(serving.includes(id) ? "service" : "monitor");
      expect(source.scale).toBeGreaterThan(0);
      for (const text of [source.place, source.metric, source.aggregation]) expect(text).not.toBe("");
    }
  });

  it("say by what a threshold must be divided: SageMaker's latency is in microseconds, its use of resources in percent", () => {
    expect(500 / kpiSources("latency_p95").aws.scale).toBe(500_000);
    expect(0.7 / kpiSources("saturation").aws.scale).toBeCloseTo(70);
    expect(500 / kpiSources("latency_p95").gcp.scale).toBe(500);
  });

  it("name a KPI of the monitor in every target's own language", () => {
    const { aws, gcp, azure, onprem } = kpiSources("feature_psi_max");
    for (const { place, metric } of [aws, gcp, azure, onprem]) expect(`${place} ${metric}`).toContain("feature_psi_max");
  });
});
