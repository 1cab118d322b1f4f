"""Frames that come late, twice, never or in the wrong order, and strangers who come and go."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from tests.call.support.faces import BLUE, RED
from tests.call.support.people import Person, both_connected, meet, wait_for
from tests.call.support.signalling import Signalling, with_routes_apart

STARTS = 30
SKIPS = 20


def another_room(red: Person, blue: Person, before: str) -> str:
    """Both are in the same room, which is not the one before."""
    wait_for("another room", lambda: red.run("harness.room") == blue.run("harness.room") != before)
    return str(red.run("harness.room"))


def test_thirty_simultaneous_starts_all_connect(signalling: Signalling, red: Person, blue: Person) -> None:
    """Both ends start in the same moment, again and again; a start that hangs is a coin toss, so many are tossed."""
    room = meet(signalling, red, blue)
    for number in range(STARTS):
        (red, blue)[number % 2].run("harness.skip()")
        room = another_room(red, blue, room)
        both_connected(red, blue)
    red.wait_until_sees(BLUE)
    blue.wait_until_sees(RED)
    assert red.stats()["open"] == blue.stats()["open"] == 1, "connections of earlier strangers are still open"


@pytest.mark.parametrize("seed", [1])
def test_random_skips_at_every_stage_leave_the_next_call_whole(
    signalling: Signalling, red: Person, blue: Person, seed: int
) -> None:
    """Skips fall before, into and after the negotiation, with slow signalling; none of it reaches the next call."""
    room = meet(signalling, red, blue)
    chance = random.Random(seed)
    signalling.faults.delay_seconds = lambda person, data: chance.choice([0, 0.02, 0.1])
    for _ in range(SKIPS):
        red.page.wait_for_timeout(chance.choice([0, 5, 20, 60, 150, 300]))
        for person in chance.sample([red, blue], chance.choice([1, 1, 2])):
            # A client that does not know the room yet would skip the last one, and nothing would happen.
            wait_for("both know the room", lambda: red.run("harness.room") == blue.run("harness.room"))
            person.run("harness.skip()")
        wait_for("another room", lambda room=room: red.run("harness.room") != room)
        room = str(red.run("harness.room"))
    signalling.faults.delay_seconds = lambda person, data: 0
    wait_for("one room", lambda: red.run("harness.room") == blue.run("harness.room"))
    both_connected(red, blue)
    red.wait_until_sees(BLUE)
    blue.wait_until_sees(RED)
    assert red.stats()["open"] == blue.stats()["open"] == 1


def lose_first(signalling: Signalling, is_it: Callable[[dict[str, Any]], bool]) -> list[str]:
    """Lose the first signal of a kind; returns a list that then has its sender."""
    lost: list[str] = []

    def drop(person: str, data: dict[str, Any]) -> bool:
        first = is_it(data) and not lost
        if first:
            lost.append(person)
        return first

    signalling.faults.drop = drop
    return lost


def test_a_lost_offer_is_sent_again(signalling: Signalling, red: Person, blue: Person) -> None:
    """The first offer never arrives; the call comes up all the same."""
    lost = lose_first(signalling, lambda data: "description" in data)
    meet(signalling, red, blue)
    assert lost == ["red"]
    blue.wait_until_sees(RED)
    assert red.stats()["connections"] == 1, "it was rebuilt instead"


def test_a_lost_answer_is_sent_again(signalling: Signalling, red: Person, blue: Person) -> None:
    """The answer never arrives; the repeated offer is answered with the same answer."""
    lost = lose_first(signalling, lambda data: data.get("description", {}).get("type") == "answer")
    meet(signalling, red, blue)
    assert lost == ["blue"]
    red.wait_until_sees(BLUE)
    assert red.stats()["connections"] == 1, "it was rebuilt instead"


def test_a_late_answer_to_an_older_connection_is_not_taken(signalling: Signalling, red: Person, blue: Person) -> None:
    """Both have a first offer; the answer to the one that is gone comes while the other waits for its own."""
    meet(signalling, red, blue)
    late: list[int] = []

    def first_answer_late(person: str, data: dict[str, Any]) -> float:
        first = data.get("description", {}).get("type") == "answer" and not late
        if first:
            late.append(data["generation"])
        return 0.4 if first else 0.6 if "description" in data else 0

    signalling.faults.delay_seconds = first_answer_late
    rebuild = "harness.calls.call.link.happen({type: 'retry'})"
    red.run(rebuild)
    wait_for("the first answer is on its way", lambda: late)
    red.run(rebuild)
    both_connected(red, blue)
    blue.wait_for_more_frames()
    red.wait_until_sees(BLUE)
    assert red.stats()["connections"] == blue.stats()["connections"] == 3, "it was rebuilt once more"


@pytest.mark.parametrize("behind", [0, 0.5], ids=["as they come", "descriptions last"])
def test_a_page_may_send_its_candidates_apart(signalling: Signalling, red: Person, blue: Person, behind: float) -> None:
    """The call comes up as quickly with routes in frames of their own, and nothing promises the order of two frames."""
    signalling.faults.rewrite = with_routes_apart
    signalling.faults.delay_seconds = lambda person, data: behind if "description" in data else 0
    meet(signalling, red, blue)
    red.wait_until_sees(BLUE)
    blue.wait_until_sees(RED)
    assert red.stats()["connections"] == 1, "the call only came up in a second attempt"


def test_lost_candidates_of_one_side_do_not_matter(signalling: Signalling, red: Person, blue: Person) -> None:
    """One side's routes are enough for both to find each other."""
    signalling.faults.rewrite = with_routes_apart
    signalling.faults.drop = lambda person, data: person == "red" and "candidates" in data
    meet(signalling, red, blue)
    red.wait_until_sees(BLUE)


