"""A small simulated day keeps every promise, and a broken promise is seen."""

from __future__ import annotations

import asyncio
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.gateway import Gateway, free_port
from tests.load import day
from tests.load.day_history import Diary, History, Search, Stay
from tests.load.day_plan import BY_HOUR, draw, hour_of
from tests.load.day_promises import PROMISES, check
from tests.load.day_visitor import Visitor

DAY_SECONDS, DRAIN_SECONDS, PEOPLE = 25.0, 15.0, 50
TWO, PAIRED, PEER, ARRIVES, TOLD, REMATCH = range(6)
# Whether two who parted come across each other again at all.
BY_CHANCE = {[*PROMISES][REMATCH]}


class Balanced(HTMLParser):
    """Sees to it that every element is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.timeout(240)
def test_a_small_day_keeps_every_promise(tmp_path: Path) -> None:
    """With bad networks, vanishing phones and floods, in less than a minute; its report is one file."""
    gateway = Gateway()
    gateway.start()
    try:
        found = day.run(gateway.websocket_url, PEOPLE, DAY_SECONDS, seed=4, drain_seconds=DRAIN_SECONDS)
    finally:
        gateway.stop()

    assert found.broken == []
    assert {finding.promise for finding in found.findings if finding.checked} >= set(PROMISES) - BY_CHANCE
    assert len(found.history.rooms()) > PEOPLE / 3
    assert sum(bool(diary.opened) for diary in found.history.diaries) == PEOPLE
    assert found.figures["dollars"]["together"] > 0
    page = Balanced()
    page.feed(found.report)
    assert page.open == []
    assert found.report.count("<svg") == 7
    assert "<script" not in found.report
    assert "http" not in found.report.replace("http://www.w3.org", "")


def two_who_met() -> History:
    """Return a day on which Ada and Bo met, talked, and Ada skipped."""
    ada, bo = Diary("Ada", gone=100.0), Diary("Bo", gone=100.0)
    for diary in (ada, bo):
        diary.searches.append(Search(1.0, 2.0, found=True))
        diary.stays.append(Stay("r1", 2.0, 20.0, "skip" if diary is ada else "peer_left"))
        diary.searches.append(Search(20.0))
    ada.said.append((5.0, "r1", 1, "hello"))
    bo.heard.append((5.1, "r1", 1, "hello"))
    bo.relayed.append((5.1, "r1"))
    bo.told_left.append((20.1, "r1"))
    ada.gone = 25.0
    return History(100.0, [ada, bo])


def broken(history: History) -> list[int]:
    return [number for number, finding in enumerate(check(history)) if finding.broken]


def test_a_day_on_which_all_went_well_is_no_complaint() -> None:
    """Each promise is put to the test by it."""
    findings = check(two_who_met())

    assert [finding.broken for finding in findings] == [[]] * len(PROMISES)
    assert all(finding.checked for finding in findings[:REMATCH])


def test_a_third_person_in_a_room_is_seen() -> None:
    """And somebody who is in two rooms at a time, or alone in one for no reason."""
    crowded, twice, alone = two_who_met(), two_who_met(), two_who_met()
    crowded.diaries.append(Diary("Cy", stays=[Stay("r1", 2.0, 20.0, "leave")], gone=20.0))
    twice.diaries[1].stays.append(Stay("r2", 10.0, 12.0, "skip"))
    alone.diaries[0].stays.clear()

    assert TWO in broken(crowded)
    assert TWO in broken(twice)
    assert TWO in broken(alone)


def test_two_who_wait_side_by_side_are_seen() -> None:
    """Unless they want different things, just met, or one of them had no network."""
    history = two_who_met()
    history.diaries[0].gone = 100.0
    assert broken(history) == [], "they met just before"

    history.diaries.append(Diary("Cy", searches=[Search(30.0, 50.0)], gone=50.0))
    assert broken(history) == [PAIRED]
    history.diaries[2].troubles.append((31.0, 40.0))
    assert broken(history) == []
    history.diaries[2].troubles.clear()
    history.diaries[2].mode = "video"
    assert broken(history) == []


def test_a_line_that_nobody_said_and_a_strange_frame_are_seen() -> None:
    """Another's line, a frame of another's room, an event that breaks the contract."""
    foreign, strange, other = two_who_met(), two_who_met(), two_who_met()
    foreign.diaries[1].heard.append((6.0, "r1", 2, "never said"))
    other.diaries[1].relayed.append((6.0, "r9"))
    strange.diaries[0].strange.append("a frame without a type")

    assert broken(foreign) == broken(strange) == broken(other) == [PEER]


def test_a_lost_line_is_seen() -> None:
    """Where neither side was disturbed, and the room stayed open for a while after it."""
    history = two_who_met()
    history.diaries[1].heard.clear()
    assert broken(history) == [ARRIVES]

    history.diaries[1].troubles.append((4.0, 7.0))
    assert broken(history) == []


def test_a_person_not_told_or_not_searching_on_is_seen() -> None:
    """After a skip within seconds."""
    untold, stuck = two_who_met(), two_who_met()
    untold.diaries[1].told_left.clear()
    stuck.diaries[1].searches.pop()

    assert TOLD in broken(untold)
    assert TOLD in broken(stuck)


@pytest.mark.parametrize(("gap", "found"), [(3.0, [REMATCH]), (11.0, [])])
def test_two_who_meet_again_too_soon_are_seen(gap: float, found: list[int]) -> None:
    """Not sooner than ten seconds, even when nobody else is there."""
    history = two_who_met()
    history.diaries[0].gone = 100.0
    for diary in history.diaries:
        diary.searches[-1].ended = 20.0 + gap
        diary.stays.append(Stay("r2", 20.0 + gap, 20.0 + gap + 5, "leave"))

    assert broken(history) == found


def test_a_visitor_stays_out_of_a_room_whose_end_they_heard_first() -> None:
    """The contract: `paired` that comes after `peer_left` of its room means nothing; the search goes on."""

    async def hear(*events: dict[str, Any]) -> Visitor:
        visitor = Visitor(draw(1, 1.0, seed=1)[0], "ws://127.0.0.1:1/ws", lambda: 7.0, seed=1)
        for event in events:
            visitor.hear(event)
        return visitor

    def paired(room: str) -> dict[str, Any]:
        return {"type": "paired", "room": room, "polite": True, "iceServers": [], "resume": room}

    waiting = {"type": "waiting", "resume": "one", "ticket": "first"}
    over = {"type": "peer_left", "room": "over", "reason": "disconnected"}
    searching = asyncio.run(hear(waiting, over, paired("over")))
    assert searching.room is None
    assert searching.search is not None
    met = asyncio.run(hear(waiting, over, paired("over"), paired("next")))
    assert [stay.room for stay in met.diary.stays] == ["next"]


def test_a_room_whose_end_somebody_heard_first_needs_no_second_person() -> None:
    """The peer left before they were told of it; of a room that one person alone knows of that is said, else."""
    history = two_who_met()
    bo = history.diaries[1]
    bo.stays.clear()
    bo.heard.clear()
    bo.relayed.clear()
    assert TWO not in broken(history)

    bo.told_left.clear()
    assert TWO in broken(history)


def test_people_come_by_the_hours_of_a_day() -> None:
    """Most in the evening, hardly anybody before dawn, and the same for the same seed."""
    plans = draw(4000, 240.0, seed=1)
    by_hour = [sum(int(hour_of(plan.arrives_at, 240.0)) == hour for plan in plans) for hour in range(24)]

    assert by_hour.index(max(by_hour)) in {19, 20, 21, 22}
    assert sum(by_hour) == 4000
    for hour, share in enumerate(BY_HOUR):
        assert abs(by_hour[hour] / 4000 - share / sum(BY_HOUR)) < 0.02
    assert plans == draw(4000, 240.0, seed=1) != draw(4000, 240.0, seed=2)
    assert {plan.network for plan in plans} == {"good", "bad", "vanishing", "flooding"}


def test_only_a_gateway_of_this_machine_shows_its_figures() -> None:
    """A deployed one has a dashboard."""
    assert day.figures_of("ws://127.0.0.1:8080/ws") == "http://127.0.0.1:8080/_local.json"
    assert day.figures_of("wss://chat.example.org/ws") is None


@pytest.mark.parametrize("arguments", [["--url", "http://x"], ["--people", "0"], ["--minutes", "0"]])
def test_a_wrong_argument_is_one_sentence(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """And nothing begins."""
    with pytest.raises(SystemExit) as ended:
        day.main(arguments)

    assert ended.value.code == 2
    assert capsys.readouterr().err.strip().splitlines()[-1].startswith("python -m tests.load.day: error: argument")


def test_a_server_that_does_not_answer_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    """Before anybody comes."""
    assert day.main(["--url", f"ws://127.0.0.1:{free_port()}/ws", "--people", "1"]) == 1

    (told,) = capsys.readouterr().err.strip().splitlines()
    assert told.startswith("The server does not answer: ")
