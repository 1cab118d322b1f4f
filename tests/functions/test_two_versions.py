"""Handlers of two versions share a table for the minutes of a deployment: one reads past the additions of the other.

Additions of a newer page to a frame are test_frames.py's; those of a newer server to an event are events.test.js's.
"""

from __future__ import annotations

import pytest

from tests.functions.world import World

# Of a version to come: of each kind that an item may hold, beside what this version knows.
LATER = {
    "later_text": {"S": "x"},
    "later_number": {"N": "7"},
    "later_list": {"L": [{"S": "x"}]},
    "later_map": {"M": {}},
}


def visit_of_a_later_version(world: World) -> None:
    """Have every item as it would be if handlers of a version to come had written it just now."""
    for key in world.items():
        world.table.change(key, **LATER)


@pytest.mark.parametrize("mode", ["text", "video"])
def test_a_conversation_goes_on_over_items_of_a_later_version(world: World, mode: str) -> None:
    """Each step, from the search to the report, beside handlers that know more."""
    ada, bo = world.person("Ada"), world.person("Bo")
    ada.join(mode, interests=["go"])
    visit_of_a_later_version(world)
    bo.join(mode, interests=["go"])
    assert ada.room == bo.room
    visit_of_a_later_version(world)

    ada.send("message", room=ada.room, seq=1, text="hello")
    assert bo.last("message")["text"] == "hello"
    ada.die()
    visit_of_a_later_version(world)
    back = world.person("Ada again")
    back.send("resume", token=ada.token)
    back.last("paired")
    visit_of_a_later_version(world)
    bo.send("skip", room=bo.room)
    assert back.last("peer_left")["reason"] == "skipped"
    visit_of_a_later_version(world)
    bo.send("report", room=bo.room, reason="spam")

    assert "error" not in [event["type"] for person in (bo, back) for event in person.news()]
