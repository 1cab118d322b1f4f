"""Other scripts than those that were described, against reports: pace, order, windows, replays, resumed rooms."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from tests.town.hand import Hand, known, meet, record_of, score_of
from tests.town.town import DAY, HOUR, MINUTE, Town

VICTIM = "203.0.113.9"
IPV4, IPV6 = "192.0.{}.{}", "2001:db8:{}:{}::1"
NOTHING_OF_THREE = 2.1  # three newcomers' words; 2.5 are a ban
Script = Callable[[Hand, Hand, str], Hand]


@pytest.fixture
def town() -> Town:
    return Town("sweep")


def at_once(reporter: Hand, _victim: Hand, room: str) -> Hand:
    reporter.send("report", room=room, reason="underage")
    return reporter


def after_contact(reporter: Hand, victim: Hand, room: str) -> Hand:
    reporter.town.run(5.1)
    return at_once(reporter, victim, room)


def after_the_room(reporter: Hand, victim: Hand, room: str) -> Hand:
    """Skip first, and report the room before minutes later."""
    reporter.town.run(30)
    reporter.send("leave", room=room)
    reporter.town.run(9 * MINUTE)
    return at_once(reporter, victim, room)


def by_a_resumed_socket(reporter: Hand, victim: Hand, room: str) -> Hand:
    """Each report from another socket that continues the one before."""
    reporter.town.run(6)
    for _ in range(2):
        token = reporter.resume
        reporter.close(1006)
        reporter = Hand(reporter.town, reporter.address)
        reporter.send("resume", token=token)
        at_once(reporter, victim, room)
    return reporter


def again_and_again(reporter: Hand, victim: Hand, room: str) -> Hand:
    """With another reason each time."""
    reporter.town.run(6)
    for reason in ("underage", "sexual", "hate", "spam", "underage"):
        reporter.send("report", room=room, reason=reason)
    return reporter


def from_another_window(reporter: Hand, victim: Hand, room: str) -> Hand:
    """The report comes from the device's other socket, when the first is closed."""
    reporter.town.run(6)
    token = reporter.token
    reporter.close()
    return at_once(Hand(reporter.town, reporter.address, token), victim, room)


SCRIPTS = (at_once, after_contact, after_the_room, by_a_resumed_socket, again_and_again, from_another_window)


def campaign(town: Town, script: Script, networks: list[str], pause: float, devices: int) -> Hand:
    """Let so many fresh browsers of each network report one victim; return the victim."""
    victim = Hand(town, VICTIM)
    for number in range(devices):
        for network in networks:
            reporter = Hand(town, network.format(number + 1))
            assert reporter.status == 200
            room = meet(victim, reporter)
            script(reporter, victim, room).close()
            victim.send("leave")
            town.run(pause)
    return victim


@pytest.mark.parametrize("pause", [1.0, 5 * MINUTE])
@pytest.mark.parametrize("form", [IPV4, IPV6], ids=["IPv4", "/64 of a /48"])
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.__name__)
def test_no_script_of_three_networks_of_newcomers_bans_anybody(town: Town, script: Script, form: str, pause: float):
    """At any pace, in any order and with any sockets."""
    networks = [form.format(f"{number}", "{}") for number in (1, 2, 3)]
    victim = campaign(town, script, networks, pause, devices=3)

    assert record_of(town, victim.device).ban is None
    assert score_of(town, victim.device) <= NOTHING_OF_THREE
    if script is at_once:
        assert score_of(town, victim.device) == 0


def test_hoarded_tokens_report_like_newcomers(town: Town):
    """Minted days before, and never talked with: an age of a token is no history."""
    tokens = []
    for number in range(6):
        hand = Hand(town, IPV4.format(number % 3, number))
        tokens.append(hand.token)
        hand.join(interests=[f"nobody {number}"])
        hand.close()
    town.run(3 * DAY)
    victim = Hand(town, VICTIM)
    for number, token in enumerate(tokens):
        reporter = Hand(town, IPV4.format(number % 3, number), token)
        room = meet(victim, reporter)
        after_contact(reporter, victim, room).close()
        victim.send("leave")

    assert record_of(town, victim.device).ban is None
    assert score_of(town, victim.device) <= NOTHING_OF_THREE


