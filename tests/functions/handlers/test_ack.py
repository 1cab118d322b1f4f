"""ack: what was received, when there is nothing to say."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("ack", [0, 1, 12])
def test_an_acknowledgement_reaches_the_peer_as_it_was_sent(world, ack):
    """And nobody else."""
    ada, bo = world.pair()
    before = world.items()

    bo.send("ack", room=bo.room, ack=ack)

    assert ada.news() == [{"type": "ack", "room": ada.room, "ack": ack}]
    assert world.news() == {}
    assert world.items() == before
