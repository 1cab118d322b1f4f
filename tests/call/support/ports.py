"""Ports that nobody else on this machine uses now."""

from __future__ import annotations

import os
import socket

# A range of our own, below those that the system hands out by itself.
FIRST, LAST = 26_000, 26_599


def free_port(first: int | None = None) -> int:
    """A port of our range, from `first` on, that nobody listens on; workers begin at different places."""
    count = LAST - FIRST
    start = first if first is not None else FIRST + os.getpid() * 7 % count
    for step in range(count):
        port = FIRST + (start - FIRST + step) % count
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise AssertionError("every port of the range is taken")
