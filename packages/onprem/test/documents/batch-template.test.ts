import { expect, it } from "vitest";
import { batchTemplate, singleStepTemplate } from "../../src/documents/batch-template";
import { cronWorkflow } from "../../src/documents/cron-workflow";
import { pipeline } from "../support/contexts";
import type { Plain } from "../support/recorded";
import { fullModel, resolveModel } from "../support/specs";

function batchOf(batch: Plain): Plain {
  const { batch: resolved } = resolveModel({ ...fullModel, batch });
  if (!resolved) throw new Error("no batch");
  return batchTemplate(resolved, pipeline());
}

it("scores in one pod, as the batch user", () => {
  const { templates, entrypoint } = batchOf({});
  expect(entrypoint).toBe("main");
  expect(templates[0]).toEqual({ name: "main", dag: { tasks: [{ name: "batch", template: "batch" }] } });
  expect(templates[1]).toMatchObject({
    name: "batch",
    serviceAccountName: "account-batch",
    container: { command: ["cyclops-runtime", "batch"] },
  });
  expect(templates).toHaveLength(2);
});

it("gives each instance its share of the files", () => {
  const { templates } = batchOf({ instances: 3, retries: 1, timeout: "2h" });
  expect(templates[0].dag.tasks[0]).toMatchObject({
    withSequence: { count: "3" },
    arguments: { parameters: [{ name: "instance", value: "{{item}}" }] },
  });
  expect(templates[1].container.env).toContainEqual({ name: "CYCLOPS_SHARD", value: "{{inputs.parameters.instance}}/3" });
  expect(templates[1]).toMatchObject({ activeDeadlineSeconds: 7200, retryStrategy: { limit: "1" } });
  expect(templates[1]).not.toHaveProperty("podSpecPatch");
});

it("keeps finished runs for a week, their pods for minutes", () => {
  expect(
    singleStepTemplate(
      "monitoring",
      "monitor",
      { size: "S", spot: false, retries: 0, timeout: "5m" },
      pipeline({ cluster: { imagePullSecrets: ["a"] } }),
    ),
  ).toMatchObject({
    ttlStrategy: { secondsAfterCompletion: 7 * 24 * 3600 },
    podGC: { strategy: "OnPodSuccess" },
    imagePullSecrets: [{ name: "a" }],
  });
});

it("schedules a template, one run at a time", () => {
  const labels = { "cyclops.dev/model": "churn" };
  expect(cronWorkflow({ schedule: "0 3 * * 1", timezone: "Europe/Berlin", template: "churn", labels })).toEqual({
    schedules: ["0 3 * * 1"],
    timezone: "Europe/Berlin",
    concurrencyPolicy: "Forbid",
    startingDeadlineSeconds: 600,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 5,
    workflowMetadata: { labels },
    workflowSpec: { workflowTemplateRef: { name: "churn" } },
  });
});
