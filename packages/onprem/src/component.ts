import { applyAll, type ChildClasses, MlopsComponent, type MlopsOptions, type StackContext } from "@cyclops/core";
import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { objectName } from "./naming";

/** Labels that every object of a stack carries. */
export function stackLabels({ name, environment, tags }: StackContext): Record<string, string> {
  return {
    ...tags,
    "app.kubernetes.io/managed-by": "cyclops",
    "app.kubernetes.io/part-of": name,
    "cyclops.dev/stack": name,
    "cyclops.dev/environment": environment,
  };
}

/** Whether the data of a stack outlives it. */
export const keepsData = ({ environment }: StackContext): boolean => environment === "prod";

/** Options of what holds data: `pulumi destroy` leaves it alone until its owner takes the protection away. */
export const dataOptions = (context: StackContext): pulumi.CustomResourceOptions => (keepsData(context) ? { protect: true } : {});

/** A subject that is no ServiceAccount. */
interface User {
  kind: "User";
  apiGroup: string;
  name: string;
}

/** Arguments of the RoleBinding that gives accounts what a Role allows. */
export function bindRole(role: k8s.rbac.v1.Role, accounts: readonly k8s.core.v1.ServiceAccount[], users: readonly User[] = []) {
  return {
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
    subjects: applyAll(
      accounts.map(({ metadata }) => metadata),
      (...all) => [...all.map(({ name, namespace }) => ({ kind: "ServiceAccount", name, namespace })), ...users],
    ),
  };
}

/** `http://<service>.<namespace>.svc:<port>`: a Service's address inside the cluster. */
export const addressOf = ({ metadata }: k8s.core.v1.Service, port: number): pulumi.Output<string> =>
  metadata.apply(({ name, namespace }) => `http://${name}.${namespace}.svc:${port}`);

interface ObjectMeta {
  name?: pulumi.Input<string>;
  namespace?: pulumi.Input<string>;
  labels?: Record<string, pulumi.Input<string>>;
}

/** Base of the components on Kubernetes: names, namespace and labels of every object. */
export abstract class OnpremComponent<Children extends ChildClasses<Children>> extends MlopsComponent<Children> {
  readonly #namespace: pulumi.Input<string>;
  readonly #labels: Record<string, string>;

  protected constructor(
    type: string,
    name: string,
    context: StackContext,
    namespace: pulumi.Input<string>,
    opts?: MlopsOptions<Children>,
  ) {
    super(`cyclops-onprem:index:${type}`, name, opts);
    this.#namespace = namespace;
    this.#labels = stackLabels(context);
  }

  protected override decorate(name: string, args: Record<string, unknown>): Record<string, unknown> {
    // A Helm chart is no object of the API server and has its name and namespace at the top.
    if ("chart" in args) return { namespace: this.#namespace, name: objectName(name), ...args };
    const metadata = (args.metadata ?? {}) as ObjectMeta;
    return {
      ...args,
      metadata: {
        name: objectName(name),
        namespace: this.#namespace,
        ...metadata,
        labels: { ...this.#labels, ...metadata.labels },
      },
    };
  }
}
