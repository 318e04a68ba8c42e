/** Spec of a CronWorkflow that runs a WorkflowTemplate; a run that is still going on is not joined by another. */
export function cronWorkflow(input: {
  schedule: string;
  timezone: string;
  template: string;
  /** Labels of the workflows: a run whose template is missing fails before it gets those of the template. */
  labels: Record<string, string>;
}) {
  const { schedule, timezone, template, labels } = input;
  return {
    schedules: [schedule],
    timezone,
    concurrencyPolicy: "Forbid",
    startingDeadlineSeconds: 600,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 5,
    workflowMetadata: { labels },
    workflowSpec: { workflowTemplateRef: { name: template } },
  };
}
