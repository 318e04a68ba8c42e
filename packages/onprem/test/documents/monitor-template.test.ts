import { expect, it } from "vitest";
import { monitorTemplate } from "../../src/documents/monitor-template";
import { binding, pipeline } from "../support/contexts";
import type { Plain } from "../support/recorded";
import { fullModel, resolveModel } from "../support/specs";

const sink = { CYCLOPS_METRIC_SINK: "pushgateway:http://pushgateway:9091" };

function templateOf(monitoring: Plain): Plain {
  const { monitoring: resolved } = resolveModel({ ...fullModel, monitoring });
  if (!resolved) throw new Error("no monitoring");
  return monitorTemplate(resolved, sink, pipeline());
}

it("reads the Pushgateway's user from a Secret, where the platform has one", () => {
  const { monitoring } = resolveModel({ ...fullModel, monitoring: {} });
  if (!monitoring) throw new Error("no monitoring");
  const observability = { kind: "install", pushgateway: "http://p", prometheus: "http://p", grafana: "http://g" } as const;
  const monitorWith = (secrets: Plain): Plain => {
    const context = pipeline({ binding: { ...binding, observability: { ...observability, ...secrets } } });
    return monitorTemplate(monitoring, sink, context).templates[1] as Plain;
  };
  const { container, volumes } = monitorWith({ secrets: { pushgateway: "pushgateway-user" } });
  // The runtime's named secret of its sink: see docs/concepts/runtime-contract.md.
  const mount = container.volumeMounts.find(({ mountPath }: Plain) => mountPath === "/etc/cyclops-secrets/cyclops-pushgateway");
  expect(volumes.find(({ name }: Plain) => name === mount.name).secret.secretName).toBe("pushgateway-user");
  expect(JSON.stringify([container.command, container.env])).not.toContain("pushgateway-user");
  // A platform of an older version, whose Pushgateway asks for none.
  expect(JSON.stringify(monitorWith({}))).not.toContain("cyclops-pushgateway");
});

const valuesOf = ({ container }: Plain): Plain =>
  Object.fromEntries(container.env.map(({ name, value }: Plain) => [name, value]));

it("monitors in one pod, which sends the KPIs", () => {
  const { templates, entrypoint } = templateOf({});
  expect(entrypoint).toBe("main");
  expect(templates[0]).toEqual({ name: "main", dag: { tasks: [{ name: "monitor", template: "monitor" }] } });
  expect(templates).toHaveLength(2);
  expect(templates[1].container.command).toEqual(["cyclops-runtime", "monitor"]);
  expect(valuesOf(templates[1])).toMatchObject(sink);
  expect(valuesOf(templates[1])).not.toHaveProperty("CYCLOPS_MONITOR_STAGE");
});

it("plans first, counts in as many pods as asked for, and adds up last", () => {
  expect(templateOf({ instances: 5 }).templates[0].dag.tasks).toEqual([
    { name: "plan", template: "plan" },
    {
      name: "profile",
      template: "profile",
      dependencies: ["plan"],
      withSequence: { count: "5" },
      arguments: { parameters: [{ name: "instance", value: "{{item}}" }] },
    },
    { name: "merge", template: "merge", dependencies: ["profile"] },
  ]);
});

it("tells each pod its part, and only the last one where KPIs go", () => {
  const [, ...stages] = templateOf({ instances: 5 }).templates;
  expect(stages.map(({ name }: Plain) => name)).toEqual(["plan", "profile", "merge"]);
  for (const stage of stages) {
    expect(valuesOf(stage)).toMatchObject({ CYCLOPS_MONITOR_STAGE: stage.name, CYCLOPS_RUN_ID: "{{workflow.name}}" });
    expect(stage).toMatchObject({
      serviceAccountName: "account-monitor",
      container: { command: ["cyclops-runtime", "monitor"] },
      metadata: { labels: { "cyclops.dev/name": "monitor" } },
      retryStrategy: { limit: "2" },
    });
  }
  const [plan, profile, merge] = stages.map(valuesOf);
  expect(profile).toMatchObject({ CYCLOPS_SHARD: "{{inputs.parameters.instance}}/5" });
  expect(stages[1].inputs).toEqual({ parameters: [{ name: "instance" }] });
  expect(merge).toMatchObject(sink);
  for (const other of [plan, profile]) expect(other).not.toHaveProperty("CYCLOPS_METRIC_SINK");
  for (const other of [plan, merge]) expect(other).not.toHaveProperty("CYCLOPS_SHARD");
});
