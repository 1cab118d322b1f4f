"""The first call of everything: made once, harmless, and no reason not to start."""

from __future__ import annotations

from dataclasses import replace

from functions.chat.entry.warm_up import _TALKING, NOBODY, USES, warm
from tests.functions.world import with_parts


def test_a_start_of_a_relay_reads_a_room_and_closes_a_socket_that_nobody_has(world):
    """The two connections that a line needs, and nothing else."""
    world.client.requests.clear()

    warm(USES["relay"], world.backend)

    assert world.sockets.closed == [NOBODY]
    assert [name for name, _ in world.client.requests] == ["GetItem"]


def test_a_start_of_connect_reads_its_keys_and_speaks_to_no_socket(world):
    """The keys are a call to another service, the first time."""
    read = []
    parts = {name: lambda name=name: read.append(name) for name in ("keyring", "age_secret", "switches")}

    warm(USES["connect"], with_parts(world.backend, **parts))

    assert (sorted(read), world.sockets.closed) == (["age_secret", "keyring", "switches"], [])


def test_a_start_of_a_search_makes_what_a_pairing_works_with(world):
    """Also the relay of a video room, whose settings take a while to be read."""
    parts = {"store", "queue", "records", "crowd", "relays", "online"}
    fresh = replace(
        world.backend, parts={name: part for name, part in world.backend.parts.items() if name not in parts}
    )
    assert parts.isdisjoint(fresh.__dict__)

    warm(_TALKING, fresh)

    assert parts <= fresh.__dict__.keys()


def test_one_failure_does_not_keep_the_others_from_being_tried(world):
    """Neither is one of them an end of the process."""

    def fail():
        raise ConnectionError

    warm(("switches", "socket"), with_parts(world.backend, switches=fail))

    assert world.sockets.closed == [NOBODY]
