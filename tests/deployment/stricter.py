"""AWS refuses these and MiniStack takes them: rights of its role, lengths of names, who may publish to a topic.

AWS does these later and MiniStack at once: a topic calls a Lambda without waiting, tries again and keeps what fails.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.responses import _request_region, get_account_id, get_region
from ministack.services import cloudwatch, cloudwatch_logs, lambda_svc, sns
from ministack.services.cloudformation import engine, provisioners

Properties = dict[str, Any]
Created = tuple[str, dict[str, str]]
Creator = Callable[[str, Properties, str], Created]

# The least rights for making each type (AWS's Service Authorization Reference), beside those of its schema.
CREATING: Mapping[str, tuple[str, ...]] = {
    "AWS::ApiGatewayV2::Api": ("apigateway:POST",),
    "AWS::Budgets::Budget": ("budgets:ModifyBudget",),
    "AWS::CloudFront::Distribution": ("cloudfront:CreateDistribution", "cloudfront:TagResource"),
    "AWS::CloudFront::OriginAccessControl": ("cloudfront:CreateOriginAccessControl",),
    "AWS::CloudWatch::Alarm": ("cloudwatch:PutMetricAlarm", "cloudwatch:TagResource"),
    "AWS::CloudWatch::Dashboard": ("cloudwatch:PutDashboard",),
    "AWS::CodeDeploy::DeploymentGroup": ("codedeploy:CreateDeploymentGroup",),
    "AWS::DynamoDB::GlobalTable": ("dynamodb:CreateTable", "dynamodb:TagResource", "dynamodb:UpdateTimeToLive"),
    "AWS::EC2::EIP": ("ec2:AllocateAddress", "ec2:CreateTags"),
    "AWS::EC2::Instance": ("ec2:RunInstances", "ec2:CreateTags"),
    "AWS::Events::Rule": ("events:PutRule", "events:PutTargets"),
    "AWS::IAM::Policy": ("iam:PutRolePolicy",),
    "AWS::IAM::Role": ("iam:CreateRole", "iam:PutRolePolicy", "iam:TagRole", "iam:PassRole"),
    "AWS::KinesisVideo::SignalingChannel": ("kinesisvideo:CreateSignalingChannel",),
    "AWS::Lambda::Alias": ("lambda:CreateAlias",),
    "AWS::Lambda::EventInvokeConfig": ("lambda:PutFunctionEventInvokeConfig",),
    "AWS::Lambda::EventSourceMapping": ("lambda:CreateEventSourceMapping",),
    "AWS::Lambda::Function": ("lambda:CreateFunction", "lambda:TagResource"),
    "AWS::Lambda::LayerVersion": ("lambda:PublishLayerVersion",),
    "AWS::Lambda::Permission": ("lambda:AddPermission",),
    "AWS::Logs::LogGroup": ("logs:CreateLogGroup", "logs:PutRetentionPolicy", "logs:TagResource"),
    "AWS::Logs::QueryDefinition": ("logs:PutQueryDefinition",),
    "AWS::Route53::RecordSet": ("route53:ChangeResourceRecordSets",),
    "AWS::S3::Bucket": ("s3:CreateBucket", "s3:PutBucketPublicAccessBlock", "s3:PutBucketTagging"),
    "AWS::S3::BucketPolicy": ("s3:PutBucketPolicy",),
    "AWS::SecretsManager::Secret": ("secretsmanager:CreateSecret", "secretsmanager:GetRandomPassword"),
    "AWS::SNS::Subscription": ("sns:Subscribe",),
    "AWS::SNS::Topic": ("sns:CreateTopic", "sns:TagResource"),
    "AWS::SQS::Queue": ("sqs:CreateQueue", "sqs:TagQueue"),
    "AWS::WAFv2::WebACL": ("wafv2:CreateWebACL",),
}
ROLE = "cdk-hnb659fds-cfn-exec-role-{account}-{region}"  # that `make bootstrap` makes
BOOTSTRAP_STACK = "CDKToolkit"  # which an administrator makes
ENVIRONMENT_BYTES_MAX = 4096  # of a Lambda (docs: "Lambda quotas")


def teach() -> None:
    """Let MiniStack refuse what AWS refuses."""
    known = provisioners._RESOURCE_HANDLERS
    for kind in CREATING:
        known[kind]["create"] = with_rights(kind, known[kind]["create"])
    functions = known["AWS::Lambda::Function"]
    for verb in ("create", "update"):
        functions[verb] = as_lambda_does(functions[verb])
    engine._resolve_refs = with_other_regions(engine._resolve_refs)
    cloudwatch._dispatch_alarm_actions = with_leave_to_publish(cloudwatch._dispatch_alarm_actions)
    sns._deliver_to_lambda = deliver_to_lambda
    lambda_svc._emit_lambda_logs = into_a_group_that_is_there(lambda_svc._emit_lambda_logs)


def with_rights(kind: str, create: Creator) -> Creator:
    """Make a resource only where the CDK's role for CloudFormation may; MiniStack makes it for every role."""

    def make(logical_id: str, properties: Properties, stack_name: str) -> Created:
        resource = "*"
        if kind == "AWS::IAM::Policy":
            (role, *_) = properties["Roles"]
            resource = f"arn:aws:iam::{get_account_id()}:role/{role}"
        if kind == "AWS::IAM::Role":
            # MiniStack's own names are as long as they come; AWS has 64 characters for the stack's and the logical one.
            resource = f"arn:aws:iam::{get_account_id()}:role/{stack_name[:24]}-{logical_id[:24]}-0123456789AB"
        for action in CREATING[kind] if stack_name != BOOTSTRAP_STACK else ():
            _demand(action, resource, logical_id)
        return create(logical_id, properties, stack_name)

    return make


