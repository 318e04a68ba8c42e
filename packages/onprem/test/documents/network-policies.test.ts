import { describe, expect, it } from "vitest";
import type { Role } from "../../src/documents/labels";
import { type ExternalService, type NetworkPolicyDocument, networkPolicies } from "../../src/documents/network-policies";

const roles: Role[] = [
  "credentials",
  "buckets",
  "users",
  "object-store",
  "database",
  "tracking",
  "argo",
  "step",
  "scorer",
  "workbench",
  "prometheus",
  "alertmanager",
  "pushgateway",
  "grafana",
];
type Selector = NetworkPolicyDocument["spec"]["podSelector"];

/** Roles of the pods that say how full their volume is; recorded stacks hold it against the pods. */
const watched: readonly Role[] = ["object-store", "database", "workbench", "alertmanager", "pushgateway"];
const labelsOf = (role: Role): Record<string, string> => ({
  "cyclops.dev/role": role,
  ...(watched.includes(role) ? { "cyclops.dev/volume": "watched" } : {}),
});

const selects = ({ matchLabels = {}, matchExpressions = [] }: Selector, role: Role) =>
  Object.entries(matchLabels).every(([key, value]) => labelsOf(role)[key] === value) &&
  matchExpressions.every(({ values }) => values.includes(role));

/** Whether policies let a pod of one role open a connection to a pod of another in the same namespace: both sides must agree. */
function reaches(policies: readonly NetworkPolicyDocument[], from: Role, to: Role, port: number): boolean {
  const open = (ports?: { port: number; protocol: string }[]) =>
    ports === undefined || ports.some((each) => each.port === port && each.protocol === "TCP");
  const leaves = policies.some(
    ({ spec }) =>
      selects(spec.podSelector, from) &&
      spec.egress?.some(
        ({ to: peers, ports }) =>
          open(ports) && (peers === undefined || peers.some((peer) => "podSelector" in peer && selects(peer.podSelector, to))),
      ),
  );
  const enters = policies.some(
    ({ spec }) =>
      selects(spec.podSelector, to) &&
      spec.ingress?.some(
        ({ from: peers, ports }) =>
          open(ports) &&
          (peers === undefined ||
            peers.some((peer) => ("podSelector" in peer ? selects(peer.podSelector, from) : "namespaceSelector" in peer))),
      ),
  );
  return leaves && enters;
}

/** Roles whose pods may reach addresses outside the cluster on any port. */
const leaving = (policies: readonly NetworkPolicyDocument[]) =>
  roles.filter((role) =>
    policies.some(
      ({ spec }) =>
        selects(spec.podSelector, role) && spec.egress?.some(({ to, ports }) => !ports && to?.some((peer) => "ipBlock" in peer)),
    ),
  );

describe("inside the namespace", () => {
  const policies = networkPolicies(["0.0.0.0/0"]);
  const clients = (to: Role, port: number) => roles.filter((from) => reaches(policies, from, to, port));

  it("closes everything that is not opened", () => {
    expect(policies[0]).toEqual({ name: "deny", spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] } });
    for (const role of ["credentials", "buckets", "users", "argo", "workbench"] as const)
      expect(clients(role, 8888), role).toEqual([]);
  });

  it("opens each server to its clients alone, on its own port alone", () => {
    // Prometheus' pod asks whether they answer.
    expect(clients("object-store", 8333)).toEqual(["buckets", "tracking", "step", "scorer", "workbench", "prometheus"]);
    expect(clients("database", 5432)).toEqual(["tracking", "prometheus"]);
    expect(clients("tracking", 5000)).toEqual(["users", "step", "scorer", "workbench", "prometheus"]);
    expect(clients("argo", 9090)).toEqual(["prometheus"]);
    for (const server of ["object-store", "database", "tracking"] as const) expect(clients(server, 9999), server).toEqual([]);
    // The internal ports of SeaweedFS: master, volume server, filer.
    for (const port of [9333, 8080, 8888]) expect(clients("object-store", port), String(port)).toEqual([]);
  });

  it("lets the instances of a training meet, on ports that their framework chooses", () => {
    expect(clients("step", 29_500)).toEqual(["step"]);
    expect(clients("step", 41_000)).toEqual(["step"]);
  });

  it("opens predictions to the whole cluster", () => {
    expect(clients("scorer", 8080)).toEqual(roles);
    expect(clients("scorer", 22)).toEqual([]);
  });
});

