"""The first call of everything: made once, harmless, and no reason not to start."""

from __future__ import annotations

from dataclasses import replace

from functions.chat.entry.readiness import NOBODY
from functions.chat.entry.warm_up import warm


def test_what_relays_closes_a_socket_that_nobody_has(world):
    """And reads the switches, which it would have to read anyway."""
    read = []
    backend = replace(world.backend, switches=lambda: read.append("switches"))

    warm(opens=False, speaks=True, backend=backend)

    assert world.sockets.closed == [NOBODY]
    assert read == ["switches"]


def test_what_opens_reads_its_keys(world):
    """Which are a call to another service, the first time."""
    read = []
    backend = replace(world.backend, keyring=lambda: read.append("keys"), age_secret=lambda: read.append("age"))

    warm(opens=True, speaks=False, backend=backend)

    assert (read, world.sockets.closed) == (["keys", "age"], [])


def test_one_failure_does_not_keep_the_others_from_being_tried(world):
    """Neither is one of them an end of the process."""

    def fail():
        raise ConnectionError

    warm(opens=False, speaks=True, backend=replace(world.backend, switches=fail))

    assert world.sockets.closed == [NOBODY]
