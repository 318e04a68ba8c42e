import type { ClusterArgs } from "../args";
import { imageUsers, ports, serverResources } from "../defaults";
import { roleLabels, volumeLabels } from "./labels";
import { fromSecret, imageOf, podSpec, startupProbe } from "./pod";
import { claimVolume, statefulSet } from "./stateful-set";
import { volumeSidecar } from "./watch-sidecar";

/** User and database of MLflow. */
export const databaseUser = "mlflow";

/** Spec of the StatefulSet of PostgreSQL. */
export function databaseServer(input: {
  name: string;
  service: string;
  passwordSecret: string;
  /** Claim of its volume. */
  claim: string;
  cluster: ClusterArgs;
}) {
  const labels = roleLabels("database", input.name);
  // By TCP: while the image makes its database, a server answers at the socket that stops again.
  const command = ["pg_isready", "--host", "127.0.0.1", "--username", databaseUser, "--dbname", databaseUser];
  const probe = { exec: { command } };
  const container = {
    name: "postgres",
    image: imageOf("database", input.cluster),
    env: [
      { name: "POSTGRES_USER", value: databaseUser },
      { name: "POSTGRES_DB", value: databaseUser },
      fromSecret("POSTGRES_PASSWORD", input.passwordSecret, "password"),
      // The image lets everybody in who comes from the pod itself, which a `kubectl port-forward` does too; by its socket, within the
      // container, it goes on doing so. Read when the database is made. https://hub.docker.com/_/postgres
      { name: "POSTGRES_INITDB_ARGS", value: "--auth-host=scram-sha-256" },
      // A folder below the mount: the root of a volume may hold lost+found, which initdb refuses.
      { name: "PGDATA", value: "/var/lib/postgresql/data/pgdata" },
    ],
    ports: [{ name: "postgres", containerPort: ports.database }],
    readinessProbe: { ...probe, periodSeconds: 5 },
    startupProbe: startupProbe(probe, 120),
    resources: serverResources.database,
    volumeMounts: [
      { name: "data", mountPath: "/var/lib/postgresql/data" },
      { name: "run", mountPath: "/var/run/postgresql" },
      { name: "memory", mountPath: "/dev/shm" },
    ],
  };
  const volumes = [
    claimVolume("data", input.claim),
    { name: "run", emptyDir: {} },
    { name: "memory", emptyDir: { medium: "Memory", sizeLimit: "256Mi" } },
  ];
  const pod = podSpec(
    {
      user: imageUsers.database,
      cluster: input.cluster,
      container,
      sidecars: [volumeSidecar({ ...input, name: "data" })],
      volumes,
    },
    { terminationGracePeriodSeconds: 60 },
  );
  return statefulSet({ labels, podLabels: volumeLabels, service: input.service, pod });
}
