import { workloadOf, workloads } from "@cyclops/core";
import { describe, expect, it } from "vitest";
import { deliveryRules, githubSubjects } from "../../src/documents/delivery";
import { retrainingRules, rolloutRules, rulesOf } from "../../src/documents/identity";

describe("a workload", () => {
  const report = { apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] };

  it("may report its result, and nothing else", () => {
    for (const workload of workloads.filter((each) => each !== "scorer")) expect(rulesOf(workload), workload).toEqual([report]);
  });

  it("that only answers requests may do nothing", () => {
    expect(rulesOf("scorer")).toEqual([]);
  });

  it("is the same for tuning as for training", () => {
    expect(["tune", "train", "gate"].map(workloadOf)).toEqual(["train", "train", "gate"]);
  });

  it("that deploys behind a Gateway may change one route and the number of one canary's pods", () => {
    const rules = rulesOf("deploy", rolloutRules({ route: "r", canaryDeployment: "c" }));
    expect(rules).toEqual([
      report,
      { apiGroups: ["gateway.networking.k8s.io"], resources: ["httproutes"], resourceNames: ["r"], verbs: ["get", "patch"] },
      { apiGroups: ["apps"], resources: ["deployments/scale"], resourceNames: ["c"], verbs: ["get", "patch"] },
      { apiGroups: ["apps"], resources: ["deployments"], resourceNames: ["c"], verbs: ["get"] },
    ]);
  });
});

it("a monitor that starts trainings may make and read workflows, and not change or stop one", () => {
  expect(rulesOf("monitor", retrainingRules)).toEqual([
    { apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] },
    { apiGroups: ["argoproj.io"], resources: ["workflows"], verbs: ["create", "get", "list"] },
  ]);
});

describe("delivery", () => {
  const allowed = (group: string, resource: string, verb: string) =>
    deliveryRules.some(
      ({ apiGroups, resources, verbs }) => apiGroups.includes(group) && resources.includes(resource) && verbs.includes(verb),
    );

  it("may make every kind of object that a model has", () => {
    const kinds = [
      ["", "configmaps"],
      ["", "services"],
      ["", "serviceaccounts"],
      ["apps", "deployments"],
      ["autoscaling", "horizontalpodautoscalers"],
      ["policy", "poddisruptionbudgets"],
      ["rbac.authorization.k8s.io", "roles"],
      ["rbac.authorization.k8s.io", "rolebindings"],
      ["argoproj.io", "workflowtemplates"],
      ["argoproj.io", "cronworkflows"],
      ["gateway.networking.k8s.io", "httproutes"],
    ] as const;
    const verbs = ["get", "list", "watch", "create", "update", "patch", "delete"];
    expect(
      kinds.flatMap(([group, kind]) => verbs.filter((verb) => !allowed(group, kind, verb)).map((verb) => `${verb} ${kind}`)),
    ).toEqual([]);
  });

  it("may not read a Secret, run a command in a pod, or impersonate", () => {
    const forbidden = [
      "secrets",
      "pods/exec",
      "pods/portforward",
      "serviceaccounts/token",
      "namespaces",
      "networkpolicies",
      "nodes",
    ];
    expect(deliveryRules.flatMap(({ resources }) => resources.filter((resource) => forbidden.includes(resource)))).toEqual([]);
    expect(
      deliveryRules.flatMap(({ verbs }) =>
        verbs.filter((verb) => ["bind", "escalate", "impersonate", "deletecollection"].includes(verb)),
      ),
    ).toEqual([]);
  });

  it("holds what it grants: the API server refuses a Role that gives more than its maker has", () => {
    const granted = [
      ...rulesOf("train"),
      ...rulesOf("deploy", rolloutRules({ route: "r", canaryDeployment: "c" })),
      ...rulesOf("monitor", retrainingRules),
    ];
    const missing = granted.flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) =>
          verbs.filter((verb) => !allowed(group, resource, verb)).map((verb) => `${verb} ${resource}`),
        ),
      ),
    );
    expect(missing).toEqual([]);
  });

  it("binds the branches of the repository by GitHub's own subject", () => {
    expect(
      githubSubjects({ jenkins: false, github: { repository: "a/b", branches: ["main", "release"] } }).map(({ name }) => name),
    ).toEqual(["github:repo:a/b:ref:refs/heads/main", "github:repo:a/b:ref:refs/heads/release"]);
    expect(githubSubjects({ jenkins: true })).toEqual([]);
  });
});
