import { applyAll, type MlopsOptions, type StackContext, type Zone, zones } from "@cyclops/core";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterArgs, ObjectStoreArgs } from "./args";
import { addressOf, claimArgs, dataVolumeOptions, OnpremComponent } from "./component";
import { Credentials } from "./credentials";
import { ports, serverStorage, zoneExpiry } from "./defaults";
import { type GeneratedSecret, storageActions, storageUsers } from "./documents/credentials";
import { platformJob } from "./documents/job";
import { roleLabels } from "./documents/labels";
import { objectStoreServer } from "./documents/object-store";
import { storageEnvironment } from "./documents/pod";
import { bucketName, objectName } from "./naming";

/** Arguments of `Storage`. */
export interface StorageArgs {
  context: StackContext;
  /** What tells stacks of one spec apart: it is in the names of the buckets. */
  instance: string;
  namespace: pulumi.Input<string>;
  /** @default {kind: "seaweedfs"} */
  objectStore?: ObjectStoreArgs;
  /** Class of its volume. @default - the cluster's default class */
  storageClass?: string;
  /** Images and registry. @default {} */
  cluster?: ClusterArgs;
}

interface Children {
  credentials: typeof Credentials;
  service: typeof k8s.core.v1.Service;
  volume: typeof k8s.core.v1.PersistentVolumeClaim;
  server: typeof k8s.apps.v1.StatefulSet;
  account: typeof k8s.core.v1.ServiceAccount;
  config: typeof k8s.core.v1.ConfigMap;
  buckets: typeof k8s.batch.v1.Job;
}

/**
 * Zone buckets (raw, curated, features, models, predictions) with versioning and expiry, in SeaweedFS or at an S3 endpoint of yours.
 * Each user of the store has keys of its own that open no more zones than it needs.
 *
 * @example new Storage("churn-storage", { context, instance: "dev", namespace: "churn-dev" })
 */
export class Storage extends OnpremComponent<Children> {
  /** Address of each zone, `s3://bucket`. */
  public readonly zones: Readonly<Record<Zone, string>>;
  public readonly endpoint: pulumi.Output<string>;
  public readonly region: pulumi.Output<string>;
  /** Name of the Secret with the keys of each storage user. */
  public readonly secrets: pulumi.Output<Record<string, string>>;
  /** Has succeeded when every bucket is there. */
  public readonly ready: k8s.batch.v1.Job;
  /** What fills these Secrets: whoever reads one depends on it. */
  public readonly keysReady: pulumi.Resource[];

  constructor(name: string, args: StorageArgs, opts?: MlopsOptions<Children>) {
    super("Storage", name, args.context, args.namespace, opts);
    const buckets = Object.fromEntries(zones.map((zone) => [zone, bucketName(args.context, args.instance, zone)])) as Record<
      Zone,
      string
    >;
    this.zones = Object.fromEntries(zones.map((zone) => [zone, `s3://${buckets[zone]}`])) as Record<Zone, string>;
    const { objectStore = { kind: "seaweedfs" } } = args;
    const store =
      objectStore.kind === "external" ? this.useExternal(objectStore) : this.makeServer(name, args, objectStore, buckets);
    this.endpoint = store.endpoint;
    this.region = store.region;
    this.secrets = store.secrets;
    this.keysReady = store.keysReady;
    this.ready = this.makeBuckets(args, buckets, store.dependsOn);
    this.finish({ zones: this.zones, endpoint: this.endpoint, region: this.region });
  }

  private useExternal({ endpoint, region = "us-east-1", secretName }: Extract<ObjectStoreArgs, { kind: "external" }>): Store {
    const secrets = pulumi.output(secretName).apply((secret) => Object.fromEntries(storageUsers.map((user) => [user, secret])));
    return { endpoint: pulumi.output(endpoint), region: pulumi.output(region), secrets, keysReady: [], dependsOn: [] };
  }

  private makeServer(
    name: string,
    args: StorageArgs,
    { storage = serverStorage.objectStore }: { storage?: string },
    buckets: Record<Zone, string>,
  ): Store {
    const keyOf = (user: string) => objectName(`${name}-key-${user}`);
    const identities = storageUsers.map((user) => ({ name: user, secret: keyOf(user), actions: storageActions(user, buckets) }));
    const config: GeneratedSecret = { name: objectName(`${name}-identities`), kind: "s3-config", identities };
    const securitySecret = objectName(`${name}-security`);
    const { context, namespace, cluster = {}, storageClass } = args;
    const credentials = this.child("credentials", Credentials, {
      context,
      namespace,
      cluster,
      secrets: {
        ...Object.fromEntries(storageUsers.map((user) => [user, { name: keyOf(user), kind: "s3-key" as const }])),
        identities: config,
        security: { name: securitySecret, kind: "seaweedfs-security" },
      },
    });
    const labels = roleLabels("object-store", name);
    this.child("service", k8s.core.v1.Service, {
      spec: { selector: labels, ports: [{ name: "s3", port: ports.objectStore, targetPort: "s3" }] },
    });
    const claim = this.child(
      "volume",
      k8s.core.v1.PersistentVolumeClaim,
      claimArgs({ storage, storageClass }),
      dataVolumeOptions(context),
    );
    const spec = applyAll([this.placeOf("service"), this.placeOf("volume")], ({ name: serviceName }, { name: claimName }) =>
      objectStoreServer({ name, service: serviceName, configSecret: config.name, securitySecret, claim: claimName, cluster }),
    );
    const server = this.child("server", k8s.apps.v1.StatefulSet, { spec }, { dependsOn: [credentials.ready, claim] });
    return {
      endpoint: addressOf(this.placeOf("service"), ports.objectStore),
      region: pulumi.output("us-east-1"),
      secrets: pulumi.output(Object.fromEntries(storageUsers.map((user) => [user, keyOf(user)]))),
      keysReady: [credentials.ready],
      dependsOn: [credentials.ready, server],
    };
  }

  private makeBuckets(
    { cluster = {} }: StorageArgs,
    names: Record<Zone, string>,
    dependsOn: pulumi.Resource[],
  ): k8s.batch.v1.Job {
    const account = this.child("account", k8s.core.v1.ServiceAccount, { automountServiceAccountToken: false });
    const document = { buckets: zones.map((zone) => ({ name: names[zone], versioning: true, expireDays: zoneExpiry[zone] })) };
    const config = this.child("config", k8s.core.v1.ConfigMap, { data: { "config.json": JSON.stringify(document) } });
    const spec = applyAll(
      [this.placeOf("config"), this.placeOf("account"), this.endpoint, this.region, this.secrets],
      ({ name: configMap }, { name: serviceAccount }, endpoint, region, secrets) =>
        platformJob({
          command: "buckets",
          configMap,
          serviceAccount,
          usesApi: false,
          cluster,
          environment: storageEnvironment({ endpoint, region }, secrets.administrator),
        }),
    );
    return this.child("buckets", k8s.batch.v1.Job, { spec }, { dependsOn: [...dependsOn, config, account] });
  }
}

interface Store {
  endpoint: pulumi.Output<string>;
  region: pulumi.Output<string>;
  secrets: pulumi.Output<Record<string, string>>;
  keysReady: pulumi.Resource[];
  dependsOn: pulumi.Resource[];
}
