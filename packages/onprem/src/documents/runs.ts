import { longestInterval } from "@cyclops/core";

/** Pipelines of a model; values of the label `cyclops.dev/pipeline` of its workflows. */
export const pipelines = ["training", "batch", "monitoring"] as const;
export type Pipeline = (typeof pipelines)[number];

/** Labels of every workflow and schedule of a pipeline, by which `cyclops-runtime watch` and people find its runs. */
export const runLabels = (model: string, pipeline: Pipeline): Record<string, string> => ({
  "cyclops.dev/model": model,
  "cyclops.dev/pipeline": pipeline,
});

/** Metadata of a schedule: whose it is, and for how many seconds it may start nothing. */
export function scheduleMetadata(model: string, pipeline: Pipeline, schedule: string) {
  const interval = longestInterval(schedule);
  // A schedule that does not run twice within two years is not watched.
  const annotations: Record<string, string> = interval === undefined ? {} : { "cyclops.dev/longest-interval": String(interval) };
  return { labels: runLabels(model, pipeline), annotations };
}
