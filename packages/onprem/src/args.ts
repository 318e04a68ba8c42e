import type { ResolvedStackSpec, StackSpec } from "@cyclops/core";
import type * as pulumi from "@pulumi/pulumi";
import type { ImageName } from "./defaults";
import type { Platform } from "./platform";

/** Where zone buckets live. */
export type ObjectStoreArgs =
  | {
      /** SeaweedFS in the stack's namespace. */
      kind: "seaweedfs";
      /** Size of its volume. @default "50Gi" */
      storage?: string;
    }
  | {
      /** Any S3 endpoint. Zone buckets are made there by the stack. */
      kind: "external";
      /** Address, e.g. `https://s3.example.com`. */
      endpoint: pulumi.Input<string>;
      /** Region clients sign with. @default "us-east-1" */
      region?: pulumi.Input<string>;
      /** Secret in the stack's namespace with `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`; used by every step. */
      secretName: pulumi.Input<string>;
    };

/** Where MLflow keeps runs and users. */
export type DatabaseArgs =
  | {
      /** One PostgreSQL server in the stack's namespace. */
      kind: "postgres";
      /** Size of its volume. @default "10Gi" */
      storage?: string;
    }
  | {
      /** A PostgreSQL database that exists. */
      kind: "external";
      /** Secret in the stack's namespace whose key `url` is the SQLAlchemy address, `postgresql://user:password@host:5432/name`. */
      secretName: string;
    };

/** Argo Workflows, which runs the pipelines. */
export type ArgoArgs =
  | {
      /** Installs a controller that watches the stack's namespace only. */
      kind: "install";
      /** Chart: a name in the repository, a path or an archive. @default "argo-workflows" */
      chart?: string;
      /** Chart repository. @default "https://argoproj.github.io/argo-helm" where `chart` is not given, else none */
      repository?: string;
      /** Chart version. @default `defaults.ts` where `chart` is not given, else the newest */
      version?: string;
      /**
       * Whether the chart brings the custom resource definitions. They are the cluster's: several stacks may bring them, and they stay when a
       * stack goes. @default true
       */
      definitions?: boolean;
      /** How soon the controller looks at a workflow again after something happened to one of its pods; not below `1s`. @default "1s" (Argo's own: 10s) */
      requeueTime?: string;
      /** Chart values that replace or extend the library's. @default {} */
      values?: Record<string, unknown>;
    }
  | {
      /** A controller that already watches the stack's namespace. */
      kind: "existing";
    };

/** An existing Gateway (Gateway API) through which endpoints are reached; rollouts change the weights of its routes. */
export interface GatewayArgs {
  /** Name of the Gateway. */
  name: string;
  /** Its namespace. @default - the stack's */
  namespace?: string;
  /** Its listener. @default - every listener that admits the route */
  sectionName?: string;
  /** Host names of the routes. @default - any; each endpoint has a path of its own, `/<model>/` */
  hostnames?: string[];
  /** Address under which clients reach the Gateway. */
  url: string;
}

/** Which nodes run what. */
export interface SchedulingArgs {
  /** Resource that GPU nodes offer. @default "nvidia.com/gpu" */
  gpuResource?: string;
  /** Where steps with `spot` may run besides ordinary nodes. @default - the label and taint `cyclops.dev/spot=true` */
  spot?: {
    nodeSelector?: Record<string, string>;
    tolerations?: { key: string; operator?: string; value?: string; effect?: string }[];
  };
}

/** How notebooks run. */
export type WorkbenchArgs =
  | {
      /** One JupyterLab per user; stops itself when idle. */
      kind: "jupyterlab";
    }
  | {
      /** Zero-to-JupyterHub by Helm. */
      kind: "jupyterhub";
      /** Chart: a name in the repository, a path or an archive. @default "jupyterhub" */
      chart?: string;
      /** Chart repository. @default "https://hub.jupyter.org/helm-chart/" where `chart` is not given, else none */
      repository?: string;
      /** Chart version. @default `defaults.ts` where `chart` is not given, else the newest */
      version?: string;
      /** Chart values that replace or extend the library's. @default {} */
      values?: Record<string, unknown>;
    };

