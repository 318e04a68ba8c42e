"""Makes the resources of a recorded stack on a moto server, in the order of their registration.

Reads `[{"type", "name", "inputs"}]` from stdin and prints `{"created": {type: count}, "checked": {type: count}, "refused": []}`.
`created` is what moto has made; `checked` what moto has no call for, and botocore's model of the service takes. A refusal is
what botocore's validation of parameters, or moto in the service's stead, does not take.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.validate import ParamValidator
from moto.server import ThreadedMotoServer

Inputs = dict[str, Any]
REGION = "us-east-1"

# Words that the services write otherwise than Pulumi does.
SPELLINGS = {
    "memorySizeInMb": "MemorySizeInMB",
    "sseAlgorithm": "SSEAlgorithm",
    "kmsMasterKeyId": "KMSMasterKeyID",
    "defaultEbsVolumeSizeInGb": "DefaultEbsVolumeSizeInGb",
    "startsWiths": "StartsWith",
    "equals": "Equals",
}


def pascal(value: Any) -> Any:
    """The value with the services' spelling of keys."""
    if isinstance(value, list):
        return [pascal(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {SPELLINGS.get(key, key[:1].upper() + key[1:]): pascal(inner) for key, inner in value.items()}


def tags(inputs: Inputs, key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    return [{key: name, value: text} for name, text in inputs.get("tags", {}).items()]


class Account:
    """Clients of one account on a moto server; `make` makes a resource and answers its id where AWS gives it."""

    def __init__(self, endpoint: str) -> None:
        session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)  # noqa: S106
        config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
        self._clients: dict[str, Any] = {}
        self._client = lambda name: session.client(name, endpoint_url=endpoint, config=config)

    def __getattr__(self, name: str) -> Any:
        if name not in self._clients:
            self._clients[name] = self._client(name.replace("_", "-") if name != "autoscaling" else "application-autoscaling")
        return self._clients[name]


# S3


def bucket(aws: Account, i: Inputs) -> None:
    aws.s3.create_bucket(Bucket=i["bucket"])
    aws.s3.put_bucket_tagging(Bucket=i["bucket"], Tagging={"TagSet": tags(i)})


def bucket_ownership(aws: Account, i: Inputs) -> None:
    aws.s3.put_bucket_ownership_controls(Bucket=i["bucket"], OwnershipControls={"Rules": [pascal(i["rule"])]})


def bucket_access(aws: Account, i: Inputs) -> None:
    names = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    aws.s3.put_public_access_block(
        Bucket=i["bucket"], PublicAccessBlockConfiguration={pascal({name: 0}).popitem()[0]: i[name] for name in names}
    )


def bucket_encryption(aws: Account, i: Inputs) -> None:
    aws.s3.put_bucket_encryption(Bucket=i["bucket"], ServerSideEncryptionConfiguration={"Rules": pascal(i["rules"])})


def bucket_versioning(aws: Account, i: Inputs) -> None:
    aws.s3.put_bucket_versioning(Bucket=i["bucket"], VersioningConfiguration=pascal(i["versioningConfiguration"]))


def bucket_lifecycle(aws: Account, i: Inputs) -> None:
    rules = [{("ID" if key == "Id" else key): value for key, value in pascal(rule).items()} for rule in i["rules"]]
    aws.s3.put_bucket_lifecycle_configuration(Bucket=i["bucket"], LifecycleConfiguration={"Rules": rules})


def bucket_policy(aws: Account, i: Inputs) -> None:
    aws.s3.put_bucket_policy(Bucket=i["bucket"], Policy=i["policy"])


def bucket_notification(aws: Account, i: Inputs) -> None:
    aws.s3.put_bucket_notification_configuration(
        Bucket=i["bucket"], NotificationConfiguration={"EventBridgeConfiguration": {}} if i["eventbridge"] else {}
    )


def bucket_object(aws: Account, i: Inputs) -> None:
    aws.s3.put_object(
        Bucket=i["bucket"],
        Key=i["key"],
        Body=i["content"].encode(),
        ContentType=i["contentType"],
        ServerSideEncryption=i["serverSideEncryption"],
        SSEKMSKeyId=i["kmsKeyId"],
    )


# IAM and KMS


def role(aws: Account, i: Inputs) -> str:
    aws.iam.create_role(
        RoleName=i["name"], AssumeRolePolicyDocument=i["assumeRolePolicy"], Description=i["description"], Tags=tags(i)
    )
    return i["name"]


def role_policy(aws: Account, i: Inputs) -> None:
    aws.iam.put_role_policy(RoleName=i["role"], PolicyName=i["name"], PolicyDocument=i["policy"])


def managed_policy(aws: Account, i: Inputs) -> None:
    aws.iam.create_policy(PolicyName=i["name"], PolicyDocument=i["policy"], Description=i["description"], Tags=tags(i))


def oidc_provider(aws: Account, i: Inputs) -> None:
    aws.iam.create_open_id_connect_provider(Url=i["url"], ClientIDList=i["clientIdLists"], ThumbprintList=[], Tags=tags(i))


def key(aws: Account, i: Inputs) -> str:
    made = aws.kms.create_key(Policy=i["policy"], Description=i["description"], Tags=tags(i, "TagKey", "TagValue"))
    key_id = made["KeyMetadata"]["KeyId"]
    if i["enableKeyRotation"]:
        aws.kms.enable_key_rotation(KeyId=key_id)
    return key_id


def key_alias(aws: Account, i: Inputs) -> None:
    aws.kms.create_alias(AliasName=i["name"], TargetKeyId=i["targetKeyId"])


# Network


def vpc(aws: Account, i: Inputs) -> str:
    vpc_id = aws.ec2.create_vpc(CidrBlock=i["cidrBlock"])["Vpc"]["VpcId"]
    aws.ec2.modify_vpc_attribute(VpcId=vpc_id, EnableDnsHostnames={"Value": i["enableDnsHostnames"]})
    return vpc_id


def subnet(aws: Account, i: Inputs) -> str:
    made = aws.ec2.create_subnet(VpcId=i["vpcId"], CidrBlock=i["cidrBlock"], AvailabilityZone=i["availabilityZone"])
    return made["Subnet"]["SubnetId"]


def route_table(aws: Account, i: Inputs) -> str:
    return aws.ec2.create_route_table(VpcId=i["vpcId"])["RouteTable"]["RouteTableId"]


def route_table_association(aws: Account, i: Inputs) -> None:
    aws.ec2.associate_route_table(SubnetId=i["subnetId"], RouteTableId=i["routeTableId"])


def vpc_endpoint(aws: Account, i: Inputs) -> str:
    names = {"RouteTableIds": "routeTableIds", "SubnetIds": "subnetIds", "SecurityGroupIds": "securityGroupIds"}
    given = {name: i.get(field) for name, field in names.items()}
    made = aws.ec2.create_vpc_endpoint(
        VpcId=i["vpcId"],
        ServiceName=i["serviceName"],
        VpcEndpointType=i["vpcEndpointType"],
        **{name: value for name, value in given.items() if value},
    )
    return made["VpcEndpoint"]["VpcEndpointId"]


def security_group(aws: Account, i: Inputs) -> str:
    group = aws.ec2.create_security_group(VpcId=i["vpcId"], GroupName=i["name"], Description=i["description"])["GroupId"]

    def permission(rule: Inputs) -> dict[str, Any]:
        ports = {} if rule["protocol"] == "-1" else {"FromPort": rule["fromPort"], "ToPort": rule["toPort"]}
        members = {"UserIdGroupPairs": [{"GroupId": group}]} if rule.get("self") else {}
        lists = {"PrefixListIds": [{"PrefixListId": each} for each in rule["prefixListIds"]]} if rule.get("prefixListIds") else {}
        return {"IpProtocol": rule["protocol"], **ports, **members, **lists}

    aws.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission(rule) for rule in i["ingress"]])
    aws.ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[permission(rule) for rule in i["egress"]])
    return group


