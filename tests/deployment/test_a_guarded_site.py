"""A site with every option that costs: deployed, used at its socket, protected, removed, and taken up again.

These tests run in this order, and before those of the default site: theirs leave an account that is not prepared.
"""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

import aiohttp
import pytest
from botocore.exceptions import ClientError

from functions.chat.runtime.settings import EDGE_HEADER
from tests.deployment.deployment import Deployment, Keys

EDGE_STACK = "Guarded-us-east-1-edge"
START_SECONDS_MAX = 90
VISITOR = "198.51.100.7:40000"

# Minutes of a synthesis and five deployments: `make test-deploy` runs it.
pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]


def test_every_resource_of_every_risky_option_is_made(guarded: Deployment) -> None:
    """Both stacks are complete, and the distribution has the firewall of the other one."""
    stacks = guarded.client("cloudformation").describe_stacks()["Stacks"]
    made = {each["StackName"]: each["StackStatus"] for each in stacks}
    (acl,) = guarded.client("wafv2").list_web_acls(Scope="CLOUDFRONT")["WebACLs"]

    assert made["Guarded"] == made[EDGE_STACK] == "CREATE_COMPLETE"
    assert _distribution(guarded)["WebACLId"] == acl["ARN"]


def test_the_secret_of_the_edge_is_the_same_on_both_sides_and_nowhere_else(guarded: Deployment) -> None:
    """CloudFront adds to a socket what connect asks for; the template has neither."""
    secret = _secret(guarded)
    template = guarded.client("cloudformation").get_template(StackName="Guarded")["TemplateBody"]

    assert len(secret) >= 32
    assert secret not in json.dumps(template, default=str)


def test_people_meet_through_snapshots_shards_and_the_relays_secret(guarded: Deployment) -> None:
    """Routes call the alias of a published version; each side gets credentials for the stack's own relay."""
    relays = asyncio.run(_meet(guarded, {EDGE_HEADER: _secret(guarded), "CloudFront-Viewer-Address": VISITOR}))

    assert [sorted(each) for each in relays] == [
        ["turn:192.0.2.10:3478?transport=tcp", "turn:192.0.2.10:3478?transport=udp"]
    ] * 2
    functions = [each["FunctionName"] for each in guarded.client("lambda").list_functions()["Functions"]]
    (join,) = (each for each in functions if "Lambdasjoin" in each)
    assert [each["Name"] for each in guarded.client("lambda").list_aliases(FunctionName=join)["Aliases"]] == ["live"]


def test_a_socket_that_does_not_come_through_the_edge_is_refused(guarded: Deployment) -> None:
    """API Gateway's own host is public, so connect asks for the secret."""
    for header in ({}, {EDGE_HEADER: "guessed"}):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            asyncio.run(_meet(guarded, header))
        assert refused.value.status == 403


def test_the_secret_is_rotated_by_one_command(guarded: Deployment) -> None:
    """CloudFront, the version that routes call and the store know the new one alone."""
    before = _secret(guarded)

    guarded.run("rotate-edge-secret")

    after = _secret(guarded)
    assert after != before
    (stored,) = guarded.client("secretsmanager").list_secrets()["SecretList"]
    assert guarded.client("secretsmanager").get_secret_value(SecretId=stored["ARN"])["SecretString"] == after
    # MiniStack keeps the worker of an earlier version, so what routes call is looked at and not asked.
    functions = guarded.client("lambda").list_functions()["Functions"]
    (name,) = (each["FunctionName"] for each in functions if ".connect." in each["Handler"])
    live = guarded.client("lambda").get_function_configuration(FunctionName=name, Qualifier="live")
    assert live["Environment"]["Variables"]["EDGE_SECRET"] == after
    assert "EDGE_SECRET_BEFORE" not in live["Environment"]["Variables"]


def test_the_budget_counts_this_site_and_calls_the_closing(guarded: Deployment) -> None:
    """By the tag of its resources."""
    (budget,) = guarded.client("budgets").describe_budgets(AccountId="000000000000")["Budgets"]

    assert budget["CostFilters"] == {"TagKeyValue": ["user:passerby-site$Guarded"]}
    client = guarded.client("lambda")
    (connect,) = (
        each["FunctionArn"] for each in client.list_functions()["Functions"] if ".connect." in each["Handler"]
    )
    assert client.list_tags(Resource=connect)["Tags"].items() >= {"passerby-site": "Guarded", "team": "chat"}.items()


@pytest.fixture(scope="module")
def pipeline_keys(guarded: Deployment) -> Keys:
    """What a workflow on the branch main is given for its token."""
    guarded.run("pipeline")
    return _keys(guarded, "repo:somebody/passerby:ref:refs/heads/main")


def test_only_the_branch_opens_the_pipelines_role_which_may_do_little(guarded: Deployment, pipeline_keys: Keys) -> None:
    """Another branch is refused, and the role reads nothing of the table."""
    with pytest.raises(ClientError, match="AccessDenied"):
        _keys(guarded, "repo:somebody/passerby:ref:refs/heads/other")
    with pytest.raises(ClientError, match="AccessDenied"):
        guarded.client("dynamodb", pipeline_keys).scan(TableName=guarded.table_name)


def test_a_pipeline_is_told_a_difference_in_words_which_leaves_nothing(
    guarded: Deployment, pipeline_keys: Keys
) -> None:
    """Its role is enough, and nothing is changed by the question."""
    said = guarded.run("diff", keys=pipeline_keys, queue_shards="8", edge_secret="false", table_name="Another-Table")

    assert "Guarded in us-east-1:" in said
    assert "x Lambda: conversations go on" in said
    assert "removed           secret of the edge: sockets may be refused" in said
    assert "replaced  table: " in said
    assert "`make deploy` would be refused" in said
    sets = guarded.client("cloudformation").list_change_sets(StackName="Guarded")["Summaries"]
    assert [each["ChangeSetName"] for each in sets if each["ChangeSetName"] == "passerby-preview"] == []


