import { accessTo, invocation } from "./access";
import { ended, type KubernetesObject, kubectl, phasesOf, read, submit, workflowLogs } from "./cluster";
import { until } from "./command";
import { traffic } from "./traffic";
import { fromStep, trapTraining, withCommand } from "./workflows";

export const namespace = "churn-dev";
export const template = "churn-model-churn-training-template";
/** A customer as a client asks about one. */
export const customer = {
  gender: "Female",
  SeniorCitizen: 0,
  Partner: "Yes",
  Dependents: "No",
  tenure: 1,
  PhoneService: "No",
  MultipleLines: "No phone service",
  InternetService: "DSL",
  OnlineSecurity: "No",
  OnlineBackup: "Yes",
  DeviceProtection: "No",
  TechSupport: "No",
  StreamingTV: "No",
  StreamingMovies: "No",
  Contract: "Month-to-month",
  PaperlessBilling: "Yes",
  PaymentMethod: "Electronic check",
  MonthlyCharges: 29.85,
  TotalCharges: 29.85,
};
const access = accessTo("churn", namespace);
export const { addressOf, withStore, volumes } = access;

/** Address of the model's endpoint. */
export const endpoint = () => access.endpoint("churn");

/** What the endpoint answers to rows. */
export const predict = (rows: object[]) => access.predict("churn", rows);

const scorerDeployment = "deployment/churn-model-churn-endpoint-deployment";
/** Runs Python in a scorer, which may read the registry. */
export const inScorer = (code: string, ...args: string[]) =>
  kubectl("exec", "--namespace", namespace, scorerDeployment, "--", "python", "-c", code, ...args);

/** What the scorers say of themselves. */
export const status = async () =>
  (await (await fetch(`${await endpoint()}/status`)).json()) as {
    champion: { version: string } | null;
    challenger: { version: string } | null;
    rollout: { state: string } | null;
  };

/** Versions of the model that the registry holds, as MLflow tells a user that may read. */
export const versions = async () => {
  const code =
    "import mlflow, json; print('VERSIONS ' + json.dumps({v.version: dict(v.tags) for v in mlflow.MlflowClient().search_model_versions(\"name='churn-dev-churn'\")}))";
  const line = (await inScorer(code)).split("\n").find((text) => text.startsWith("VERSIONS "));
  return JSON.parse(line?.slice(9) ?? "{}") as Record<string, Record<string, string>>;
};

/** Gives a run what another one has written, so that its pipeline can go on from there. */
const copyRun = `
import boto3, sys
old, new = sys.argv[1:]
for zone in ("curated", "features", "models"):
    bucket = boto3.resource("s3").Bucket(f"churn-dev-{zone}")
    for file in list(bucket.objects.filter(Prefix=f"churn/runs/{old}/")):
        bucket.copy({"Bucket": bucket.name, "Key": file.key}, file.key.replace(f"/{old}/", f"/{new}/", 1))
`;

/** How a training goes on from a step, as a run of that name, with what an earlier run has written. */
export interface Continuation {
  readonly run: string;
  readonly earlier: string;
  readonly step: string;
}

/** Has a workflow go on from a step. A run that begins where its test begins to look is a training of minutes less. */
export async function continued({ run, earlier, step }: Continuation) {
  await withStore(copyRun, [earlier, run]);
  return (workflow: KubernetesObject) => fromStep(workflow, run, step);
}

/** Runs the training pipeline, changed or not, and tells how it ended; `duringDeploy` is called when the rollout begins. */
export async function train(change?: Parameters<typeof submit>[2], duringDeploy?: () => void) {
  const name = await submit(namespace, template, change);
  if (duringDeploy) {
    await until("the rollout to begin", 900, async () => {
      const { status: state } = await read("workflow", name, namespace);
      const over = ["Succeeded", "Failed", "Error"].includes(state?.phase);
      return over || phasesOf(state).deploy === "Running" ? true : undefined;
    });
    duringDeploy();
  }
  const result = await ended(namespace, name, 900);
  return { ...result, name, logs: result.phase === "Succeeded" ? "" : await workflowLogs(namespace, name) };
}

/** A workflow in whose train step the trap of `workflows.ts` is trained. */
export const withTrap = (workflow: KubernetesObject) => withCommand(workflow, "train", ["python", "-c", trapTraining]);

/** Trains, and sends requests, some of which spring the trap, for as long as the version is rolled out. */
export async function trainUnderTraffic(url: string, change: (workflow: KubernetesObject) => KubernetesObject) {
  let clients: ReturnType<typeof traffic> | undefined;
  const result = await train(change, () => {
    clients = traffic(url, () => invocation([{ ...customer, MonthlyCharges: Math.random() < 0.5 ? 450 : 29.85 }]));
  });
  const seen = await clients?.stop();
  if (!seen) throw new Error("no request was sent");
  return { ...result, seen };
}
