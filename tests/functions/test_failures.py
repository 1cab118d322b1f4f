"""A handler that fails in the middle says nothing of what people said: neither in its error, nor in the log."""

from __future__ import annotations

import logging
import traceback
from typing import Any

import pytest

from functions.chat.runtime import telemetry
from tests.functions.doorstep import CAFE, HOME, come, lock_out, meet
from tests.functions.tables import MotoTable, refusal
from tests.functions.world import Person, World

CANARY = "canary-8d1f"
OWN_LINE = [{"seat": 0, "seq": 1, "text": CANARY}]
# Frames with words in them; `room` is filled in.
FRAMES: dict[str, dict[str, Any]] = {
    "join": {"mode": "text", "interests": [CANARY]},
    "message": {"seq": 1, "text": CANARY},
    "signal": {"data": {"words": CANARY}},
    "report": {"reason": "other", "note": CANARY, "lines": OWN_LINE},
    "appeal": {"text": CANARY},
    "complain": {"kind": "complaint", "text": CANARY, "contact": CANARY},
}
REQUESTS_MAX = 40  # of one handler


def prepared(dynamodb: Any, action: str) -> tuple[World, Person, dict[str, Any]]:
    """Return a world, who sends the frame there, and the frame's fields."""
    world = World(MotoTable(dynamodb))
    ada, bo = come(world, "Ada", address=HOME), come(world, "Bo", address=CAFE)
    fields = dict(FRAMES[action])
    if action == "appeal":
        return world, ada, {**fields, "case": lock_out(world, ada)}
    if action not in ("join", "complain"):
        fields["room"] = meet(world, ada, bo)
    return world, ada, fields


@pytest.mark.parametrize("action", FRAMES)
def test_a_handler_that_fails_says_nothing_of_what_was_said(dynamodb, caplog, action: str):
    """At each of its requests: AWS refuses it, the error goes up, and Lambda writes it into the log."""
    caplog.set_level(logging.DEBUG)
    told = []
    for calls in range(REQUESTS_MAX):
        world, ada, fields = prepared(dynamodb, action)

        def break_off() -> None:
            raise refusal("AccessDeniedException")

        world.client.interrupt(calls, break_off)
        try:
            ada.send(action, **fields)
        except Exception:  # noqa: BLE001 - whichever it is, Lambda logs it
            told.append(traceback.format_exc())
        if world.client.interruptions:
            break
    log = [str(vars(record)) for record in caplog.records if record.name == telemetry.SERVICE]

    assert told, "at least its first request fails"
    assert any("'connected'" in each for each in log), "the log is looked at"
    assert calls < REQUESTS_MAX - 1
    assert CANARY not in "".join((*told, *log))
