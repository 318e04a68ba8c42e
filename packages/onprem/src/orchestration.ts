import type { MlopsOptions, StackContext } from "@cyclops/core";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ArgoArgs, ClusterArgs } from "./args";
import { OnpremComponent } from "./component";
import { defaultCharts } from "./defaults";
import { argoValues } from "./documents/argo-values";
import { chartSource } from "./documents/chart";
import { objectName } from "./naming";

/** Arguments of `Orchestration`. */
export interface OrchestrationArgs {
  context: StackContext;
  namespace: pulumi.Input<string>;
  /** @default {kind: "install"} */
  argo?: ArgoArgs;
  /** Images and registry. @default {} */
  cluster?: ClusterArgs;
}

interface Children {
  chart: typeof k8s.helm.v4.Chart;
}

/**
 * The workflow engine: an Argo Workflows controller that watches one namespace, or one that is already there.
 *
 * @example new Orchestration("churn-orchestration", { context, namespace: "churn-dev", argo: { kind: "existing" } })
 */
export class Orchestration extends OnpremComponent<Children> {
  /** What workflows depend on; empty where the controller is not the stack's. */
  public readonly ready: pulumi.Resource[];

  constructor(name: string, args: OrchestrationArgs, opts?: MlopsOptions<Children>) {
    super("Orchestration", name, args.context, args.namespace, opts);
    const { argo = { kind: "install" } } = args;
    this.ready = argo.kind === "existing" ? [] : [this.install(name, args, argo)];
    this.finish({});
  }

  private install(
    name: string,
    { cluster = {}, namespace }: OrchestrationArgs,
    argo: Extract<ArgoArgs, { kind: "install" }>,
  ): k8s.helm.v4.Chart {
    const { definitions = true, requeueTime, values = {} } = argo;
    // Not `helm.v3.Release`: Helm keeps a release that was killed half-way under its name, and then refuses that name for ever.
    // https://github.com/pulumi/pulumi-kubernetes/issues/1727
    return this.child("chart", k8s.helm.v4.Chart, {
      name: objectName(name),
      namespace,
      ...chartSource(argo, defaultCharts.argo),
      values: { ...argoValues({ name: objectName(name), namespace, definitions, requeueTime, cluster }), ...values },
    });
  }
}
