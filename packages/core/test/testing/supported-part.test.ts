import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type Capabilities, type FeatureId, featureIds, featuresOf, resolveSpec, type StackSpec } from "../../src";
import { supportedPart, validFixtures } from "../../src/testing";

const specOf = (name: string) => {
  const file = validFixtures().find((fixture) => fixture.name === name)?.file ?? name;
  return parse(readFileSync(file, "utf8")) as StackSpec;
};
const without = (...missing: FeatureId[]) =>
  Object.fromEntries(
    featureIds.map((id) => [
      id,
      missing.includes(id) ? { support: "unsupported", note: "", alternative: "" } : { support: "native", note: "" },
    ]),
  ) as Capabilities;
const usesOf = (spec: ReturnType<typeof resolveSpec>) => featuresOf(spec).map(({ feature }) => feature);

describe("the supported part of a spec", () => {
  it("is the spec itself where the target can do everything", () => {
    expect(supportedPart(specOf("full"), without("endpoint.async"))).toEqual(resolveSpec(specOf("full")));
  });

  it("leaves out the field that asks, and the part that it leaves empty", () => {
    const full = specOf("full");
    const part = supportedPart(full, without("alerts.email", "training.retrain-on-drift"));
    const { alerts, models, ...rest } = resolveSpec(full);
    const { alerts: ownAlerts, models: ownModels, ...ownRest } = part;
    expect(ownRest).toEqual(rest);
    expect(ownAlerts).toEqual({ ...alerts, email: [] });
    const expected = { ...models.churn?.training, retrainOn: ["new-data", "quality", "schedule"] };
    expect(ownModels).toEqual({ churn: { ...models.churn, training: expected } });
    expect(supportedPart(full, without("alerts.email", "alerts.webhook")).alerts).toBeUndefined();
  });

  // Each alone: all at once would leave nothing to be left in.
  const independent = featureIds.filter((id) => usesOf(resolveSpec(specOf("full"))).includes(id));
  const needed: Partial<Record<FeatureId, RegExp>> = {
    // Other fields of the spec need these: core's own rules refuse the rest.
    "training.schedule": /"schedule" needs a schedule/,
    "monitoring.kpis": /"drift" needs monitoring/,
    "monitoring.labels": /"quality" needs labels/,
    "monitoring.fairness": /fairness needs segments/,
    "endpoint.canary": /has no use with all-at-once/,
    "endpoint.realtime": /asks for endpoint\.realtime in every spec/,
    "workbench.idle-shutdown": /asks for workbench\.idle-shutdown in every spec/,
  };
  it.each(independent)("asks for everything but %s", (id) => {
    const part = () => usesOf(supportedPart(specOf("full"), without(id)));
    if (needed[id]) expect(part).toThrow(needed[id]);
    else expect(part().filter((use) => use === id)).toEqual([]);
  });

  it("sets what would ask again by its default", () => {
    const spec = specOf("minimal");
    const [name] = Object.keys(spec.models ?? {});
    const served = { ...spec, models: { [String(name)]: { ...spec.models?.[String(name)], endpoint: {} } } } as StackSpec;
    const part = supportedPart(served, without("endpoint.autoscaling", "endpoint.canary", "endpoint.capture"));
    expect(part.models[String(name)]?.endpoint).toMatchObject({
      replicas: { min: 1, max: 1 },
      rollout: { strategy: "all-at-once" },
      capture: { percent: 0 },
    });
  });
});
