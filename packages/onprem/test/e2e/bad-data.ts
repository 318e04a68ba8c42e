import { expect, it } from "vitest";
import type { Alert } from "./alerts";
import { namespace, template, withStore } from "./churn-stack";
import { ended, read, submit } from "./cluster";
import { until } from "./command";

const key = "telco/e2e-bad.csv";

/** Copies 600 rows of the real file, 8% of what there then is, with an answer that the spec does not allow. */
const upload = `
import boto3, csv, io, sys
bucket = boto3.resource("s3").Bucket("churn-dev-raw")
header, *rows = csv.reader(io.TextIOWrapper(bucket.Object("telco/telco-churn.csv").get()["Body"], encoding="utf-8"))
text = io.StringIO()
writer = csv.DictWriter(text, header)
writer.writeheader()
for number, row in enumerate(rows[:600]):
    writer.writerow(dict(zip(header, row)) | {"customerID": f"bad-{number}", "Churn": "Perhaps"})
bucket.put_object(Key=sys.argv[1], Body=text.getvalue().encode())
`;

const remove = "import boto3, sys; boto3.client('s3').delete_object(Bucket='churn-dev-raw', Key=sys.argv[1])";

/** Steps in which a file of bad rows arrives, as one does some day. */
export function badDataSteps(told: () => readonly Alert[]): void {
  it("does not try a training on bad data again, and tells which step failed and why", async () => {
    await withStore(upload, [key]);
    try {
      const training = await submit(namespace, template);
      const { phase, steps } = await ended(namespace, training, 300);
      expect({ phase, ingest: steps.ingest, curate: steps.curate }).toEqual({
        phase: "Failed",
        ingest: "Succeeded",
        curate: "Failed",
      });
      expect(await attempts(training, "curate")).toEqual(["1"]);

      // A minute for alerts that belong together, and what Prometheus, the watch and Alertmanager need to look.
      const alert = await until("the alert of the failed training", 150, async () =>
        told().find(
          ({ labels, annotations }) => labels.alertname === "CyclopsRunFailed" && annotations.description?.includes(training),
        ),
      );
      expect(alert.status).toBe("firing");
      expect(alert.labels).toMatchObject({
        severity: "warn",
        model: "churn",
        pipeline: "training",
        step: "curate",
        exit_code: "1",
      });
      expect(alert.annotations.summary).toBe("The training of churn has failed (churn/dev)");
      expect(alert.annotations.description).toMatch(
        /^Step curate, exit code 1: .*Churn.*600.*The input or the configuration is wrong/,
      );
      expect(alert.annotations.runbook_url).toMatch(/^https:.*runbooks\.md#failed-run$/);
    } finally {
      await withStore(remove, [key]);
    }
  });
}

/** Exit code of each attempt of a step. */
async function attempts(workflow: string, step: string): Promise<string[]> {
  const { status } = await read("workflow", workflow, namespace);
  const nodes = Object.values(status.nodes) as { type: string; templateName: string; outputs?: { exitCode?: string } }[];
  return nodes
    .filter(({ type, templateName }) => type === "Pod" && templateName === step)
    .map(({ outputs }) => outputs?.exitCode ?? "none");
}
