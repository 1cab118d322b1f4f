"""Reports that work for guests: their effects, wherever the reported person is by then."""

from __future__ import annotations

from dataclasses import replace

import pytest

from functions.chat.model.networks import network_of
from functions.chat.model.record import Record
from tests.functions.doorstep import (
    CAFE,
    HOME,
    come,
    come_known,
    device_of,
    give_history,
    known_crowd,
    meet,
    record_of,
    report,
    talk,
    token_of,
    token_of_after_waiting,
)
from tests.functions.tables import MotoTable
from tests.functions.world import Person, World

CHECKED_SECONDS = 10.0
REMATCH_SECONDS = 60.0


def score_of(world: World, person: Person) -> float:
    return record_of(world, device_of(person)).score(world.clock.now())


# The conditions of a report.


def test_one_word_of_a_newcomer_locks_nobody_out(world):
    """15 of 15 innocents were locked out for a day, the first after 54 ms, when `underage` was enough."""
    for number in range(15):
        innocent = come(world, f"innocent {number}", address=f"10.0.{number}.1")
        report(come(world, f"liar {number}", address=CAFE), innocent, "underage", seconds=0.054)
        assert record_of(world, device_of(innocent)).ban is None
        assert score_of(world, innocent) == 0
        innocent.disconnect()


@pytest.mark.parametrize(("seconds", "weight"), [(4.9, 0), (5, 0.7)])
def test_a_report_weighs_something_after_five_seconds_of_contact(world, seconds, weight):
    """It keeps the two apart in any case."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve")
    report(ada, eve, seconds=seconds)

    assert score_of(world, eve) == pytest.approx(weight)
    assert device_of(eve) in record_of(world, device_of(ada)).avoided


def test_a_line_of_the_reported_one_is_contact(world):
    """A person who was insulted in the first second need not stay."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve")
    room = meet(world, ada, eve)
    eve.send("message", room=room, seq=1, text="something vile")
    said = ada.news()[-1]
    line = {"seat": 1, "opening": "A" * 43, **{name: said[name] for name in ("seq", "text", "stamp")}}
    ada.send("report", room=room, reason="hate", lines=[line])

    assert score_of(world, eve) == 0.7


def test_newcomers_of_three_networks_lock_nobody_out_and_those_of_four_do(world):
    """However many of them there are behind each; a hundred devices behind three networks ban nobody at all."""
    eve = come(world, "Eve")
    for network in range(3):
        for device in range(4):
            report(come(world, f"{network} {device}", address=f"192.0.{network}.{device}"), eve, "underage")
            world.pass_time(REMATCH_SECONDS)
    assert record_of(world, device_of(eve)).ban is None
    assert score_of(world, eve) == pytest.approx(2.1, abs=0.1)

    report(come(world, "one more", address="192.0.9.1"), eve, "underage")
    assert record_of(world, device_of(eve)).ban is not None


@pytest.mark.parametrize("network", ["198.51.100.{}", "2001:db8:1:{}::1"])
def test_reports_from_one_network_count_once(world, network):
    """Three browsers of one household are one voice, and so are four /64 of one customer."""
    eve = come(world, "Eve", address=CAFE)
    for number in range(4):
        report(come(world, f"reporter {number}", address=network.format(number + 1)), eve)
        world.pass_time(REMATCH_SECONDS)

    assert score_of(world, eve) == pytest.approx(0.7, abs=0.01)


def test_newcomers_of_one_network_have_little_to_say_in_a_day(world):
    """The fifth of them weighs nothing, about any person."""
    reported = [come(world, f"Eve {number}", address=f"10.0.{number}.1") for number in range(5)]
    for number, eve in enumerate(reported):
        report(come(world, f"reporter {number}", address=f"192.0.2.{number}"), eve)
        for person in world.people:
            if person.id in world.sockets.open:
                person.send("leave")

    assert [bool(score_of(world, eve)) for eve in reported] == [True] * 4 + [False]


