"""The handler that the budget calls: the queues are closed, conversations go on."""

from __future__ import annotations

from functions.chat.protocol.fields import MODES
from functions.chat.storage.switches import SwitchBoard
from functions.handlers.close import NOTICE
from functions.routes import CLOSING
from tests.functions.entry_points import entry_point
from tests.functions.world import with_parts


def close(world) -> None:
    entry_point(CLOSING)({}, None, backend=world.backend)


def test_nobody_is_paired_any_more_and_everybody_is_told_why(world):
    """As if the operator had closed every queue, until they open it again."""
    board = SwitchBoard(world.backend.table)
    world.backend = with_parts(world.backend, switches=board.fetch)
    close(world)

    for mode in MODES:
        person = world.person(mode)
        person.join(mode)
        (answer,) = person.news()
        assert (answer["type"], answer["code"]) == ("error", "closed")
        assert NOTICE in answer["message"]


def test_people_who_talk_talk_on(world):
    """Only searching is over."""
    ada, bo = world.pair()
    close(world)

    ada.send("message", room=ada.room, seq=1, text="still here")

    assert [event["type"] for event in bo.news()] == ["message"]


def test_a_second_notice_changes_nothing(world):
    """The budget may call several times."""
    close(world)
    before = SwitchBoard(world.backend.table).fetch()
    close(world)

    assert SwitchBoard(world.backend.table).fetch() == before
