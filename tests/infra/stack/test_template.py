"""The deployed resources are those of the tables: routes, permissions, limits."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from functions.chat import storage as schema
from functions.routes import EXPIRY, LAMBDAS, ROUTE_SELECTION_EXPRESSION, ROUTES
from tests.infra.stack.acknowledged import NAMELESS, WILDCARDS
from tests.infra.stack.templates import VARIANTS, Resource, Synthesis, flat, synthesise

EVERY_VARIANT = pytest.mark.parametrize("variant", VARIANTS)
WITH_LAMBDA = [route for route in ROUTES if route.module]

# A new one would be an empty table, or another address: nobody's bans, and nobody's page connects.
FROZEN_IDS = {"TableCD117FA1": "AWS::DynamoDB::GlobalTable", "SocketsapiB84F56CB": "AWS::ApiGatewayV2::Api"}


def test_every_route_has_an_integration_a_permission_and_a_throttle() -> None:
    """Each row of the route table is served, may be invoked from its own route only, and is bounded."""
    site = synthesise()
    stage = site.only("AWS::ApiGatewayV2::Stage")
    routes = {each["Properties"]["RouteKey"]: each["Properties"] for each in _all(site, "AWS::ApiGatewayV2::Route")}
    invocable = {flat(each["Properties"]["SourceArn"]).rpartition("*")[2] for each in _invocations(site)}

    assert set(routes) == set(stage["RouteSettings"]) == {route.key for route in ROUTES}
    assert invocable == {route.key for route in WITH_LAMBDA}
    for route in ROUTES:
        integration = site.template["Resources"][_referred(routes[route.key]["Target"])]["Properties"]
        assert integration["IntegrationType"] == ("AWS_PROXY" if route.module else "MOCK")
        assert stage["RouteSettings"][route.key] == {
            "ThrottlingRateLimit": route.throttle.rate_per_second,
            "ThrottlingBurstLimit": route.throttle.burst,
        }


def test_routes_are_selected_as_the_local_gateway_selects_them() -> None:
    """The API reads the same field of a frame."""
    api = synthesise().only("AWS::ApiGatewayV2::Api")

    assert api["RouteSelectionExpression"] == ROUTE_SELECTION_EXPRESSION
    assert api["ProtocolType"] == "WEBSOCKET"


def test_the_stage_waits_for_its_routes() -> None:
    """A throttle of a route that does not exist yet would fail the deployment."""
    site = synthesise()
    waits_for = set(next(iter(site.resources("AWS::ApiGatewayV2::Stage").values()))["DependsOn"])

    assert set(site.resources("AWS::ApiGatewayV2::Route", "AWS::ApiGatewayV2::IntegrationResponse")) <= waits_for


@EVERY_VARIANT
def test_every_lambda_has_a_role_of_its_own_with_the_tables_actions(variant: str) -> None:
    """The rights of a route's Lambda to the table, the sockets and the queue are exactly those of its row."""
    site = synthesise(variant)
    functions = _route_functions(site)
    roles = [_referred(function["Role"]) for function in functions.values()]
    assert set(functions) == {route.key for route in LAMBDAS}
    assert len(set(roles)) == len(roles)
    rows = {route.key: route for route in LAMBDAS}
    for key, function in functions.items():
        allowed = _allowed(site.template["Resources"][_referred(function["Role"])])
        row = rows[key].permissions
        assert {action for action in allowed if action.startswith("dynamodb:")} == {
            f"dynamodb:{action}" for action in row.table
        }
        assert {action for action in allowed if action.startswith("sqs:")} == {f"sqs:{action}" for action in row.queue}
        sockets = allowed.get("execute-api:ManageConnections", [])
        assert {resource.split("/")[-3] for resource in sockets} == set(row.connections)


@pytest.mark.parametrize("key", ["message", "ack", "typing", "signal"])
def test_a_lambda_that_relays_can_touch_neither_bans_nor_cases(key: str) -> None:
    """With any frame of a stranger: every key that the Lambda names has to begin as AWS is told."""
    site = synthesise()
    role = site.template["Resources"][_referred(_route_functions(site)[key]["Role"])]
    statements = [each for policy in role["Properties"]["Policies"] for each in policy["PolicyDocument"]["Statement"]]
    about_table = [each for each in statements if str(_listed(each["Action"])[0]).startswith("dynamodb:")]

    condition = {"dynamodb:LeadingKeys": ["connection#*", "pace#*", "queue#*", "room#*"]}
    assert [each["Condition"] for each in about_table] == [{"ForAllValues:StringLike": condition}]