# Images, messages, audit and money


def repository(aws: Account, i: Inputs) -> None:
    aws.ecr.create_repository(
        repositoryName=i["name"],
        imageTagMutability=i["imageTagMutability"],
        imageScanningConfiguration=i["imageScanningConfiguration"],
        encryptionConfiguration=i["encryptionConfigurations"][0],
        tags=tags(i),
    )


def repository_expiry(aws: Account, i: Inputs) -> None:
    aws.ecr.put_lifecycle_policy(repositoryName=i["repository"], lifecyclePolicyText=i["policy"])


def topic(aws: Account, i: Inputs) -> None:
    aws.sns.create_topic(Name=i["name"], Attributes={"KmsMasterKeyId": i["kmsMasterKeyId"]}, Tags=tags(i))


def topic_policy(aws: Account, i: Inputs) -> None:
    aws.sns.set_topic_attributes(TopicArn=i["arn"], AttributeName="Policy", AttributeValue=i["policy"])


def topic_subscription(aws: Account, i: Inputs) -> None:
    aws.sns.subscribe(TopicArn=i["topic"], Protocol=i["protocol"], Endpoint=i["endpoint"])


def trail(aws: Account, i: Inputs) -> None:
    aws.cloudtrail.create_trail(
        Name=i["name"],
        S3BucketName=i["s3BucketName"],
        KmsKeyId=i["kmsKeyId"],
        EnableLogFileValidation=i["enableLogFileValidation"],
        IncludeGlobalServiceEvents=i["includeGlobalServiceEvents"],
        TagsList=tags(i),
    )
    aws.cloudtrail.put_event_selectors(TrailName=i["name"], AdvancedEventSelectors=pascal(i["advancedEventSelectors"]))


