"""How a command ends at Ctrl-C or SIGTERM: told while it serves, and without a traceback before and after that.

KeyboardInterrupt is never raised. The interpreter ends with the signal's code where one came up while a string was
executed, as dataclasses do, even though it was caught later.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the first moment is short without them
    import asyncio
    from collections.abc import Iterator

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def end_at_once() -> None:
    """Let a signal end the process where it finds it: for a command that has nothing to put away.

    Without an exception, as the interpreter drops one that comes up in certain lookups and finalizers.
    """
    for number in SIGNALS:
        signal.signal(number, lambda *_: os._exit(0))


def end_in_order() -> None:
    """Let a signal end the process through every `finally`: for a command that holds folders and processes."""
    for number in SIGNALS:
        signal.signal(number, lambda *_: sys.exit(0))


@contextmanager
def told() -> Iterator[asyncio.Event]:
    """Yield the event that a signal sets; afterwards a signal does what it did before."""
    import asyncio  # noqa: PLC0415 - a command has imported it by then

    event = asyncio.Event()
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in SIGNALS}
    for number in SIGNALS:
        loop.add_signal_handler(number, event.set)
    try:
        yield event
    finally:
        for number, handler in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)
