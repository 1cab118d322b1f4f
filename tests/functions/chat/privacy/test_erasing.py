"""Erasing takes what only its owner gains by; nobody is less protected for it, and no abuser begins anew."""

from __future__ import annotations

from dataclasses import replace

import pytest

from functions.chat.model.case import Ruling
from functions.chat.model.record import Record
from functions.chat.privacy.kinds import KINDS
from functions.chat.storage.holds import Holds
from tests.functions.chat.privacy.visits import (
    NOTE,
    THEIR_NOTE,
    known,
    mine,
    of_kind,
    prepared,
    texts_in,
    whole_visit,
)
from tests.functions.doorstep import CAFE, HOME, come, device_of, lock_out, meet, record_of, report
from tests.functions.world import Person, World


def decide(world: World, number: str, decision: str = "upheld") -> None:
    """Have a moderator decide a case, as the desk does."""
    assert world.backend.cases.hold(number, "desk")
    leg = world.backend.cases.ruling_leg(number, Ruling(decision, "uphold", "olga"), "desk")
    assert world.backend.table.transact_or_lose([leg])


def own_report(world: World) -> tuple[Person, str]:
    """Let somebody report with a note and a line that they hand over; return them and the number."""
    prepared(world)
    ada, bo = come(world, "Ada", address=HOME), come(world, "Bo", address=CAFE)
    room = meet(world, ada, bo)
    world.pass_time(30)
    ada.send("report", room=room, reason="spam", note=NOTE, lines=[{"seat": 0, "seq": 1, "text": "Stop."}])
    return ada, str(ada.last("reported")["case"])


def is_evidence_kept(world: World, number: str) -> bool:
    return (f"case#{number}", "evidence") in world.items()


def test_a_known_device_is_a_newcomer_again(world: World) -> None:
    """The advantages that it had earned by talking here go: the weight of its reports, and that it never waited."""
    ada, token = known(world, "Ada", HOME)
    assert record_of(world, device_of(ada)).is_known(world.clock.now())
    mine(ada, "erase")
    again = come(world, "Ada again", address=HOME, token=token)

    assert not record_of(world, device_of(ada)).is_known(world.clock.now())
    assert world.items()[again.key]["newcomer_since"]


@pytest.mark.parametrize(
    "kept",
    ["charges", "rung", "free_since", "floods", "flooded_at", "ban", "avoided", "reports", "reports_since", "reported",
     "reporters", "met", "counted_since", "doubted_until", "trouble", "troubled_at"],
)  # fmt: skip
def test_charges_against_a_device_and_the_bounds_of_its_reports_stay(kept: str) -> None:
    """All of a record but the days of its owner and the networks that they avoid."""
    erased = ("days", "last_day", "talked_since", "shunned")
    whole = Record("d.ada", days=3, talked_since=1.5, last_day=20_000, shunned=(("a.net", 1.0),))
    values = {name: 1 for name in whole.__dataclass_fields__ if name not in ("key", *erased)}
    full = replace(whole, **values)  # type: ignore[arg-type]  # what it is does not matter here

    assert getattr(full.forgotten(), kept) == 1
    assert [getattr(full.forgotten(), name) for name in erased] == [0, 0, 0, ()]


def test_a_ban_is_not_lifted_and_the_page_is_asked_to_keep_the_token(world: World) -> None:
    """Neither for this device, nor for the operator's lists."""
    ada, token = known(world, "Ada", HOME)
    number = lock_out(world, ada)
    answer = mine(ada, "erase")

    assert answer["locked"]
    again = come(world, "Ada again", address=HOME, token=token)
    again.join()
    assert (again.inbox[-1]["code"], again.inbox[-1]["case"]) == ("banned", number)
    assert world.backend.cases.get(number) is not None


def test_reports_that_were_made_and_heard_still_weigh(world: World) -> None:
    """Somebody who was nearly locked out is so still, and a liar's reports are counted on."""
    eve, ada = come(world, "Eve", address=HOME), come(world, "Ada", address=CAFE)
    report(ada, eve)
    before = record_of(world, device_of(eve))
    mine(eve, "erase")

    assert record_of(world, device_of(eve)).charges == before.charges != ()
    ours = record_of(world, device_of(ada))
    mine(ada, "erase")
    after = record_of(world, device_of(ada))
    assert (after.reports, after.reported, after.met, after.avoided) == (ours.reports, 1, ours.met, ours.avoided)


def test_two_who_were_kept_apart_stay_apart_as_long_as_the_token_is_there(world: World) -> None:
    """Erasing is no way back to somebody who reported, nor to whom one reported."""
    eve, token = known(world, "Eve", HOME)
    ada = come(world, "Ada", address=CAFE)
    report(ada, eve)
    mine(eve, "erase")
    eve.disconnect()
    again = come(world, "Eve again", address=HOME, token=token)
    world.pass_time(120)
    ada.join()
    again.join()

    assert again.inbox[-1]["type"] == "waiting"


def test_no_count_that_slows_an_abuser_begins_anew(world: World) -> None:
    """Of a device, of its connections, of its address and of its network: not one item but its own record changes."""
    ada = whole_visit(prepared(world))
    before = world.items()
    mine(ada, "erase")
    changed = {key for key, item in world.items().items() if before.get(key) != item}

    assert before.keys() == world.items().keys()
    assert {key[0].partition("#")[0] for key in changed} == {"record", "case"}
    assert {key[0] for key in changed if key[0].startswith("record")} == {f"record#{device_of(ada)}"}


