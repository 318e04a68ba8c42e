import path from "node:path";
import { list, read, secret } from "./cluster";
import { root, run } from "./command";

/** Python with the runtime, on this machine. */
export const python = path.join(root, "runtime/.venv/bin/python");

/** A request in MLflow's own protocol. */
export const invocation = (rows: object[]) => ({ dataframe_records: rows });

/** How this machine reaches a deployed stack: the spec's name, and the namespace of its instance. */
export function accessTo(stack: string, namespace: string) {
  /** Address of a Service that this machine can reach. */
  const addressOf = async (service: string) => {
    const { spec } = await read("service", service, namespace);
    return `http://${spec.clusterIP}:${spec.ports[0].port}`;
  };
  /** Address of a model's endpoint. */
  const endpoint = (model: string) => addressOf(`${stack}-model-${model}-endpoint-service`);
  return {
    addressOf,
    endpoint,
    /** Runs Python of the runtime's environment on this machine with keys of the object store. */
    withStore: async (code: string, args: readonly string[], input?: string): Promise<string> => {
      const keys = await secret(`${stack}-platform-storage-key-administrator`, namespace);
      const store = await addressOf(`${stack}-platform-storage-service`);
      const env = { ...keys, AWS_ENDPOINT_URL: store, AWS_DEFAULT_REGION: "us-east-1" };
      return run(python, ["-c", code, ...args], { env, ...(input === undefined ? {} : { input }) });
    },
    /** What a model's endpoint answers to rows. */
    predict: async (model: string, rows: object[]) => {
      const answer = await fetch(`${await endpoint(model)}/invocations`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(invocation(rows)),
      });
      return {
        status: answer.status,
        version: answer.headers.get("x-cyclops-model-version"),
        body: (await answer.json()) as { predictions?: { label: string; probability: number }[]; error?: string },
      };
    },
    /** Volume claims by name, each with what tells it from another one of that name. */
    volumes: async (): Promise<Record<string, string>> =>
      Object.fromEntries(
        (await list("persistentvolumeclaims", namespace)).map(({ metadata }) => [metadata.name, metadata.uid ?? ""]),
      ),
  };
}