def test_both_changing_their_mind_at_once_is_settled(signalling: Signalling, red: Person, blue: Person) -> None:
    """Offers that cross in an established call: the polite one gives way and both changes happen."""
    meet(signalling, red, blue)
    signalling.faults.delay_seconds = lambda person, data: 0.15
    for person, direction in ((red, "sendonly"), (blue, "recvonly")):
        person.run(f"probe.current().getTransceivers()[0].direction = '{direction}'")
    wait_for("both offers are out", lambda: _offers(signalling, "red") >= 2 and _offers(signalling, "blue") >= 1)
    for person, direction in ((red, "sendonly"), (blue, "recvonly")):
        wait_for("settled", lambda person=person: person.run("probe.current().signalingState") == "stable")
        wait_for(
            "both changes",
            lambda person=person, direction=direction: (
                person.run("probe.current().getTransceivers()[0].currentDirection") == direction
            ),
        )
    assert red.stats()["connections"] == blue.stats()["connections"] == 1, "it was rebuilt instead"
    red.wait_for_more_frames()
    blue.wait_for_more_frames()


def _offers(signalling: Signalling, name: str) -> int:
    return len(
        [1 for who, data in signalling.heard if who == name and data.get("description", {}).get("type") == "offer"]
    )


def test_nonsense_from_the_stranger_changes_nothing(signalling: Signalling, red: Person, blue: Person) -> None:
    """A modified page sends what it likes; the call goes on."""
    room = meet(signalling, red, blue)
    nonsense: list[dict[str, Any]] = [
        {}, {"description": "offer"}, {"generation": -1, "candidates": [1]}, {"media": {"camera": "yes"}},
        {"generation": 1, "description": {"type": "offer", "sdp": "v=0"}}, {"ask": "money"},
        {"generation": 99, "candidates": [{"candidate": "candidate:nonsense"}]},
    ]  # fmt: skip
    for data in nonsense:
        blue.page.evaluate("(data) => harness.calls.options.send(harness.room, data)", data)
    wait_for("all of it arrived", lambda: signalling.frames(room, "blue") >= len(nonsense))
    red.wait_for_more_frames()
    blue.wait_for_more_frames()
    assert red.is_in("connected", "weak")
    assert red.stats()["connections"] == 1