@EVERY_VARIANT
def test_the_lambdas_that_know_people_are_told_where_the_keys_are(variant: str) -> None:
    """The right to read them is of no use to a handler that does not know their name; no other one knows it."""
    site = synthesise(variant)
    rows = {each.key for each in LAMBDAS if each.permissions.knows_people}
    told = {
        key
        for key, function in _route_functions(site).items()
        if "IDENTITY_PARAMETER" in function["Environment"]["Variables"]
    }

    assert told == rows > {"$connect"}
    for key, function in _route_functions(site).items():
        allowed = _allowed(site.template["Resources"][_referred(function["Role"])])
        making = {action for action, resources in allowed.items() if "identity-keys" in json.dumps(resources)}
        assert making == ({"ssm:GetParameter", "ssm:PutParameter"} if key in rows else set())


@pytest.mark.parametrize(("variant", "source"), [("default", "socket"), ("guarded", "edge"), ("kinesis", "nowhere")])
def test_an_address_is_read_only_where_nobody_can_invent_it(variant: str, source: str) -> None:
    """Behind CloudFront it is CloudFront's word, which counts if connect knows that it is CloudFront who speaks."""
    assert synthesise(variant).environment("functions.handlers.connect.handler")["ADDRESS_SOURCE"] == source


@EVERY_VARIANT
def test_no_policy_has_a_wildcard_without_a_written_reason(variant: str) -> None:
    """Actions are named one by one and resources end in `*` only where a table says why."""
    site = synthesise(variant)
    for name, resource in site.all_resources():
        for action, resources in _allowed(resource).items():
            assert "*" not in action or _is_the_cdks(name), f"{name} allows {action}"
            for each in resources if action not in NAMELESS else ():
                assert "*" not in each or any(re.search(pattern, each) for pattern in WILDCARDS), f"{name}: {each}"


@EVERY_VARIANT
def test_every_log_group_ends_and_every_lambda_has_one(variant: str) -> None:
    """No line is kept for ever, and none is written where nobody set an end."""
    site = synthesise(variant)
    groups = site.resources("AWS::Logs::LogGroup")

    assert {group["Properties"]["RetentionInDays"] for group in groups.values()} == {14}
    assert {group["DeletionPolicy"] for group in groups.values()} == {"Delete"}
    for name, function in site.resources("AWS::Lambda::Function").items():
        assert function["Properties"]["LoggingConfig"]["LogGroup"]["Ref"] in groups, name


def test_the_table_has_the_keys_and_the_expiry_of_the_models() -> None:
    """With the names of functions/chat/storage/__init__.py; paid by use and encrypted by DynamoDB's own key."""
    made = synthesise().only("AWS::DynamoDB::GlobalTable")

    assert [(key["AttributeName"], key["KeyType"]) for key in made["KeySchema"]] == [
        (schema.PARTITION_KEY, "HASH"),
        (schema.SORT_KEY, "RANGE"),
    ]
    assert made["TimeToLiveSpecification"] == {"AttributeName": schema.TTL_ATTRIBUTE, "Enabled": True}
    assert made["BillingMode"] == "PAY_PER_REQUEST"
    # "Disabled" is DynamoDB's word for its own key instead of one in the account's KMS: it always encrypts.
    assert made["SSESpecification"] == {"SSEEnabled": False}


@pytest.mark.parametrize(("variant", "is_on"), [("default", False), ("guarded", True)])
def test_the_table_can_be_restored_to_any_second_where_that_is_chosen(variant: str, is_on: bool) -> None:
    """It costs by the gigabyte."""
    made = synthesise(variant).only("AWS::DynamoDB::GlobalTable")

    assert made["Replicas"][0]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": is_on}


@EVERY_VARIANT
def test_an_upgrade_keeps_table_and_address(variant: str) -> None:
    """Their ids never change, with any options; and the table outlives the stack unless asked not to."""
    site = synthesise(variant)
    policy = "Delete" if VARIANTS[variant].get("removal_policy") == "destroy" else "Retain"

    for name, resource_type in FROZEN_IDS.items():
        assert site.template["Resources"][name]["Type"] == resource_type
    made = site.template["Resources"]["TableCD117FA1"]
    assert (made["DeletionPolicy"], made["UpdateReplacePolicy"]) == (policy, policy)
    assert ("Passerby" in site.protected) is (policy == "Retain")


def test_lambdas_run_on_arm_with_the_assets_python_and_a_limit() -> None:
    """Bytecode belongs to one version of Python; no invocation outlives the gateway's patience."""
    for function in _route_functions(synthesise()).values():
        assert function["Runtime"] == "python3.13"
        assert function["Architectures"] == ["arm64"]
        assert function["Timeout"] < 29
        assert function["MemorySize"] == 512