@pytest.mark.parametrize("come_here", [come, come_known], ids=["a newcomer", "a known device"])
def test_a_report_that_is_sent_again_spends_nothing_of_its_networks_words(world, come_here):
    """The page repeats it until it is answered; others of the network are heard all the same."""
    first = come_here(world, "Ada", address="192.0.2.1")
    eve = come(world, "Eve", address="10.0.0.1")
    room = talk(world, first, eve)
    for _ in range(6):
        first.send("report", room=room, reason="hate")
    assert score_of(world, eve) == pytest.approx(1 if come_here is come_known else 0.7)
    eve.disconnect()
    other, mallory = come_here(world, "Bo", address="192.0.2.2"), come(world, "Mallory", address="10.0.1.1")
    report(other, mallory)

    assert score_of(world, mallory) == pytest.approx(1 if come_here is come_known else 0.7)


def test_three_known_people_lock_somebody_out(world):
    """Two do not."""
    eve = come(world, "Eve")
    for each in known_crowd(world, 3):
        assert record_of(world, device_of(eve)).ban is None
        report(each, eve)

    assert record_of(world, device_of(eve)).ban is not None


def test_known_devices_of_one_network_have_few_full_words_in_a_day(world):
    """Three, each another device's; four more weigh as a newcomer's, and the rest nothing."""
    scores = []
    for number in range(8):
        eve = come(world, f"Eve {number}", address=f"10.0.{number}.1")
        report(come_known(world, f"reporter {number}", address=f"192.0.2.{number + 1}"), eve)
        scores.append(score_of(world, eve))
        eve.disconnect()

    assert scores == [1.0] * 3 + [0.7] * 4 + [0.0]


def test_no_device_uses_up_the_full_words_of_its_network(world):
    """It has one a day of them, so that two neighbours are heard in full, and it is heard again on the next day."""
    before, day = come(world, "greedy before", address="192.0.2.1"), 86_400
    give_history(world, before)
    device, token = device_of(before), world.backend.store.get_connection(before.id).device_token
    greedy = come(world, "greedy", address="192.0.2.1", token=token)

    def word_of(person: Person, name: str, address: str) -> float:
        eve = come(world, name, address=address)
        report(person, eve)
        score = score_of(world, eve)
        eve.disconnect()
        return score

    assert [word_of(greedy, f"Eve {number}", f"10.0.{number}.1") for number in range(3)] == [1.0, 0.7, 0.7]
    for number in range(2):
        neighbour = come_known(world, f"neighbour {number}", address=f"192.0.2.{number + 2}")
        assert word_of(neighbour, f"Mallory {number}", f"10.1.{number}.1") == 1.0
    greedy.disconnect()
    world.pass_time(day + 900)
    world.backend.records.change(device, lambda own: replace(own, met=20))  # it has not reported all of them
    greedy = come(world, "greedy again", address="192.0.2.1", token=token)
    assert word_of(greedy, "Eve of tomorrow", "10.2.0.1") == 1.0


def test_a_campus_spends_no_words_on_its_own(world):
    """Known devices of the reported one's network are told apart, however many reports they make."""
    scores = []
    for number in range(6):
        eve = come(world, f"Eve {number}", address=HOME)
        report(come_known(world, f"student {number}", address=HOME), eve)
        scores.append(score_of(world, eve))
        eve.disconnect()

    assert scores == [1.0] * 6


def test_on_a_campus_known_people_stand_for_networks(world):
    """Everybody has one address: newcomers are one voice, and one who talked on an earlier day has one of their own."""
    eve = come(world, "Eve", address=HOME)
    for number in range(5):
        report(come(world, f"newcomer {number}", address=HOME), eve)
    assert record_of(world, device_of(eve)).ban is None

    for number in range(2):
        report(come_known(world, f"student {number}", address=HOME), eve)
    assert record_of(world, device_of(eve)).ban is not None


