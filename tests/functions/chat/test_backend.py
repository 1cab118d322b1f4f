"""The parts that handlers work with: ids that nobody guesses, and a process's parts by its environment."""

from __future__ import annotations

import json
import random
import time
from dataclasses import replace

import pytest

from functions.chat.backend import SystemClock, waiting_since
from tests.functions.child import output_of

ROOM_LENGTH_MAX = 64
TOKEN_LENGTH_MAX = 200


@pytest.fixture
def backend(world):
    return replace(world.backend, random=random.SystemRandom())


def test_ids_are_long_enough_never_to_be_guessed_or_used_twice(backend):
    """Rooms and tokens are secrets; a ticket's nonce tells those of one millisecond apart."""
    for make in (backend.new_room_id, lambda: str(backend.new_token("Ada=")), lambda: backend.new_ticket_id(1.0)):
        assert len({make() for _ in range(500)}) == 500


def test_our_own_ids_pass_our_own_checks(backend):
    """A room or a token that a client sends back is never too long."""
    assert len(backend.new_room_id()) <= ROOM_LENGTH_MAX
    assert len(str(backend.new_token("UJ2kXcWqFiACHeA=" * 2))) <= TOKEN_LENGTH_MAX


def test_tickets_order_by_the_time_since_when_somebody_waits(backend):
    """As text, which is how DynamoDB orders them; and the time is read back to the millisecond."""
    times = [0.0, 9.999, 1_700_000_000.0, 1_700_000_000.001, 1_800_000_000.5, 99_999_999_999.0]
    tickets = [backend.new_ticket_id(each) for each in times]

    assert sorted(tickets) == tickets
    assert [waiting_since(each) for each in tickets] == times


FACTS = """
import json, os
from functions.chat import backend
from functions.chat.aws import clients

written = []

class Bucket:
    def put_object(self, Key, CacheControl, **_):
        written.append(f"{Key} {CacheControl}")

clients.storage = Bucket
made = backend.default()
made.tell_visitors({})
made.publish_figures({})
print(json.dumps({
    "same": backend.default() is made,
    "settings": made.settings.table_name,
    "chance": type(made.random).__name__,
    "clock": type(made.clock).__name__,
    "limits": made.meter is not None,
    "can_be_closed": made.board is not None,
    "works_side_by_side": made.is_concurrent,
    "own_environment": made.environment is os.environ,
    "written": written,
}))
"""


def test_a_process_makes_its_backend_once_from_its_environment():
    """Chance is the system's: a seeded one would let somebody who saw two rooms guess the third.

    The parts that tests may leave out are there: limits, the operator's switches, two things at once.
    """
    environment = {"TABLE_NAME": "table", "AWS_REGION": "eu-central-1", "AWS_DEFAULT_REGION": "eu-central-1"}

    assert json.loads(output_of(FACTS, **environment)) == {
        "same": True,
        "settings": "table",
        "chance": "SystemRandom",
        "clock": "SystemClock",
        "limits": True,
        "can_be_closed": True,
        "works_side_by_side": True,
        "own_environment": True,
        "written": ["online.json max-age=15", "transparency.json max-age=3600"],
    }


def test_the_clock_of_the_system_waits_as_long_as_it_is_told():
    """A call that met a transaction would else try again at once, five times within the same one."""
    clock, begun = SystemClock(), time.monotonic()
    clock.sleep(0.05)

    assert time.monotonic() - begun >= 0.05
    assert abs(clock.now() - time.time()) < 1
