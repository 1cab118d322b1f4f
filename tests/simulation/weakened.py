"""Requests without one of their conditions: what the product would do if somebody had forgotten it.

The conditions are read from the requests that the product really makes, so a new one is found without being listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from infra.local.dynamodb.parser import parse_condition
from infra.local.dynamodb.requests import scope_of
from infra.local.dynamodb.tables import Table
from infra.local.dynamodb.values import normalise_item
from tests.simulation.endpoints import bodies_of
from tests.simulation.platform import Change
from tests.simulation.schedule import Operation

ORDINALS = ("", " (second)", " (third)")  # of terms that differ in their values only
WHOLE = "the whole condition"  # a term's text that stands for all of them
PLACEHOLDER = re.compile(r"[#:]\w+")


@dataclass(frozen=True, slots=True, order=True)
class Term:
    """One condition of one write: where the product makes it, of which item, and what it asks for."""

    site: str
    kind: str
    position: int
    text: str

    def __str__(self) -> str:
        return f"{self.site}, {self.kind} {self.position}: {self.text}"

    @staticmethod
    def parse(text: str) -> Term:
        """Return the term that `str` wrote."""
        site, rest = text.split(", ", 1)
        item, condition = rest.split(": ", 1)
        kind, position = item.split(" ")
        return Term(site, kind, int(position), condition)


def terms_of(operation: Operation) -> Iterator[Term]:
    """Return every condition of a write that says something of its own."""
    for position, body in enumerate(bodies_of(operation.name, operation.arguments)):
        texts = list(terms_named(body))
        for text in texts:
            if not is_implied(text, texts):
                yield Term(operation.site, kind_of(body), position, text)


def refusals(operation: Operation, table: Table) -> list[Term]:
    """Return the conditions that refuse a write as the table is now."""
    refused = []
    for position, body in enumerate(bodies_of(operation.name, operation.arguments)):
        whole = body["Item"] if "Item" in body else body["Key"]
        item = table.items.get(table.key_of(normalise_item(whole)), {})
        for text, raw in terms_named(body).items():
            scope = scope_of(body)
            scope.item = item
            if not parse_condition(raw).evaluate(scope):
                refused.append(Term(operation.site, kind_of(body), position, text))
    return refused


def without(*terms: Term) -> Change:
    """Return the change of requests that leaves these conditions out wherever they are made."""

    def change(operation: Operation) -> dict[str, Any]:
        if operation.kind != "dynamodb" or all(term.site != operation.site for term in terms):
            return operation.arguments
        bodies = []
        for position, body in enumerate(bodies_of(operation.name, operation.arguments)):
            place = operation.site, kind_of(body), position
            texts = {term.text for term in terms if (term.site, term.kind, term.position) == place}
            bodies.append(weakened(body, texts) if texts else body)
        if operation.name != "TransactWriteItems":
            return bodies[0]
        verbs = [next(iter(entry)) for entry in operation.arguments["TransactItems"]]
        entries = [{verb: body} for verb, body in zip(verbs, bodies, strict=True)]
        return {**operation.arguments, "TransactItems": entries}

    return change


def weakened(body: dict[str, Any], texts: set[str]) -> dict[str, Any]:
    """Return a request without some terms of its condition, and without the placeholders that only they used."""
    kept = [raw for name, raw in terms_named(body).items() if not {name, WHOLE} & texts]
    result = {**body, "ConditionExpression": " AND ".join(kept)}
    if not kept:
        del result["ConditionExpression"]
    used = set(PLACEHOLDER.findall(f"{result.get('ConditionExpression', '')} {result.get('UpdateExpression', '')}"))
    for field in ("ExpressionAttributeNames", "ExpressionAttributeValues"):
        if field in body:
            result[field] = {token: value for token, value in body[field].items() if token in used}
            if not result[field]:
                del result[field]
    return result


def terms_named(body: dict[str, Any]) -> dict[str, str]:
    """Return the terms that a condition joins by AND, by their text with attributes' names and without values."""
    found: dict[str, str] = {}
    for raw in split(body.get("ConditionExpression", "")):
        text = named(raw, body)
        found[next(f"{text}{ordinal}" for ordinal in ORDINALS if f"{text}{ordinal}" not in found)] = raw
    return found


def is_implied(text: str, texts: list[str]) -> bool:
    """Tell whether other terms say this already: an item exists where one of its attributes must have some value."""
    if text != "attribute_exists (pk)":
        return False
    return any(other.endswith("= …") or other.startswith("attribute_exists") for other in texts if other != text)


def kind_of(body: dict[str, Any]) -> str:
    """Return what kind of item a request is about."""
    key = body["Item"] if "Item" in body else body["Key"]
    return str(key["pk"]["S"].partition("#")[0])


def named(raw: str, body: dict[str, Any]) -> str:
    names = body.get("ExpressionAttributeNames") or {}
    return PLACEHOLDER.sub(lambda found: names.get(found[0], "…"), raw)


def split(expression: str) -> list[str]:
    """Return the terms that are joined by AND outside of any call, however they are put into parentheses."""
    expression = expression.strip()
    while expression.startswith("(") and closing(expression, 0) == len(expression) - 1:
        expression = expression[1:-1].strip()
    depth, terms, start = 0, [], 0
    for at, character in enumerate(expression):
        depth += (character == "(") - (character == ")")
        if depth == 0 and expression.startswith(" AND ", at):
            terms += split(expression[start:at])
            start = at + len(" AND ")
    if not terms:
        return [expression] if expression else []
    return [*terms, *split(expression[start:])]


def closing(text: str, at: int) -> int:
    """Return where the parenthesis that opens at a place closes."""
    depth = 0
    for place in range(at, len(text)):
        depth += (text[place] == "(") - (text[place] == ")")
        if depth == 0:
            return place
    raise AssertionError(f"a parenthesis is open: {text}")
