import {
  applyAll,
  asOutput,
  type ChildClass,
  type ChildClasses,
  MlopsComponent,
  type MlopsOptions,
  type StackContext,
} from "@cyclops/core";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { skipAwait } from "./documents/labels";
import { type VolumeArgs, volumeClaim } from "./documents/stateful-set";
import { objectName, versionName, versionsName } from "./naming";

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
const keepsData = ({ environment }: StackContext): boolean => environment === "prod";

/** Options of what holds data: `pulumi destroy` leaves it alone until its owner takes the protection away. */
export const dataOptions = (context: StackContext): pulumi.CustomResourceOptions => (keepsData(context) ? { protect: true } : {});

/** The volume of a server: a claim that binds to a disk when the server's pod is there, so that there is nothing to wait for. */
export const claimArgs = (volume: VolumeArgs) => ({ metadata: { annotations: skipAwait }, spec: volumeClaim(volume) });

/**
 * Options of a volume. No change of the program deletes it: what has left the program stays in the namespace, and goes with it. A change
 * that its kind cannot take in place is refused, as the claim of its name is there already.
 */
export const volumeOptions: pulumi.CustomResourceOptions = { retainOnDelete: true, deleteBeforeReplace: false };

/** The same of a volume with data that nobody can make again. */
export const dataVolumeOptions = (context: StackContext): pulumi.CustomResourceOptions => ({
  ...dataOptions(context),
  ...volumeOptions,
});

/** A subject that is no ServiceAccount. */
interface User {
  kind: "User";
  apiGroup: string;
  name: string;
}

/** Where an object is: known before it is made. */
export interface Place {
  readonly name: string;
  readonly namespace: string;
}

/** Arguments of the RoleBinding that gives accounts what a Role allows. */
export function bindRole(role: pulumi.Output<Place>, accounts: readonly pulumi.Output<Place>[], users: readonly User[] = []) {
  return {
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.apply(({ name }) => name) },
    subjects: applyAll(accounts, (...all) => [
      ...all.map(({ name, namespace }) => ({ kind: "ServiceAccount", name, namespace })),
      ...users,
    ]),
  };
}

/** `http://<service>.<namespace>.svc:<port>`: a Service's address inside the cluster. */
export const addressOf = (service: pulumi.Output<Place>, port: number): pulumi.Output<string> =>
  service.apply(({ name, namespace }) => `http://${name}.${namespace}.svc:${port}`);

interface ObjectMeta {
  name?: pulumi.Input<string>;
  namespace?: pulumi.Input<string>;
  labels?: Record<string, pulumi.Input<string>>;
  annotations?: Record<string, pulumi.Input<string>>;
}

/**
 * What an object holds that its kind cannot change in place: data of a ConfigMap, which its readers would not see either, and all of a
 * Job. https://github.com/pulumi/pulumi-kubernetes/blob/v4.34.0/provider/pkg/provider/diff.go
 */
function unchangeable(Class: ChildClass, args: Record<string, unknown>): unknown {
  if (Class === k8s.core.v1.ConfigMap) return { data: args.data, binaryData: args.binaryData };
  return Class === k8s.batch.v1.Job ? args.spec : undefined;
}

/** Annotation with the name of an object without the hash of what it holds: the sidecars take the newest of its versions. */
const versionOf = "cyclops.dev/version-of";

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
      metadata: { namespace: this.#namespace, ...metadata, labels: { ...this.#labels, ...metadata.labels } },
    };
  }

  /**
   * Names what has no name yet. What cannot change in place is named by a hash of what it holds: a changed one is a new object, made
   * before the objects that name it are updated, and the old one goes last (decision 0031).
   */
  protected override settle(name: string, args: Record<string, unknown>, Class: ChildClass): Record<string, unknown> {
    const metadata = args.metadata as ObjectMeta | undefined;
    if (metadata === undefined || metadata.name !== undefined) return args;
    const content = unchangeable(Class, args);
    if (content === undefined) return { ...args, metadata: { ...metadata, name: objectName(name) } };
    const named = pulumi.output(content).apply((known) => versionName(name, known));
    const annotations = { [versionOf]: versionsName(name), ...metadata.annotations };
    return { ...args, metadata: { ...metadata, name: named, annotations } };
  }

  /** Name and namespace of a child, as its arguments give them: plain, and known before it is made. */
  protected placeOf(key: keyof Children & string): pulumi.Output<Place> {
    const { name, namespace } = this.argsOf(key).metadata as Required<Pick<ObjectMeta, "name" | "namespace">>;
    return applyAll([asOutput(name), asOutput(namespace)], (itsName, itsNamespace) => ({
      name: itsName,
      namespace: itsNamespace,
    }));
  }
}