def with_other_regions(resolve: Callable[..., Any]) -> Callable[..., Any]:
    """Look up the output of a stack where the template says that it is, with the rights of the role."""

    def run(value: Any, *rest: Any) -> Any:
        wanted = value.get("Fn::GetStackOutput") if isinstance(value, dict) else None
        if not isinstance(wanted, dict):
            return resolve(value, *rest)
        _demand("cloudformation:DescribeStacks", "*", wanted["StackName"])
        token = _request_region.set(wanted.get("Region", get_region()))
        try:
            return resolve(value, *rest)
        finally:
            _request_region.reset(token)

    return run


def _demand(action: str, resource: str, wanted: str) -> None:
    """Demand a right of the CDK's role for CloudFormation, where there is one."""
    name = ROLE.format(account=get_account_id(), region=get_region())
    policies = iam_evaluator._gather_role_policies(name, get_account_id())
    role = f"arn:aws:sts::{get_account_id()}:assumed-role/{name}/AWSCloudFormation"
    asked = iam_evaluator.EvalContext(role, "AssumedRole", get_account_id(), action, resource, get_region())
    is_allowed = not policies or iam_evaluator.evaluate(asked, policies).decision == "Allow"
    assert is_allowed, f"{name} is not authorized to perform {action} on {resource} ({wanted})"


def as_lambda_does(provision: Callable[..., Any]) -> Callable[..., Any]:
    """Make or change a function with what Lambda adds to its environment, and refuse one that is too long."""

    def completed(properties: Properties) -> Properties:
        environment = properties.get("Environment", {})
        variables = environment.get("Variables", {})
        length = sum(len(name) + len(str(value)) for name, value in variables.items())
        assert length <= ENVIRONMENT_BYTES_MAX, f"an environment has {length} bytes"
        level = properties.get("LoggingConfig", {}).get("ApplicationLogLevel")
        added = {"AWS_LAMBDA_LOG_LEVEL": level} if level else {}
        return {**properties, "Environment": {**environment, "Variables": {**variables, **added}}}

    def run(*arguments: Any) -> Any:
        return provision(*(completed(each) if isinstance(each, dict) else each for each in arguments))

    return run


def with_leave_to_publish(dispatch: Callable[..., None]) -> Callable[..., None]:
    """Let an alarm write to a topic whose policy names CloudWatch, or that has none: MiniStack asks no policy."""

    def run(alarm: Properties, *change: str) -> None:
        lists = ("AlarmActions", "OKActions", "InsufficientDataActions")
        allowed = {name: [each for each in alarm.get(name) or [] if _may_publish(each)] for name in lists}
        dispatch({**alarm, **allowed}, *change)

    return run


def _may_publish(topic: str) -> bool:
    found = sns._topics.get(topic)
    policy = json.loads(((found or {}).get("attributes") or {}).get("Policy") or "{}")
    statements = policy.get("Statement", [])
    if not [each for each in statements if each["Effect"] == "Deny"]:
        return found is not None  # the policy that a topic has by itself lets its own account publish
    services = (each["Principal"] for each in statements if each["Effect"] == "Allow")
    return {"Service": "cloudwatch.amazonaws.com"} in services


def deliver_to_lambda(endpoint: str, envelope: str, _topic_arn: str, sub_arn: str, *_: object) -> None:
    """Call a Lambda as a topic does: nobody waits for it, and Lambda tries again and keeps what fails for good."""
    func, config, _ = lambda_svc._get_func_record_for_ref(endpoint)
    assert func and config, f"{endpoint} is not there"
    called = lambda_svc._execution_record_for_config(func, config)
    qualifier = endpoint.split(":")[7] if endpoint.count(":") == 7 else "$LATEST"
    asked = (func.get("event_invoke_configs") or {}).get(qualifier) or {}
    record = {"EventSource": "aws:sns", "EventSubscriptionArn": sub_arn, "Sns": json.loads(envelope)}
    lambda_svc.invoke_async_with_retry({**called, "event_invoke_config": asked}, {"Records": [record]})


def into_a_group_that_is_there(emit: Callable[..., None]) -> Callable[..., None]:
    """Write what a function logged, unless its group is gone: the stack's roles may not make one again.

    A call that ends while the stack is being destroyed leaves nothing behind.
    """

    def run(func: Properties, *told: Any, **named: Any) -> None:
        group = (func.get("config") or func).get("LoggingConfig", {}).get("LogGroup")
        if group is None or group in cloudwatch_logs._log_groups:
            emit(func, *told, **named)

    return run
