import { docSections } from "@cyclops/core/testing";
import { expect, it } from "vitest";
import { MlopsStack, type MlopsStackArgs } from "../src";
import { metricsOf } from "./support/metrics";
import { physicalName } from "./support/physical-names";
import { record } from "./support/recorded";
import { fixture, fixtureIn } from "./support/specs";

const stack = (args: Omit<MlopsStackArgs, "spec"> = {}, config: Record<string, string> = {}) =>
  record(() => new MlopsStack("stack", { ...args, spec: fixture("full") }), { config });
const all = (recorded: Awaited<ReturnType<typeof stack>>) => JSON.stringify(recorded.resources.map(({ inputs }) => inputs));

it("makes no network where there is nothing for it", async () => {
  const { resources } = await record(() => new MlopsStack("stack", { spec: fixture("minimal") }));
  expect(resources.filter(({ type }) => type.startsWith("aws:ec2/"))).toEqual([]);
});

it("puts jobs, replicas and notebooks into a VPC without a way out", async () => {
  const recorded = await stack({ network: { kind: "private", cidr: "10.1.0.0/24" } });
  expect(recorded.ofKind("Subnet").map(({ inputs }) => inputs.cidrBlock)).toEqual(["10.1.0.0/25", "10.1.0.128/25"]);
  expect(recorded.ofKind("InternetGateway").concat(recorded.ofKind("NatGateway"))).toEqual([]);
  expect(recorded.inputs("stack-platform-workbench-domain").appNetworkAccessType).toBe("VpcOnly");
  const subnets = ["stack-platform-network-subnet-0-id", "stack-platform-network-subnet-1-id"];
  expect(recorded.inputs("stack-model-churn-endpoint-model").vpcConfig.subnets).toEqual(subnets);
  const machine = recorded.document("stack-model-churn-training-machine", "definition");
  expect(machine.States.Curate.Parameters.NetworkConfig.VpcConfig.Subnets).toEqual(subnets);
});

it("uses a VPC that exists", async () => {
  const recorded = await stack({
    network: { kind: "existing", vpcId: "vpc-1", subnetIds: ["subnet-1", "subnet-2"], securityGroupIds: ["sg-1"] },
  });
  expect(recorded.resources.filter(({ type }) => type.startsWith("aws:ec2/"))).toEqual([]);
  expect(recorded.inputs("stack-platform-workbench-domain")).toMatchObject({
    vpcId: "vpc-1",
    subnetIds: ["subnet-1", "subnet-2"],
  });
  expect(recorded.inputs("stack-model-churn-endpoint-model").vpcConfig).toEqual({
    subnets: ["subnet-1", "subnet-2"],
    securityGroupIds: ["sg-1"],
  });
});

it("uses a key, buckets, MLflow and an image that exist", async () => {
  const key = "arn:aws:kms:us-east-1:123456789012:key/99999999-0000-0000-0000-000000000000";
  const app = "arn:aws:sagemaker:us-east-1:123456789012:mlflow-app/app-THEIRS";
  const runtime = "123456789012.dkr.ecr.us-east-1.amazonaws.com/theirs:2";
  const recorded = await stack({
    key: { kind: "existing", arn: key, ownKey: "none" },
    buckets: { raw: "their-lake" },
    tracking: { kind: "existing", arn: app },
    images: { runtime },
  });
  expect(recorded.ofKind("Key")).toEqual([]);
  expect(recorded.ofKind("MlflowApp")).toEqual([]);
  expect(recorded.ofKind("Bucket").map(({ name }) => name)).not.toContain("stack-platform-storage-raw-bucket");
  expect(all(recorded)).toContain("arn:aws:s3:::their-lake");
  expect(all(recorded)).not.toContain("11111111-2222-3333");
  expect(recorded.inputs("stack-model-churn-endpoint-model").primaryContainer.image).toBe(runtime);
  const evaluate = recorded.document("stack-model-churn-training-machine", "definition").States.Evaluate.Parameters;
  expect(evaluate.Environment.MLFLOW_TRACKING_URI).toBe(app);
  expect(evaluate.AppSpecification.ImageUri).toBe(runtime);
});

const theirs = "arn:aws:kms:us-east-1:123456789012:key/99999999-0000-0000-0000-000000000000";
const older = "arn:aws:kms:us-east-1:123456789012:key/88888888-0000-0000-0000-000000000000";

/** Each policy of a role that allows the use of keys: on which it allows what. */
const keyGrants = (recorded: Awaited<ReturnType<typeof stack>>) =>
  new Map(
    recorded.ofKind("RolePolicy").map(({ name, inputs }) => {
      const statements = (
        JSON.parse(String(inputs.policy)) as { Statement: { Action: string | string[]; Resource: string | string[] }[] }
      ).Statement;
      const allowed = (action: string) =>
        statements.filter(({ Action }) => [Action].flat().includes(action)).flatMap(({ Resource }) => Resource);
      return [name, { reads: allowed("kms:Decrypt"), writes: allowed("kms:GenerateDataKey") }] as const;
    }),
  );

