import { type ResolvedModelSpec, type TrainingStep, trainingSteps } from "@cyclops/core";
import type { Workspace } from "./workspace";

/** The steps of one training run, in order: `tune` takes the place of `train` where it is asked for. */
export const stepsOf = ({ training }: ResolvedModelSpec): TrainingStep[] =>
  trainingSteps.filter((step) => step !== (training.tune ? "train" : "tune"));

/** Steps that import little: as processes of their own they have ended before the warm parent has its imports. */
const light: ReadonlySet<string> = new Set<TrainingStep>(["ingest", "curate", "preprocess"]);

/** Whether a step is a short command of the runtime that needs neither models nor the registry. */
export const isLight = (step: string, own: { readonly command?: unknown; readonly entrypoint?: unknown } = {}): boolean =>
  light.has(step) && own.command === undefined && own.entrypoint === undefined;

/** How long the local scorer keeps requests before it writes them down. */
export const captureSeconds = 0.5;

/** What every command of a local run finds in its environment, besides the caller's own. */
export function localEnvironment(workspace: Workspace, caller: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  // A developer's shell may point at a shared server: a local run never touches it.
  const { MLFLOW_TRACKING_USERNAME: _user, MLFLOW_TRACKING_PASSWORD: _password, MLFLOW_TRACKING_TOKEN: _token, ...rest } = caller;
  return {
    ...rest,
    MLFLOW_TRACKING_URI: workspace.trackingUri,
    MLFLOW_DISABLE_TELEMETRY: "true",
    // Should this process be killed, it can stop nobody: the runtime's commands then end by themselves.
    CYCLOPS_PARENT_PID: String(process.pid),
    CYCLOPS_METRIC_SINK: "none",
    CYCLOPS_SCORER_ROLE: "all",
    // A deployment waits until the scorer looks at the registry; a look is a few queries to a file, 15 ms of a core.
    CYCLOPS_REFRESH_SECONDS: "0.5",
    // Requests are on disk before the monitor reads them, and no load balancer has to notice the end of the scorer.
    CYCLOPS_CAPTURE_SECONDS: String(captureSeconds),
    CYCLOPS_DRAIN_SECONDS: "0",
    CYCLOPS_SECRETS_DIR: caller.CYCLOPS_SECRETS_DIR ?? workspace.secrets,
    // Python functions of the user (`entrypoint: package.module:function`) are found beside the spec.
    PYTHONPATH: [workspace.specFolder, caller.PYTHONPATH].filter(Boolean).join(":"),
    PYTHONUNBUFFERED: "1",
  };
}
