import type { MlopsOptions, StackContext } from "@cyclops/core";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { dataOptions, OnpremComponent } from "./component";
import { providerPatience } from "./defaults";
import { bindingSeconds } from "./documents/duration";
import { type ExternalService, type MonitoringPlace, networkPolicies } from "./documents/network-policies";

/** Arguments of `Network`. */
export interface NetworkArgs {
  context: StackContext;
  /** Name of the namespace. */
  namespace: string;
  /** How long the provider may say nothing before a warning does. @default "20s" */
  patience?: string;
  /** Networks outside the cluster that steps may reach, in CIDR form. @default ["0.0.0.0/0"] */
  egress?: string[];
  /** Services of the stack that are outside its namespace. @default [] */
  external?: readonly ExternalService[];
  /** Servers of the monitoring. @default - Prometheus, Alertmanager and Grafana in the namespace */
  monitoring?: MonitoringPlace;
}

interface Children {
  namespace: typeof k8s.core.v1.Namespace;
  [policy: `policy-${string}`]: typeof k8s.networking.v1.NetworkPolicy;
}

/**
 * The stack's place: a namespace that enforces Pod Security `restricted`, closed by network policies.
 *
 * @example new Network("churn-network", { context: { name: "churn", environment: "dev", tags: {} }, namespace: "churn-dev" })
 */
export class Network extends OnpremComponent<Children> {
  public readonly namespace: pulumi.Output<string>;
  /** The namespace itself: whatever is in it depends on it. */
  public readonly ready: k8s.core.v1.Namespace;

  constructor(name: string, args: NetworkArgs, opts?: MlopsOptions<Children>) {
    super("Network", name, args.context, args.namespace, opts);
    const namespace = this.makeNamespace(args);
    this.warnOfSilence(namespace, bindingSeconds("patience", args.patience ?? providerPatience));
    this.ready = namespace;
    this.namespace = pulumi.output(args.namespace);
    this.closeNamespace(args, namespace);
    this.finish({ namespace: this.namespace });
  }

  private makeNamespace({ context, namespace }: NetworkArgs): k8s.core.v1.Namespace {
    const enforce = Object.fromEntries(
      ["enforce", "audit", "warn"].map((mode) => [`pod-security.kubernetes.io/${mode}`, "restricted"]),
    );
    // Not inside a namespace itself.
    return this.child(
      "namespace",
      k8s.core.v1.Namespace,
      { metadata: { name: namespace, namespace: undefined, labels: enforce } },
      dataOptions(context),
    );
  }

  /** The Kubernetes provider tries to reach a cluster for many minutes and says nothing meanwhile: somebody must. */
  private warnOfSilence(namespace: k8s.core.v1.Namespace, seconds: number): void {
    const timer = setTimeout(() => {
      void pulumi.log.warn(
        `The Kubernetes provider has not answered for ${seconds} s, and goes on trying: does the cluster of KUBECONFIG's current context ` +
          "answer? `kubectl version` or `cyclops doctor` tells; Ctrl-C ends this.",
        this,
      );
    }, seconds * 1000);
    timer.unref();
    namespace.urn.apply(() => clearTimeout(timer));
  }

  private closeNamespace({ egress = ["0.0.0.0/0"], external, monitoring }: NetworkArgs, namespace: k8s.core.v1.Namespace): void {
    for (const { name, spec } of networkPolicies(egress, external, monitoring)) {
      this.child(`policy-${name}`, k8s.networking.v1.NetworkPolicy, { spec }, { dependsOn: [namespace] });
    }
  }
}
