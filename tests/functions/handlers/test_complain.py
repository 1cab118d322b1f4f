"""complain: kept with its clock, told by its number, and bounded for each address."""

from __future__ import annotations

import pytest

from functions.chat.model.case import Ruling
from tests.functions.doorstep import CAFE, HOME, come, lock_out, meet

SIGNED = {"place": "https://example.org/1", "name": "Ada Lovelace", "contact": "ada@example.org", "honest": True}
HOUR = 3600


@pytest.fixture
def ada(world):
    """Somebody outside: nothing but a socket."""
    return come(world, "Ada", address=CAFE)


@pytest.mark.parametrize(
    ("kind", "hours"),
    [("order", 3), ("child", 3), ("impostor", 36), ("intimate", 48), ("illegal", 168), ("complaint", 168)],
)
def test_a_complaint_is_kept_with_the_clock_of_its_kind(world, ada, kind, hours):
    """And waits for the operator."""
    ada.send("complain", kind=kind, text=" A page shows\nmy face. ", **SIGNED)

    told = ada.inbox[-1]
    now = world.clock.now()
    assert told == {
        "type": "complained",
        "case": told["case"],
        "kind": kind,
        "state": "open",
        "due": now + hours * HOUR,
    }
    case = world.backend.cases.get(told["case"])
    assert (case.reason, case.note, case.place) == (kind, "A page shows\nmy face.", "https://example.org/1")
    assert (case.name, case.contact, case.subjects) == ("Ada Lovelace", "ada@example.org", ())


@pytest.mark.parametrize("missing", [*SIGNED, "kind", "text"])
def test_a_field_that_the_law_wants_is_missed(world, ada, missing):
    """47 U.S.C. 223a: a signature, where it is, good faith, and where to answer. Nothing is kept without them."""
    frame = {"kind": "intimate", "text": "A picture of me.", **SIGNED}
    del frame[missing]
    before = world.items()
    ada.send("complain", **frame)

    assert ada.inbox[-1]["code"] == "invalid_message"
    assert f"`{missing}`" in ada.inbox[-1]["message"]
    assert world.items() == before


def test_a_frame_that_comes_after_its_socket_closed_is_no_complaint(world, ada):
    """Nobody would know by whom to count it."""
    world.table.drop(ada.key)
    before = world.items()
    ada.send("complain", kind="illegal", text="Somebody sells weapons.")

    assert (ada.news(), world.items()) == ([], before)


def test_a_person_without_a_name_may_complain_of_what_needs_none(world, ada):
    ada.send("complain", kind="illegal", text="Somebody sells weapons.")

    assert ada.inbox[-1]["type"] == "complained"


@pytest.mark.parametrize(("decision", "state"), [("done", "done"), ("refused", "refused")])
def test_its_number_tells_how_it_stands(world, ada, decision, state):
    """On any connection, however it is typed."""
    ada.send("complain", kind="complaint", text="You were rude.")
    number = ada.inbox[-1]["case"]
    world.backend.cases.hold(number, "olga 1")
    world.backend.table.transact([], [world.backend.cases.ruling_leg(number, Ruling(decision, "x", "olga"), "olga 1")])
    bo = come(world, "Bo", address=HOME)
    bo.send("complain", case=number.lower())

    assert bo.inbox[-1]["state"] == state
    assert bo.inbox[-1]["case"] == number


def test_a_report_is_nobodys_to_ask_for_here(world):
    """Its number is answered as one that is none."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve")
    ada.send("report", room=meet(world, ada, eve), reason="other")
    number = ada.last("reported")["case"]
    ada.send("complain", case=number)
    real = ada.inbox[-1]
    ada.send("complain", case="AAAAAAAAAA")

    assert real["code"] == "unknown_case"
    assert ada.inbox[-1] == real


def test_an_address_complains_three_times_an_hour(world):
    """By whichever connection; another address is not kept waiting, and asking is no complaint."""
    for number in range(3):
        person = come(world, f"Ada {number}", address=CAFE)
        person.send("complain", kind="complaint", text="Again.")
        assert person.inbox[-1]["type"] == "complained"
    last = come(world, "Ada at last", address=CAFE)
    last.send("complain", kind="complaint", text="Again.")
    assert last.inbox[-1]["code"] == "rate_limited"
    last.send("complain", case=person.inbox[-1]["case"])
    assert last.inbox[-1]["type"] == "complained"
    other = come(world, "Bo", address=HOME)
    other.send("complain", kind="complaint", text="Once.")
    assert other.inbox[-1]["type"] == "complained"
    world.clock.seconds += HOUR
    last.send("complain", kind="complaint", text="An hour later.")
    assert last.inbox[-1]["type"] == "complained"


def test_a_complaint_that_is_refused_puts_no_other_off(world):
    """Neither of a script behind the same address, nor of a person who tries again every ten minutes."""
    for number in range(13):
        come(world, f"script {number}", address=CAFE).send("complain", kind="complaint", text="Spam.")
    person = come(world, "Ada", address=CAFE)
    answers = []
    for _ in range(3):
        person.send("complain", kind="complaint", text="Take it down.")
        answers.append(person.inbox[-1].get("code", "kept"))
        world.pass_time(10 * 60)

    assert answers == ["rate_limited", "rate_limited", "kept"]


def test_a_banned_person_may_complain(world):
    """About that, too."""
    eve = come(world, "Eve")
    lock_out(world, eve)
    eve.send("complain", kind="complaint", text="The ban is wrong.")

    assert eve.inbox[-1]["type"] == "complained"


def test_a_complaint_touches_no_conversation(world):
    ada, bo = world.pair()
    heard = len(bo.inbox)
    ada.send("complain", kind="complaint", text="Hm.")
    ada.send("message", room=ada.room, seq=1, text="hello")

    assert [event["type"] for event in bo.inbox[heard:]] == ["message"]