it("keeps the key that data was written with, and lets everybody read with it who could", async () => {
  const before = await stack();
  const own = String(before.named("stack-platform-storage-key").urn);
  const after = await stack({ key: { kind: "existing", arn: theirs, ownKey: "keep" }, formerKeys: [older] });
  expect(after.named("stack-platform-storage-key").urn).toBe(own);
  const readers = [...keyGrants(before)].filter(([, { reads }]) => reads.length > 0);
  expect(readers.length).toBeGreaterThan(10);
  for (const [name, { reads }] of readers)
    expect(keyGrants(after).get(name)?.reads, name).toEqual(expect.arrayContaining([...reads, theirs, older]));
  // What is written is written with the new key; volumes of notebooks alone are made with that of their domain.
  for (const [name, { writes }] of keyGrants(after)) {
    if (writes.length > 0 && name !== "stack-platform-workbench-policy") expect(writes, name).toEqual([theirs]);
  }
  expect(after.inputs("stack-platform-storage-raw-encryption").rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId).toBe(
    theirs,
  );
});

it("makes no other repository and no other domain for another key", async () => {
  const { resources } = await stack();
  const ignored = (name: string) => resources.find((resource) => resource.name === name)?.ignoreChanges;
  expect(ignored("stack-platform-tracking-repository")).toEqual(["encryptionConfigurations"]);
  expect(ignored("stack-platform-workbench-domain")).toEqual(["kmsKeyId"]);
});

it("asks what becomes of its own key before it gives it up", async () => {
  const config = { "cyclops-aws:key": JSON.stringify({ kind: "existing", arn: theirs }) };
  await expect(stack({}, config)).rejects.toThrow('key.ownKey: is missing. Write "keep" where the stack has made a key before');
  const wrong = { "cyclops-aws:key": JSON.stringify({ kind: "existing", arn: theirs, ownKey: "drop" }) };
  await expect(stack({}, wrong)).rejects.toThrow('key.ownKey: "drop" does not exist.');
  expect((await stack({ key: { kind: "existing", arn: theirs, ownKey: "none" } })).ofKind("Key")).toEqual([]);
});

const instanceIn = (environment: "dev" | "prod", instance: string) =>
  record(() => new MlopsStack("stack", { spec: fixtureIn(environment, "full"), instance }));

it("keeps every name where the environment changes, and shares none with another instance", async () => {
  const namesOf = async (environment: "dev" | "prod", instance: string) => {
    const { resources } = await instanceIn(environment, instance);
    // Names with a scope are unique in what has another name already, e.g. a key in its bucket.
    const named = resources.flatMap((resource) => physicalName(resource) ?? []).filter(({ scope }) => scope === undefined);
    return named.map(({ name }) => name).sort();
  };
  const names = await namesOf("dev", "main");
  expect(names.length).toBeGreaterThan(50);
  expect(await namesOf("prod", "main")).toEqual(names);
  expect((await namesOf("dev", "pr-42")).filter((name) => names.includes(name))).toEqual([]);
  await expect(record(() => new MlopsStack("stack", { spec: fixture("full"), instance: "PR/42" }))).rejects.toThrow(
    'instance: "PR/42" cannot be in a name.',
  );
});