def test_ten_known_devices_of_one_network_lock_out_nobody_elsewhere(world):
    """They stand for networks only where the reported one shares theirs."""
    eve = come(world, "Eve", address=CAFE)
    for number in range(10):
        report(come_known(world, f"reporter {number}", address=HOME), eve, "underage")

    assert score_of(world, eve) == pytest.approx(1.0, abs=0.05)


def test_a_reporter_of_half_of_the_people_met_weighs_nothing(world):
    """From the fourth on; each is kept apart all the same."""
    liar = come_known(world, "a liar", address=CAFE)
    scores = []
    for number in range(5):
        innocent = come(world, f"innocent {number}", address=f"10.0.{number}.1")
        report(liar, innocent)
        scores.append(score_of(world, innocent))
        innocent.disconnect()

    assert scores == [1, 0.7, 0.7, 0, 0]
    assert len(record_of(world, device_of(liar)).avoided) == 5


# Never meet again.


@pytest.mark.parametrize("changes", ["the reporter", "the reported", "both"])
def test_two_devices_never_meet_again_on_other_connections(world, changes):
    """A reload is enough to be another visitor; the device stays."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve")
    tokens = [token_of_after_waiting(person) for person in (ada, eve)]
    room = meet(world, ada, eve)
    ada.send("report", room=room, reason="other")
    for person in (ada, eve):
        person.send("leave")
    world.pass_time(REMATCH_SECONDS + 1)

    if changes != "the reported":
        ada = come(world, "Ada again", address=CAFE, token=tokens[0])
    if changes != "the reporter":
        eve = come(world, "Eve again", token=tokens[1])
    for person in (ada, eve, ada, eve):
        person.join()

    assert [person.inbox[-1]["type"] for person in (ada, eve)] == ["waiting", "waiting"]
    cy = come(world, "Cy")
    cy.join()
    assert cy.inbox[-1]["type"] == "paired"


def test_two_windows_of_one_browser_meet_and_a_report_between_them_bans_nobody(world):
    """People try that first; they are kept apart by the visit, and the device keeps its good name."""
    first = come(world, "one window")
    token = token_of_after_waiting(first)
    second = come(world, "the other window", token=token)
    device = device_of(first)
    assert device == device_of(second)

    report(first, second, "underage")

    assert record_of(world, device) == Record(device)
    for person in (first, second, first, second):
        person.join()
    assert [person.inbox[-1]["type"] for person in (first, second)] == ["waiting", "waiting"]
    assert meet(world, second, come(world, "a third window", token=token))


# The counts of reports.


def test_the_reported_who_comes_back_knows_whom_not_to_meet(world):
    """The reporter's other window was open before the report, and relies for seconds on its old records."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve")
    tokens = [token_of_after_waiting(person) for person in (ada, eve)]
    room = meet(world, ada, eve)
    window = come(world, "Window", address=CAFE, token=tokens[0])
    ada.send("report", room=room, reason="spam")
    eve.disconnect()
    again = come(world, "Eve again", token=tokens[1])

    for person in (window, again):
        person.join()

    assert [person.inbox[-1]["type"] for person in (window, again)] == ["waiting", "waiting"]