def test_the_words_of_a_report_go_when_it_was_decided(world: World) -> None:
    """The note, and the evidence. The case stays with its reporter, so that lies can be undone."""
    ada, number = own_report(world)
    assert is_evidence_kept(world, number)
    decide(world, number)
    mine(ada, "erase")
    case = world.backend.cases.get(number)

    assert case is not None
    assert (case.note, case.reporter_device, case.reason) == (None, device_of(ada), "spam")
    assert not is_evidence_kept(world, number)
    assert NOTE not in texts_in(list(world.items().values()))


def test_the_words_of_a_case_on_hold_stay(world: World) -> None:
    """A court wants them, from any writer; once it is let go they may be erased."""
    ada, number = own_report(world)
    decide(world, number)
    Holds(world.backend.table).keep(number, "Order 17/2026", "olga")
    mine(ada, "erase")
    kept = world.backend.cases.get(number)
    assert kept is not None and kept.note == NOTE
    assert is_evidence_kept(world, number)

    Holds(world.backend.table).let_go(number)
    mine(ada, "erase")
    case = world.backend.cases.get(number)
    assert case is not None and case.note is None
    assert not is_evidence_kept(world, number)


def test_the_words_of_a_report_that_waits_stay_until_it_is_decided(world: World) -> None:
    """The operator has to know what is said. Its author is shown it no more, as if it were gone: that tells nothing."""
    ada, number = own_report(world)
    mine(ada, "erase")
    shown = of_kind(ada, "report")

    assert world.backend.cases.get(number).note == NOTE  # type: ignore[union-attr]
    assert is_evidence_kept(world, number)
    assert shown[0]["case"] == number
    assert "note" not in shown[0]
    assert of_kind(ada, "evidence") == []
    decide(world, number)
    assert of_kind(ada, "report") == shown
    mine(ada, "erase")
    assert of_kind(ada, "report") == shown
    assert not is_evidence_kept(world, number)


@pytest.mark.parametrize("seconds", [-1.0, 3600.0])
def test_the_words_of_a_report_stay_while_somebody_is_locked_out_by_it(world: World, seconds: float) -> None:
    """They may still say why that is wrong."""
    ada, number = own_report(world)
    decide(world, number)
    world.backend.cases.note_ban(number, world.clock.now() + seconds)
    mine(ada, "erase")

    assert is_evidence_kept(world, number) == (seconds > 0)


def test_a_ban_that_was_lifted_keeps_no_words(world: World) -> None:
    """The end that the ban would have had stays written, and locks nobody out."""
    ada, number = own_report(world)
    world.backend.cases.note_ban(number, world.clock.now() + 86_400)
    decide(world, number, "granted")
    mine(ada, "erase")

    assert not is_evidence_kept(world, number)


def test_an_appeal_after_the_decision_keeps_the_words(world: World) -> None:
    """The case is open again."""
    ada, number = own_report(world)
    decide(world, number)
    world.pass_time(10)
    world.backend.cases.appeal(number, "No.")
    mine(ada, "erase")

    assert is_evidence_kept(world, number)


def test_others_reports_are_not_touched(world: World) -> None:
    """Neither their words, nor their evidence, also where it was decided."""
    eve, bo = come(world, "Eve", address=HOME), come(world, "Bo", address=CAFE)
    prepared(world)
    room = meet(world, eve, bo)
    world.pass_time(30)
    bo.send("report", room=room, reason="spam", note=THEIR_NOTE, lines=[{"seat": 1, "seq": 1, "text": "Stop."}])
    number = str(bo.last("reported")["case"])
    decide(world, number)
    mine(eve, "erase")

    assert world.backend.cases.get(number).note == THEIR_NOTE  # type: ignore[union-attr]
    assert is_evidence_kept(world, number)
    assert not world.backend.cases.take_back(number, device_of(eve))
    assert not world.backend.cases.forget_words(number, device_of(eve))


def test_a_conversation_that_runs_goes_on(world: World) -> None:
    """Erased in another tab; the two still talk, either can report, and the room ends as ever."""
    (ada, token), bo = known(world, "Ada", HOME), come(world, "Bo", address=CAFE)
    room = meet(world, ada, bo)
    tab = come(world, "Ada's other tab", address=HOME, token=token)
    mine(tab, "erase")
    tab.disconnect()
    world.news()
    ada.send("message", room=room, seq=1, text="still here")
    bo.send("message", room=room, seq=1, text="me, too")

    assert world.news() == {"Ada": ["message"], "Bo": ["message"]}
    world.pass_time(30)
    ada.send("report", room=room, reason="spam")
    assert ada.last("reported")["room"] == room


def test_erased_twice_is_erased_once(world: World) -> None:
    """A frame may come twice."""
    ada, _ = own_report(world)
    first = mine(ada, "erase")
    before = world.items()

    assert mine(ada, "erase") == first
    assert world.items() == before


def test_every_listed_kind_says_what_erasing_does() -> None:
    """And what stays says for whose sake."""
    says = {kind.erasing.partition(":")[0] for kind in KINDS if kind.shown}

    assert all(each.startswith(("goes", "stays", "its note goes", "the days")) for each in says), says
