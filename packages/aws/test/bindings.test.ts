import { expect, it } from "vitest";
import { MlopsStack, type MlopsStackArgs } from "../src";
import { record } from "./support/recorded";
import { fixture } from "./support/specs";

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
    key: { kind: "existing", arn: key },
    buckets: { raw: "their-lake" },
    tracking: { kind: "existing", arn: app },
    images: { runtime },
  });
  expect(recorded.ofKind("Key")).toEqual([]);
  expect(recorded.ofKind("MlflowApp")).toEqual([]);
  expect(recorded.ofKind("Repository")).toEqual([]);
  expect(recorded.ofKind("Bucket").map(({ name }) => name)).not.toContain("stack-platform-storage-raw-bucket");
  expect(all(recorded)).toContain("arn:aws:s3:::their-lake");
  expect(all(recorded)).not.toContain("11111111-2222-3333");
  expect(recorded.inputs("stack-model-churn-endpoint-model").primaryContainer.image).toBe(runtime);
  const evaluate = recorded.document("stack-model-churn-training-machine", "definition").States.Evaluate.Parameters;
  expect(evaluate.Environment.MLFLOW_TRACKING_URI).toBe(app);
  expect(evaluate.AppSpecification.ImageUri).toBe(runtime);
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
    "arn:aws-cn:s3:::churn-prod-210987654321-cn-north-1-raw",
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