def budget(aws: Account, i: Inputs) -> None:
    aws.budgets.create_budget(
        AccountId="123456789012",
        Budget={
            "BudgetName": i["name"],
            "BudgetType": i["budgetType"],
            "TimeUnit": i["timeUnit"],
            "BudgetLimit": {"Amount": i["limitAmount"], "Unit": i["limitUnit"]},
            "CostFilters": {each["name"]: each["values"] for each in i["costFilters"]},
        },
        NotificationsWithSubscribers=[
            {
                "Notification": {
                    name[:1].upper() + name[1:]: each[name]
                    for name in ("notificationType", "comparisonOperator", "threshold", "thresholdType")
                },
                "Subscribers": [{"SubscriptionType": "SNS", "Address": arn} for arn in each["subscriberSnsTopicArns"]],
            }
            for each in i["notifications"]
        ],
    )


# Events, schedules, state machines


def event_rule(aws: Account, i: Inputs) -> None:
    aws.events.put_rule(Name=i["name"], EventPattern=i["eventPattern"], Description=i["description"], Tags=tags(i))


def event_target(aws: Account, i: Inputs) -> None:
    transformer = i.get("inputTransformer")
    target = {
        "Id": i["targetId"],
        "Arn": i["arn"],
        **({"RoleArn": i["roleArn"]} if "roleArn" in i else {}),
        **(
            {"InputTransformer": {"InputPathsMap": transformer["inputPaths"], "InputTemplate": transformer["inputTemplate"]}}
            if transformer
            else {}
        ),
    }
    answer = aws.events.put_targets(Rule=i["rule"], Targets=[target])
    if answer["FailedEntryCount"]:
        raise ValueError(json.dumps(answer["FailedEntries"]))


def schedule_group(aws: Account, i: Inputs) -> None:
    aws.scheduler.create_schedule_group(Name=i["name"], Tags=tags(i))


def schedule(aws: Account, i: Inputs) -> None:
    aws.scheduler.create_schedule(
        Name=i["name"],
        Description=i["description"],
        ScheduleExpression=i["scheduleExpression"],
        ScheduleExpressionTimezone=i["scheduleExpressionTimezone"],
        FlexibleTimeWindow=pascal(i["flexibleTimeWindow"]),
        Target=pascal(i["target"]),
        **({"GroupName": i["groupName"]} if "groupName" in i else {}),
    )


