import { ports } from "../defaults";
import { type Role, volumeLabels } from "./labels";

/** Services that may be outside the namespace. */
export type ExternalService = "object-store" | "database";

/** Servers of the monitoring, inside the namespace or outside. */
export interface MonitoringPlace {
  /** Namespace of an operator's Prometheus. @default - the stack has a Prometheus of its own */
  readonly operator?: string;
  /** Whether alerts are sent from the namespace. */
  readonly notifies: boolean;
  /** Grafana in the namespace: reached from the cluster (`open`), or by a tunnel alone (`closed`). @default - none */
  readonly grafana?: "open" | "closed";
}

type Server = ExternalService | "tracking" | "argo" | "step" | "prometheus" | "alertmanager" | "pushgateway";

/** The pod with the sidecar that asks servers whether they answer: that of Prometheus or, where an operator has that, of the Pushgateway. */
const watcher = "watcher";

/** Who may open a connection to whom, inside the namespace. */
const edges: Readonly<Record<Server, { port?: number; from: readonly (Role | typeof watcher)[] }>> = {
  "object-store": { port: ports.objectStore, from: ["buckets", "tracking", "step", "scorer", "workbench", watcher] },
  database: { port: ports.database, from: ["tracking", watcher] },
  tracking: { port: ports.tracking, from: ["users", "step", "scorer", "workbench", watcher] },
  argo: { port: ports.argoMetrics, from: ["prometheus"] },
  // Instances of a distributed training: beyond the first meeting, frameworks choose their ports themselves.
  step: { from: ["step"] },
  prometheus: { port: ports.prometheus, from: ["grafana"] },
  alertmanager: { port: ports.alertmanager, from: ["prometheus"] },
  pushgateway: { port: ports.pushgateway, from: ["step", "prometheus"] },
};

/** Where clouds hand out the credentials of a node, which no pod may have; left out of the networks that stand for everything. */
const withoutMetadata: Readonly<Record<string, { except: string[] }>> = {
  "0.0.0.0/0": { except: ["169.254.169.254/32"] },
  "::/0": { except: ["fd00:ec2::254/128"] },
};

const among = (roles: readonly Role[]): Selector => ({
  matchExpressions: [{ key: "cyclops.dev/role", operator: "In", values: [...roles] }],
});
const peer = (role: Role) => ({ podSelector: { matchLabels: { "cyclops.dev/role": role } } });

type Peer = { podSelector: Selector } | { namespaceSelector: Selector } | { ipBlock: { cidr: string; except?: string[] } };
interface Selector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values: string[] }[];
}
interface Port {
  port: number;
  protocol: "TCP" | "UDP";
}

/** A policy's name and spec. */
export interface NetworkPolicyDocument {
  readonly name: string;
  readonly spec: {
    podSelector: Selector;
    policyTypes: ("Ingress" | "Egress")[];
    ingress?: { from?: Peer[]; ports?: Port[] }[];
    egress?: { to?: Peer[]; ports?: Port[] }[];
  };
}

/**
 * Network policies of a namespace: nothing is allowed but name resolution, the edges above, the API server for those that use it,
 * predictions from inside the cluster, and the outside networks for steps that read data sources and for alerts.
 *
 * @param egress networks outside the cluster that may be reached, CIDR
 * @param external services that are not in the namespace, but in one of these networks or in another namespace
 */