def test_another_window_of_the_reporter_tells_the_queue_what_it_learns(world):
    """Its second `join` looks again; the reported one's other window, opened before the report, does not yet."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve")
    tokens = [token_of_after_waiting(person) for person in (ada, eve)]
    room = meet(world, ada, eve)
    window = come(world, "Window", address=CAFE, token=tokens[0])
    world.pass_time(CHECKED_SECONDS - 1)
    other = come(world, "Eve's other window", token=tokens[1])
    ada.send("report", room=room, reason="spam")
    eve.disconnect()
    window.join()
    world.pass_time(1)
    window.join()

    other.join()

    assert [person.inbox[-1]["type"] for person in (window, other)] == ["waiting", "waiting"]


def test_another_window_of_the_reporter_does_not_meet_the_reported_either(world):
    """Though it was open before the report, and knew nothing of it."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve")
    room = meet(world, ada, eve)
    window = come(world, "Window", address=CAFE, token=token_of(ada))
    ada.send("report", room=room, reason="spam")
    world.news()

    window.join()
    assert [event["type"] for event in window.news()] == ["waiting"]

    # Nor a new connection of the reported one, once the window's device was looked up again.
    window.send("leave")
    eve.disconnect(1000)
    world.pass_time(60)
    again = come(world, "Again", token=token_of(eve))
    again.join()
    window.join()
    assert [event["type"] for event in window.news()] == ["waiting"]


def test_a_report_that_is_sent_again_counts_once(world):
    """Its handler may have died half-way, so all of it is done again and adds nothing."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve")
    room = talk(world, ada, eve)
    for _ in range(3):
        ada.send("report", room=room, reason="spam")

    assert score_of(world, eve) == 0.7
    own = record_of(world, device_of(ada))
    assert (own.avoided, own.reported, own.reports) == ((device_of(eve),), 1, 1)


def test_a_reporter_of_everybody_weighs_nothing_and_is_kept_apart_all_the_same(world):
    """A storm of reports locks nobody out."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve")
    device = device_of(ada)
    world.backend.records.change(device, lambda own: replace(own, reports=5, reports_since=world.clock.now()))

    report(ada, eve, "underage")

    assert score_of(world, eve) == 0
    assert device_of(eve) in record_of(world, device).avoided


def test_a_case_names_room_pseudonyms_and_the_reporters_words_and_the_ban(world):
    """All that the operator decides an appeal by."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve")
    room = meet(world, ada, eve)
    ada.send("report", room=room, reason="underage", note="said so")

    number = ada.last("reported")["case"]
    case = world.backend.cases.get(number)
    assert (case.reason, case.room, case.note, case.reporter_device) == ("underage", room, "said so", device_of(ada))
    assert case.subjects[0] == device_of(eve)
    assert case.reporter_network == network_of(world.backend.store.get_connection(ada.id).address)
    assert case.banned_until is None


def test_nothing_of_a_report_is_told_to_the_reported_but_that_it_was_skipped(world):
    """With any consequence."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve")
    room = meet(world, ada, eve)
    ada.send("report", room=room, reason="hate", note="words")

    assert [event["type"] for event in eve.news()] == ["peer_left", "waiting"]
    assert eve.last("peer_left")["reason"] == "skipped"


@pytest.mark.parametrize("waiters", [0, 1])
def test_the_peers_next_events_do_not_tell_a_report_from_a_skip(dynamodb, waiters):
    """The reported person does not get the waiter that a skipper would take, but meets the next who comes."""
    heard = {}
    for act in ("skip", "report"):
        world = World(MotoTable(dynamodb))
        ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve")
        room = meet(world, ada, eve)
        for number in range(waiters):
            come(world, f"waiter {number}", address=f"10.0.{number}.1").join()
        world.news()
        ada.send(act, room=room, **({"reason": "spam"} if act == "report" else {}))
        heard[act] = [world.news().get("Eve", [])]
        world.pass_time(5)
        eve.join()
        heard[act].append(world.news().get("Eve", []))
        for number in range(2):
            come(world, f"comer {number}", address=f"10.1.{number}.1").join()
        heard[act].append(world.news().get("Eve", []))

    assert heard["skip"] == heard["report"]


