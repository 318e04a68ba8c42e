import { spawn } from "node:child_process";
import { attempt, run, until } from "./command";

/** An object of the cluster, as far as the tests look at it. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  // biome-ignore lint/suspicious/noExplicitAny: the API's own documents.
  spec?: any;
  // biome-ignore lint/suspicious/noExplicitAny: the API's own documents.
  status?: any;
  data?: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: the API's own documents.
  [field: string]: any;
}

export const kubectl = (...args: string[]) => run("kubectl", args);

/** The objects of a kind; none where the cluster does not know the kind. */
export async function list(kind: string, namespace?: string): Promise<KubernetesObject[]> {
  const place = namespace === undefined ? ["--all-namespaces"] : ["--namespace", namespace];
  const { code, stdout, stderr } = await attempt("kubectl", ["get", kind, ...place, "--output", "json"]);
  if (code === 0) return JSON.parse(stdout).items;
  if (/the server doesn't have a resource type/.test(stderr)) return [];
  throw new Error(`kubectl get ${kind}: ${stderr}`);
}

export const read = async (kind: string, name: string, namespace: string): Promise<KubernetesObject> =>
  JSON.parse(await kubectl("get", kind, name, "--namespace", namespace, "--output", "json"));

/** Values of a Secret in plain. */
export async function secret(name: string, namespace: string): Promise<Record<string, string>> {
  const { data = {} } = await read("secret", name, namespace);
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]));
}

/** Names of everything in the cluster, of every kind that can be listed, as `Kind/namespace/name`. */
export async function everything(): Promise<string[]> {
  const kinds = (await kubectl("api-resources", "--verbs=list", "--output=name")).trim().split("\n");
  const passing =
    /^(events|leases|endpoints|endpointslices|componentstatuses|nodes|pods\.metrics|nodes\.metrics|flowschemas|prioritylevelconfigurations|ipaddresses|servicecidrs)(\.|$)/;
  const standing = kinds.filter((name) => !passing.test(name)).join(",");
  const columns = "custom-columns=KIND:.kind,NAMESPACE:.metadata.namespace,NAME:.metadata.name";
  const { stdout, stderr } = await attempt("kubectl", ["get", standing, "--all-namespaces", "--no-headers", "--output", columns]);
  const rows = stdout.trim().split("\n").filter(Boolean);
  // Nothing at all is no answer, and would look like a clean cluster.
  if (rows.length === 0) throw new Error(`kubectl get ${standing}: ${stderr}`);
  return rows.map((row) => row.trim().split(/\s+/).join("/")).sort();
}

/** Looks at a field of an object all the time. @returns how to stop, which tells every value that it has had, as `kubectl` prints it */
export function watch(kind: string, name: string, namespace: string, field: string): { stop: () => string[] } {
  const output = ["--no-headers", "--output", `custom-columns=FIELD:${field}`];
  const child = spawn("kubectl", ["get", kind, name, "--namespace", namespace, "--watch", ...output]);
  let seen = "";
  child.stdout.on("data", (chunk: Buffer) => {
    seen += chunk.toString();
  });
  return {
    stop: () => {
      child.kill();
      return [...new Set(seen.split("\n").flatMap((line) => line.trim() || []))];
    },
  };
}

/** Ready pods among those with the labels. */
export async function readyPods(namespace: string, selector: string): Promise<KubernetesObject[]> {
  const pods: KubernetesObject[] = JSON.parse(
    await kubectl("get", "pods", "--namespace", namespace, "--selector", selector, "--output", "json"),
  ).items;
  return pods.filter(({ status }) =>
    status?.conditions?.some(
      (condition: { type: string; status: string }) => condition.type === "Ready" && condition.status === "True",
    ),
  );
}

/** Starts a workflow of a template, changed or not. @returns its name */
export async function submit(
  namespace: string,
  template: string,
  change?: (workflow: KubernetesObject) => KubernetesObject,
): Promise<string> {
  const { spec } = await read("workflowtemplate", template, namespace);
  const plain = { apiVersion: "argoproj.io/v1alpha1", kind: "Workflow", metadata: { generateName: "e2e-", namespace } };
  const workflow = change
    ? change({ ...plain, spec } as unknown as KubernetesObject)
    : { ...plain, spec: { workflowTemplateRef: { name: template } } };
  const made = await run("kubectl", ["create", "--filename", "-", "--output", "json"], { input: JSON.stringify(workflow) });
  return JSON.parse(made).metadata.name;
}

/** Waits for the end of a workflow. @returns its phase and the phase of each step */
export async function ended(
  namespace: string,
  name: string,
  seconds = 600,
): Promise<{ phase: string; message: string; steps: Record<string, string> }> {
  return until(`the end of the workflow ${name}`, seconds, async () => {
    const { status } = await read("workflow", name, namespace);
    if (!["Succeeded", "Failed", "Error"].includes(status?.phase)) return undefined;
    return { phase: status.phase, message: status.message ?? "", steps: phasesOf(status) };
  });
}

/** Phase of each step of a workflow that has begun, by its name without the number of the attempt. */
export function phasesOf(status: KubernetesObject["status"]): Record<string, string> {
  const nodes = Object.values(status?.nodes ?? {}) as { displayName: string; phase: string }[];
  return Object.fromEntries(nodes.map(({ displayName, phase }) => [displayName.replace(/\(\d+\)$/, ""), phase]));
}

/** Logs of a workflow's pods, for the message of a test that fails. */
export const workflowLogs = (namespace: string, name: string) =>
  attempt("kubectl", [
    "logs",
    "--namespace",
    namespace,
    "--selector",
    `workflows.argoproj.io/workflow=${name}`,
    "--all-containers",
    "--tail=60",
    "--prefix",
  ]).then(({ stdout }) => stdout);
