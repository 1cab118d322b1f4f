"""Ports that nobody else on this machine uses now."""

from __future__ import annotations

import socket

# A range of our own, so that several test suites on one machine stay out of each other's way.
FIRST, LAST = 26_000, 26_999


def free_port(first: int = FIRST) -> int:
    """A port of our range, from `first` on, that nobody listens on."""
    for port in range(first, LAST):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise AssertionError("every port of the range is taken")