/** Who scrapes metrics, evaluates rules and sends alerts. */
export type PrometheusArgs =
  | {
      /** Prometheus, and Alertmanager where there are channels, in the stack's namespace. */
      kind: "install";
      /** Size of Prometheus' volume; four fifths of it are filled at most. @default "20Gi" */
      storage?: string;
      /** How long values are kept, e.g. `90d`. @default "30d" */
      retention?: string;
      /** How often metrics are scraped, rules evaluated, and new scorers and new rules looked for. @default "15s" */
      interval?: string;
      /** Programs of images that name them otherwise than the projects' own do. @default {prometheus: "prometheus", alertmanager: "alertmanager", pushgateway: "pushgateway"} */
      commands?: Partial<Record<MonitoringServer, string>>;
    }
  | {
      /** A Prometheus operator that exists and watches the stack's namespace: it gets its custom resources, the stack gets no server but a Pushgateway. */
      kind: "operator";
      /** Namespace of its Prometheus, which the network policies let in. */
      namespace: string;
      /** Address of its Prometheus, e.g. `http://prometheus-operated.monitoring.svc:9090`: Grafana's data source. */
      url: string;
      /** Labels by which it finds PodMonitor, ServiceMonitor, PrometheusRule and AlertmanagerConfig. @default {} (it takes all) */
      labels?: Record<string, string>;
      /** Programs of images that name them otherwise than the projects' own do. @default {pushgateway: "pushgateway"} */
      commands?: Partial<Record<"pushgateway", string>>;
    };

/** Servers of the monitoring. */
export type MonitoringServer = "prometheus" | "alertmanager" | "pushgateway";

/** Where dashboards are shown. */
export type GrafanaArgs =
  | {
      /** Grafana in the stack's namespace. */
      kind: "grafana";
      /** Address under which people reach it, through a route of yours; opens its port to the cluster. @default - its Service, reached by `kubectl port-forward` */
      url?: string;
    }
  | {
      /** A Grafana that exists, with the usual sidecar, which looks for ConfigMaps with the label `grafana_dashboard: "1"` in the stack's namespace. */
      kind: "existing";
      /** Address under which people reach it. */
      url: string;
    };

/** The mail server that alerts go through. */
export interface SmtpArgs {
  /** Its name or address. */
  host: string;
  /** Its port. @default 587 */
  port?: number;
  /** Sender of the alerts. */
  from: string;
  /** User that logs in, where there is a `secretName`. @default - `from` */
  username?: string;
  /** Secret in the stack's namespace with the key `password`. @default - no login */
  secretName?: string;
  /** Whether nothing is sent without TLS. @default true */
  requireTls?: boolean;
}

/** What webhooks need besides their addresses in `spec.alerts.webhook`. */
export interface WebhookArgs {
  /** Secrets in the stack's namespace whose key `url` is the address of a further webhook: one whose address holds a token. @default [] */
  secretNames?: string[];
  /**
   * Who is called once a minute for as long as alerts work, and tells a person when that stops: a service outside the cluster. One of `url`
   * and `secretName`, a Secret in the stack's namespace whose key `url` is the address. @default - nobody
   */
  deadMansSwitch?: { url?: string; secretName?: string };
  /** ConfigMap in the stack's namespace whose key `ca.crt` holds the authorities that webhooks, and the mail server, are checked with. @default - those of the image */
  authorities?: string;
}

/** Settings that every component of a stack shares; the same for its platform and its models. */
export interface ClusterArgs {
  /** Registry and path put before every image of the library, for air-gapped clusters. @default - each image's own registry */
  registry?: string;
  /** Single images. @default `defaults.ts` */
  images?: Partial<Record<ImageName, string>>;
  /** Names of the Secrets with registry credentials. @default [] */
  imagePullSecrets?: string[];
  /** Which nodes run what. @default {} */
  scheduling?: SchedulingArgs;
  /** An existing Gateway. @default - none: endpoints are reached through their Services, the scorer splits traffic itself */
  gateway?: GatewayArgs;
  /** Networks outside the cluster that steps and alerts may reach, in CIDR form. @default ["0.0.0.0/0"] (data sources are anywhere) */
  egress?: string[];
  /** @default {kind: "install"} */
  monitoring?: PrometheusArgs;
  /** Address of the folder with the pages `runbooks.md` and `concepts/kpis.md`, to which every alert leads. @default - this release's, on GitHub */
  runbooks?: string;
}

