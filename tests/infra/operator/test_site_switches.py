"""A queue that the operator closes is closed, and their words are told."""

from __future__ import annotations

import pytest

from infra.operator import site
from infra.operator.office import OperatorError
from tests.functions.doorstep import come
from tests.infra.operator.conftest import Desk

KEPT_SECONDS = 10.0
NOTICE_LENGTH_MAX = 300


def test_a_queue_that_is_closed_takes_nobody_until_it_is_opened(desk: Desk):
    """The handlers see it within ten seconds."""
    ada = come(desk.world, "Ada")
    assert "Closed: video" in desk.ask("close", "video")
    ada.join("video")
    assert ada.inbox[-1]["code"] == "closed"
    ada.join("text")
    assert ada.inbox[-1]["type"] == "waiting"

    assert "Closed: nothing" in desk.ask("open", "video")
    desk.world.pass_time(KEPT_SECONDS)
    ada.join("video")
    assert ada.inbox[-1]["type"] == "waiting"


def test_everything_can_be_closed_at_once(desk: Desk):
    """And opened one by one."""
    desk.ask("close", "all")
    assert desk.data("status") == {"text": "closed", "video": "closed", "notice": ""}
    desk.ask("open", "text")
    assert desk.data("status") == {"text": "open", "video": "closed", "notice": ""}


def test_a_notice_is_told_until_there_is_none(desk: Desk):
    """In any script; the switches are not touched by it."""
    desk.ask("close", "video")
    assert "Wir ruhen um Mitternacht" in desk.ask("notice", " Wir ruhen um Mitternacht. ")
    ada = come(desk.world, "Ada")
    ada.join()
    assert ada.last("waiting")["notice"] == "Wir ruhen um Mitternacht."

    assert "Notice: none" in desk.ask("notice")
    assert desk.data("status") == {"text": "open", "video": "closed", "notice": ""}


@pytest.mark.parametrize("text", ["x" * (NOTICE_LENGTH_MAX + 1), "two\nlines", "a \u202e trick", "\x1b[31m"])
def test_a_notice_that_would_not_look_as_it_is_written_is_refused(desk: Desk, text: str):
    """One line, without what changes direction or colour."""
    assert "one line" in desk.fails("notice", text)


def planned(desk: Desk, begins: float, ends: float, *closes: str, **words: str) -> None:
    now = desk.world.clock.now()
    said = {"" if language == "any" else language: text for language, text in words.items()}
    site.plan(desk.office, now + begins, now + ends, frozenset(closes), said)


def test_a_planned_closing_begins_and_ends_by_itself(desk: Desk):
    """Nobody has to be awake."""
    planned(desk, 600, 1200, "video")
    ada = come(desk.world, "Ada")
    for seconds, told in ((0, "waiting"), (660, "closed"), (600, "waiting")):
        desk.world.pass_time(seconds)
        ada.join("video")
        assert ada.inbox[-1].get("code", ada.inbox[-1]["type"]) == told


def test_a_planned_notice_is_read_in_a_language_that_one_speaks(desk: Desk):
    """And by everybody else in the other words; when it is over, the standing notice is back."""
    desk.ask("notice", "Be kind.")
    planned(desk, 0, 600, any="Back at noon.", de="Um zwölf zurück.", fr="De retour à midi.")
    ada = come(desk.world, "Ada")
    for languages, words in (
        (["de"], "Um zwölf zurück."),
        (["tr", "fr"], "De retour à midi."),
        (["tr"], "Back at noon."),
    ):
        ada.join(languages=languages)
        assert ada.last("waiting")["notice"] == words
        ada.send("leave")
    desk.world.pass_time(660)
    ada.join(languages=["de"])
    assert ada.last("waiting")["notice"] == "Be kind."


def test_all_ways_of_closing_say_why_alike(desk: Desk):
    planned(desk, 0, 600, "video", any="We move.", de="Wir ziehen um.")
    ada = come(desk.world, "Ada")
    ada.join("video", languages=["de"])

    assert ada.last("error")["message"] == "Wir ziehen um."


@pytest.mark.parametrize(
    ("times", "closes", "words", "problem"),
    [
        ((0, 60), (), {}, "closes something or says something"),
        ((0, 60), ("fax",), {}, "closes something"),
        ((0, 60), (), {"any": "  "}, "closes something"),
        ((60, 60), ("text",), {}, "ends after it begins"),
        ((-120, -60), ("text",), {}, "not in the past"),
        ((0, 60), (), {"de": "Hallo."}, "speak none"),
        ((0, 60), (), {"any": "x" * 301}, "300 characters"),
    ],
)
def test_a_plan_that_is_none_is_refused(desk: Desk, times, closes, words, problem):
    with pytest.raises(OperatorError, match=problem):
        planned(desk, *times, *closes, **words)


def test_plans_are_few_and_those_that_are_over_make_room(desk: Desk):
    for _ in range(20):
        planned(desk, 0, 600, "video")
    with pytest.raises(OperatorError, match="20 plans"):
        planned(desk, 0, 600, "video")

    first = desk.office.switches.fetch().plans[0]
    site.take_back(desk.office, first)
    planned(desk, 0, 600, any="Room for one.")
    assert desk.office.switches.fetch().plans[-1].words == (("", "Room for one."),)


def test_the_status_shows_what_is_planned(desk: Desk):
    planned(desk, 0, 600, "video", any="Back soon.")

    assert "video closed; Back soon." in desk.ask("status")
