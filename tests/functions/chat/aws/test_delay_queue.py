"""Later work is a message in the delay queue, as its handler reads it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from functions.chat.aws.delay_queue import Timers, into_queue


class Letters:
    """A client of the queue that keeps what it is given."""

    def __init__(self) -> None:
        self.made = 0
        self.sent: list[dict[str, Any]] = []

    def make(self) -> Letters:
        self.made += 1
        return self

    def send_message(self, **message: Any) -> None:
        self.sent.append(message)


@pytest.mark.parametrize(
    ("call", "body"),
    [
        (lambda timers: timers.expire_later("Ada=", 20), {"connection": "Ada="}),
        (lambda timers: timers.complete_later("room", 31), {"room": "room"}),
        (lambda timers: timers.count_later(20), {"count": "online"}),
    ],
)
def test_a_message_says_what_to_look_at_and_when(call, body):
    """It holds an id and nothing else: a reader of the queue learns nothing of people."""
    letters = Letters()
    timers = Timers(into_queue(letters.make, "https://queue.example"))
    assert letters.made == 0, "most invocations never set a timer"
    call(timers)

    (message,) = letters.sent
    assert json.loads(message["MessageBody"]) == body
    assert message["QueueUrl"] == "https://queue.example"
    assert message["DelaySeconds"] in (20, 31)
