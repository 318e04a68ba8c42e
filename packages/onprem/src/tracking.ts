import { applyAll, asOutput, type MlopsOptions, type StackContext } from "@cyclops/core";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterArgs, DatabaseArgs } from "./args";
import { addressOf, claimArgs, dataVolumeOptions, OnpremComponent } from "./component";
import { Credentials } from "./credentials";
import { ports, serverStorage } from "./defaults";
import type { ListedSecret } from "./documents/credentials";
import { databaseServer, databaseUser } from "./documents/database";
import { platformJob } from "./documents/job";
import { roleLabels } from "./documents/labels";
import { secretsDirectory, secretVolumes, storageEnvironment, trackingEnvironment } from "./documents/pod";
import { trackingServer } from "./documents/tracking";
import { objectName } from "./naming";

/** Name of the database's Service in the namespace. */
export const databaseHost = (name: string): string => objectName(`${name}-database-service`);

/** Arguments of `Tracking`. */
export interface TrackingArgs {
  context: StackContext;
  namespace: pulumi.Input<string>;
  /** Place of the artifacts, e.g. `s3://churn-dev-models/mlflow`. */
  artifacts: pulumi.Input<string>;
  objectStore: { endpoint: pulumi.Input<string>; region: pulumi.Input<string> };
  /** Secret with the keys `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` that open the artifacts' bucket. */
  objectStoreSecret: pulumi.Input<string>;
  /** What fills that Secret. @default [] */
  objectStoreReady?: pulumi.Resource[];
  /** @default {kind: "postgres"} */
  database?: DatabaseArgs;
  /** Class of the database's volume. @default - the cluster's default class */
  storageClass?: string;
  /** Images and registry. @default {} */
  cluster?: ClusterArgs;
}

interface Children {
  credentials: typeof Credentials;
  "database-service": typeof k8s.core.v1.Service;
  "database-volume": typeof k8s.core.v1.PersistentVolumeClaim;
  database: typeof k8s.apps.v1.StatefulSet;
  service: typeof k8s.core.v1.Service;
  server: typeof k8s.apps.v1.Deployment;
  account: typeof k8s.core.v1.ServiceAccount;
  config: typeof k8s.core.v1.ConfigMap;
  users: typeof k8s.batch.v1.Job;
}

/**
 * Experiment tracking and model registry: MLflow with users and permissions, its runs in PostgreSQL.
 *
 * @example new Tracking("churn-tracking", { context, namespace, artifacts: "s3://models/mlflow", objectStore, objectStoreSecret: "s3" })
 */
export class Tracking extends OnpremComponent<Children> {
  /** Address of the server inside the cluster. */
  public readonly trackingUri: pulumi.Output<string>;
  /** Name of the Secret of the user that may write. */
  public readonly writerSecret: string;
  /** Name of the Secret of the user that may read. */
  public readonly readerSecret: string;
  /** Has succeeded when the server answers and its users are there. */
  public readonly ready: k8s.batch.v1.Job;

  constructor(name: string, args: TrackingArgs, opts?: MlopsOptions<Children>) {
    super("Tracking", name, args.context, args.namespace, opts);
    const names = secretNames(name, args.database);
    this.writerSecret = names.writer;
    this.readerSecret = names.reader;
    const credentials = this.makeCredentials(name, args, names);
    const database = this.makeDatabase(name, args, names, credentials);
    this.makeService(name);
    const server = this.makeServer(name, args, names, [credentials.ready, ...database, ...(args.objectStoreReady ?? [])]);
    this.trackingUri = addressOf(this.placeOf("service"), ports.tracking);
    this.ready = this.makeUsers(args, names, server);
    this.finish({ trackingUri: this.trackingUri });
  }

  private makeCredentials(
    name: string,
    { context, namespace, cluster = {}, database }: TrackingArgs,
    names: SecretNames,
  ): Credentials {
    const host = databaseHost(name);
    const own: Record<string, ListedSecret> = {
      password: { name: names.databasePassword, kind: "password" },
      url: {
        name: names.databaseUrl,
        kind: "database-url",
        passwordSecret: names.databasePassword,
        host,
        port: ports.database,
        user: databaseUser,
        database: databaseUser,
      },
    };
    const external: Record<string, ListedSecret> = { url: { name: names.databaseUrl, kind: "existing" } };
    return this.child("credentials", Credentials, {
      context,
      namespace,
      cluster,
      secrets: {
        ...(database?.kind === "external" ? external : own),
        administrator: { name: names.administrator, kind: "mlflow-user", username: "administrator" },
        writer: { name: names.writer, kind: "mlflow-user", username: "writer" },
        reader: { name: names.reader, kind: "mlflow-user", username: "reader" },
        authentication: {
          name: names.authentication,
          kind: "mlflow-auth",
          adminSecret: names.administrator,
          databaseUrlSecret: names.databaseUrl,
        },
      },
    });
  }

