"""A site with every option that costs: deployed, used at its socket, protected, removed, and taken up again.

These tests run in this order, and before those of the default site: theirs leave an account that is not prepared.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from botocore.exceptions import ClientError

from functions.chat.runtime.settings import EDGE_HEADER
from tests.deployment import visitors
from tests.deployment.deployment import Deployment, Keys
from tests.deployment.visitors import VISITOR

EDGE_STACK = "Guarded-us-east-1-edge"
WELL, TRIALS_MAX = 5, 5  # steps of a trial before it asks the relay

# Minutes of a synthesis and five deployments: `make test-deploy` runs it.
pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]


def test_every_resource_of_every_risky_option_is_made(guarded: Deployment) -> None:
    """Both stacks are complete, and the distribution has the firewall of the other one."""
    stacks = guarded.client("cloudformation").describe_stacks()["Stacks"]
    made = {each["StackName"]: each["StackStatus"] for each in stacks}
    (acl,) = guarded.client("wafv2").list_web_acls(Scope="CLOUDFRONT")["WebACLs"]

    assert made["Guarded"] == made[EDGE_STACK] == "CREATE_COMPLETE"
    assert visitors.distribution(guarded)["WebACLId"] == acl["ARN"]


def test_the_secret_of_the_edge_is_the_same_on_both_sides_and_nowhere_else(guarded: Deployment) -> None:
    """CloudFront adds to a socket what connect asks for; the template has neither."""
    secret = visitors.secret(guarded)
    template = guarded.client("cloudformation").get_template(StackName="Guarded")["TemplateBody"]

    assert len(secret) >= 32
    assert secret not in json.dumps(template, default=str)


def test_people_meet_through_snapshots_shards_and_the_relays_secret(guarded: Deployment) -> None:
    """Routes call the alias of a published version; each side gets credentials for the stack's own relay."""
    headers = {EDGE_HEADER: visitors.secret(guarded), "CloudFront-Viewer-Address": VISITOR}
    told = asyncio.run(visitors.meet(guarded, headers))

    assert [sorted(visitors.relays(each)) for each in told] == [
        ["turn:192.0.2.10:3478?transport=tcp", "turn:192.0.2.10:3478?transport=udp"]
    ] * 2
    join = visitors.function(guarded, "join")["FunctionName"]
    assert [each["Name"] for each in guarded.client("lambda").list_aliases(FunctionName=join)["Aliases"]] == ["live"]


def test_a_socket_that_does_not_come_through_the_edge_is_refused(guarded: Deployment) -> None:
    """API Gateway's own host is public, so connect asks for the secret."""
    for header in ({}, {EDGE_HEADER: "guessed"}):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            asyncio.run(visitors.meet(guarded, header))
        assert refused.value.status == 403


def test_the_secret_is_rotated_by_one_command(guarded: Deployment) -> None:
    """CloudFront, the version that routes call and the store know the new one alone."""
    before = visitors.secret(guarded)

    guarded.run("rotate-edge-secret")

    after = visitors.secret(guarded)
    assert after != before
    (stored,) = guarded.client("secretsmanager").list_secrets()["SecretList"]
    assert guarded.client("secretsmanager").get_secret_value(SecretId=stored["ARN"])["SecretString"] == after
    # MiniStack keeps the worker of an earlier version, so what routes call is looked at and not asked.
    name = visitors.function(guarded, "connect")["FunctionName"]
    live = guarded.client("lambda").get_function_configuration(FunctionName=name, Qualifier="live")
    assert live["Environment"]["Variables"]["EDGE_SECRET"] == after
    assert "EDGE_SECRET_BEFORE" not in live["Environment"]["Variables"]


def test_the_budget_counts_this_site_and_calls_the_closing(guarded: Deployment) -> None:
    """By the tag of its resources."""
    (budget,) = guarded.client("budgets").describe_budgets(AccountId="000000000000")["Budgets"]

    assert budget["CostFilters"] == {"TagKeyValue": ["user:passerby-site$Guarded"]}
    connect = visitors.function(guarded, "connect")["FunctionArn"]
    assert (
        guarded.client("lambda").list_tags(Resource=connect)["Tags"].items()
        >= {"passerby-site": "Guarded", "team": "chat"}.items()
    )


