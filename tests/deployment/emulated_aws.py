"""`python -m tests.deployment.emulated_aws`: MiniStack, taught what this deployment uses of AWS beyond it.

MiniStack answers WebSocket routes without a Lambda, but its CloudFormation knows neither of the two resources that such
a route is made of, nor saved queries of logs, nor alarms that calculate; it knows an API by its own host name only, not
by the one that AWS gives it; and it forgets the tags of a bucket, one of which allows the CDK to empty it.
"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Callable
from typing import Any

from hypercorn.protocol.ws_stream import WSStream
from ministack import app
from ministack.core.responses import get_account_id, get_region
from ministack.services import apigateway, budgets, cloudformation, cloudwatch, s3, ssm
from ministack.services.cloudformation import changesets, handlers, provisioners
from ministack.services.cloudformation.helpers import _error, _p
from wsproto.connection import ConnectionState
from wsproto.events import CloseConnection, Event

from tests.deployment import stricter

Properties = dict[str, Any]
Created = tuple[str, dict[str, str]]
Creator = Callable[[str, Properties, str], Created]
_TAKEN: dict[str, dict[str, str]] = {}  # of each kind, the physical id by the name

# How long such a name may be (CloudFront's and CloudWatch's API references).
CHARACTERS_MAX = {"AWS::CloudFront::OriginAccessControl": 64, "AWS::CloudWatch::Dashboard": 255}
CHARACTERS_MAX_ELSE = 128

# Resources that are named in an account, not in a Region, and the place of the name.
ONCE: dict[str, Callable[[Properties], str]] = {
    "AWS::CloudFront::CachePolicy": lambda each: each["CachePolicyConfig"]["Name"],
    "AWS::CloudFront::OriginAccessControl": lambda each: each["OriginAccessControlConfig"]["Name"],
    "AWS::CloudFront::OriginRequestPolicy": lambda each: each["OriginRequestPolicyConfig"]["Name"],
    "AWS::CloudFront::ResponseHeadersPolicy": lambda each: each["ResponseHeadersPolicyConfig"]["Name"],
    "AWS::CloudWatch::Dashboard": lambda each: each["DashboardName"],
}

# <api id>.execute-api.<region>.amazonaws.com, as in the deployed config.json and in the handlers' environment.
API_HOST = re.compile(r"^([a-f0-9]{8})\.execute-api\.[a-z0-9-]+\.amazonaws\.com(?::\d+)?$")


WAYS_OF_CODEDEPLOY = ("Canary10Percent15Minutes", "Linear10PercentEvery3Minutes")
RELAY_ADDRESS = "192.0.2.10"  # for documentation (RFC 5737): nobody's
QUERY_LENGTH_MAX = 10_000  # CloudWatch Logs API reference, "PutQueryDefinition"


def create_route_response(logical_id: str, properties: Properties, stack_name: str) -> Created:
    """Make the answer of a route possible."""
    route_id = properties["RouteId"].rpartition("/")[2]
    body = {"routeResponseKey": properties["RouteResponseKey"]}
    return _created(apigateway._create_route_response(properties["ApiId"], route_id, body), "routeResponseId")


def create_integration_response(logical_id: str, properties: Properties, stack_name: str) -> Created:
    """Make the text of an answer."""
    # API Gateway answers with the template that the expression selects, MiniStack with the first one that there is.
    selected = properties.get("TemplateSelectionExpression", "").removeprefix("\\")
    templates = {key: text for key, text in properties["ResponseTemplates"].items() if key == selected}
    body = {"integrationResponseKey": properties["IntegrationResponseKey"], "responseTemplates": templates}
    created = apigateway._create_integration_response(properties["ApiId"], properties["IntegrationId"], body)
    return _created(created, "integrationResponseId")


def with_once_in_an_account(kind: str, name_of: Callable[[Properties], str], create: Creator) -> Creator:
    """Refuse a name that another stack of the account has: MiniStack takes it twice."""
    _TAKEN[kind] = {}

    def make(logical_id: str, properties: Properties, stack_name: str) -> Created:
        name = name_of(properties)
        assert name not in _TAKEN[kind], f"{kind} {name} already exists in this account"
        assert len(name) <= CHARACTERS_MAX.get(kind, CHARACTERS_MAX_ELSE), f"{kind} {name} has too long a name"
        created = create(logical_id, properties, stack_name)
        _TAKEN[kind][name] = created[0]
        return created

    return make


def with_names_given_back(kind: str, delete: Callable[..., Any]) -> Callable[..., Any]:
    """Let a name be taken again once its resource is gone."""

    def run(physical_id: str, properties: Properties) -> Any:
        delete(physical_id, properties)
        _TAKEN[kind] = {name: each for name, each in _TAKEN[kind].items() if each != physical_id}

    return run


def save_query(logical_id: str, properties: Properties, stack_name: str) -> Created:
    """Take a saved query as CloudWatch Logs does, which looks at its groups and its length and not at its meaning."""
    assert 1 <= len(properties["QueryString"]) <= QUERY_LENGTH_MAX
    assert all(isinstance(name, str) for name in properties["LogGroupNames"])
    return f"{stack_name}-{logical_id}", {}


def without_arithmetic(provision: Callable[..., Any]) -> Callable[..., Any]:
    """Make or change an alarm so that it watches the first of its numbers: MiniStack's cannot calculate."""

    def simplified(properties: Any) -> Any:
        numbers = [each["MetricStat"] for each in properties.get("Metrics", ()) if "MetricStat" in each]
        if not numbers:
            return properties
        rest = {name: value for name, value in properties.items() if name != "Metrics"}
        return {**rest, **numbers[0]["Metric"], "Period": numbers[0]["Period"], "Statistic": "Sum"}

    def run(*arguments: Any) -> Any:
        return provision(*(simplified(each) if isinstance(each, dict) else each for each in arguments))

    return run


