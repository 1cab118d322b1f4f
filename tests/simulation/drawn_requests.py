"""Random histories of DynamoDB requests, of the kinds that the product makes and in pynamodb's notation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

TABLE = "differential"
REQUESTS_MAX = 14


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
ATTRIBUTES = {
    "s": strings,
    "t": strings,
    "n": numbers,
    "k": numbers,
    "b": booleans,
    "set": string_sets,
    "list": lists,
    "map": maps,
}
NUMERIC, TEXTUAL = ("n", "k"), ("s", "t", "pk")
VERBS = {
    "n": ["ADD", "PLUS"],
    "k": ["ADD", "MINUS"],
    "set": ["ADD", "DELETE"],
    "list": ["APPEND"],
    "map": ["MEMBER"],
}
keys = st.builds(
    lambda p, s: {"pk": {"S": p}, "sk": {"S": s}}, st.sampled_from("ab"), st.sampled_from(["1", "10", "2"])
)
items = st.builds(lambda key, rest: {**key, **rest}, keys, st.fixed_dictionaries({}, optional=ATTRIBUTES))


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

    def value(strategy: Any = values) -> str:
        return holders.value(draw(strategy))

    def between() -> str:
        low, high = ({"N": "0"}, {"N": "2"}) if name in NUMERIC else ({"S": "x"}, {"S": "xy"})
        return f"{path} BETWEEN {holders.value(low)} AND {holders.value(high)}"

    forms = {
        "exists": lambda: f"attribute_exists ({path})",
        "is missing": lambda: f"attribute_not_exists ({path})",
        "equals": lambda: f"{path} {draw(st.sampled_from(['=', '<>']))} {value()}",
        "in": lambda: f"{path} IN ({value()}, {value()})",
    }
    if name in (*NUMERIC, *TEXTUAL):
        forms["between"] = between
        forms["ordered"] = lambda: f"{path} {draw(st.sampled_from(['<', '<=', '>', '>=']))} {value()}"
    if name in ("s", "t", "set", "list"):
        forms["contains"] = lambda: f"contains ({path}, {value(strings)})"
    if name in TEXTUAL:
        forms["begins"] = lambda: f"begins_with ({path}, {value(st.just({'S': 'x'}))})"
    if name in ("set", "list"):
        forms["type"] = lambda: f"attribute_type ({path}, {value(st.sampled_from([{'S': 'SS'}, {'S': 'L'}]))})"
    return forms[draw(st.sampled_from(sorted(forms)))]()


@st.composite
def updates(draw: Any, holders: Placeholders) -> str:
    """Draw an update of up to three attributes."""
    names = draw(st.lists(st.sampled_from(list(ATTRIBUTES)), min_size=1, max_size=3, unique=True))
    clauses: dict[str, list[str]] = {}
    for name in names:
        verbs = ["SET", "SET", "REMOVE", *VERBS.get(name, ["DEFAULT"])]
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
        request["ReturnValues"] = draw(
            st.sampled_from(["NONE", "ALL_OLD", "ALL_NEW"] if verb == "Update" else ["NONE", "ALL_OLD"])
        )
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
    request = {
        "TableName": TABLE,
        "KeyConditionExpression": text,
        "ScanIndexForward": draw(st.booleans()),
        "ConsistentRead": True,
    }
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
        lambda wanted: ("BatchGetItem", {"RequestItems": {TABLE: {"Keys": wanted, "ConsistentRead": True}}})
    )
    together = st.lists(keys, min_size=1, max_size=3, unique_by=str).map(
        lambda wanted: (
            "TransactGetItems",
            {"TransactItems": [{"Get": {"TableName": TABLE, "Key": key}} for key in wanted]},
        )
    )
    return gets | batches | together | queries()


write_requests = single_writes().map(lambda write: (f"{write[0]}Item", write[1])) | transactions()
batch_writes = st.lists(items, min_size=1, max_size=3, unique_by=lambda item: str((item["pk"], item["sk"]))).map(
    lambda batch: ("BatchWriteItem", {"RequestItems": {TABLE: [{"PutRequest": {"Item": item}} for item in batch]}})
)
histories = st.lists(write_requests | write_requests | batch_writes | read_requests(), max_size=REQUESTS_MAX)
