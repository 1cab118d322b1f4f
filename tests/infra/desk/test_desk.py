"""The desk's answers to its page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from functions.chat.model.case import Case
from functions.chat.model.record import Record
from infra.desk import views
from infra.desk.desk import Desk
from infra.operator import audit
from infra.operator.evidence import Handed
from infra.operator.evidence_key import public_key
from infra.operator.office import OperatorError
from tests.functions.doorstep import device_of

DAY = 86_400.0
SHOWN = 40


@pytest.fixture
def served(desk, tmp_path: Path) -> Desk:
    return Desk(desk.office, "a test", tmp_path / "evidence.key", tmp_path / "seen.json")


def numbers(answer) -> list[str]:
    return [each["number"] for each in answer["cases"]]


def test_the_queue_is_the_gravest_first_and_says_by_when(served, desk):
    spam, underage = (desk.report(reason, number=at)[2] for at, reason in enumerate(("spam", "underage")))

    answer = served.queue({})
    assert numbers(answer) == [underage, spam]
    assert [each["due_at"] - each["opened_at"] for each in answer["cases"]] == [3 * 3600, 3 * DAY]
    assert answer["after"] is None
    assert served.count({}) == {"waiting": 2}
    assert numbers(served.queue({"reason": "spam"})) == [spam]


def test_complaints_stand_in_the_queue_by_the_clocks_of_their_laws(served, desk):
    """Those with hours before everything, those with days after what people report."""
    now = desk.office.table.now()
    for kind in ("complaint", "intimate", "order"):
        desk.office.cases.open(Case(f"THE{kind.upper()}", kind, now, note="!", contact="me@example.org"))
    spam = desk.report("spam")[2]

    cases = served.queue({})["cases"]
    assert [each["number"] for each in cases] == ["THEORDER", "THEINTIMATE", spam, "THECOMPLAINT"]
    hours = [(each["due_at"] - each["opened_at"]) / 3600 for each in cases]
    assert hours == pytest.approx([3, 48, 72, 168])
    assert numbers(served.queue({"reason": "intimate"})) == ["THEINTIMATE"]
    told = served.case({"number": "THEINTIMATE"})
    assert (told["contact"], told["law"].partition(",")[0]) == ("me@example.org", "US")


def test_a_long_queue_comes_in_pages(served, desk):
    """Each with a bounded number of requests, however many wait."""
    for at in range(SHOWN + 5):
        desk.office.cases.open(Case(f"C{at:03}", "spam", desk.world.clock.now() + at, ("d.eve",)))

    desk.world.client.requests.clear()
    first = served.queue({})
    assert [operation for operation, _ in desk.world.client.requests] == ["Query", "BatchGetItem"]
    second = served.queue({"after": first["after"]})
    assert (len(first["cases"]), len(second["cases"]), second["after"]) == (SHOWN, 5, None)
    assert set(numbers(first)).isdisjoint(numbers(second))


def test_an_entry_whose_case_was_decided_is_not_shown_and_goes(served, desk):
    """A process that died between the two writes left it."""
    number = desk.report("spam")[2]
    before = desk.office.cases.get(number)
    served.decide({"number": number, "verdict": "dismiss"})
    desk.office.cases.enter(before)

    assert numbers(served.queue({})) == []
    assert served.count({}) == {"waiting": 0}


def test_an_entry_of_a_report_that_is_under_way_stays(served, desk):
    """Its case is written some milliseconds later."""
    now = desk.office.table.now()
    desk.office.cases.enter(Case("UNDERWAY", "spam", now, ("d.eve",)))
    desk.office.cases.enter(Case("GONE", "spam", now - 120, ("d.eve",)))

    assert numbers(served.queue({})) == []
    assert [entry.case for entry in desk.office.docket.waiting(9)] == ["UNDERWAY"]


def test_a_case_tells_how_all_of_them_stand(served, desk):
    ada, eve, number = desk.report("underage", note="said so")

    told = served.case({"number": number})
    assert (told["note"], told["reason"], told["is_open"]) == ("said so", "underage", True)
    assert told["subjects"][0]["key"] == device_of(eve)
    assert told["subjects"][0]["ban"]["case"] == number
    assert told["reporter"]["key"] == device_of(ada)
    assert told["evidence"] is None


def test_evidence_is_opened_with_the_key_and_the_still_comes_only_when_asked(served, desk):
    backend = desk.world.backend
    desk.world.backend = replace(backend, settings=replace(backend.settings, evidence_key=public_key(served.key)))
    ada, _ = desk.world.pair()
    lines = [{"seat": 0, "seq": 3, "text": "stop it"}]
    ada.send("report", room=ada.room, reason="harassment", lines=lines)
    number = ada.last("reported")["case"]

    told = served.case({"number": number})["evidence"]
    assert told["lines"] == [{"member": "reporter", "seq": 3, "at": None, "left_out": 2, "text": "stop it"}]
    assert told["has_still"] is False
    assert served.still({"number": number}) == {"still": None}
    other = replace(served, key=served.key.with_name("none.key"))
    assert other.case({"number": number})["evidence"]["lines"] is None
    public_key(other.key)
    assert "not the one" in other.case({"number": number})["problem"]


@pytest.mark.parametrize(("picture", "is_shown"), [(b"\xff\xd8\xff\xe0", True), (b"<svg onload=a>", False)])
def test_a_still_that_is_no_picture_is_not_shown(picture, is_shown):
    """A reporter's page may send anything; a script would run with the operator's rights."""
    assert (views.still(Handed(100, (), picture))["still"] is not None) is is_shown


def test_a_rung_is_the_one_that_the_next_ban_would_take():
    """Thirty days without a ban take one back."""
    record = Record("d.eve", rung=3, free_since=1_000_000.0)

    assert [views.standing(record, 1_000_000.0 + days * 86_400)["rung"] for days in (29, 31, 61)] == [3, 2, 1]


def test_the_history_of_a_device_has_both_its_sides(served, desk):
    ada, eve, number = desk.report("spam")

    for person, role in ((ada, "reporter"), (eve, "reported")):
        told = served.person({"key": device_of(person)})
        assert [(each["number"], each["role"]) for each in told["cases"]] == [(number, role)]
    with pytest.raises(OperatorError, match="pseudonym"):
        served.person({})


@pytest.mark.parametrize("verdict", ["", "execute", "DISMISS"])
def test_a_decision_that_is_none_is_refused(served, desk, verdict):
    number = desk.report("spam")[2]

    with pytest.raises(OperatorError, match="no such decision"):
        served.decide({"number": number, "verdict": verdict})


@pytest.mark.parametrize("seconds", ["", "-5", "1e9", "nan", "0"])
def test_a_ban_needs_a_length_in_seconds(served, desk, seconds):
    number = desk.report("spam")[2]

    with pytest.raises(OperatorError, match="length"):
        served.decide({"number": number, "verdict": "ban", "seconds": seconds})


def test_the_figures_of_each_day_and_together(served, desk):
    desk.report("underage")
    desk.report("spam", number=1)

    told = served.figures({"days": "3"})
    assert [day["underage"] + day["spam"] for day in told["days"]] == [0, 0, 2]
    assert [day["bans"] for day in told["days"]] == [0, 0, 1]
    assert told["together"]["reports"] == 2
    assert len(served.figures({"days": "much"})["days"]) == 30
    assert len(served.figures({"days": "1000"})["days"]) == 90


def test_a_queue_is_closed_and_opened_at_once(served):
    assert served.switch({"mode": "video", "to": "close"})["closed"] == {"text": False, "video": True}
    assert served.switch({"mode": "video", "to": "open"})["closed"] == {"text": False, "video": False}
    with pytest.raises(OperatorError, match="no such queue"):
        served.switch({"mode": "fax", "to": "close"})


def test_a_plan_is_kept_shown_and_taken_back(served, desk):
    now = int(desk.office.table.now())
    words = {"words.": "We pause at noon.", "words.de": "Pause am Mittag."}
    asked = {"since": f"{now}", "until": f"{now + 3600}", "closes": "video", **words}

    (plan,) = served.plan(asked)["plans"]
    assert plan["words"] == {"": "We pause at noon.", "de": "Pause am Mittag."}
    assert (plan["closes"], plan["until"] - plan["since"]) == (("video",), 3600)
    assert served.take_back({"id": plan["id"]})["plans"] == []
    with pytest.raises(OperatorError, match="no such plan"):
        served.take_back({"id": plan["id"]})
    assert [entry["what"].split(" 20")[0] for entry in served.log({})["entries"]] == [
        "take back", "plan close video, notice",
    ]  # fmt: skip


@pytest.mark.parametrize("time", ["", "soon", "-1"])
def test_a_plan_has_times(served, time):
    with pytest.raises(OperatorError, match="time"):
        served.plan({"since": time, "until": "9999999999", "words.": "Hello."})


def test_a_log_that_was_edited_is_said_to_be(served, desk):
    """Also one that was cut: this machine has seen more of it."""
    for _ in range(2):
        audit.write(desk.office, "olga", "dismiss", "CASE")
    assert served.log({})["problems"] == []

    desk.world.table.drop(("audit", f"{2:012}"))
    assert served.log({})["problems"] == ["Entry 2, which this machine has seen, is missing or another one."]
    assert served.log({})["problems"], "what is wrong is not remembered as right"


def test_a_warning_is_told_until_it_is_read_or_taken_back(served, desk):
    """And a case says that it led to one."""
    _, _, number = desk.report("spam")
    served.decide({"number": number, "verdict": "warn"})

    told = served.case({"number": number})
    assert (told["is_open"], told["is_warned"], told["verdict"]) == (False, True, "warn")
    assert told["subjects"][0]["warned_since"] > desk.world.clock.now()
    assert "taken back" in served.withdraw({"number": number})["sentence"]
    after = served.case({"number": number})
    assert (after["is_warned"], after["verdict"], after["subjects"][0]["warned_since"]) == (
        False, "warning_withdrawn", None,
    )  # fmt: skip
