"""Later work: it ends the room or wait of a lost connection, and completes the work of a handler that died.

A queue message with a delay starts it (Amazon SQS, "Delay queues"): Lambda has no timers, and a function that waited
would cost more than the conversation. The queue delivers a message at least once, and again when its handler died.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Send = Callable[[dict[str, str], int], None]  # a message, and after how many seconds it is delivered


class Timers:
    """The messages that handlers/expire.py is called with, one method for each kind."""

    def __init__(self, send: Send) -> None:
        self._send = send

    def expire_later(self, connection_id: str, seconds: int) -> None:
        """Have handlers/expire.py look at this connection in `seconds`."""
        self._send({"connection": connection_id}, seconds)

    def complete_later(self, room_id: str, seconds: int) -> None:
        """Have handlers/expire.py look in `seconds` whether the remaining member knows that this room ended."""
        self._send({"room": room_id}, seconds)

    def enforce_later(self, connection_id: str) -> None:
        """Have handlers/expire.py take a person out of their room or queue at once, if they are banned."""
        self._send({"ban": connection_id}, 0)

    def cut_off_later(self, connection_id: str) -> None:
        """Have handlers/expire.py end a connection that floods, at once."""
        self._send({"flood": connection_id}, 0)

    def lose_later(self, connection_id: str, room_id: str) -> None:
        """Have handlers/expire.py look at once after a dead socket whose room no timer has ended."""
        self._send({"lost": connection_id, "in": room_id}, 0)

    def count_later(self, seconds: int) -> None:
        """Have handlers/expire.py count in `seconds` how many people are here."""
        self._send({"count": "online"}, seconds)


def into_queue(make_client: Callable[[], Any], queue_url: str) -> Send:
    """Return the function that sends into a delay queue; it makes its client at the first call, which is rare."""

    def send(work: dict[str, str], seconds: int) -> None:
        make_client().send_message(QueueUrl=queue_url, MessageBody=json.dumps(work), DelaySeconds=seconds)

    return send
