"""Somebody waits in the other mode: said to those who wait in vain, and only where the two would meet."""

from __future__ import annotations

from dataclasses import replace

import pytest

from functions.chat.storage.switches import SwitchBoard
from tests.functions.tables import MotoTable
from tests.functions.world import Person, World, with_parts


@pytest.fixture
def world(table: MotoTable) -> World:
    return World(table)


def close(world: World, mode: str) -> None:
    board = SwitchBoard(world.backend.table)
    board.change(lambda switches: replace(switches, closed=frozenset({mode})))
    world.backend = with_parts(world.backend, board=board)


def others(person: Person) -> list[str | None]:
    return [event.get("others") for event in person.inbox if event["type"] == "waiting"]


def test_a_waiter_in_vain_learns_that_somebody_waits_in_the_other_mode(world):
    """With the answer to a repeated join, and as long as it is so; the first answer says nothing of it."""
    ada, bo = world.person("Ada"), world.person("Bo")
    ada.send("join", mode="video")
    bo.send("join", mode="text")
    bo.send("join", mode="text")
    ada.send("join", mode="video")
    assert others(bo) == [None, "video"]
    assert others(ada) == [None, "text"]

    ada.send("leave")
    bo.send("join", mode="text")
    assert others(bo) == [None, "video", None]


def test_a_person_who_would_not_meet_is_not_offered(world):
    """A waiter who wants a common interest does not wait for this person; nor does a peer who just parted from them."""
    picky, ada, bo = (world.person(name) for name in ("Picky", "Ada", "Bo"))
    picky.send("join", mode="video", interests=["chess"])
    ada.send("join", mode="text")
    ada.send("join", mode="text")
    assert others(ada) == [None, None]

    bo.send("join", mode="text")
    ada.send("leave", room=ada.room)
    bo.send("leave")
    ada.send("join", mode="video")
    bo.send("join", mode="text")
    bo.send("join", mode="text")
    assert others(bo)[-1] is None


def test_a_mode_that_the_operator_closed_is_not_offered(world):
    """A person who still waits there will be told so."""
    ada, bo = world.person("Ada"), world.person("Bo")
    ada.send("join", mode="video")
    bo.send("join", mode="text")
    close(world, "video")
    bo.send("join", mode="text")

    assert others(bo) == [None, None]
