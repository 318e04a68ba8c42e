/** Spec of a CronWorkflow that runs a WorkflowTemplate; a run that is still going on is not joined by another. */
export function cronWorkflow({ schedule, timezone, template }: { schedule: string; timezone: string; template: string }) {
  return {
    schedules: [schedule],
    timezone,
    concurrencyPolicy: "Forbid",
    startingDeadlineSeconds: 600,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 5,
    workflowSpec: { workflowTemplateRef: { name: template } },
  };
}