def state_machine(aws: Account, i: Inputs) -> None:
    logging = i["loggingConfiguration"]
    aws.stepfunctions.create_state_machine(
        name=i["name"],
        definition=i["definition"],
        roleArn=i["roleArn"],
        loggingConfiguration={
            "level": logging["level"],
            "includeExecutionData": logging["includeExecutionData"],
            "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": logging["logDestination"]}}],
        },
        tags=tags(i, "key", "value"),
    )


def log_group(aws: Account, i: Inputs) -> None:
    aws.logs.create_log_group(logGroupName=i["name"], kmsKeyId=i["kmsKeyId"], tags=i["tags"])
    aws.logs.put_retention_policy(logGroupName=i["name"], retentionInDays=i["retentionInDays"])


# Alarms


def metric_alarm(aws: Account, i: Inputs) -> None:
    names = (
        "alarmDescription",
        "comparisonOperator",
        "evaluationPeriods",
        "datapointsToAlarm",
        "threshold",
        "thresholdMetricId",
        "treatMissingData",
        "alarmActions",
        "namespace",
        "metricName",
        "statistic",
        "period",
    )
    given = {name[:1].upper() + name[1:]: i[name] for name in names if i.get(name) is not None}
    if "okActions" in i:
        given["OKActions"] = i["okActions"]
    if "dimensions" in i:
        given["Dimensions"] = [{"Name": name, "Value": value} for name, value in i["dimensions"].items()]
    if "warmUpConfiguration" in i:
        given["WarmUpConfiguration"] = pascal(i["warmUpConfiguration"])
    if "metricQueries" in i:
        given["Metrics"] = [metric_query(query) for query in i["metricQueries"]]
    aws.cloudwatch.put_metric_alarm(AlarmName=i["name"], Tags=tags(i), **given)


def metric_query(query: Inputs) -> dict[str, Any]:
    made = {name[:1].upper() + name[1:]: query[name] for name in ("id", "expression", "label", "returnData") if name in query}
    if metric := query.get("metric"):
        made["MetricStat"] = {
            "Metric": {
                "Namespace": metric["namespace"],
                "MetricName": metric["metricName"],
                "Dimensions": [{"Name": name, "Value": value} for name, value in metric["dimensions"].items()],
            },
            "Period": metric["period"],
            "Stat": metric["stat"],
        }
    return made


def dashboard(aws: Account, i: Inputs) -> None:
    answer = aws.cloudwatch.put_dashboard(DashboardName=i["dashboardName"], DashboardBody=i["dashboardBody"])
    if answer.get("DashboardValidationMessages"):
        raise ValueError(json.dumps(answer["DashboardValidationMessages"]))


# SageMaker


def sagemaker_model(aws: Account, i: Inputs) -> None:
    network = i.get("vpcConfig")
    aws.sagemaker.create_model(
        ModelName=i["name"],
        ExecutionRoleArn=i["executionRoleArn"],
        PrimaryContainer={"Image": i["primaryContainer"]["image"], "Environment": i["primaryContainer"]["environment"]},
        Tags=tags(i),
        **({"VpcConfig": pascal(network)} if network else {}),
    )


def endpoint_configuration(aws: Account, i: Inputs) -> None:
    queue = i.get("asyncInferenceConfig")
    aws.sagemaker.create_endpoint_config(
        EndpointConfigName=i["name"],
        ProductionVariants=pascal(i["productionVariants"]),
        Tags=tags(i),
        **({"KmsKeyId": i["kmsKeyArn"]} if "kmsKeyArn" in i else {}),
        **({"AsyncInferenceConfig": pascal(queue)} if queue else {}),
    )


def sagemaker_endpoint(aws: Account, i: Inputs) -> None:
    aws.sagemaker.create_endpoint(EndpointName=i["name"], EndpointConfigName=i["endpointConfigName"], Tags=tags(i))


def model_package_group(aws: Account, i: Inputs) -> None:
    aws.sagemaker.create_model_package_group(
        ModelPackageGroupName=i["modelPackageGroupName"],
        ModelPackageGroupDescription=i["modelPackageGroupDescription"],
        Tags=tags(i),
    )