def test_the_address_itself_is_nowhere_in_the_table(world):
    """Only its keyed hash."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve", address=HOME)
    report(ada, eve, "underage")

    text = str(world.items())
    assert HOME not in text
    assert CAFE not in text
    assert network_of(world.backend.store.get_connection(eve.id).address) in text


# By whom somebody is found again.


def test_a_newcomer_that_drops_its_token_does_not_find_a_person_it_just_met(world):
    """Skip, close, open, join: not within the minute, with the token or without."""
    ada = come(world, "Ada", address=CAFE)
    eve = come(world, "Eve", address=HOME)
    for number in range(3):
        room = meet(world, ada, eve)
        token = token_of(eve) if number == 1 else None
        eve.send("skip", room=room)
        eve.disconnect()
        eve = come(world, f"Eve {number}", address=HOME, token=token)
        eve.join()
        assert eve.inbox[-1]["type"] == "waiting"
        world.pass_time(REMATCH_SECONDS)
        ada.send("leave")
        eve.send("leave")


@pytest.mark.parametrize("address", [HOME, "198.51.100.99"], ids=["the same address", "another of the network"])
@pytest.mark.parametrize("closes", [True, False])
def test_another_browser_of_the_network_is_taken_for_whom_one_just_met(world, closes, address):
    """Also while the first socket stays open, so that nothing is noted of it; afterwards they meet."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve", address=HOME)
    eve.send("leave", room=meet(world, ada, eve))
    if closes:
        eve.disconnect()
    again = come(world, "Eve again", address=address)
    for each in (ada, again):
        each.join()
    assert [each.inbox[-1]["type"] for each in (ada, again)] == ["waiting", "waiting"]

    world.pass_time(REMATCH_SECONDS)
    again.join()
    assert again.inbox[-1]["type"] == "paired"


@pytest.mark.parametrize("keeps", [True, False], ids=["with their tokens", "without them"])
def test_the_minute_holds_where_both_have_closed_their_sockets(world, keeps):
    """By the device, and of a newcomer by the address; afterwards they meet."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve", address=HOME)
    meet(world, ada, eve)
    tokens = [token_of(each) if keeps else None for each in (ada, eve)]
    eve.disconnect()
    ada.disconnect()
    ada = come(world, "Ada again", address=CAFE, token=tokens[0])
    eve = come(world, "Eve again", address=HOME, token=tokens[1])
    world.news()
    for each in (ada, eve):
        each.join()
    assert world.news() == {"Ada again": ["waiting"], "Eve again": ["waiting"]}

    world.pass_time(REMATCH_SECONDS)
    ada.join()
    assert ada.room == eve.room


def test_a_device_that_met_nobody_lately_leaves_nothing_behind(world):
    """Neither who only waited, nor whose last conversation is over for a minute."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve", address=HOME)
    ada.join()
    ada.disconnect()
    bo = come(world, "Bo", address="192.0.2.1")
    bo.send("leave", room=meet(world, bo, eve))
    eve.send("leave")
    world.pass_time(REMATCH_SECONDS)
    bo.disconnect()
    eve.disconnect()

    assert not [key for key in world.items() if key[0].startswith("recent#")]


@pytest.mark.parametrize("address", [HOME, "198.51.100.99"], ids=["the same address", "another of the network"])
def test_a_reported_person_does_not_find_the_reporter_as_a_newcomer(world, address):
    """By a rare interest, an hour later, on either's new connection; others find her."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve", address=HOME)
    report(ada, eve)
    token = token_of(ada)
    world.pass_time(3600)
    for reporter in (ada, come(world, "Ada again", address=CAFE, token=token)):
        reporter.join(interests=["a rare one"])
        for number in range(3):
            again = come(world, f"Eve {reporter.name} {number}", address=address)
            again.join(interests=["a rare one"])
            assert again.inbox[-1]["type"] == "waiting"
            again.disconnect()
        reporter.send("leave")
    ada.join(interests=["a rare one"])
    other = come(world, "somebody else", address="192.0.2.1")
    other.join(interests=["a rare one"])
    assert other.inbox[-1]["type"] == "paired"


def test_after_a_day_newcomers_of_that_network_are_met_again(world):
    """The device itself never is."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve", address=HOME)
    report(ada, eve)
    tokens = [token_of(each) for each in (ada, eve)]
    world.pass_time(86_400)
    ada, eve = come(world, "Ada 2", address=CAFE, token=tokens[0]), come(world, "Eve 2", address=HOME, token=tokens[1])
    for person in (ada, eve):
        person.join()
        assert person.inbox[-1]["type"] == "waiting"
    eve.send("leave")

    newcomer = come(world, "a neighbour of Eve's", address=HOME)
    newcomer.join()
    assert newcomer.inbox[-1]["type"] == "paired"