def test_the_delay_queue_calls_its_handler() -> None:
    """A lost connection's grace ends in handlers/expire.py; a message that fails five times is kept aside."""
    site = synthesise()
    mapping = site.only("AWS::Lambda::EventSourceMapping")
    function = site.template["Resources"][_referred(mapping["FunctionName"])]["Properties"]
    queue = site.template["Resources"][_referred(mapping["EventSourceArn"])]["Properties"]

    assert function["Handler"] == EXPIRY.handler_path
    assert queue["VisibilityTimeout"] >= 6 * function["Timeout"], "AWS: at least six times the function's timeout"
    assert queue["RedrivePolicy"]["maxReceiveCount"] == 5
    assert queue["MessageRetentionPeriod"] == 2 * 3600, "as long as a socket lives"
    failed = site.only("AWS::SQS::Queue", "Expiryfailed")
    assert failed["MessageRetentionPeriod"] == 14 * 86_400, "time enough to come back from a journey"


def _route_functions(site: Synthesis) -> dict[str, dict[str, Any]]:
    """Return the Lambdas of routes by their keys, which their descriptions end in; relayed routes share a handler."""
    paths = {route.key: route.handler_path for route in LAMBDAS}
    functions = [each["Properties"] for each in _all(site, "AWS::Lambda::Function")]
    named = {str(each.get("Description", "")).rpartition(": ")[2]: each for each in functions}
    return {key: each for key, each in named.items() if paths.get(key) == each["Handler"]}


def _invocations(site: Synthesis) -> list[Resource]:
    gateway = "apigateway.amazonaws.com"
    return [each for each in _all(site, "AWS::Lambda::Permission") if each["Properties"]["Principal"] == gateway]


def _allowed(resource: Resource) -> dict[str, list[str]]:
    """Return each allowed action of a role's or a policy's statements, with its resources."""
    properties = resource.get("Properties", {})
    documents = [policy["PolicyDocument"] for policy in properties.get("Policies", []) if "PolicyDocument" in policy]
    if resource["Type"] == "AWS::IAM::Policy":
        documents.append(properties["PolicyDocument"])
    allowed: dict[str, list[str]] = {}
    for statement in (each for document in documents for each in document["Statement"]):
        for action in _listed(statement["Action"]):
            allowed.setdefault(action, []).extend(flat(each) for each in _listed(statement["Resource"]))
    return allowed


def _is_the_cdks(name: str) -> bool:
    return name.startswith(("Uploadrole", "Custom"))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _referred(value: Any) -> str:
    """Return the logical id that a value refers to."""
    found = re.search(r'"(?:Ref|Fn::GetAtt)": \[?"(\w+)"', json.dumps(value))
    assert found is not None, f"{value} refers to nothing"
    return found[1]


def _all(site: Synthesis, *types: str) -> list[Resource]:
    return list(site.resources(*types).values())


def test_an_answer_of_the_gateway_itself_is_selected_by_an_expression() -> None:
    """Without one no template may be chosen, and a page without an answer to its ping drops its socket after 5 s."""
    site = synthesise()
    integrations = (each["Properties"] for each in _all(site, "AWS::ApiGatewayV2::Integration"))
    (integration,) = (each for each in integrations if each["IntegrationType"] == "MOCK")
    response = site.only("AWS::ApiGatewayV2::IntegrationResponse")

    assert integration["TemplateSelectionExpression"] == response["TemplateSelectionExpression"] == "\\$default"
    assert integration["RequestTemplates"] == {"$default": '{"statusCode":200}'}
    assert [response["ResponseTemplates"]] == [{"$default": route.answer} for route in ROUTES if not route.module]
    assert response["IntegrationResponseKey"] == "$default"
    assert site.only("AWS::ApiGatewayV2::RouteResponse"), "without it the answer reaches nobody"


def test_the_delay_queue_hears_which_messages_failed() -> None:
    """Else what the handler says of them is not read, and they are lost."""
    mapping = synthesise().only("AWS::Lambda::EventSourceMapping")

    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


@EVERY_VARIANT
def test_a_table_that_is_to_stay_cannot_be_deleted_by_a_slip(variant: str) -> None:
    """In the console either; where it may go, `make destroy` takes it."""
    (replica,) = synthesise(variant).only("AWS::DynamoDB::GlobalTable")["Replicas"]

    assert replica["DeletionProtectionEnabled"] == (VARIANTS[variant].get("removal_policy") != "destroy")