def domain(aws: Account, i: Inputs) -> str:
    made = aws.sagemaker.create_domain(
        DomainName=i["domainName"],
        AuthMode=i["authMode"],
        VpcId=i["vpcId"],
        SubnetIds=i["subnetIds"],
        AppNetworkAccessType=i["appNetworkAccessType"],
        KmsKeyId=i["kmsKeyId"],
        DefaultUserSettings=pascal(i["defaultUserSettings"]),
        DomainSettings=pascal(i["domainSettings"]),
        TagPropagation=i["tagPropagation"],
        Tags=tags(i),
    )
    return made["DomainArn"].rsplit("/", 1)[-1]


def scalable_target(aws: Account, i: Inputs) -> None:
    aws.autoscaling.register_scalable_target(
        ServiceNamespace=i["serviceNamespace"],
        ResourceId=i["resourceId"],
        ScalableDimension=i["scalableDimension"],
        MinCapacity=i["minCapacity"],
        MaxCapacity=i["maxCapacity"],
    )


def scaling_policy(aws: Account, i: Inputs) -> None:
    tracking, steps = i.get("targetTrackingScalingPolicyConfiguration"), i.get("stepScalingPolicyConfiguration")
    given: dict[str, Any] = {}
    if tracking:
        given["TargetTrackingScalingPolicyConfiguration"] = pascal(tracking)
    if steps:
        made = pascal(steps)
        # Pulumi takes these bounds as text.
        for step in made["StepAdjustments"]:
            step.update({name: float(step[name]) for name in step if name.endswith("Bound")})
        given["StepScalingPolicyConfiguration"] = made
    aws.autoscaling.put_scaling_policy(
        PolicyName=i["name"],
        ServiceNamespace=i["serviceNamespace"],
        ResourceId=i["resourceId"],
        ScalableDimension=i["scalableDimension"],
        PolicyType=i["policyType"],
        **given,
    )


MAKERS: dict[str, Callable[[Account, Inputs], str | None]] = {
    "aws:appautoscaling/policy:Policy": scaling_policy,
    "aws:appautoscaling/target:Target": scalable_target,
    "aws:budgets/budget:Budget": budget,
    "aws:cloudtrail/trail:Trail": trail,
    "aws:cloudwatch/dashboard:Dashboard": dashboard,
    "aws:cloudwatch/eventRule:EventRule": event_rule,
    "aws:cloudwatch/eventTarget:EventTarget": event_target,
    "aws:cloudwatch/logGroup:LogGroup": log_group,
    "aws:cloudwatch/metricAlarm:MetricAlarm": metric_alarm,
    "aws:ec2/routeTable:RouteTable": route_table,
    "aws:ec2/routeTableAssociation:RouteTableAssociation": route_table_association,
    "aws:ec2/securityGroup:SecurityGroup": security_group,
    "aws:ec2/subnet:Subnet": subnet,
    "aws:ec2/vpc:Vpc": vpc,
    "aws:ec2/vpcEndpoint:VpcEndpoint": vpc_endpoint,
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": repository_expiry,
    "aws:ecr/repository:Repository": repository,
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": oidc_provider,
    "aws:iam/policy:Policy": managed_policy,
    "aws:iam/role:Role": role,
    "aws:iam/rolePolicy:RolePolicy": role_policy,
    "aws:kms/alias:Alias": key_alias,
    "aws:kms/key:Key": key,
    "aws:s3/bucket:Bucket": bucket,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": bucket_lifecycle,
    "aws:s3/bucketNotification:BucketNotification": bucket_notification,
    "aws:s3/bucketObjectv2:BucketObjectv2": bucket_object,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": bucket_ownership,
    "aws:s3/bucketPolicy:BucketPolicy": bucket_policy,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": bucket_access,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": bucket_encryption,
    "aws:s3/bucketVersioning:BucketVersioning": bucket_versioning,
    "aws:sagemaker/domain:Domain": domain,
    "aws:sagemaker/endpoint:Endpoint": sagemaker_endpoint,
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration": endpoint_configuration,
    "aws:sagemaker/model:Model": sagemaker_model,
    "aws:sagemaker/modelPackageGroup:ModelPackageGroup": model_package_group,
    "aws:scheduler/schedule:Schedule": schedule,
    "aws:scheduler/scheduleGroup:ScheduleGroup": schedule_group,
    "aws:sfn/stateMachine:StateMachine": state_machine,
    "aws:sns/topic:Topic": topic,
    "aws:sns/topicPolicy:TopicPolicy": topic_policy,
    "aws:sns/topicSubscription:TopicSubscription": topic_subscription,
}

