"""The events have API Gateway's shape."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from aws_lambda_powertools.utilities.data_classes.api_gateway_websocket_event import APIGatewayWebSocketEvent

from infra.local.core import events
from infra.local.core.events import Client

RECORDED = Path(__file__).parents[2] / "events"
CLIENT = Client(
    host="127.0.0.1:8080",
    source_ip="127.0.0.1",
    headers=(
        ("Host", "127.0.0.1:8080"),
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Origin", "http://127.0.0.1:8080"),
        ("Sec-WebSocket-Extensions", "permessage-deflate"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("Sec-WebSocket-Version", "13"),
        ("User-Agent", "a browser"),
    ),
    query=(("locale", "en"),),
    connection_id=events.new_id(),
    stage="local",
    connected_at=1763801776101,
)
BUILT = {
    "connect": events.connect_event(CLIENT, 8080),
    "message": events.message_event(CLIENT, "message", "{}"),
    "disconnect": events.disconnect_event(CLIENT, 1005, ""),
}


def shape(value: Any) -> Any:
    """Return the names of the fields, all the way down, and the types at the ends."""
    if isinstance(value, dict):
        return {name: shape(item) for name, item in value.items()}
    if isinstance(value, list):
        return [shape(item) for item in value]
    return type(value).__name__


@pytest.mark.parametrize("kind", BUILT)
def test_an_event_has_exactly_the_fields_of_a_recorded_one(kind):
    """No handler sees on localhost a field that AWS does not send, nor misses one."""
    recorded = json.loads((RECORDED / f"{kind}.json").read_text())

    assert shape(recorded) == shape(BUILT[kind])


@pytest.mark.parametrize("kind", BUILT)
def test_an_event_reads_the_same_through_powertools_as_a_recorded_one(kind):
    """The event class that the handlers use finds type, connection and times."""
    context = APIGatewayWebSocketEvent(BUILT[kind]).request_context

    assert (kind.upper(), CLIENT.connection_id) == (context.event_type, context.connection_id)
    assert 1763801776101 == context.connected_at <= context.request_time_epoch


def test_a_connection_id_needs_encoding_in_an_address():
    """Ids are 16 characters with a trailing "=", as on AWS, so code that forgets to encode them fails here too."""
    ids = {events.new_id() for _ in range(100)}

    assert len(ids) == 100
    assert all(len(each) == 16 and each.endswith("=") for each in ids)


def test_the_forwarded_address_of_the_gateway_comes_last():
    """The address that a client claims stands before the one that the gateway saw, as on AWS."""
    claiming = Client(**{**_fields(CLIENT), "headers": (("X-Forwarded-For", "203.0.113.9"),)})

    event = events.connect_event(claiming, 8080)

    assert event["headers"]["X-Forwarded-For"] == "203.0.113.9, 127.0.0.1"


def test_repeated_headers_and_parameters_are_kept_in_the_multi_value_fields():
    """The plain field has the last value, the multi-value field all of them in order."""
    client = Client(**{**_fields(CLIENT), "headers": (("A", "1"), ("A", "2")), "query": (("b", "3"), ("b", "4"))})

    event = events.connect_event(client, 8080)

    assert (event["headers"]["A"], event["multiValueHeaders"]["A"]) == ("2", ["1", "2"])
    assert event["queryStringParameters"] == {"b": "4"}
    assert event["multiValueQueryStringParameters"] == {"b": ["3", "4"]}


def test_without_a_query_string_there_are_no_parameter_fields():
    """API Gateway leaves the fields out rather than sending null."""
    event = events.connect_event(Client(**{**_fields(CLIENT), "query": ()}), 8080)

    assert "queryStringParameters" not in event
    assert "multiValueQueryStringParameters" not in event


def test_a_disconnect_keeps_the_reason_that_the_client_gave():
    """A reason of the client's own is passed on; without one API Gateway puts its words for the code."""
    given = events.disconnect_event(CLIENT, 4000, "tab closed")["requestContext"]
    own = events.disconnect_event(CLIENT, 1005, "")["requestContext"]

    assert (given["disconnectStatusCode"], given["disconnectReason"]) == (4000, "tab closed")
    assert (own["disconnectStatusCode"], own["disconnectReason"]) == (1005, "Client-side close frame status not set")


def _fields(client: Client) -> dict[str, Any]:
    return {name: getattr(client, name) for name in client.__slots__}
