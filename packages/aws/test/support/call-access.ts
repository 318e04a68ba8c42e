import type { Call } from "./calls";
import type { AccessRequest } from "./policy-evaluator";

type Fields = Readonly<Record<string, unknown>>;

const region = "eu-west-1:123456789012";
const sagemaker = (resource: string) => `arn:aws:sagemaker:${region}:${resource}`;
const text = (value: unknown): string => String(value);
const rule = (name: string) => `arn:aws:events:${region}:rule/StepFunctionsGetEventsFor${name}Rule`;
const pass = (role: unknown): AccessRequest => ({
  action: "iam:PassRole",
  resource: text(role),
  context: { "iam:PassedToService": "sagemaker.amazonaws.com" },
});

/** Rights that a state machine needs for one of its calls. https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html */
export function accessOf({ integration, parameters }: Call): AccessRequest[] {
  const on = (resource: string, ...actions: string[]): AccessRequest[] => actions.map((action) => ({ action, resource }));
  switch (integration.replace(/^aws-sdk:/, "")) {
    case "sagemaker:createProcessingJob.sync":
      return job("Processing", parameters);
    case "sagemaker:createTrainingJob.sync":
      return job("Training", parameters);
    case "sfn:listExecutions":
      return on(text(parameters.StateMachineArn), "states:ListExecutions");
    case "states:startExecution.sync:2": {
      const machine = text(parameters.StateMachineArn);
      const execution = `${machine.replace("stateMachine", "execution")}:${text(parameters.Name)}`;
      return [
        ...on(machine, "states:StartExecution"),
        ...on(execution, "states:DescribeExecution", "states:StopExecution"),
        ...on(rule("StepFunctionsExecution"), "events:PutTargets", "events:PutRule", "events:DescribeRule"),
      ];
    }
    case "s3:getObject":
      return [
        ...on(`arn:aws:s3:::${text(parameters.Bucket)}/${text(parameters.Key)}`, "s3:GetObject"),
        ...on(`arn:aws:kms:${region}:key/11111111-2222-3333-4444-555555555555`, "kms:Decrypt"),
      ];
    case "sagemaker:createModelPackage":
      return on(sagemaker(`model-package-group/${text(parameters.ModelPackageGroupName)}`), "sagemaker:CreateModelPackage");
    case "sagemaker:describeModelPackage":
      return on(text(parameters.ModelPackageName), "sagemaker:DescribeModelPackage");
    case "sagemaker:updateModelPackage":
      return on(text(parameters.ModelPackageArn), "sagemaker:UpdateModelPackage");
    case "sagemaker:createModel":
      return [
        ...on(sagemaker(`model/${text(parameters.ModelName)}`), "sagemaker:CreateModel", "sagemaker:AddTags"),
        pass(parameters.ExecutionRoleArn),
      ];
    case "sagemaker:deleteModel":
      return on(sagemaker(`model/${text(parameters.ModelName)}`), "sagemaker:DeleteModel");
    case "sagemaker:createEndpointConfig":
      return on(config(parameters), "sagemaker:CreateEndpointConfig", "sagemaker:AddTags");
    case "sagemaker:deleteEndpointConfig":
      return on(config(parameters), "sagemaker:DeleteEndpointConfig");
    case "sagemaker:updateEndpoint":
      return [...on(endpoint(parameters), "sagemaker:UpdateEndpoint"), ...on(config(parameters), "sagemaker:UpdateEndpoint")];
    case "sagemaker:describeEndpoint":
      return on(endpoint(parameters), "sagemaker:DescribeEndpoint");
    case "sagemaker:updateEndpointWeightsAndCapacities":
      return on(endpoint(parameters), "sagemaker:UpdateEndpointWeightsAndCapacities");
    case "cloudwatch:describeAlarms":
      return (parameters.AlarmNames as string[]).flatMap((name) =>
        on(`arn:aws:cloudwatch:${region}:alarm:${name}`, "cloudwatch:DescribeAlarms"),
      );
    default:
      throw new Error(`what ${integration} needs is not known`);
  }
}

const endpoint = ({ EndpointName }: Fields): string => sagemaker(`endpoint/${text(EndpointName)}`);
const config = ({ EndpointConfigName }: Fields): string => sagemaker(`endpoint-config/${text(EndpointConfigName)}`);

/** A job that is waited for is also looked at, and stopped where the execution is. */
function job(kind: "Processing" | "Training", parameters: Fields): AccessRequest[] {
  const resource = sagemaker(`${kind.toLowerCase()}-job/${text(parameters[`${kind}JobName`])}`);
  const actions = [`Create${kind}Job`, `Describe${kind}Job`, `Stop${kind}Job`, "AddTags"];
  const events = ["events:PutTargets", "events:PutRule", "events:DescribeRule"];
  return [
    ...actions.map((action) => ({ action: `sagemaker:${action}`, resource })),
    ...events.map((action) => ({ action, resource: rule(`SageMaker${kind}Jobs`) })),
    pass(parameters.RoleArn),
  ];
}
