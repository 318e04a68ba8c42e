import { beforeAll, describe, expect, it } from "vitest";
import { MlopsStack } from "../src";
import { documentOf, type Plain, type Recorded, record } from "./support/recorded";
import { fullStack } from "./support/specs";

const gateway = { name: "public", namespace: "gateways", url: "https://models.example.com/" };
let recorded: Recorded;
let without: Recorded;
beforeAll(async () => {
  recorded = await record(() => {
    const { endpointUrls } = new MlopsStack("churn", { spec: fullStack, gateway });
    return { endpointUrls };
  });
  without = await record(() => new MlopsStack("churn", { spec: fullStack }));
});

const part = (key: string) => `churn-model-churn-endpoint-${key}`;

describe("behind a Gateway", () => {
  it("there is a canary beside the scorers, reached by no other Service", () => {
    const roleOf = (key: string) => {
      const { spec } = recorded.object(part(key));
      return (spec.template?.metadata.labels ?? spec.selector)["cyclops.dev/scorer"];
    };
    expect(
      Object.fromEntries(
        ["deployment", "service", "pods", "canary", "canary-service", "canary-pods"].map((key) => [key, roleOf(key)]),
      ),
    ).toEqual({
      deployment: "all",
      service: "all",
      pods: "all",
      canary: "canary",
      "canary-service": "canary",
      "canary-pods": "canary",
    });
  });

  it("what a rollout changes is left alone by the next deployment", () => {
    expect(recorded.named(part("route")).ignoreChanges).toEqual(["spec.rules[0].backendRefs", "spec.rules[0].filters"]);
    expect(recorded.named(part("canary")).ignoreChanges).toEqual(["spec.replicas"]);
    expect(recorded.object(part("canary")).spec.replicas).toBe(0);
    // The number of stable replicas is the autoscaler's, and never sent.
    expect(recorded.object(part("deployment")).spec).not.toHaveProperty("replicas");
  });

  it("waits for no pod of a canary that has none", () => {
    for (const key of ["canary-service", "canary-pods"]) {
      expect(recorded.object(part(key)).metadata.annotations).toEqual({ "pulumi.com/skipAwait": "true" });
    }
  });

  it("the deploy step, and no other, may shift this route's weights and start this canary", () => {
    const { rules } = recorded.object("churn-model-churn-identity-role-deploy");
    const named = rules
      .filter(({ resourceNames }: Plain) => resourceNames)
      .map(({ resources, resourceNames, verbs }: Plain) => [resources, resourceNames, verbs].flat().join(" "));
    const route = recorded.object(part("route")).metadata.name;
    const canary = recorded.object(part("canary")).metadata.name;
    expect(named).toEqual([
      `httproutes ${route} get patch`,
      `deployments/scale ${canary} get patch`,
      `deployments ${canary} get`,
    ]);
    const others = recorded
      .ofKind("Role")
      .filter(({ name, inputs }) => JSON.stringify(inputs.rules).includes("httproutes") && !name.endsWith("role-deploy"));
    expect(others.map(({ name }) => name)).toEqual(["churn-platform-delivery-role"]);
  });

  it("the model document names the objects of the rollout", () => {
    const { serving } = documentOf(recorded, "training");
    expect(serving).toEqual({
      url: "https://models.example.com/churn",
      pods: "churn-model-churn-endpoint-pods.churn-dev.svc:8080",
      gateway: {
        namespace: "churn-dev",
        route: recorded.object(part("route")).metadata.name,
        stableService: recorded.object(part("service")).metadata.name,
        canaryService: recorded.object(part("canary-service")).metadata.name,
        canaryDeployment: recorded.object(part("canary")).metadata.name,
        canaryPods: `${recorded.object(part("canary-pods")).metadata.name}.churn-dev.svc:8080`,
        port: 8080,
      },
    });
    expect(recorded.outputs.endpointUrls).toEqual({ churn: "https://models.example.com/churn" });
  });
});

it("a Gateway that comes or goes leaves the scorers their Deployment, with the labels by which it, Services and budget know them", () => {
  const known = (from: Recorded) => {
    const { metadata, spec } = from.object(part("deployment"));
    const deployment = { metadata, selector: spec.selector, strategy: spec.strategy, labels: spec.template.metadata.labels };
    return [deployment, ...["service", "pods", "disruption", "autoscaler"].map((key) => from.object(part(key)))];
  };
  expect(known(recorded)).toEqual(known(without));
  // The roles of what serves and of the canary, by which the runtime splits traffic or does not.
  const roleOf = (key: string, from: Recorded) =>
    from.object(part(key)).spec.template.spec.containers[0].env.find(({ name }: Plain) => name === "CYCLOPS_SCORER_ROLE").value;
  expect([roleOf("deployment", without), roleOf("deployment", recorded), roleOf("canary", recorded)]).toEqual([
    "all",
    "stable",
    "canary",
  ]);
});

it("no selector of the scorers takes a pod of the canary, and none of the canary's takes theirs", () => {
  const labelsOf = (key: string): Record<string, string> => recorded.object(part(key)).spec.template.metadata.labels;
  const selectorOf = (key: string): Record<string, string> => {
    const { selector } = recorded.object(part(key)).spec;
    return selector.matchLabels ?? selector;
  };
  const takes = (selector: string, pods: string) =>
    Object.entries(selectorOf(selector)).every(([key, value]) => labelsOf(pods)[key] === value);
  for (const key of ["deployment", "service", "pods", "disruption"])
    expect([takes(key, "deployment"), takes(key, "canary")], key).toEqual([true, false]);
  for (const key of ["canary", "canary-service", "canary-pods"])
    expect([takes(key, "deployment"), takes(key, "canary")], key).toEqual([false, true]);
});

it("without a Gateway there is one kind of scorer, and the deploy step may change nothing", () => {
  expect(without.resources.map(({ name }) => name).filter((name) => /canary|route/.test(name))).toEqual([]);
  expect(without.object(part("deployment")).spec.template.metadata.labels["cyclops.dev/scorer"]).toBe("all");
  expect(without.object("churn-model-churn-identity-role-deploy").rules).toEqual([
    { apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] },
  ]);
});
