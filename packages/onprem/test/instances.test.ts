import { beforeAll, describe, expect, it } from "vitest";
import { MlopsStack } from "../src";
import { dashboardQueries } from "../src/documents/dashboard";
import { promqlProblems, selectorsOf, selects } from "./support/promql";
import { type Plain, type Recorded, record } from "./support/recorded";
import { fullStack } from "./support/specs";

/** Instances of one spec and environment under one operator's Prometheus: only their namespaces differ. */
const namespaces = { dev: "churn-dev", "pr-7": "churn-pr-7" } as const;
type Instance = keyof typeof namespaces;

const monitoring = { kind: "operator", namespace: "monitoring", url: "http://prometheus.monitoring.svc:9090" } as const;
const { endpoint: _, ...withoutEndpoint } = fullStack.models.churn;
const stack = (name: Instance) =>
  record(
    () =>
      new MlopsStack("churn", {
        // A second model without an endpoint: its monitor's values in place of those of scorers.
        spec: { ...fullStack, models: { ...fullStack.models, prices: withoutEndpoint } },
        monitoring,
        dashboards: { kind: "existing", url: "https://grafana.example.com" },
      }),
    { stack: name },
  );

let recorded: Readonly<Record<Instance, Recorded>>;
beforeAll(async () => {
  recorded = { dev: await stack("dev"), "pr-7": await stack("pr-7") };
});

/** Queries in the texts of alerts: `printf "metric{label=%q}" value | query`. */
function queriesInText(text: string): string[] {
  return [...text.matchAll(/printf "((?:[^"])+)" ([^|]+) \| query/g)].map(([, format = "", values = ""]) => {
    const given = values.trim().split(" ");
    // A label of the alert may be anything.
    return format.replace(/=%q/g, () => {
      const value = given.shift() ?? "";
      return value.startsWith("$") ? '=~".*"' : `=${value}`;
    });
  });
}

/** Everything that one instance asks Prometheus, by where. */
function queriesOf(recording: Recorded): { where: string; query: string }[] {
  const rules = recording.ofKind("PrometheusRule").flatMap(({ name, inputs }) =>
    ((inputs.spec as Plain).groups as Plain[]).flatMap((group) =>
      group.rules.flatMap(({ alert, record: series, expr, annotations = {} }: Plain) =>
        [expr, ...Object.values<string>(annotations).flatMap(queriesInText)].map((query) => ({
          where: `${name}, ${alert ?? series}`,
          query,
        })),
      ),
    ),
  );
  const dashboards = recording.resources
    .filter(({ name }) => name.endsWith("-monitoring-dashboard"))
    .flatMap(({ name, inputs }) =>
      Object.values<string>(inputs.data as Plain).flatMap((text) =>
        dashboardQueries(JSON.parse(text)).map((query) => ({ where: name, query })),
      ),
    );
  return [...rules, ...dashboards];
}

describe.each<[Instance, Instance]>([
  ["dev", "pr-7"],
  ["pr-7", "dev"],
])("what %s asks an operator's Prometheus", (own, other) => {
  it("selects series of its own, and none of another instance", () => {
    const queries = queriesOf(recorded[own]);
    expect(queries.length).toBeGreaterThan(150);
    expect(queries.filter(({ where }) => where.includes("CyclopsRunFailed"))).toHaveLength(6);
    expect(queries.flatMap(({ query }) => promqlProblems(query))).toEqual([]);
    const selectors = queries.flatMap(({ where, query }) => selectorsOf(query).map((each) => ({ where, ...each })));
    for (const name of ["mlops_kpi{", "mlops_kpi_samples{", "mlops_feature_psi{", "push_time_seconds{", "ALERTS{", "cyclops_"])
      expect(selectors.filter(({ text }) => text.startsWith(name)).length, name).toBeGreaterThan(0);
    const taking = (namespace: string) => selectors.filter((each) => selects(each, { namespace }));
    expect(taking(namespaces[other]).map(({ where, text }) => `${where}: ${text}`)).toEqual([]);
    expect(taking(namespaces[own])).toHaveLength(selectors.length);
  });
});