def with_listing(fetch: Callable[..., Any]) -> Callable[..., Any]:
    """Answer 404 for what is not there where CloudFront may list the bucket, as S3 does; MiniStack always says 403."""

    def run(bucket_name: str, key: str, method: str, headers: Any, **origin: str) -> Any:
        found = fetch(bucket_name, key, method, headers, **origin)
        statements = json.loads(s3._bucket_policies.get(bucket_name, "{}")).get("Statement", [])
        listing = [each for each in statements if "s3:ListBucket" in each["Action"] and each["Effect"] == "Allow"]
        reachable = [each for each in listing if f"arn:aws:s3:::{bucket_name}" in each["Resource"]]
        is_there = key in s3._ensure_bucket(bucket_name)["objects"]
        return s3._error("NoSuchKey", "…", 404, key) if reachable and not is_there else found

    return run


def with_public_parameters(resolve: Callable[[str], Any]) -> Callable[[str], Any]:
    """Know the parameters that AWS keeps for everybody: here those of images."""

    def run(name: str) -> Any:
        return "ami-0123456789abcdef0" if name.startswith("/aws/service/") else resolve(name)

    return run


def with_ports(provision: Callable[..., Any]) -> Callable[..., Any]:
    """Give an origin the ports that AWS gives it where the template names none, and returns with its configuration."""

    def run(*arguments: Any) -> Any:
        for properties in (each for each in arguments if isinstance(each, dict)):
            for origin in properties.get("DistributionConfig", {}).get("Origins", ()):
                if "CustomOriginConfig" in origin:
                    origin["CustomOriginConfig"] = {"HTTPPort": 80, "HTTPSPort": 443, **origin["CustomOriginConfig"]}
        return provision(*arguments)

    return run


def without_punctuation(create: Creator) -> Creator:
    """Generate a secret without punctuation where the template says so, which MiniStack passes over."""

    def make(logical_id: str, properties: Properties, stack_name: str) -> Created:
        wish = properties.get("GenerateSecretString", {})
        if wish.get("ExcludePunctuation"):
            properties = {**properties, "GenerateSecretString": {**wish, "ExcludeCharacters": string.punctuation}}
        return create(logical_id, properties, stack_name)

    return make


def make_budget(logical_id: str, properties: Properties, stack_name: str) -> Created:
    """Make a budget with MiniStack's own service, which its CloudFormation does not know."""
    name = f"{stack_name}-{logical_id}"
    budget = {**properties["Budget"], "BudgetName": name}
    budget["BudgetLimit"] = {**budget["BudgetLimit"], "Amount": str(budget["BudgetLimit"]["Amount"])}
    told = properties["NotificationsWithSubscribers"]
    status, _, body = budgets._create_budget({"Budget": budget, "NotificationsWithSubscribers": told})
    assert status < 300, f"MiniStack refused: {body!r}"
    return name, {}