@pytest.mark.parametrize("order", ["one network after the other", "in turn"])
def test_known_devices_of_two_networks_ban_nobody(town: Town, order: str):
    """However many, and in whichever order."""
    places = [(network, number) for network in (1, 2) for number in range(5)]
    if order == "in turn":
        places.sort(key=lambda each: each[1])
    tokens = [known(town, IPV4.format(*each)) for each in places]
    victim = Hand(town, VICTIM)
    for place, token in zip(places, tokens, strict=True):
        reporter = Hand(town, IPV4.format(*place), token)
        after_contact(reporter, victim, meet(victim, reporter)).close()
        victim.send("leave")

    assert record_of(town, victim.device).ban is None
    assert score_of(town, victim.device) <= 2.0


@pytest.mark.parametrize("gap", [5 * HOUR, 11.9 * HOUR, DAY])
def test_newcomers_of_one_network_ban_nobody_however_long_they_go_on(town: Town, gap: float):
    """A fresh browser each time, for a week."""
    victim = Hand(town, VICTIM)
    device, token = victim.device, victim.token
    for number in range(int(7 * DAY / gap)):
        victim.close()
        victim = Hand(town, VICTIM, token)
        reporter = Hand(town, IPV4.format(1, number + 1))
        after_contact(reporter, victim, meet(victim, reporter)).close()
        victim.send("leave")
        town.run(gap)
        assert record_of(town, device).ban is None


def test_a_report_of_a_room_that_is_not_ones_own_or_too_old_is_nothing(town: Town):
    """Neither of others' rooms, nor of one's own after ten minutes, nor by another device that knows its name."""
    one, other = Hand(town, IPV4.format(1, 1)), Hand(town, VICTIM)
    room = meet(one, other)
    town.run(30)
    outsider = Hand(town, IPV4.format(2, 1))
    answers = [outsider.send("report", room=room, reason="hate")]
    one.send("leave", room=room)
    town.run(11 * MINUTE)
    answers.append(one.send("report", room=room, reason="hate"))

    assert [[each.get("code") for each in answer] for answer in answers] == [["stale_room"], ["stale_room"]]
    assert score_of(town, other.device) == 0


def test_both_may_report_one_another_and_neither_word_is_lost(town: Town):
    """Also where the reported one was quicker: reporting first is no shield."""
    one, other = Hand(town, IPV4.format(1, 1)), Hand(town, VICTIM)
    room = meet(one, other)
    town.run(10)
    other.send("report", room=room, reason="spam")
    one.send("report", room=room, reason="hate")

    assert [score_of(town, each.device) for each in (one, other)] == [0.7, 0.7]
    assert {one.last("reported")["case"], other.last("reported")["case"]} == {
        each.last("reported")["case"] for each in (one, other)
    }
    assert one.last("reported")["case"] != other.last("reported")["case"]


def test_a_zero_that_is_sent_again_stays_zero(town: Town):
    """Beyond the words of its network, and a second later: the bucket has not drained meanwhile."""
    victims = []
    for number in range(6):
        victim, reporter = Hand(town, f"10.0.{number}.1"), Hand(town, IPV4.format(1, number + 1))
        room = meet(victim, reporter)
        after_contact(reporter, victim, room)
        for pause in (1.0, 4 * MINUTE):
            town.run(pause)
            reporter.send("report", room=room, reason="hate")
        victims.append(score_of(town, victim.device))
        reporter.close()
        victim.close()

    assert [bool(each) for each in victims] == [True] * 4 + [False] * 2


def test_words_that_are_used_up_come_back_within_a_day(town: Town):
    """A person who reports a hundred people in their network's name silences it no longer than one who reports five."""
    numbers = count(1)

    def word() -> float:
        number = next(numbers)
        victim, reporter = Hand(town, f"10.{number}.0.1"), Hand(town, IPV4.format(1, number % 250 + 1))
        after_contact(reporter, victim, meet(victim, reporter))
        score = score_of(town, victim.device)
        reporter.close()
        victim.close()
        return score

    first = [word() for _ in range(40)]
    town.run(6.5 * HOUR)

    assert sum(map(bool, first)) == 4
    assert word() == 0.7