# What moto 5.2.5 has no call for: the service, the operation and its parameters.
CHECKS: dict[str, tuple[str, str, Callable[[Inputs], dict[str, Any]]]] = {
    "aws:budgets/budgetAction:BudgetAction": (
        "budgets",
        "CreateBudgetAction",
        lambda i: {
            "AccountId": "123456789012",
            **{name: value for name, value in pascal(i).items() if name != "Tags"},
            "ResourceTags": tags(i),
        },
    ),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": (
        "cloudwatch",
        "PutCompositeAlarm",
        lambda i: {
            "AlarmName": i["alarmName"],
            "AlarmRule": i["alarmRule"],
            "AlarmDescription": i["alarmDescription"],
            "Tags": tags(i),
        },
    ),
    "aws:sagemaker/mlflowApp:MlflowApp": ("sagemaker", "CreateMlflowApp", lambda i: {**pascal(i), "Tags": tags(i)}),
    "aws:sagemaker/userProfile:UserProfile": ("sagemaker", "CreateUserProfile", lambda i: {**pascal(i), "Tags": tags(i)}),
}


def check(kind: str, inputs: Inputs) -> None:
    """Holds the parameters against botocore's model. ValueError where they do not fit."""
    service, operation, parameters = CHECKS[kind]
    model = botocore.session.get_session().get_service_model(service).operation_model(operation)
    report = ParamValidator().validate(parameters(inputs), model.input_shape)
    if report.has_errors():
        raise ValueError(report.generate_report())


# The key's id in the recorder's answers: others refer to it in ARNs.
RECORDED_KEY = "11111111-2222-3333-4444-555555555555"

# moto takes a Deny for one without its conditions: a policy that wants TLS would close the bucket to all that comes after.
LATE = {"aws:s3/bucketPolicy:BucketPolicy"}


def main() -> None:
    resources = json.load(sys.stdin)
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL"):
        os.environ.pop(name, None)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    aws = Account(f"http://{host}:{port}")
    ids: dict[str, str] = {}
    created: Counter[str] = Counter()
    checked: Counter[str] = Counter()
    refused: list[str] = []
    try:
        for resource in sorted(resources, key=lambda each: each["type"] in LATE):
            kind, name = resource["type"], resource["name"]
            inputs = with_ids(resource["inputs"], ids)
            if kind not in MAKERS and kind not in CHECKS:
                refused.append(f"{kind} {name}: the adapter does not know this type")
                continue
            made = None
            try:
                if kind in CHECKS:
                    check(kind, inputs)
                else:
                    made = MAKERS[kind](aws, inputs)
            except (BotoCoreError, ClientError, ValueError, KeyError) as error:
                refused.append(f"{kind} {name}: {type(error).__name__}: {error}")
                continue
            (checked if kind in CHECKS else created)[kind] += 1
            if made is not None:
                ids[f"{name}-id"] = made
                if kind == "aws:kms/key:Key":
                    ids[RECORDED_KEY] = made
    finally:
        server.stop()
    json.dump({"created": created, "checked": checked, "refused": refused}, sys.stdout)


def with_ids(inputs: Inputs, ids: dict[str, str]) -> Inputs:
    """The inputs with moto's ids in place of the recorder's. The longest first: one may be the beginning of another."""
    text = json.dumps(inputs)
    for recorded in sorted(ids, key=len, reverse=True):
        text = text.replace(recorded, ids[recorded])
    return json.loads(text)


if __name__ == "__main__":
    main()
