import { beforeAll, describe, expect, it } from "vitest";
import { podProblems, podsOf } from "./support/pods";
import { kindOf, type Plain, type Recorded, texts } from "./support/recorded";
import { objectsOf, recordVariants, variants } from "./support/variants";
import { vendorProblems } from "./support/vendors";

let recorded: Readonly<Record<string, Recorded>>;
beforeAll(async () => {
  recorded = await recordVariants();
});

const of = (title: string): Recorded => {
  const found = recorded[title];
  if (!found) throw new Error(`no variant ${title}`);
  return found;
};

describe("vendorProblems", () => {
  const service = { apiVersion: "v1", kind: "Service", metadata: { name: "a" } };

  it("finds unknown fields, wrong types, wrong words and missing fields", () => {
    const problems = vendorProblems({
      fine: { ...service, spec: { clusterIP: "None", ports: [{ name: "http", port: 80, targetPort: "http" }] } },
      mistyped: { ...service, spec: { ports: [{ port: 80, target: "http" }] } },
      text: { ...service, spec: { ports: [{ port: "80" }] } },
      word: { ...service, spec: { type: "ClusterIp" } },
      missing: { apiVersion: "rbac.authorization.k8s.io/v1", kind: "RoleBinding", metadata: { name: "b" } },
    });
    const found = (name: string) => problems.filter((problem) => problem.startsWith(`${name}: `)).join();
    expect(found("fine")).toBe("");
    expect(found("mistyped")).toContain("'\"target\"' does not exist in type 'IServicePort'");
    expect(found("text")).toContain("data/spec/ports/0/port must be integer");
    expect(found("word")).toContain("data/spec/type must be equal to one of the allowed values");
    expect(found("missing")).toContain("must have required property roleRef");
  });
});

it("emits nothing that the vendors' definitions do not know", () => {
  const objects = Object.entries(recorded).flatMap(([title, each]) =>
    Object.entries(objectsOf(each)).map(([name, object]) => [`${title}, ${name}`, object] as const),
  );
  const kinds = new Set(objects.map(([, object]) => object.kind));
  expect([...kinds].sort()).toEqual([
    "AlertmanagerConfig",
    "ConfigMap",
    "CronWorkflow",
    "Deployment",
    "HTTPRoute",
    "HorizontalPodAutoscaler",
    "Job",
    "Namespace",
    "NetworkPolicy",
    "PersistentVolumeClaim",
    "PodDisruptionBudget",
    "PodMonitor",
    "PrometheusRule",
    "Role",
    "RoleBinding",
    "Secret",
    "Service",
    "ServiceAccount",
    "ServiceMonitor",
    "StatefulSet",
    "WorkflowTemplate",
  ]);
  expect(vendorProblems(Object.fromEntries(objects))).toEqual([]);
});

