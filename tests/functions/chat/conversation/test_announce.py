"""The members that are told of a room, their order, and the closed sockets that are found so."""

from __future__ import annotations

from dataclasses import replace
from threading import Barrier

import pytest

from functions.chat.aws.sockets import Delivery
from functions.chat.conversation.announce import Told, announce
from functions.chat.model.people import Member, Room

JUST_CAME_SECONDS = 1.0

SECONDS_MAX = 10.0


class Sockets:
    """Sockets of two, some of them closed, and in which order they were posted to."""

    def __init__(self, *closed: str) -> None:
        self.closed = closed
        self.posted: list[tuple[str, dict]] = []

    def post(self, connection_id: str, event: dict) -> Delivery:
        self.posted.append((connection_id, event))
        return Delivery.GONE if connection_id in self.closed else Delivery.ACCEPTED


class Together(Sockets):
    """Sockets whose posts end only when both are under way."""

    def __init__(self) -> None:
        super().__init__()
        self._both = Barrier(2, timeout=SECONDS_MAX)

    def post(self, connection_id: str, event: dict) -> Delivery:
        self._both.wait()
        return super().post(connection_id, event)


@pytest.fixture
def told(world):
    """Return a function that tells two of a room in which one of them waited for a time."""

    def tell(sockets: Sockets, waited_seconds: float, **more: object) -> Told:
        backend = replace(world.backend, connections=sockets, **more)
        ticket_id = backend.new_ticket_id(backend.clock.now() - waited_seconds)
        members = Member("Ada=", "ada", (), ticket_id), Member("Bo=", "bo", ())
        room = Room("r", "text", members, backend.clock.now())
        tokens = backend.new_token("Ada="), backend.new_token("Bo=")
        return announce(backend, room, tokens, (None, "of Bo's device"))

    return tell


LONG, SHORT = JUST_CAME_SECONDS + 0.01, JUST_CAME_SECONDS - 0.01


@pytest.mark.parametrize("waited_seconds", [LONG, SHORT])
def test_both_are_told_what_is_theirs(told, waited_seconds):
    """The waiter is impolite; a joiner that came without a device's token is told one."""
    sockets = Sockets()

    assert told(sockets, waited_seconds) is Told.BOTH
    assert [(name, event["polite"], event.get("device")) for name, event in sockets.posted] == [
        ("Ada=", False, None),
        ("Bo=", True, "of Bo's device"),
    ]


@pytest.mark.parametrize(
    ("waited_seconds", "closed", "outcome", "posts"),
    [
        (LONG, ("Ada=",), Told.NEITHER, 1),
        (LONG, ("Ada=", "Bo="), Told.NEITHER, 1),
        (LONG, ("Bo=",), Told.WAITER, 2),
        (SHORT, ("Ada=",), Told.JOINER, 2),
        (SHORT, ("Bo=",), Told.WAITER, 2),
        (SHORT, ("Ada=", "Bo="), Told.JOINER, 2),
    ],
)
def test_a_socket_that_is_closed_is_known_to_be(told, caplog, *, waited_seconds, closed, outcome, posts):
    """Nobody hears of a room with somebody whose socket may have died long ago; the log has those that a waiter saw."""
    sockets = Sockets(*closed)

    assert told(sockets, waited_seconds) is outcome
    assert len(sockets.posted) == posts
    assert [each.message for each in caplog.records].count("paired") == (outcome is Told.WAITER)


def test_a_waiter_that_came_a_moment_ago_is_told_at_the_same_time(told):
    """Neither post waits for the other: in turn, this would never end."""
    sockets = Together()

    assert told(sockets, SHORT, is_concurrent=True) is Told.BOTH
    assert sorted(name for name, _ in sockets.posted) == ["Ada=", "Bo="]