def test_an_alarm_writes_and_a_deployment_that_it_would_end_does_not_begin(guarded: Deployment) -> None:
    """The topic lets CloudWatch publish, and `gradual` needs alarms that are off."""
    topic, letters = _letters(guarded)
    cloudwatch = guarded.client("cloudwatch")
    (alarm,) = (
        each["AlarmName"]
        for each in cloudwatch.describe_alarms()["MetricAlarms"]
        if each["AlarmName"].startswith("Guarded-FramesFail")
    )
    cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="ALARM", StateReason="tried out")

    assert alarm in json.dumps(letters())
    assert "FramesFail is already on" in guarded.run("deploy", expected=1, queue_shards="8")
    assert "FramesFail is already on" in guarded.run("doctor", expected=1)
    cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="OK", StateReason="tried out")
    assert "is already on" not in guarded.run("doctor")
    guarded.client("sns").unsubscribe(SubscriptionArn=topic)


@pytest.fixture(scope="module")
def pipeline_keys(guarded: Deployment) -> Keys:
    """The keys that a workflow on the branch main is given for its token."""
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


def test_the_scheduled_trial_finds_what_works_and_what_does_not(guarded: Deployment) -> None:
    """It is the deployed function that tries, as the schedule would call it; nobody has started a relay here."""
    function = visitors.function(guarded, "handler")["FunctionName"]
    for _ in range(TRIALS_MAX):  # the first calls of functions take many seconds here
        answer = guarded.client("lambda").invoke(FunctionName=function, LogType="Tail")
        log = base64.b64decode(answer["LogResult"]).decode()
        line = json.loads(next(each for each in log.splitlines() if '"SiteFails"' in each))
        if line["went_well"] == WELL:
            break

    assert (line["went_well"], line["SiteFails"]) == (WELL, 1), line
    assert line["failed"].startswith("the relay itself: 192.0.2.10:3478 does not answer")
    (metrics,) = line["_aws"]["CloudWatchMetrics"]
    assert metrics["Namespace"] == "Guarded"


def test_it_goes_as_a_whole_when_that_is_chosen(guarded: Deployment) -> None:
    """A site that the operator deploys with removal_policy = destroy may go, and then does."""
    guarded.run("destroy", "--force")
    client = guarded.client
    client("dynamodb").update_table(TableName=guarded.table_name, DeletionProtectionEnabled=False)
    client("dynamodb").delete_table(TableName=guarded.table_name)
    client("ssm").delete_parameters(Names=["/Guarded/identity-keys", "/guarded/turn-secret"])

    names = {each["StackName"] for each in client("cloudformation").describe_stacks()["Stacks"]}
    assert not {"Guarded", "Guarded-pipeline", EDGE_STACK} & names


def _letters(site: Deployment) -> tuple[str, Callable[[], list[str]]]:
    """Let a queue read what the alarms write to their topic: e-mails are read by nobody here."""
    sns, sqs = site.client("sns"), site.client("sqs")
    url = sqs.create_queue(QueueName="letters")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    service = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}}
    statement = {**service, "Action": "sqs:SendMessage", "Resource": arn}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps({"Statement": [statement]})})
    topics = [each["TopicArn"] for each in sns.list_topics()["Topics"]]
    (alarms,) = (each for each in topics if "Guarded-Alarms" in each)
    subscription = sns.subscribe(TopicArn=alarms, Protocol="sqs", Endpoint=arn, ReturnSubscriptionArn=True)

    def read() -> list[str]:
        found = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5).get("Messages", [])
        sqs.delete_queue(QueueUrl=url)
        return [each["Body"] for each in found]

    return str(subscription["SubscriptionArn"]), read


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


def _table(site: Deployment) -> dict[str, Any]:
    found: dict[str, Any] = site.client("dynamodb").describe_table(TableName=site.table_name)["Table"]
    return {name: found[name] for name in ("TableName", "TableArn", "CreationDateTime", "DeletionProtectionEnabled")}
