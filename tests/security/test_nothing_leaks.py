"""After a chat full of canaries none of them is in any log, number, table or frame where it does not belong."""

from __future__ import annotations

import asyncio
import json
import time
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.request import urlopen

import boto3
import pytest

from infra.operator import people as people_tool
from infra.operator.office import Office
from tests.gateway import Gateway
from tests.security.canary_chat import Canaries, Talker, chat

EDGE_SECRET = "known to the edge only"
DISCONNECTED_SECONDS_MAX = 20.0  # a loaded machine takes seconds for the handlers of two closed sockets


@dataclass
class Trace:
    """All that a chat left behind."""

    canaries: Canaries
    people: list[Talker]
    log: str
    figures: str
    items: list[dict[str, Any]]

    def found(self, words: list[str], text: str) -> list[str]:
        return [word for word in words if word in text]


@pytest.fixture(scope="module")
def trace() -> Iterator[Trace]:
    """One chat on a gateway that prints everything which the functions print."""
    environment = {"EDGE_SECRET": EDGE_SECRET, "ADDRESS_SOURCE": "edge", "LOG_LEVEL": "DEBUG"}
    gateway = Gateway(environment=environment, arguments=["--verbose"])
    gateway.start()
    try:
        canaries = Canaries()
        with urlopen(f"{gateway.url}/_local.json") as answer:
            figures = answer.read().decode()
        database = json.loads(figures)["database"]
        client = boto3.client("dynamodb", region_name="us-east-1", endpoint_url=database["endpoint"],
                              aws_access_key_id="local", aws_secret_access_key="local")  # fmt: skip
        office = Office.at(client, database["table"], is_local=True)
        choice = {"address": False, "length": 86_400}
        people = asyncio.run(
            chat(
                gateway.websocket_url,
                EDGE_SECRET,
                canaries,
                lambda number: people_tool.ban(office, Namespace(subject=number, **choice)),
            )
        )
        with urlopen(f"{gateway.url}/_local.json") as answer:
            figures = answer.read().decode()
        items = _left(client, database["table"])
        yield Trace(canaries, people, gateway.whole_log(), figures, items)
    finally:
        gateway.stop()


def _left(client: Any, table: str) -> list[dict[str, Any]]:
    """Return the table's items once the handlers of the closed sockets have run."""
    deadline = time.monotonic() + DISCONNECTED_SECONDS_MAX
    while True:
        pages = client.get_paginator("scan").paginate(TableName=table)
        items = [item for page in pages for item in page["Items"]]
        if time.monotonic() > deadline or not any(item["pk"]["S"].startswith("connection#") for item in items):
            return items
        time.sleep(0.1)


def test_the_canaries_flew(trace: Trace):
    """What follows would pass on an empty log and an empty table."""
    assert len(trace.canaries.all()) > 20
    assert '"paired"' in trace.log
    assert '"reported"' in trace.log
    assert '"Refused_invalid_message"' in trace.log
    assert any(item["pk"]["S"].startswith("case#") for item in trace.items)


def test_no_log_line_and_no_number_has_a_canary(trace: Trace):
    """Neither what was said nor interests, notes, headers or addresses; not at the finest level either."""
    assert trace.found(trace.canaries.all(), trace.log) == []
    assert trace.found(trace.canaries.all(), trace.figures) == []
    assert EDGE_SECRET not in trace.log


def test_the_table_keeps_no_word_but_notes_and_appeals(trace: Trace):
    """And these only in their case."""
    for item in trace.items:
        text = json.dumps(item, ensure_ascii=False)
        allowed = trace.canaries.notes if item["pk"]["S"].startswith("case#") else []
        found = trace.found(trace.canaries.all(), text)
        assert set(found) <= set(allowed), f"{item['pk']['S']} holds {found}"
    kept = json.dumps(trace.items)
    assert trace.found(trace.canaries.notes, kept) == trace.canaries.notes


def test_every_item_in_the_table_expires(trace: Trace):
    """Nothing is kept for ever."""
    assert [item["pk"]["S"] for item in trace.items if "expires_at" not in item] == []


def test_the_peer_hears_words_and_no_header_address_or_id(trace: Trace):
    """Relayed frames carry what the contract lists; unknown fields are dropped."""
    _, eve = trace.people
    heard = "\n".join(eve.heard)
    ids = [item["pk"]["S"].partition("#")[2] for item in trace.items if item["pk"]["S"].startswith("connection#")]

    assert trace.found(trace.canaries.headers, heard) == []
    assert trace.found(trace.canaries.addresses, heard) == []
    assert trace.found([*trace.canaries.notes[:1], *ids], heard) == []
    for text in eve.heard:
        event = json.loads(text)
        assert "more" not in event
        assert "connectionId" not in event


def test_refusals_tell_nothing_of_the_inside(trace: Trace):
    """Plain sentences: no exception, no module, no key of the table, nothing that was sent but ids."""
    ada, _ = trace.people
    errors = [json.loads(text) for text in ada.heard if '"error"' in text]
    assert len(errors) >= 12

    for error in errors:
        for inside in ("Traceback", "Exception", "functions.", ".py", "connection#", "arn:", "dynamodb"):
            assert inside not in error["message"]
        assert trace.found(trace.canaries.lines, error["message"]) == []