/** The cluster settings among any arguments; those that are not given are left out. */
export function clusterArgs(args: ClusterArgs): ClusterArgs {
  const { registry, images, imagePullSecrets, scheduling, gateway, egress, monitoring, runbooks } = args;
  const given = { registry, images, imagePullSecrets, scheduling, gateway, egress, monitoring, runbooks };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** Bindings of a platform. */
export interface PlatformBindings extends ClusterArgs {
  /**
   * What tells stacks of one spec apart, and stands in their physical names after the spec's name: lower-case letters, digits and single
   * hyphens. @default - the name of the Pulumi stack
   */
  instance?: string;
  /** Name of the namespace that is made. @default "<spec's name>-<instance>" */
  namespace?: string;
  /** How long the Kubernetes provider may say nothing before a warning tells that the cluster does not answer. @default "20s" */
  patience?: string;
  /** Class of every volume. @default - the cluster's default class */
  storageClass?: string;
  /** @default {kind: "seaweedfs"} */
  objectStore?: ObjectStoreArgs;
  /** @default {kind: "postgres"} */
  database?: DatabaseArgs;
  /** @default {kind: "install"} */
  argo?: ArgoArgs;
  /** @default {kind: "jupyterlab"} */
  workbench?: WorkbenchArgs;
  /** @default {kind: "grafana"} */
  dashboards?: GrafanaArgs;
  /** Needed for `spec.alerts.email`. @default - none */
  smtp?: SmtpArgs;
  /** @default {} */
  webhooks?: WebhookArgs;
}

/** Arguments of `Platform`. */
export interface PlatformArgs extends PlatformBindings {
  /** The stack spec; its `models` are left to `Model`. */
  spec: StackSpec | ResolvedStackSpec;
}

/** Arguments of `MlopsStack`. */
export interface MlopsStackArgs extends PlatformBindings {
  /** The stack spec. */
  spec: StackSpec | ResolvedStackSpec;
}

/** Addresses of the monitoring. */
export interface ObservabilityBinding {
  /** Whose servers they are: a model's rules are for the same. */
  readonly kind: PrometheusArgs["kind"];
  /** Where the monitor pushes KPIs to, inside the cluster. */
  readonly pushgateway: string;
  /** Prometheus, inside the cluster. */
  readonly prometheus: string;
  /** Alertmanager, inside the cluster; absent where the stack has none. */
  readonly alertmanager?: string;
  /** Grafana, as people reach it. */
  readonly grafana: string;
  /**
   * Names of the Secrets of the servers' users, keys `username` and `password`; absent in the binding of a platform that was deployed before
   * its servers asked for one.
   */
  readonly secrets?: {
    readonly pushgateway: string;
    /** Absent where Prometheus is an operator's. */
    readonly prometheus?: string;
    readonly alertmanager?: string;
  };
}

/** What a model needs to know of its platform; plain names and addresses, no secret. */
export interface PlatformBinding {
  /** What tells stacks of one spec apart. */
  readonly instance: string;
  readonly namespace: string;
  /** Zone addresses, `s3://bucket`. */
  readonly zones: Readonly<Record<"raw" | "curated" | "features" | "models" | "predictions", string>>;
  readonly objectStore: { readonly endpoint: string; readonly region: string };
  /** Address of MLflow inside the cluster. */
  readonly trackingUri: string;
  /** Where KPIs go; absent in the binding of a platform that was deployed before there was monitoring. */
  readonly observability?: ObservabilityBinding;
  /** Names of the Secrets that steps take their credentials from. */
  readonly secrets: {
    /** Keys `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, by step. */
    readonly objectStore: Readonly<Record<string, string>>;
    /** MLflow user that may write; keys `username` and `password`. */
    readonly trackingWriter: string;
    /** MLflow user that may read. */
    readonly trackingReader: string;
  };
}

/** Arguments of `Model`. */
export interface ModelArgs extends ClusterArgs {
  /** The stack spec that contains the model. */
  spec: StackSpec | ResolvedStackSpec;
  /** Name of the model in `spec.models`. */
  model: string;
  /** A `Platform` of the same program, or the binding of another stack's: `Platform.reference(new pulumi.StackReference(...))`. */
  platform: Platform | pulumi.Input<PlatformBinding>;
}