describe.each(Object.keys(variants))("%s", (title) => {
  it("has pods that Pod Security restricted admits, and that keep to the library's rules", () => {
    const pods = podsOf(of(title).resources);
    expect(new Set(pods.map(({ use }) => use))).toEqual(new Set(["server", "job", "step"]));
    expect(pods.flatMap(podProblems)).toEqual([]);
  });

  it("tells Prometheus of the volume of every pod that has one, by the name of its claim", () => {
    const pods = podsOf(of(title).resources).flatMap(({ where, spec, labels }) =>
      spec.volumes.flatMap(({ name, persistentVolumeClaim: claim }: Plain) =>
        claim ? [{ where, spec, labels, name, claim: claim.claimName }] : [],
      ),
    );
    expect(pods.length).toBeGreaterThan(0);
    for (const { where, spec, labels, name, claim } of pods) {
      const watches = spec.containers.filter(({ command = [] }: Plain) => command[1] === "watch");
      expect(watches, where).toHaveLength(1);
      const [{ command, volumeMounts, name: container }] = watches;
      const folder = volumeMounts.find((mount: Plain) => mount.name === name);
      expect(folder, where).toMatchObject({ readOnly: true });
      expect(command[command.indexOf("--volume") + 1], where).toBe(`${claim}=${folder.mountPath}`);
      // Found by this label; the watch of runs, which looks at the volume of its own pod too, is found otherwise.
      expect(labels["cyclops.dev/volume"] === "watched", where).toBe(container === "volume");
    }
  });

  it("gives the API's token to those alone that talk to the API", () => {
    const pods = podsOf(of(title).resources);
    const holders = pods.filter(({ spec }) => spec.automountServiceAccountToken).map(({ labels }) => labels["cyclops.dev/role"]);
    expect([...new Set(holders)].sort()).toEqual(
      title === "a stack on services that exist"
        ? ["credentials", "pushgateway", "step"]
        : ["credentials", "grafana", "prometheus", "step", "workbench"],
    );
  });

  it("grants nothing in the cluster as a whole, and no wildcard", () => {
    const { resources } = of(title);
    expect(resources.map(kindOf).filter((kind) => kind.startsWith("Cluster"))).toEqual([]);
    const roles = of(title).ofKind("Role");
    expect(roles.length).toBeGreaterThan(5);
    const rules = roles.flatMap(({ inputs }) => inputs.rules as Plain[]);
    expect(rules.flatMap((rule) => texts(rule)).filter(({ text }) => text.includes("*"))).toEqual([]);
  });

  it("names the objects that a Role opens, wherever they have names already", () => {
    const rules = of(title)
      .ofKind("Role")
      .flatMap(({ name, inputs }) => (inputs.rules as Plain[]).map((rule) => ({ name, ...rule })));
    const open = rules.filter(({ resourceNames }) => !resourceNames?.length);
    // Models come after the identity that deploys them and after the servers that read their rules, dashboards and runs, and the results
    // of a step have names that Argo chooses.
    const others = open.filter(
      ({ name, resources }) =>
        !/^churn-platform-(delivery|observability-(prometheus|grafana|watch))-role$/.test(name) &&
        resources.join() !== "workflowtaskresults",
    );
    expect(others).toEqual([]);
    expect(rules.length).toBeGreaterThan(open.length);
  });

  it("sends no value of a Secret, and leaves what is in it alone", () => {
    const secrets = of(title).ofKind("Secret");
    expect(secrets.length).toBeGreaterThan(2);
    for (const { inputs, ignoreChanges } of secrets) {
      expect(Object.keys(inputs).sort()).toEqual(["apiVersion", "kind", "metadata", "type"]);
      expect(ignoreChanges).toEqual(["data", "stringData"]);
    }
  });

  it("carries its labels on every object", () => {
    const environment = title.includes("production") ? "prod" : "dev";
    for (const [name, { metadata }] of Object.entries<Plain>(objectsOf(of(title)))) {
      expect(metadata.labels, name).toMatchObject({
        team: "retention",
        "app.kubernetes.io/managed-by": "cyclops",
        "app.kubernetes.io/part-of": "churn",
        "cyclops.dev/stack": "churn",
        "cyclops.dev/environment": environment,
      });
    }
  });

  it("refers to accounts, Secrets, ConfigMaps and volumes that it makes", () => {
    const objects = Object.values<Plain>(objectsOf(of(title)));
    const made = new Set(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`));
    const given =
      title === "a stack on services that exist"
        ? ["Secret s3", "Secret database"]
        : ["Secret slack", "Secret smtp", "ConfigMap company"];
    const wanted = podsOf(of(title).resources).flatMap(({ spec }) => [
      ...(spec.serviceAccountName ? [`ServiceAccount ${spec.serviceAccountName}`] : []),
      ...spec.containers.flatMap(({ env = [] }: Plain) =>
        env.flatMap(({ valueFrom }: Plain) => (valueFrom ? [`Secret ${valueFrom.secretKeyRef.name}`] : [])),
      ),
      ...spec.volumes.flatMap(({ secret, configMap, persistentVolumeClaim }: Plain) => [
        ...(persistentVolumeClaim ? [`PersistentVolumeClaim ${persistentVolumeClaim.claimName}`] : []),
        ...(secret ? [`Secret ${secret.secretName}`] : []),
        ...(configMap ? [`ConfigMap ${configMap.name}`] : []),
      ]),
    ]);
    expect(wanted.length).toBeGreaterThan(30);
    // The Secret of a data source is the user's.
    expect(
      [...new Set(wanted)].filter((each) => !made.has(each) && !given.includes(each) && each !== "Secret telco-source"),
    ).toEqual([]);
  });

  it("waits for no headless Service, whose state the provider may take from before an update", () => {
    const headless = Object.values<Plain>(objectsOf(of(title))).filter(
      ({ kind, spec }) => kind === "Service" && spec.clusterIP === "None",
    );
    expect(headless.length).toBeGreaterThan(0);
    for (const { metadata } of headless) expect(metadata.annotations, metadata.name).toEqual({ "pulumi.com/skipAwait": "true" });
  });

  it("selects with every Service, autoscaler and budget the pods of one component", () => {
    const { resources } = of(title);
    const pods = podsOf(resources);
    const objects = Object.values<Plain>(objectsOf(of(title)));
    const selectors = objects.flatMap(({ kind, metadata, spec }) =>
      kind === "Service"
        ? [{ name: metadata.name, labels: spec.selector }]
        : kind === "PodDisruptionBudget"
          ? [{ name: metadata.name, labels: spec.selector.matchLabels }]
          : [],
    );
    expect(selectors.length).toBeGreaterThan(3);
    for (const { name, labels } of selectors) {
      // Prometheus finds the scorers of all models by one, and all volumes by the other.
      if (/^churn-platform-observability-(scorers|volumes)$/.test(name)) continue;
      const selected = pods.filter((pod) => Object.entries(labels).every(([key, value]) => pod.labels[key] === value));
      expect(new Set(selected.map(({ where }) => where)), name).toHaveProperty("size", 1);
    }
  });
});