  private makeDatabase(
    name: string,
    args: TrackingArgs,
    { databasePassword }: SecretNames,
    credentials: Credentials,
  ): pulumi.Resource[] {
    const { context, database = { kind: "postgres" }, storageClass, cluster = {} } = args;
    if (database.kind === "external") return [];
    const { storage = serverStorage.database } = database;
    const volume = claimArgs({ storage, storageClass });
    const claim = this.child("database-volume", k8s.core.v1.PersistentVolumeClaim, volume, dataVolumeOptions(context));
    this.child("database-service", k8s.core.v1.Service, {
      spec: {
        selector: roleLabels("database", name),
        ports: [{ name: "postgres", port: ports.database, targetPort: "postgres" }],
      },
    });
    const spec = applyAll(
      [this.placeOf("database-service"), this.placeOf("database-volume")],
      ({ name: service }, { name: claimName }) =>
        databaseServer({ name, service, passwordSecret: databasePassword, claim: claimName, cluster }),
    );
    return [this.child("database", k8s.apps.v1.StatefulSet, { spec }, { dependsOn: [credentials.ready, claim] })];
  }

  private makeService(name: string): void {
    this.child("service", k8s.core.v1.Service, {
      spec: { selector: roleLabels("tracking", name), ports: [{ name: "http", port: ports.tracking, targetPort: "http" }] },
    });
  }

  private makeServer(name: string, args: TrackingArgs, names: SecretNames, dependsOn: pulumi.Resource[]): k8s.apps.v1.Deployment {
    const { artifacts, objectStore, objectStoreSecret, cluster = {} } = args;
    const spec = applyAll(
      [
        this.placeOf("service"),
        asOutput(artifacts),
        asOutput(objectStore.endpoint),
        asOutput(objectStore.region),
        asOutput(objectStoreSecret),
      ],
      ({ name: serviceName, namespace }, place, endpoint, region, secret) =>
        trackingServer({
          name,
          service: serviceName,
          namespace,
          artifacts: place,
          cluster,
          authenticationSecret: names.authentication,
          databaseUrlSecret: names.databaseUrl,
          storage: storageEnvironment({ endpoint, region }, secret),
        }),
    );
    return this.child("server", k8s.apps.v1.Deployment, { spec }, { dependsOn });
  }

  private makeUsers(
    { cluster = {} }: TrackingArgs,
    { administrator, writer, reader }: SecretNames,
    server: k8s.apps.v1.Deployment,
  ): k8s.batch.v1.Job {
    const account = this.child("account", k8s.core.v1.ServiceAccount, { automountServiceAccountToken: false });
    const document = { users: [writer, reader].map((user) => ({ directory: `${secretsDirectory}/${user}`, admin: false })) };
    const config = this.child("config", k8s.core.v1.ConfigMap, { data: { "config.json": JSON.stringify(document) } });
    const spec = applyAll(
      [this.placeOf("config"), this.placeOf("account"), this.trackingUri],
      ({ name: configMap }, { name: serviceAccount }, uri) =>
        platformJob({
          command: "users",
          configMap,
          serviceAccount,
          usesApi: false,
          cluster,
          environment: trackingEnvironment(uri, administrator),
          ...secretVolumes([writer, reader]),
        }),
    );
    return this.child("users", k8s.batch.v1.Job, { spec }, { dependsOn: [server, config, account] });
  }
}

type SecretNames = Record<"databasePassword" | "databaseUrl" | "administrator" | "writer" | "reader" | "authentication", string>;

function secretNames(name: string, database: DatabaseArgs | undefined): SecretNames {
  return {
    databasePassword: objectName(`${name}-database-password`),
    databaseUrl: database?.kind === "external" ? database.secretName : objectName(`${name}-database-url`),
    administrator: objectName(`${name}-administrator`),
    writer: objectName(`${name}-writer`),
    reader: objectName(`${name}-reader`),
    authentication: objectName(`${name}-authentication`),
  };
}
