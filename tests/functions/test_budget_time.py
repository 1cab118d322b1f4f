"""A hanging call holds nobody up: through the real clients with their own limits, against sockets that never answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import boto3
import pytest
from botocore.credentials import Credentials

from functions.chat.aws import clients
from functions.chat.aws.sockets import Connections
from tests.functions.endpoint import Endpoint, serving
from tests.functions.world import World

HANDLER_SECONDS_MAX = 10
POST_SECONDS_MAX = 1
# Of two attempts; botocore's pause before the second one is up to a second, by chance (its "standard" mode).
POSTED_SECONDS_MAX = 2 * POST_SECONDS_MAX + 1.0
SLACK_SECONDS = 1.5  # of a machine that is busy with other tests


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with serving() as endpoint:
        yield endpoint


@pytest.fixture
def town(world: World, endpoint: Endpoint) -> World:
    """Two rooms whose frames go through the real client from now on."""
    world.pair("Ada", "Bo")
    world.pair("Cy", "Di")
    keys = Credentials("nobody", "nobody")
    client = boto3.client(
        "apigatewaymanagementapi",
        endpoint_url=endpoint.url,
        region_name="eu-central-1",
        aws_access_key_id=keys.access_key,
        aws_secret_access_key=keys.secret_key,
        config=clients.config(POST_SECONDS_MAX),
    )
    connections = Connections(clients.shortened(client, keys))
    world.backend = replace(world.backend, connections=connections, is_concurrent=True)
    return world


def seconds_of(act: Callable[[], None]) -> float:
    begun = time.monotonic()
    act()
    return time.monotonic() - begun


def test_a_peer_whose_socket_hangs_holds_up_no_other_room(town, endpoint):
    """Its own sender hears after a short while that it did not work; everybody else goes on meanwhile."""
    ada, _, cy, _ = town.people
    endpoint.answer("Bo=", hangs=True)
    with ThreadPoolExecutor(1) as thread:
        stuck = thread.submit(seconds_of, lambda: ada.send("message", room=ada.room, seq=1, text="anybody there?"))
        others = seconds_of(lambda: cy.send("message", room=cy.room, seq=1, text="hello"))
        seconds = stuck.result()

    assert others < POSTED_SECONDS_MAX
    assert seconds < POSTED_SECONDS_MAX + SLACK_SECONDS
    told = [body for path, body in endpoint.asked("POST") if path == "/@connections/Ada="]
    assert len(told) == 1, "the sender is told once"
    assert b'"busy"' in told[0]
    room = town.backend.rooms.get(ada.room)
    assert room is not None
    assert room.is_open, "a hanging post is no end of a conversation"


def test_a_skip_past_a_peer_whose_socket_hangs_ends_in_time(town, endpoint):
    """Both hang: the one who is left and the one who is found; the handler still ends what it began."""
    ada, _, _, _ = town.people
    eve = town.person("Eve")
    town.backend.store.get_connection(eve.id)
    for stuck in ("Bo=", "Eve="):
        endpoint.answer(stuck, hangs=True)
    eve.join()
    seconds = seconds_of(lambda: ada.send("skip", room=ada.room))

    assert seconds < HANDLER_SECONDS_MAX
    found = town.backend.store.get_connection(ada.id)
    assert found is not None
    assert found.room_id is not None
    assert found.room_id != ada.room