@pytest.mark.parametrize(("leaver", "seconds", "reports"), [("victim", 4, 3), ("victim", 0.5, 0), ("reporter", 4, 0)])
def test_a_person_who_offends_and_goes_on_at_once_is_reported_all_the_same(
    town: Town, leaver: str, seconds: float, reports: int
):
    """But nobody by a stranger who left them so soon, nor for a second of which nobody saw anything."""
    victim = Hand(town, VICTIM)
    for number in range(3):
        reporter = fresh(town, IPV4.format(number, 1))
        room = meet(victim, reporter)
        town.run(seconds - 0.1)
        (victim if leaver == "victim" else reporter).send("leave", room=room)
        at_once(reporter, victim, room).close()
        victim.send("leave")

    assert score_of(town, victim.device) == round(0.7 * reports, 2)


def fresh(town: Town, address: str) -> Hand:
    return Hand(town, address)


def long_known(town: Town, address: str) -> Hand:
    return Hand(town, address, known(town, address))


@pytest.mark.parametrize(
    ("come", "hours", "word", "words"), [(fresh, 2, 0.7, 4 + 5 * 4), (long_known, 4, 1.0, 3 + 5 * 3)]
)
def test_a_network_has_its_words_each_day_however_many_more_are_refused(
    town: Town, come: Callable[[Town, str], Hand], hours: int, word: float, words: int
):
    """As a phone company's, one of whose people reports somebody every few hours, for five days."""
    weights = []
    for number in range(5 * 24 // hours):
        victim, reporter = Hand(town, f"10.{number}.0.1"), come(town, IPV4.format(1, number + 1))
        after_contact(reporter, victim, meet(victim, reporter))
        weights.append(score_of(town, victim.device))
        reporter.close()
        victim.close()
        town.run(hours * HOUR)

    assert words - 3 <= weights.count(word) <= words


# Reports arrive, beside any other flood.


@pytest.mark.parametrize("flood", ["message", "typing", "join", "nonsense", "skip"])
def test_a_person_told_rate_limited_for_anything_else_reports_leaves_and_appeals_all_the_same(town: Town, flood: str):
    """Each of them has a rate of its own; what counts against being cut off is far from it yet."""
    one, other = Hand(town, IPV4.format(1, 1)), Hand(town, VICTIM)
    room = meet(one, other)
    town.run(6)
    frame: dict[str, Any] = {"room": room, "seq": 1, "text": "x", "mode": "video"}
    for _ in range(130):
        town.site.send(one.id, one.address, {"action": flood, **frame, **({"room": "x"} if flood == "skip" else {})})
    town.run(0.1)

    assert one.send("report", room=room, reason="hate")[-1]["type"] == "reported"
    assert one.send("appeal", case="AAAAAAAAAA", text="why")[-1]["code"] == "unknown_case"
    assert score_of(town, other.device) == 0.7


def test_a_flooder_cut_off_takes_no_neighbours_report_with_it(town: Town):
    """One socket of the same address after another is closed; the neighbour's report is kept and weighs."""
    neighbour, victim = Hand(town, IPV4.format(1, 1)), Hand(town, VICTIM)
    room = meet(neighbour, victim)
    town.run(6)
    for _ in range(3):
        flooder = Hand(town, IPV4.format(1, 1))
        for _ in range(1200):
            town.site.send(flooder.id, flooder.address, {"action": "report", "room": "x", "reason": "hate"})
        town.run(1)
        assert flooder.id not in town.site.open

    assert neighbour.send("report", room=room, reason="hate")[-1]["type"] == "reported"
    assert score_of(town, victim.device) == 0.7


def test_appeals_by_the_hundred_find_no_case_and_take_nobodys_place(town: Town):
    """The numbers of others' cases tell nothing, and the one's own is still accepted afterwards."""
    victim = Hand(town, VICTIM)
    for number in range(4):
        reporter = Hand(town, IPV4.format(number, 1))
        after_contact(reporter, victim, meet(victim, reporter)).close()
        victim.send("leave")
    town.run(20 * MINUTE)
    victim.join()
    ban = victim.last("error")
    assert ban["code"] == "banned"
    outsider = Hand(town, IPV4.format(9, 1))

    assert outsider.send("appeal", case=ban["case"], text="me")[-1]["code"] == "unknown_case"
    for number in range(90):
        assert victim.send("appeal", case=f"WRONG{number:05}", text="x")[-1]["code"] == "unknown_case"
    assert victim.send("appeal", case=ban["case"], text="I did nothing")[-1]["type"] == "appealed"
    assert victim.send("appeal", case=ban["case"], text="again")[-1]["code"] == "unknown_case"