def change_budget(physical_id: str, old: Properties, new: Properties, stack_name: str) -> Created:
    """Change it, with any difference."""
    delete_budget(physical_id, old)
    return make_budget(physical_id.removeprefix(f"{stack_name}-"), new, stack_name)


def delete_budget(physical_id: str, properties: Properties) -> None:
    """Remove it."""
    budgets._budgets.pop(physical_id, None)


def make_address(logical_id: str, properties: Properties, stack_name: str) -> Created:
    """Make the address of a relay that nobody can reach: MiniStack's CloudFormation knows no instances."""
    return RELAY_ADDRESS, {"PublicIp": RELAY_ADDRESS, "AllocationId": f"eipalloc-{stack_name}"}


def make_instance(logical_id: str, properties: Properties, stack_name: str) -> Created:
    """Look at what a relay's instance is made of, and start none."""
    for name in ("ImageId", "InstanceType", "IamInstanceProfile", "SubnetId", "SecurityGroupIds", "UserData"):
        assert properties.get(name) or properties.get("LaunchTemplate"), f"an instance needs {name}"
    return f"i-{logical_id.lower()}", {}


def make_tie(logical_id: str, properties: Properties, stack_name: str) -> Created:
    """Tie an address to an instance."""
    assert properties["AllocationId"].startswith("eipalloc-")
    assert properties["InstanceId"].startswith("i-")
    return f"eipassoc-{logical_id}", {}


def make_channel(logical_id: str, properties: Properties, stack_name: str) -> Created:
    """Make a channel of Kinesis Video Streams, which MiniStack does not have: nothing but its ARN is used."""
    name = f"{stack_name}-{logical_id}"
    return name, {"Arn": f"arn:aws:kinesisvideo:{get_region()}:{get_account_id()}:channel/{name}/1700000000000"}


def make_application(logical_id: str, properties: Properties, stack_name: str) -> Created:
    """Name an application of CodeDeploy, which MiniStack does not have."""
    assert properties["ComputePlatform"] == "Lambda"
    return f"{stack_name}-{logical_id}", {}


def make_deployment_group(logical_id: str, properties: Properties, stack_name: str) -> Created:
    """Look at what CodeDeploy is told; an alias that is moved here moves at once."""
    assert properties["DeploymentConfigName"] in {f"CodeDeployDefault.Lambda{way}" for way in WAYS_OF_CODEDEPLOY}
    assert properties["ServiceRoleArn"].startswith("arn:aws:iam::")
    watched = [each["Name"] for each in properties["AlarmConfiguration"]["Alarms"]]
    assert watched, "a deployment that nothing can end needs no group"
    assert all(name in cloudwatch._alarms for name in watched), f"alarms that are not there: {watched}"
    return f"{stack_name}-{logical_id}", {}


def with_policy(execute: Callable[[Properties], Any]) -> Callable[[Properties], Any]:
    """Refuse an update that the stack's policy denies: MiniStack keeps policies and never reads them."""
    verbs = {"Modify": "Update:Modify", "Remove": "Update:Delete", "Add": "Update:Add"}

    def run(params: Properties) -> Any:
        _, prepared = changesets._find_change_set(_p(params, "ChangeSetName"), _p(params, "StackName"))
        stack = cloudformation._stacks.get(prepared["StackName"]) or {}
        statements = json.loads(stack.get("_stack_policy") or '{"Statement": []}')["Statement"]
        for change in (each["ResourceChange"] for each in prepared.get("Changes", [])):
            # It calls the replacement of a table by its name conditional, which AWS's reference does not.
            is_replaced = change.get("Replacement") in {"True", "Conditional"}
            action = "Update:Replace" if is_replaced else verbs.get(change["Action"])
            for denied in (each for each in statements if each["Effect"] == "Deny"):
                kinds = denied["Condition"]["StringEquals"]["ResourceType"]
                if action in denied["Action"] and change["ResourceType"] in kinds:
                    return _error("ValidationError", f"Action denied by stack policy: [{action}] {change}")
        return execute(params)

    return run


