import type { ClusterArgs } from "../args";
import { imageUsers, ports, serverResources } from "../defaults";
import { roleLabels } from "./labels";
import { type EnvironmentVariable, fromSecret, imageOf, podSpec, startupProbe } from "./pod";

/** Names under which clients may address the server; anything else is refused, against DNS rebinding. */
export function allowedHosts(service: string, namespace: string): string[] {
  const names = [
    service,
    `${service}.${namespace}`,
    `${service}.${namespace}.svc`,
    `${service}.${namespace}.svc.cluster.local`,
    "localhost",
    "127.0.0.1",
  ];
  return names.flatMap((name) => [name, `${name}:*`]);
}

/** Spec of the Deployment of the MLflow server: runs and models in the database, artifacts passed on to the object store. */
export function trackingServer(input: {
  name: string;
  service: string;
  namespace: string;
  artifacts: string;
  authenticationSecret: string;
  databaseUrlSecret: string;
  storage: EnvironmentVariable[];
  cluster: ClusterArgs;
}) {
  const labels = roleLabels("tracking", input.name);
  const health = { httpGet: { path: "/health", port: "http", httpHeaders: [{ name: "Host", value: "localhost" }] } };
  const container = {
    name: "mlflow",
    image: imageOf("runtime", input.cluster),
    command: [
      "mlflow",
      "server",
      "--host",
      "0.0.0.0",
      "--port",
      String(ports.tracking),
      "--app-name",
      "basic-auth",
      "--workers",
      "2",
      "--serve-artifacts",
      "--artifacts-destination",
      input.artifacts,
    ],
    env: [
      fromSecret("MLFLOW_BACKEND_STORE_URI", input.databaseUrlSecret, "url"),
      { name: "MLFLOW_AUTH_CONFIG_PATH", value: "/etc/mlflow/basic_auth.ini" },
      fromSecret("MLFLOW_FLASK_SERVER_SECRET_KEY", input.authenticationSecret, "flask-secret-key"),
      // Background jobs of evaluations: a second group of processes of more than 1 GB, which nothing here uses.
      { name: "MLFLOW_SERVER_ENABLE_JOB_EXECUTION", value: "false" },
      { name: "MLFLOW_SERVER_ALLOWED_HOSTS", value: allowedHosts(input.service, input.namespace).join(",") },
      ...input.storage,
    ],
    ports: [{ name: "http", containerPort: ports.tracking }],
    readinessProbe: { ...health, periodSeconds: 5, timeoutSeconds: 5 },
    startupProbe: startupProbe({ ...health, timeoutSeconds: 5 }, 300),
    livenessProbe: { ...health, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 6 },
    resources: serverResources.tracking,
    volumeMounts: [{ name: "auth", mountPath: "/etc/mlflow", readOnly: true }],
  };
  const authentication = {
    secretName: input.authenticationSecret,
    items: [{ key: "basic_auth.ini", path: "basic_auth.ini" }],
    defaultMode: 0o440,
  };
  return {
    replicas: 1,
    // The database is migrated at start: never two versions of the server at once.
    strategy: { type: "Recreate" },
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: podSpec(
        { user: imageUsers.runtime, cluster: input.cluster, container, volumes: [{ name: "auth", secret: authentication }] },
        {},
      ),
    },
  };
}