export function networkPolicies(
  egress: readonly string[],
  external: readonly ExternalService[] = [],
  monitoring: MonitoringPlace = { notifies: true, grafana: "closed" },
): NetworkPolicyDocument[] {
  const outside = egress.map((cidr) => ({ to: [{ ipBlock: { cidr, ...withoutMetadata[cidr] } }] }));
  const absent = new Set<string>([
    ...(monitoring.operator === undefined ? [] : ["prometheus", "argo"]),
    ...(monitoring.operator === undefined && monitoring.notifies ? [] : ["alertmanager"]),
  ]);
  const watching: Role = monitoring.operator === undefined ? "prometheus" : "pushgateway";
  const clientsOf = (server: Server) => edges[server].from.map((role) => (role === watcher ? watching : role));
  const inside = (Object.keys(edges) as Server[]).filter((role) => !absent.has(role));
  const ingress = inside.map(
    (role): NetworkPolicyDocument => ({
      name: `to-${role}`,
      spec: {
        podSelector: { matchLabels: { "cyclops.dev/role": role } },
        policyTypes: ["Ingress"],
        ingress: [{ from: clientsOf(role).map(peer), ...portOf(edges[role]) }],
      },
    }),
  );
  return [
    { name: "deny", spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] } },
    {
      name: "names",
      spec: {
        podSelector: {},
        policyTypes: ["Egress"],
        egress: [
          {
            ports: [
              { port: 53, protocol: "UDP" },
              { port: 53, protocol: "TCP" },
            ],
          },
        ],
      },
    },
    { name: "inside", spec: { podSelector: {}, policyTypes: ["Egress"], egress: [{ to: [{ podSelector: {} }] }] } },
    ...ingress,
    {
      name: "to-volumes",
      spec: {
        podSelector: { matchLabels: volumeLabels },
        policyTypes: ["Ingress"],
        ingress: [
          {
            from: [monitoring.operator === undefined ? peer("prometheus") : namespace(monitoring.operator)],
            ports: [port(ports.volume)],
          },
        ],
      },
    },
    {
      name: "predictions",
      spec: {
        podSelector: { matchLabels: { "cyclops.dev/role": "scorer" } },
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ port: ports.scorer, protocol: "TCP" }] }],
      },
    },
    {
      name: "api-server",
      // The API server is outside the pod network, at an address that differs between clusters.
      spec: {
        podSelector: among(["credentials", "argo", "step", "workbench", watching, "grafana"]),
        policyTypes: ["Egress"],
        egress: [
          {
            ports: [
              { port: 443, protocol: "TCP" },
              { port: 6443, protocol: "TCP" },
            ],
          },
        ],
      },
    },
    {
      name: "data-sources",
      spec: {
        podSelector: among(["step", "workbench"]),
        policyTypes: ["Egress"],
        egress: outside,
      },
    },
    ...monitoringPolicies(outside, monitoring),
    ...external.map((service) => ({
      name: `external-${service}`,
      spec: {
        podSelector: among(clientsOf(service)),
        policyTypes: ["Egress" as const],
        egress: [...outside, { to: [{ namespaceSelector: {} }] }],
      },
    })),
  ];
}

const port = (number: number): Port => ({ port: number, protocol: "TCP" });
const portOf = (edge: { port?: number }) => (edge.port === undefined ? {} : { ports: [port(edge.port)] });
const namespace = (name: string): Peer => ({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } });

/** What the monitoring needs beyond the edges inside of the namespace. */
function monitoringPolicies(
  outside: { to: Peer[] }[],
  { operator, notifies, grafana }: MonitoringPlace,
): NetworkPolicyDocument[] {
  const of = (role: Role) => ({ podSelector: { matchLabels: { "cyclops.dev/role": role } } });
  const operated: NetworkPolicyDocument[] =
    operator === undefined
      ? []
      : [
          {
            name: "operator",
            spec: {
              ...of("pushgateway"),
              policyTypes: ["Ingress"],
              ingress: [{ from: [namespace(operator)], ports: [port(ports.pushgateway), port(ports.watch)] }],
            },
          },
          {
            name: "operator-argo",
            spec: {
              ...of("argo"),
              policyTypes: ["Ingress"],
              ingress: [{ from: [namespace(operator)], ports: [port(ports.argoMetrics)] }],
            },
          },
          ...(grafana === undefined
            ? []
            : [
                {
                  name: "operator-queries",
                  spec: { ...of("grafana"), policyTypes: ["Egress" as const], egress: [{ to: [namespace(operator)] }] },
                },
              ]),
        ];
  return [
    ...operated,
    // Mail servers and webhooks have any port, and may be in another namespace.
    ...(notifies && operator === undefined
      ? [
          {
            name: "notifications",
            spec: {
              ...of("alertmanager"),
              policyTypes: ["Egress" as const],
              egress: [...outside, { to: [{ namespaceSelector: {} }] }],
            },
          },
        ]
      : []),
    ...(grafana === "open"
      ? [
          {
            name: "dashboards",
            spec: {
              ...of("grafana"),
              policyTypes: ["Ingress" as const],
              ingress: [{ from: [{ namespaceSelector: {} }], ports: [port(ports.grafana)] }],
            },
          },
        ]
      : []),
  ];
}