describe("outside the namespace", () => {
  it("opens data sources to steps and notebooks", () => {
    const none = { notifies: false };
    expect(leaving(networkPolicies(["10.0.0.0/8"], [], none))).toEqual(["step", "workbench"]);
    expect(leaving(networkPolicies([]))).toEqual([]);
  });

  it("never opens the address at which a cloud hands out the credentials of its nodes", () => {
    const opened = (cidr: string) =>
      networkPolicies([cidr], ["object-store"]).flatMap(
        ({ spec }) => spec.egress?.flatMap(({ to = [] }) => to.filter((peer) => "ipBlock" in peer)) ?? [],
      );
    expect(opened("0.0.0.0/0")).toEqual(
      [1, 2, 3].map(() => ({ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.169.254/32"] } })),
    );
    expect(opened("::/0")[0]).toEqual({ ipBlock: { cidr: "::/0", except: ["fd00:ec2::254/128"] } });
    expect(opened("10.0.0.0/8")[0]).toEqual({ ipBlock: { cidr: "10.0.0.0/8" } });
  });

  it("opens the API server to those that use it", () => {
    const policy = networkPolicies([]).find(({ name }) => name === "api-server");
    expect(roles.filter((role) => policy && selects(policy.spec.podSelector, role))).toEqual([
      "credentials",
      "argo",
      "step",
      "workbench",
      "prometheus",
      "grafana",
    ]);
    expect(policy?.spec.egress).toEqual([
      {
        ports: [
          { port: 443, protocol: "TCP" },
          { port: 6443, protocol: "TCP" },
        ],
      },
    ]);
  });

  it.each<[ExternalService, Role[]]>([
    ["object-store", ["buckets", "tracking", "step", "scorer", "workbench", "prometheus"]],
    ["database", ["tracking", "step", "workbench", "prometheus"]],
  ])("opens an external %s to its clients, outside the cluster or in another namespace", (service, expected) => {
    const policies = networkPolicies(["10.0.0.0/8"], [service], { notifies: false });
    expect(leaving(policies)).toEqual(expected);
    expect(policies.find(({ name }) => name === `external-${service}`)?.spec.egress).toEqual([
      { to: [{ ipBlock: { cidr: "10.0.0.0/8" } }] },
      { to: [{ namespaceSelector: {} }] },
    ]);
  });
});

describe("the monitoring", () => {
  const clients = (policies: readonly NetworkPolicyDocument[], to: Role, port: number) =>
    roles.filter((from) => reaches(policies, from, to, port));
  const own = networkPolicies(["10.0.0.0/8"], [], { notifies: true, grafana: "closed" });
  const operated = networkPolicies(["10.0.0.0/8"], [], { notifies: true, operator: "monitoring", grafana: "closed" });
  const named = (policies: readonly NetworkPolicyDocument[], name: string) =>
    policies.find((policy) => policy.name === name)?.spec;

  it("is reached by its own clients alone, on its own ports alone", () => {
    expect(clients(own, "scorer", 8080)).toContain("prometheus");
    expect(clients(own, "pushgateway", 9091)).toEqual(["step", "prometheus"]);
    expect(clients(own, "alertmanager", 9093)).toEqual(["prometheus"]);
    expect(clients(own, "prometheus", 9090)).toEqual(["grafana"]);
    // The ports of the sidecars' metrics are Prometheus' own.
    for (const port of [9095, 9096]) expect(clients(own, "prometheus", port)).toEqual([]);
    expect(clients(own, "grafana", 3000)).toEqual([]);
  });

  it("is told by every pod with a volume how full it is, and nobody else is", () => {
    const there = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } };
    for (const role of roles)
      expect(clients(own, role, 9097), role).toEqual(watched.includes(role) ? ["prometheus"] : role === "step" ? ["step"] : []);
    expect(named(operated, "to-volumes")).toEqual({
      podSelector: { matchLabels: { "cyclops.dev/volume": "watched" } },
      policyTypes: ["Ingress"],
      ingress: [{ from: [there], ports: [{ port: 9097, protocol: "TCP" }] }],
    });
  });

  it("sends alerts outside, to any port, and to other namespaces", () => {
    expect(leaving(own)).toEqual(["step", "workbench", "alertmanager"]);
    expect(named(own, "notifications")?.egress).toEqual([
      { to: [{ ipBlock: { cidr: "10.0.0.0/8" } }] },
      { to: [{ namespaceSelector: {} }] },
    ]);
    const silent = networkPolicies(["10.0.0.0/8"], [], { notifies: false });
    expect(silent.map(({ name }) => name)).not.toContain("notifications");
    expect(silent.map(({ name }) => name)).not.toContain("to-alertmanager");
  });

  it("opens Grafana to the cluster where it has an address of its own", () => {
    const open = networkPolicies([], [], { notifies: false, grafana: "open" });
    expect(clients(open, "grafana", 3000)).toEqual(roles);
    expect(named(open, "dashboards")?.ingress).toEqual([
      { from: [{ namespaceSelector: {} }], ports: [{ port: 3000, protocol: "TCP" }] },
    ]);
    expect(named(own, "dashboards")).toBeUndefined();
  });

  it("lets an operator's Prometheus in from its namespace, and Grafana out to it", () => {
    const there = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } };
    expect(named(operated, "operator")).toEqual({
      podSelector: { matchLabels: { "cyclops.dev/role": "pushgateway" } },
      policyTypes: ["Ingress"],
      ingress: [
        {
          from: [there],
          ports: [
            { port: 9091, protocol: "TCP" },
            { port: 9096, protocol: "TCP" },
          ],
        },
      ],
    });
    expect(named(operated, "operator-argo")).toEqual({
      podSelector: { matchLabels: { "cyclops.dev/role": "argo" } },
      policyTypes: ["Ingress"],
      ingress: [{ from: [there], ports: [{ port: 9090, protocol: "TCP" }] }],
    });
    expect(named(operated, "operator-queries")?.egress).toEqual([{ to: [there] }]);
    expect(leaving(operated)).toEqual(["step", "workbench"]);
    const names = operated.map(({ name }) => name);
    expect(names.filter((name) => ["to-prometheus", "to-alertmanager", "notifications"].includes(name))).toEqual([]);
    expect(named(own, "operator")).toBeUndefined();
  });

  it("has the Pushgateway's pod ask servers and the API where an operator has Prometheus", () => {
    for (const [server, port] of [
      ["object-store", 8333],
      ["database", 5432],
      ["tracking", 5000],
    ] as const) {
      expect(clients(operated, server, port), server).toContain("pushgateway");
      expect(clients(operated, server, port), server).not.toContain("prometheus");
    }
    const api = named(operated, "api-server")?.podSelector ?? {};
    expect(roles.filter((role) => selects(api, role))).toEqual([
      "credentials",
      "argo",
      "step",
      "workbench",
      "pushgateway",
      "grafana",
    ]);
  });
});
