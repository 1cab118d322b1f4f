"""The in-memory DynamoDB answers as others do, for random requests of the kinds that the product makes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto import mock_aws

from tests.simulation.dynamodb import Database, DatabaseError
from tests.simulation.servers import running_dynamodb
from tests.simulation.values import normalise_number

TABLE = "differential"
REQUESTS_MAX = 14
EXAMPLES = int(os.environ.get("SIMULATION_EXAMPLES", "60"))
Answer = tuple[str, Any]


@dataclass
class Placeholders:
    """Names and values of one request, as pynamodb numbers them."""

    names: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    def name(self, name: str) -> str:
        for token, known in self.names.items():
            if known == name:
                return token
        token = f"#{len(self.names)}"
        self.names[token] = name
        return token

    def value(self, value: Any) -> str:
        token = f":{len(self.values)}"
        self.values[token] = value
        return token

    def into(self, request: dict[str, Any]) -> dict[str, Any]:
        if self.names:
            request["ExpressionAttributeNames"] = self.names
        if self.values:
            request["ExpressionAttributeValues"] = self.values
        return request


strings = st.sampled_from(["", "x", "xy", "y", "é"]).map(lambda text: {"S": text})
numbers = st.sampled_from(["0", "1", "2", "-3", "1.5", "10"]).map(lambda number: {"N": number})
booleans = st.booleans().map(lambda truth: {"BOOL": truth})
string_sets = st.sets(st.sampled_from(["x", "xy", "y"]), min_size=1).map(lambda members: {"SS": sorted(members)})
lists = st.lists(strings | numbers, max_size=2).map(lambda members: {"L": members})
maps = st.dictionaries(st.sampled_from(["p", "q"]), strings | numbers, max_size=2).map(lambda content: {"M": content})
ATTRIBUTES = {"s": strings, "t": strings, "n": numbers, "k": numbers, "b": booleans, "set": string_sets, "list": lists,
              "map": maps}
keys = st.builds(lambda p, s: {"pk": {"S": p}, "sk": {"S": s}}, st.sampled_from("ab"), st.sampled_from(["1", "10", "2"]))
items = st.builds(
    lambda key, rest: {**key, **rest}, keys, st.fixed_dictionaries({}, optional=ATTRIBUTES)
)


@st.composite
def conditions(draw: Any, holders: Placeholders, depth: int = 2) -> str:
    """Draw a condition in the form that pynamodb gives it."""
    kind = draw(st.sampled_from(["and", "or", "not"] if depth and draw(st.booleans()) else ["leaf"]))
    if kind in ("and", "or"):
        sides = [draw(conditions(holders, depth - 1)) for _ in range(2)]
        return f"({sides[0]} {kind.upper()} {sides[1]})"
    if kind == "not":
        return f"(NOT {draw(conditions(holders, depth - 1))})"
    return draw(leaves(holders))


@st.composite
def leaves(draw: Any, holders: Placeholders, names: tuple[str, ...] = (*ATTRIBUTES, "pk")) -> str:
    name = draw(st.sampled_from(names))
    path, values = holders.name(name), ATTRIBUTES.get(name, strings)
    ordered = name in ("s", "t", "n", "k", "pk")
    kinds = ["exists", "=", "in"] + (["between", "<"] if ordered else [])
    kinds += ["begins"] if name in ("s", "t") else []
    kinds += ["contains"] if name in ("s", "t", "set", "list") else []
    kinds += ["type"] if name in ("set", "list") else []
    kind = draw(st.sampled_from(kinds))
    if kind == "exists":
        return f"{draw(st.sampled_from(['attribute_exists', 'attribute_not_exists']))} ({path})"
    if kind == "contains":
        return f"contains ({path}, {holders.value(draw(strings))})"
    if kind == "begins":
        return f"begins_with ({path}, {holders.value({'S': 'x'})})"
    if kind == "type":
        return f"attribute_type ({path}, {holders.value({'S': draw(st.sampled_from(['SS', 'L', 'S']))})})"
    if kind == "between":
        low, high = sorted((draw(values) for _ in range(2)), key=lambda value: next(iter(value.values())))
        if name in ("n", "k"):
            low, high = {"N": "0"}, {"N": "2"}
        return f"{path} BETWEEN {holders.value(low)} AND {holders.value(high)}"
    if kind == "in":
        return f"{path} IN ({holders.value(draw(values))}, {holders.value(draw(values))})"
    operators = ["=", "<>"] if kind == "=" else ["<", "<=", ">", ">="]
    return f"{path} {draw(st.sampled_from(operators))} {holders.value(draw(values))}"


@st.composite
def updates(draw: Any, holders: Placeholders) -> str:
    """Draw an update of up to three attributes."""
    names = draw(st.lists(st.sampled_from(list(ATTRIBUTES)), min_size=1, max_size=3, unique=True))
    clauses: dict[str, list[str]] = {}
    for name in names:
        verbs = ["SET", "SET", "REMOVE"] + {"n": ["ADD", "PLUS"], "k": ["ADD", "MINUS"], "set": ["ADD", "DELETE"],
                                            "list": ["APPEND"], "map": ["MEMBER"]}.get(name, ["DEFAULT"])
        verb, path = draw(st.sampled_from(verbs)), holders.name(name)
        value = holders.value(draw(ATTRIBUTES[name])) if verb != "REMOVE" else ""
        text = {
            "SET": f"{path} = {value}",
            "REMOVE": path,
            "ADD": f"{path} {value}",
            "DELETE": f"{path} {value}",
            "PLUS": f"{path} = {path} + {value}",
            "MINUS": f"{path} = if_not_exists ({path}, {value}) - {value}",
            "APPEND": f"{path} = list_append (if_not_exists ({path}, {value}), {value})",
            "DEFAULT": f"{path} = if_not_exists ({path}, {value})",
            "MEMBER": f"{path} = {value}",
        }[verb]
        clauses.setdefault(verb if verb in ("REMOVE", "ADD", "DELETE") else "SET", []).append(text)
    return " ".join(f"{verb} {', '.join(texts)}" for verb, texts in clauses.items())


@st.composite
def single_writes(draw: Any, in_transaction: bool = False) -> tuple[str, dict[str, Any]]:
    """Draw a put, an update, a delete; in a transaction also a check."""
    holders = Placeholders()
    verb = draw(st.sampled_from(["Put", "Update", "Delete"] + (["ConditionCheck"] if in_transaction else [])))
    request: dict[str, Any] = {"TableName": TABLE}
    if verb == "Put":
        request["Item"] = draw(items)
    else:
        request["Key"] = draw(keys)
    if verb == "Update":
        request["UpdateExpression"] = draw(updates(holders))
    if verb == "ConditionCheck" or draw(st.booleans()):
        request["ConditionExpression"] = draw(conditions(holders))
        if draw(st.booleans()):
            request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    if not in_transaction:
        request["ReturnValues"] = draw(st.sampled_from(
            ["NONE", "ALL_OLD", "ALL_NEW"] if verb == "Update" else ["NONE", "ALL_OLD"]))
    return verb, holders.into(request)


@st.composite
def queries(draw: Any) -> tuple[str, dict[str, Any]]:
    """Draw a query with a range, a direction, a limit, a start, a filter."""
    holders = Placeholders()
    partition, sort = holders.name("pk"), holders.name("sk")
    text = f"{partition} = {holders.value({'S': draw(st.sampled_from('ab'))})}"
    ranged = draw(st.sampled_from(["", "<", ">=", "between", "begins"]))
    if ranged == "between":
        text = f"({text} AND {sort} BETWEEN {holders.value({'S': '1'})} AND {holders.value({'S': '10'})})"
    elif ranged == "begins":
        text = f"({text} AND begins_with ({sort}, {holders.value({'S': '1'})}))"
    elif ranged:
        text = f"({text} AND {sort} {ranged} {holders.value({'S': '10'})})"
    else:
        del holders.names[sort]
    request = {"TableName": TABLE, "KeyConditionExpression": text, "ScanIndexForward": draw(st.booleans()),
               "ConsistentRead": True}
    if draw(st.booleans()):
        request["Limit"] = draw(st.integers(1, 3))
    if draw(st.booleans()):
        request["FilterExpression"] = draw(leaves(holders, tuple(ATTRIBUTES)))
    if draw(st.booleans()):
        request["ProjectionExpression"] = ", ".join([partition, holders.name("sk"), holders.name("n")])
    return "Query", holders.into(request)


@st.composite
def transactions(draw: Any) -> tuple[str, dict[str, Any]]:
    """Draw a transaction over up to three items."""
    entries = draw(st.lists(single_writes(in_transaction=True), min_size=1, max_size=3))
    return "TransactWriteItems", {"TransactItems": [{verb: request} for verb, request in entries]}


def read_requests() -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    gets = keys.map(lambda key: ("GetItem", {"TableName": TABLE, "Key": key, "ConsistentRead": True}))
    batches = st.lists(keys, min_size=1, max_size=3, unique_by=str).map(
        lambda wanted: ("BatchGetItem", {"RequestItems": {TABLE: {"Keys": wanted, "ConsistentRead": True}}}))
    together = st.lists(keys, min_size=1, max_size=3, unique_by=str).map(
        lambda wanted: ("TransactGetItems",
                        {"TransactItems": [{"Get": {"TableName": TABLE, "Key": key}} for key in wanted]}))
    return gets | batches | together | queries()


write_requests = single_writes().map(lambda write: (f"{write[0]}Item", write[1])) | transactions()
batch_writes = st.lists(items, min_size=1, max_size=3, unique_by=lambda item: str((item["pk"], item["sk"]))).map(
    lambda batch: ("BatchWriteItem", {"RequestItems": {TABLE: [{"PutRequest": {"Item": item}} for item in batch]}}))
histories = st.lists(write_requests | write_requests | batch_writes | read_requests(), max_size=REQUESTS_MAX)


def answer_of(call: Callable[[], dict[str, Any]]) -> Answer:
    """Return an answer in one form: what was found, or which error with which reasons."""
    try:
        response = call()
    except DatabaseError as error:
        return simplified_error(error.code, error.reasons, error.item)
    except ClientError as error:
        return simplified_error(error.response["Error"]["Code"], error.response.get("CancellationReasons"),
                                error.response.get("Item"))
    kept = ("Item", "Items", "Attributes", "Responses", "Count", "ScannedCount")
    return "answered", {name: sorted_sets(response[name]) for name in kept if response.get(name)}


def simplified_error(code: str, reasons: Any, item: Any) -> Answer:
    return code, {"reasons": [(reason["Code"], sorted_sets(reason.get("Item"))) for reason in reasons or ()],
                  "item": sorted_sets(item)}


def sorted_sets(value: Any) -> Any:
    """Sets have no order; and moto gives numbers back with zeros that DynamoDB drops."""
    if isinstance(value, dict):
        if set(value) == {"N"}:
            return {"N": normalise_number(value["N"])}
        return {name: sorted(content) if name == "SS" else sorted_sets(content) for name, content in value.items()}
    if isinstance(value, list):
        return [sorted_sets(member) for member in value]
    return value


def compare(client: Any, history: list[tuple[str, dict[str, Any]]]) -> None:
    """Run a history against both and compare every answer and the final content."""
    database = Database()
    database.create_table(TABLE)
    for operation, request in history:
        expected = answer_of(lambda: client._make_api_call(operation, request))
        actual = answer_of(lambda: database.call(operation, request))
        if operation == "BatchGetItem" and expected[0] == "answered":
            expected, actual = in_key_order(expected), in_key_order(actual)

        if operation == "TransactWriteItems" and is_fault_of_moto(expected, actual):
            return

        assert actual == expected, (operation, request)


def is_fault_of_moto(expected: Answer, actual: Answer) -> bool:
    """Moto refuses a transaction whose update does not fit the item; DynamoDB cancels it with a reason for the item."""
    codes = [code for code, _ in actual[1].get("reasons", ())]
    return expected[0] == "ValidationException" and "ValidationError" in codes


def in_key_order(answer: Answer) -> Answer:
    """A batch read promises no order."""
    found = answer[1].get("Responses", {}).get(TABLE, [])
    return answer[0], sorted(found, key=lambda item: (item["pk"]["S"], item["sk"]["S"]))


def make_client(endpoint: str | None = None) -> Any:
    session = botocore.session.get_session()
    session.set_credentials("testing", "testing")
    return session.create_client("dynamodb", region_name="us-east-1", endpoint_url=endpoint,
                                 config=Config(retries={"total_max_attempts": 1}, parameter_validation=False))


def empty(client: Any) -> None:
    """Make the table anew."""
    if TABLE in client.list_tables()["TableNames"]:
        client.delete_table(TableName=TABLE)
    client.create_table(
        TableName=TABLE, BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
    )


@pytest.fixture(scope="module")
def moto_client() -> Iterator[Any]:
    with mock_aws():
        yield make_client()


@pytest.fixture(scope="module")
def ministack_client() -> Iterator[Any]:
    with running_dynamodb() as endpoint:
        yield make_client(endpoint)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=histories)
def test_it_answers_as_moto_does(moto_client: Any, history: list[tuple[str, dict[str, Any]]]) -> None:
    """Whatever the history, each answer, error and cancellation reason is moto's."""
    empty(moto_client)
    compare(moto_client, history)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=histories)
def test_it_answers_as_ministack_does(ministack_client: Any, history: list[tuple[str, dict[str, Any]]]) -> None:
    """Whatever the history, each answer, error and cancellation reason is MiniStack's, over HTTP."""
    empty(ministack_client)
    compare(ministack_client, history)