def remember_how_sockets_close() -> None:
    """Tell the code and the reason of a client's own close: the server under MiniStack calls every close 1006."""
    send = WSStream._send_wsproto_event

    async def remember(stream: WSStream, event: Event) -> None:
        if isinstance(event, CloseConnection) and stream.connection.state is ConnectionState.REMOTE_CLOSING:
            put, told = stream.app_put, {"code": int(event.code), "reason": event.reason or ""}
            assert put is not None, "a socket that was open has an application"

            async def tell(message: dict[str, Any]) -> None:
                await put({**message, **told} if message["type"] == "websocket.disconnect" else message)

            stream.app_put = tell
        await send(stream, event)

    WSStream._send_wsproto_event = remember  # type: ignore[assignment,method-assign]  # the server offers no other place


def with_tags(create_bucket: Callable[[str, Properties, str], Created]) -> Callable[[str, Properties, str], Created]:
    """Make a bucket that has the tags of the template."""

    def create(logical_id: str, properties: Properties, stack_name: str) -> Created:
        created = create_bucket(logical_id, properties, stack_name)
        s3._bucket_tags[created[0]] = {tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])}
        return created

    return create


def delete_nothing(physical_id: str, properties: Properties) -> None:
    """A resource of an API goes with the API, when this stack deletes that; a saved query is nowhere."""


def _created(response: tuple[int, dict[str, str], Any], id_key: str) -> Created:
    status, _, body = response
    assert status < 300, f"MiniStack refused: {body!r}"
    return json.loads(body)[id_key], {}


def main() -> None:
    """Teach and serve."""
    known = provisioners._RESOURCE_HANDLERS
    known["AWS::ApiGatewayV2::RouteResponse"] = {"create": create_route_response, "delete": delete_nothing}
    known["AWS::ApiGatewayV2::IntegrationResponse"] = {"create": create_integration_response, "delete": delete_nothing}
    known["AWS::Budgets::Budget"] = {"create": make_budget, "update": change_budget, "delete": delete_budget}
    known["AWS::CodeDeploy::Application"] = {"create": make_application, "delete": delete_nothing}
    known["AWS::CodeDeploy::DeploymentGroup"] = {"create": make_deployment_group, "delete": delete_nothing}
    known["AWS::EC2::EIP"] = {"create": make_address, "delete": delete_nothing}
    known["AWS::EC2::EIPAssociation"] = {"create": make_tie, "delete": delete_nothing}
    known["AWS::EC2::Instance"] = {"create": make_instance, "delete": delete_nothing}
    known["AWS::KinesisVideo::SignalingChannel"] = {"create": make_channel, "delete": delete_nothing}
    known["AWS::Logs::QueryDefinition"] = {"create": save_query, "delete": delete_nothing}
    secrets = known["AWS::SecretsManager::Secret"]
    secrets["create"] = without_punctuation(secrets["create"])
    distributions = known["AWS::CloudFront::Distribution"]
    for verb in ("create", "update"):
        distributions[verb] = with_ports(distributions[verb])
    alarms = known["AWS::CloudWatch::Alarm"]
    known["AWS::CloudWatch::Alarm"] = {
        **alarms,
        **{verb: without_arithmetic(alarms[verb]) for verb in ("create", "update") if verb in alarms},
    }
    s3.serve_cloudfront_origin_fetch = with_listing(s3.serve_cloudfront_origin_fetch)
    known["AWS::DynamoDB::GlobalTable"]["import"] = known["AWS::DynamoDB::Table"]["import"]
    lookups = changesets._IMPORT_LOOKUPS
    lookups["AWS::DynamoDB::GlobalTable"] = lookups["AWS::DynamoDB::Table"]
    named = provisioners._CUSTOM_NAME_REPLACEMENT
    named["AWS::DynamoDB::GlobalTable"] = named["AWS::DynamoDB::Table"]
    calls = handlers._ACTION_HANDLERS
    calls["ExecuteChangeSet"] = with_policy(calls["ExecuteChangeSet"])
    known["AWS::S3::Bucket"]["create"] = with_tags(known["AWS::S3::Bucket"]["create"])
    for kind, name_of in ONCE.items():
        if kind in known:
            known[kind]["create"] = with_once_in_an_account(kind, name_of, known[kind]["create"])
            known[kind]["delete"] = with_names_given_back(kind, known[kind]["delete"])
    stricter.teach()
    remember_how_sockets_close()
    ssm.resolve_parameter_value = with_public_parameters(ssm.resolve_parameter_value)
    app._EXECUTE_API_RE = API_HOST
    # With TLS it would also listen on 443 where it may, for a service that is not used here.
    app._port_is_bindable = lambda *_: False
    app.main()


if __name__ == "__main__":
    main()
