"""typing: that somebody began or stopped to write."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("on", [True, False])
@pytest.mark.parametrize("extra", [{}, {"ack": 3}], ids=["plain", "with ack"])
def test_typing_reaches_the_peer_as_it_was_sent(world, on, extra):
    """And nobody else; what is being written is never part of it."""
    ada, bo = world.pair()
    before = world.items()

    ada.send("typing", room=ada.room, on=on, text="half a sentence", **extra)

    assert bo.news() == [{"type": "typing", "room": bo.room, "on": on, **extra}]
    assert world.news() == {}
    assert world.items() == before