def test_on_a_campus_the_reporter_meets_those_who_were_here_before(world):
    """And nobody who comes newly from the same network after the report."""
    ada, eve, bo = (come(world, name, address=HOME) for name in ("Ada", "Eve", "Bo"))
    world.pass_time(1)
    report(ada, eve)
    eve.disconnect()
    again = come(world, "Eve again", address=HOME)
    ada.join()
    again.join()
    assert again.inbox[-1]["type"] == "waiting"
    again.send("leave")

    bo.join()
    assert bo.inbox[-1]["type"] == "paired"


def test_on_a_campus_a_reporter_who_waits_already_is_not_found_by_a_newcomer_either(world):
    """Skipped by him, she reports the conversation before: the copy of her place in the queue is older than that."""
    ada, eve = (come(world, name, address=HOME) for name in ("Ada", "Eve"))
    room = talk(world, ada, eve)
    eve.send("skip", room=room)
    eve.disconnect()
    ada.send("report", room=room, reason="sexual")
    world.pass_time(REMATCH_SECONDS + 1)
    again = come(world, "Eve again", address=HOME)
    again.join()

    assert again.inbox[-1]["type"] == "waiting"


def test_on_a_campus_the_reporters_other_window_shows_whom_it_learns_to_avoid(world):
    """It waits in the queue with a copy that is older than the report, and looks up again what its device avoids."""
    ada, eve = (come(world, name, address=HOME) for name in ("Ada", "Eve"))
    window = come(world, "Window", address=HOME, token=token_of_after_waiting(ada))
    window.join(interests=["go"])
    report(ada, eve)
    eve.disconnect()
    world.pass_time(CHECKED_SECONDS)
    window.join(interests=["go"])
    again = come(world, "Eve again", address=HOME)
    again.join(interests=["go"])

    assert [each.inbox[-1]["type"] for each in (window, again)] == ["waiting", "waiting"]


def test_on_a_campus_a_second_report_lets_nobody_back_whom_the_first_keeps_away(world):
    """He came between the two; the second is about somebody else."""
    ada, eve, bo = (come(world, name, address=HOME) for name in ("Ada", "Eve", "Bo"))
    token = token_of_after_waiting(ada)
    report(ada, eve)
    eve.disconnect()
    world.pass_time(5)
    again = come(world, "Eve again", address=HOME)
    world.pass_time(REMATCH_SECONDS)
    report(ada, bo)
    for each in (ada, bo):
        each.disconnect()
    world.pass_time(REMATCH_SECONDS)
    ada = come(world, "Ada again", address=HOME, token=token)
    for each in (ada, again, ada):
        each.join()

    assert [each.inbox[-1]["type"] for each in (ada, again)] == ["waiting", "waiting"]


def test_a_newcomer_whose_address_nobody_can_tell_weighs_nothing(world):
    """Beside those of three networks it would be a fourth; a known device is believed."""
    eve = come(world, "Eve")
    for number, address in enumerate(("192.0.1.1", "192.0.2.1", "192.0.3.1", "", "no address")):
        report(come(world, f"reporter {number}", address=address), eve)
        assert record_of(world, device_of(eve)).ban is None
    assert score_of(world, eve) == pytest.approx(2.1, abs=0.01)

    report(come_known(world, "somebody known", address=""), eve)
    assert record_of(world, device_of(eve)).ban is not None