def test_an_update_that_would_lose_the_table_is_refused(guarded: Deployment) -> None:
    """By the policy that the first deployment left on the stack."""
    before = _table(guarded)

    said = guarded.run("deploy", expected=1, table_name="Another-Table")

    assert "denied by stack policy" in said
    assert _table(guarded) == before


def test_a_removed_site_leaves_its_table_and_a_later_one_takes_it_up(guarded: Deployment) -> None:
    """With what was in it, and without making another one."""
    client, table = guarded.client("dynamodb"), guarded.table_name
    client.put_item(TableName=table, Item={"pk": {"S": "kept"}, "sk": {"S": "kept"}})

    said = guarded.run("destroy", "--force")

    assert f"table_name = {table}" in said
    assert client.list_tables()["TableNames"].count(table) == 1
    guarded.run("deploy", table_name=table, websocket="direct", edge_secret="false", waf_requests_per_5_minutes="0")

    assert guarded.table_name == guarded.physical_id("AWS::DynamoDB::GlobalTable") == table
    assert client.list_tables()["TableNames"].count(table) == 1
    assert client.get_item(TableName=table, Key={"pk": {"S": "kept"}, "sk": {"S": "kept"}})["Item"]


def test_it_goes_as_a_whole_when_that_is_chosen(guarded: Deployment) -> None:
    """What the operator deploys with removal_policy = destroy may go, and then does."""
    guarded.run("destroy", "--force")
    client = guarded.client
    client("dynamodb").update_table(TableName=guarded.table_name, DeletionProtectionEnabled=False)
    client("dynamodb").delete_table(TableName=guarded.table_name)
    client("ssm").delete_parameters(Names=["/Guarded/identity-keys", "/guarded/turn-secret"])

    names = {each["StackName"] for each in client("cloudformation").describe_stacks()["Stacks"]}
    assert not {"Guarded", "Guarded-pipeline", EDGE_STACK} & names


def _keys(site: Deployment, subject: str) -> Keys:
    """Return the credentials for a token of GitHub's, as STS gives them; nobody here looks at its signature."""
    (role,) = (each["Arn"] for each in site.client("iam").list_roles()["Roles"] if "pipeline" in each["RoleName"])
    issuer = "https://token.actions.githubusercontent.com"
    claims = {"iss": issuer, "aud": "sts.amazonaws.com", "sub": subject, "iat": 1, "exp": 4102444800}
    parts = (json.dumps(part).encode() for part in ({"alg": "RS256", "typ": "JWT"}, claims))
    token = ".".join([*(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts), "c2ln"])
    given = site.client("sts").assume_role_with_web_identity(
        RoleArn=role, RoleSessionName="workflow", WebIdentityToken=token
    )["Credentials"]
    return {
        "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
        "AWS_SESSION_TOKEN": given["SessionToken"],
    }


def _distribution(site: Deployment) -> dict[str, Any]:
    listed = site.client("cloudfront").list_distributions()["DistributionList"]["Items"]
    (found,) = (each for each in listed if each["DomainName"] == site.url.removeprefix("https://"))
    config: dict[str, Any] = site.client("cloudfront").get_distribution_config(Id=found["Id"])["DistributionConfig"]
    return config


def _table(site: Deployment) -> dict[str, Any]:
    found: dict[str, Any] = site.client("dynamodb").describe_table(TableName=site.table_name)["Table"]
    return {name: found[name] for name in ("TableName", "TableArn", "CreationDateTime", "DeletionProtectionEnabled")}


def _secret(site: Deployment) -> str:
    """Return what CloudFront sends, which connect's environment must equal."""
    (origin,) = (
        each for each in _distribution(site)["Origins"]["Items"] if each.get("CustomHeaders", {}).get("Quantity")
    )
    (header,) = origin["CustomHeaders"]["Items"]
    functions = site.client("lambda").list_functions()["Functions"]
    (connect,) = (each for each in functions if "Lambdasconnect" in each["FunctionName"])
    assert header["HeaderName"].lower() == EDGE_HEADER
    assert header["HeaderValue"] == connect["Environment"]["Variables"]["EDGE_SECRET"]
    return str(header["HeaderValue"])


async def _meet(site: Deployment, headers: dict[str, str]) -> list[list[str]]:
    """Pair two at the API's own host, where CloudFront would lead them; return the addresses of relays of each."""
    (api,) = (each for each in site.client("apigatewayv2").get_apis()["Items"] if "Guarded" in each["Description"])
    proxy, sent = site.emulator.front.url, {"Origin": site.url, **headers}
    async with aiohttp.ClientSession() as http, asyncio.timeout(START_SECONDS_MAX):
        address = f"wss://{api['ApiId']}.execute-api.us-east-1.amazonaws.com/ws"
        sockets = [await http.ws_connect(address, proxy=proxy, ssl=False, headers=sent) for _ in range(2)]
        for socket in sockets:
            await socket.send_json({"action": "join", "mode": "video", "interests": ["guarded"]})
        return [_relays(await _paired(socket)) for socket in sockets]


async def _paired(socket: aiohttp.ClientWebSocketResponse) -> dict[str, Any]:
    while True:
        event: dict[str, Any] = await socket.receive_json()
        if event["type"] == "paired":
            return event


def _relays(event: dict[str, Any]) -> list[str]:
    return [url for server in event["iceServers"] if "credential" in server for url in server["urls"]]