it("shares no metric with another instance: none that alarms and dashboards read, and none that the monitor writes", async () => {
  const usesOf = async (instance: string) => {
    const metrics = metricsOf(await instanceIn("dev", instance));
    // Jobs write the machine's use of them into namespaces of SageMaker's, whose streams have the jobs' names.
    return { ...metrics, permitted: metrics.permitted.filter((namespace) => !namespace.startsWith("/aws/sagemaker/")) };
  };
  const [main, preview] = [await usesOf("main"), await usesOf("pr-42")];
  for (const use of ["alarms", "dashboards", "written", "permitted"] as const) {
    expect(main[use].length, use).toBeGreaterThan(0);
    expect(preview[use].length, use).toBe(main[use].length);
    expect(
      preview[use].filter((metric) => main[use].includes(metric)),
      use,
    ).toEqual([]);
  }
  // What the monitor writes is what its role permits, and where alarms and dashboards look for it.
  expect(main.permitted).toEqual(["CyclOps/churn-main"]);
  expect(main.written).toEqual(main.permitted);
  for (const metrics of [main.alarms, main.dashboards]) {
    const namespaces = new Set(metrics.map((metric) => String(JSON.parse(metric)[0])));
    expect([...namespaces].filter((namespace) => !/^\/?aws\//i.test(namespace))).toEqual(main.written);
  }
});

it("keeps the repository of images that are named with their whole address", async () => {
  const runtime = "123456789012.dkr.ecr.us-east-1.amazonaws.com/churn-prod-platform-tracking-repository:0.2.0";
  const recorded = await stack({ images: { runtime } });
  expect(recorded.ofKind("Repository").map(({ name }) => name)).toEqual(["stack-platform-tracking-repository"]);
  expect(recorded.inputs("stack-model-churn-endpoint-model").primaryContainer.image).toBe(runtime);
});

it("takes bindings from the configuration of the stack, and those of the program before them", async () => {
  const config = { "cyclops-aws:network": '{"kind":"private"}', "cyclops-aws:logRetentionDays": "7" };
  const configured = await stack({}, config);
  expect(configured.ofKind("VpcEndpoint").length).toBe(14);
  expect(configured.ofKind("LogGroup").map(({ inputs }) => inputs.retentionInDays)).toEqual([7, 7, 7, 7]);
  const given = await stack({ network: { kind: "service" } }, config);
  expect(given.ofKind("VpcEndpoint").length).toBe(1);
});

it("refuses configuration that it does not know", async () => {
  await expect(stack({}, { "cyclops-aws:netwrok": "{}" })).rejects.toThrow(
    "configuration cyclops-aws:netwrok: there is no such binding.",
  );
  await expect(stack({}, { "cyclops-aws:key": '{"kind":"borrowed"}' })).rejects.toThrow(
    'configuration cyclops-aws:key: the kind "borrowed" does not exist. Kinds: create, existing.',
  );
});

it("lives in another partition", async () => {
  const recorded = await stack({ region: "cn-north-1", accountId: "210987654321" });
  const machine = recorded.document("stack-model-churn-batch-machine", "definition");
  expect(JSON.stringify(machine)).toContain("arn:aws-cn:states:::sagemaker:create");
  expect(recorded.document("stack-platform-storage-raw-policy", "policy").Statement[0].Resource[0]).toBe(
    "arn:aws-cn:s3:::churn-dev-210987654321-cn-north-1-raw",
  );
  expect(recorded.inputs("stack-platform-network-endpoint-s3").serviceName).toBe("com.amazonaws.cn-north-1.s3");
});

it("keeps trail and budget action out where others do their work", async () => {
  const recorded = await stack({ audit: { kind: "none" }, budgetAction: { kind: "none" } });
  expect(recorded.ofKind("Trail")).toEqual([]);
  expect(recorded.ofKind("BudgetAction")).toEqual([]);
  expect(recorded.ofKind("Budget").length).toBe(1);
  const automatic = await stack({ budgetAction: { kind: "stop-starts", approval: "automatic" } });
  expect(automatic.ofKind("BudgetAction")[0]?.inputs.approvalModel).toBe("AUTOMATIC");
});

it("leads to runbooks at the address of the configuration, from alarms and failed runs", async () => {
  const base = "https://wiki.example.com/cyclops/";
  const { resources } = await stack({ runbooks: base });
  const addresses = resources.flatMap(({ inputs }) => JSON.stringify(inputs).match(/(?<=What to do: )[^"\\\\]+/g) ?? []);
  expect(addresses.length).toBeGreaterThan(15);
  expect(addresses).toEqual(expect.arrayContaining(["failed-run", "missing-run"].map((each) => `${base}runbooks.md#${each}`)));
  expect(addresses.filter((address) => !address.startsWith(base))).toEqual([]);
  for (const address of new Set(addresses)) {
    const [page = "", anchor = ""] = address.slice(base.length).split("#");
    const section = docSections(page).get(anchor);
    // Steps, in order; the pages of runs say what to do on AWS.
    expect(section, address).toMatch(/^1\. .+\n2\. /m);
    if (page === "runbooks.md") expect(section, address).toMatch(/^On AWS/m);
  }
});

it("lets workflows of an existing provider, and one Jenkins principal, take the roles", async () => {
  const provider = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";
  const jenkins = "arn:aws:iam::123456789012:role/jenkins-agents";
  const recorded = await stack({ githubProvider: { kind: "existing", arn: provider }, jenkinsPrincipal: jenkins });
  expect(recorded.ofKind("OpenIdConnectProvider")).toEqual([]);
  expect(recorded.document("stack-platform-delivery-role-github", "assumeRolePolicy").Statement[0].Principal.Federated).toBe(
    provider,
  );
  expect(recorded.document("stack-platform-delivery-role-jenkins", "assumeRolePolicy").Statement[0].Principal.AWS).toBe(jenkins);
});
