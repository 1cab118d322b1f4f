"""Where Lambda calls in: a refusal is told to its sender, an accident is left to the platform."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from functions.chat.entry.entrypoint import Caller, on_event, on_frame
from functions.chat.protocol import errors
from functions.chat.protocol.errors import Refusal
from functions.chat.protocol.frames import Skip
from functions.chat.storage.table import Busy


@pytest.fixture
def ada(world):
    ada = world.person("Ada")
    ada.news()
    return ada


def frame_event(person, body: str | None, *, binary: bool = False):
    event = person.event("message")
    event["body"], event["isBase64Encoded"] = body, binary
    return event


def test_a_handler_gets_the_caller_and_the_checked_frame(world, ada):
    """From the recorded event, whose connection is the sender; a sender named in the frame does not count."""
    calls: list[tuple[Caller, Skip]] = []
    entry = on_frame(Skip)(lambda caller, frame: calls.append((caller, frame)))

    answer = entry(frame_event(ada, '{"room":"r","connectionId":"Bo="}'), None, backend=world.backend)

    ((caller, frame),) = calls
    assert answer == {"statusCode": 200}
    assert (caller.connection_id, caller.backend, frame) == ("Ada=", world.backend, Skip("r"))


@pytest.mark.parametrize(
    ("body", "binary"), [(None, False), ("", False), ("{}", False), ("eyJyb29tIjoiciJ9", True), ('{"room":"r"}', True)]
)
def test_a_frame_that_cannot_be_read_never_reaches_the_handler(world, ada, body, binary):
    """Binary frames carry none of ours, even if their bytes look like one."""
    entry = on_frame(Skip)(lambda caller, frame: pytest.fail("called"))

    assert entry(frame_event(ada, body, binary=binary), None, backend=world.backend) == {"statusCode": 200}
    assert [event["code"] for event in ada.news()] == ["invalid_message"]


REFUSALS = [
    (Refusal("stale_room", "Over."), "stale_room", "Over."),
    (Busy(), errors.BUSY, errors.busy().sentence),
]


@pytest.mark.parametrize(("raised", "code", "sentence"), REFUSALS, ids=["invalid", "busy"])
def test_a_refusal_becomes_one_error_event_that_names_the_frame(world, ada, raised, code, sentence):
    """With action, room and seq as they were sent, and no words of the frame."""

    @on_frame(Skip)
    def refuse(caller, frame):
        raise raised

    body = json.dumps({"action": "message", "room": "r", "seq": 7, "text": "a secret"})
    assert refuse(frame_event(ada, body), None, backend=world.backend) == {"statusCode": 200}
    assert ada.news() == [
        {"type": "error", "code": code, "message": sentence, "action": "message", "room": "r", "seq": 7}
    ]


def test_a_refusal_of_somebody_who_is_gone_is_told_to_nobody(world, ada):
    """There is no one to tell, and that is no accident."""

    @on_frame(Skip)
    def refuse(caller, frame):
        raise Busy

    ada.die()

    assert refuse(frame_event(ada, '{"room":"r"}'), None, backend=world.backend) == {"statusCode": 200}


def test_an_accident_is_left_to_the_platform(world, ada):
    """It answers its own error frame, which says nothing; we say nothing either."""

    @on_event
    def fail(caller):
        raise LookupError

    with pytest.raises(LookupError):
        fail(frame_event(ada, "{}"), None, backend=world.backend)
    assert ada.news() == []


def test_a_lifecycle_event_has_no_body_and_its_answer_is_the_platforms(world, ada):
    """`$connect` refuses by its status."""
    entry = on_event(lambda caller: {"statusCode": 403})

    assert entry(ada.event("connect"), None, backend=world.backend) == {"statusCode": 403}


def test_every_refusal_is_counted_by_its_code(world, ada, capsys):
    """An operator sees a client that went wrong, without seeing what it sent."""

    @on_frame(Skip)
    def refuse(caller, frame):
        raise Refusal("stale_room", "Over.")

    backend = replace(world.backend, settings=replace(world.backend.settings, metrics_namespace="Mine"))
    refuse(frame_event(ada, '{"room":"r"}'), None, backend=backend)

    assert '"Refused_stale_room":[1.0]' in capsys.readouterr().out
