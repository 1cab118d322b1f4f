"""docs/asyncapi.json is generated from the code, and lists every event of the handlers."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from functions.chat.protocol import fields
from functions.chat.protocol.errors import CODES
from functions.chat.protocol.frames import Check, rules
from functions.chat.storage.switches import Switches
from functions.routes import LIFECYCLE_KEYS, ROUTES
from infra.reports import asyncapi
from tests.functions.doorstep import CAFE, come, lock_out, meet
from tests.functions.entry_points import FRAMES
from tests.functions.world import DEAD, World, with_parts

GOOD: dict[str, Any] = {
    "mode": "video", "interests": ["Go", "café"], "languages": ["en", "pt-BR"], "widen": True, "room": "r", "seq": 1,
    "text": "two\nlines", "ack": 0, "probe": True, "implied": True, "call": "direct",
    "on": False, "data": {"candidates": []},
    "reason": "spam", "note": "", "token": "t", "case": "c",
    "key": "K" * 43, "sealed": "s" * 23, "commitment": "C" * 43,
    "lines": [{"seat": 1, "seq": 1, "text": "hi", "opening": "A" * 43, "stamp": "1.A"}],
    "kind": "complaint", "place": "", "name": "", "contact": "", "honest": True,
    "still": "_9j_4A", "solution": "e30=", "read": "c", "do": "show", "after": 0,
}  # fmt: skip


def strictly(schema: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "additionalProperties": False}


def have_a_day(world: World) -> None:
    """Let everything happen that an event tells of."""
    ada, bo = world.pair(mode="video", interests=["Café"])
    ada.send("message", room=ada.room, seq=1, text="hello")
    bo.send("message", room=ada.room, seq=1, text="hi", ack=1, probe=True)
    bo.send("ack", room=ada.room, ack=1, probe=False)
    bo.send("typing", room=ada.room, on=True, ack=1)
    bo.send("signal", room=ada.room, data={"candidates": []})
    ada.disconnect(DEAD)
    back = world.person("Ada again")
    back.send("resume", token=ada.token)
    back.send("skip", room=bo.room)
    cy, di = come(world, "Cy", address=CAFE), come(world, "Di")
    cy.send("report", room=meet(world, cy, di), reason="underage")
    lock_out(world, di)
    di.send("appeal", case=di.last("error")["case"], text="It was not me.")
    di.send("appeal", case="nothing", text="Nor this.")
    cy.send("mine", do="show")
    cy.send("mine", do="erase")
    cy.send("complain", kind="complaint", text="You were rude.")
    cy.send("message", room="gone", seq=7, text="late")
    cy.send("message", room="gone", seq=7, text="x" * 2001)
    cy.send("nonsense")
    cy.send_text("{")
    cy.send("resume", token="forged")
    world.backend = with_parts(world.backend, switches=lambda: Switches(frozenset({"text"}), "Back at noon."))
    cy.join()
    cy.join("video")


def test_everything_that_is_said_is_listed(world: World) -> None:
    """No event has a field that the document does not know, and none misses one that it promises."""
    have_a_day(world)
    said = [event for person in world.people for event in person.inbox]

    for event in said:
        jsonschema.validate(event, strictly(asyncapi.event_payload(event["type"])))
    assert {event["type"] for event in said} == set(asyncapi.EVENTS) - {"pong"}, "the day has every event"


def test_the_gateways_own_answer_is_listed() -> None:
    """Nobody's handler says pong."""
    (answer,) = (json.loads(route.answer) for route in ROUTES if route.answer)

    jsonschema.validate(answer, strictly(asyncapi.event_payload("pong")))


@pytest.mark.parametrize("kind", FRAMES, ids=lambda kind: kind.__name__)
def test_a_frame_that_is_taken_is_valid_and_one_without_a_field_is_not(kind: type) -> None:
    """The handlers' own checks and the document's schema take the same frames."""
    name = kind.__name__.lower()
    message = asyncapi.document()["components"]["messages"][f"{name}Frame"]
    frame = {"action": name, **{field: GOOD[field] for field in rules(kind)}}
    for field, (check, _) in rules(kind).items():
        check(field, frame[field])

    jsonschema.validate(frame, strictly(message["payload"]))
    for field, (_, required) in rules(kind).items():
        if required:
            with pytest.raises(jsonschema.ValidationError):
                jsonschema.validate({key: frame[key] for key in frame if key != field}, message["payload"])


@pytest.mark.parametrize(
    ("check", "length_min", "length_max"),
    [(fields.note, 0, 500), (fields.place, 0, 500), (fields.appeal, 1, 1000), (fields.room, 1, 64)],
    ids=["a note", "a place", "an appeal", "a room"],
)
def test_a_text_may_be_empty_where_the_handlers_let_it_be(check: Check, length_min: int, length_max: int) -> None:
    """And is as long as they take it."""
    assert asyncapi.schema_of(check) == {"type": "string", "minLength": length_min, "maxLength": length_max}


def test_every_route_and_every_code_is_there() -> None:
    """A client made from the document can send and understand all there is."""
    messages = asyncapi.document()["components"]["messages"]

    assert {name for name in messages if name.endswith("Frame")} == {
        f"{route.key}Frame" for route in ROUTES if route.key not in LIFECYCLE_KEYS
    }
    assert messages["errorEvent"]["payload"]["properties"]["code"]["enum"] == list(CODES)


def test_every_reference_leads_somewhere() -> None:
    """AsyncAPI 3 finds messages by references to references."""
    document = asyncapi.document()

    def follow(reference: str) -> Any:
        found: Any = document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        return found

    for operation in document["operations"].values():
        assert follow(operation["channel"]["$ref"])["address"] == "/ws"
        for message in operation["messages"]:
            assert "payload" in follow(follow(message["$ref"])["$ref"])
