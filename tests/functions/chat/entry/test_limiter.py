"""Nobody sends more than a person could; with the memory of one process, and with what processes tell each other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from functions.chat.entry.limiter import Verdict, judge
from functions.chat.model import networks, pseudonyms
from functions.chat.runtime.leaky_bucket import Meter
from functions.routes import BY_KEY, LIFECYCLE_KEYS, ROUTES
from tests.functions.doorstep import (
    CAFE,
    HOME,
    come,
    come_known,
    device_of,
    give_history,
    knock,
    known_crowd,
    meet,
    metered,
    record_of,
    report,
    token_of,
)
from tests.functions.world import Person, World

# Sockets at once.
CONNECTS_OF_ADDRESS, CONNECTS_OF_DEVICE = 300, 30
FLOOD_AT_ONCE = 1100
MINUTE, DAY = 60, 86_400
FLOOD_PER_SECOND = 500
CUT_OFF_SECONDS = 3


def flood(world: World, person: Person, meters: list[Meter], seconds: float = CUT_OFF_SECONDS) -> float | None:
    """Let somebody send 500 frames a second into processes in turn; return when they were cut off, in seconds."""
    for number in range(int(seconds * FLOOD_PER_SECOND)):
        world.backend = replace(world.backend, meter=meters[number % len(meters)])
        person.send("typing", room="none", on=True)
        if person.id in world.sockets.closed:
            return number / FLOOD_PER_SECOND
        world.pass_time(1 / FLOOD_PER_SECOND)
    return None


def test_every_route_that_runs_a_lambda_on_a_frame_has_a_rate():
    """None is forgotten; the gateway answers `ping` by itself."""
    framed = {route.key for route in ROUTES if route.module} - {"$connect", "$disconnect"}

    assert {route.key for route in ROUTES if route.rate} == framed
    assert set(BY_KEY) - framed == {"$connect", "$disconnect", "ping"}
    assert LIFECYCLE_KEYS & framed == {"$default"}


@pytest.mark.parametrize("processes", [1, 5, 10])
def test_five_hundred_frames_a_second_are_cut_off_within_three_seconds(world, processes):
    """In one process that sees all of them, and in several that share nothing but the table."""
    eve = come(metered(world), "Eve")

    assert flood(world, eve, [Meter() for _ in range(processes)]) is not None
    assert world.backend.store.get_connection(eve.id) is None


def test_a_flood_that_is_not_cut_off_yet_is_told_once_a_second(world):
    """Each time is a message to the delay queue, and a Lambda: many of them would be what the flood is there for."""
    backend = metered(world).backend
    rate = BY_KEY["typing"].rate
    assert rate is not None
    verdicts = []
    for _ in range(12 * 250):
        world.pass_time(1 / 250)
        verdicts.append(judge(backend, "Eve=", "typing", rate))

    assert 5 <= verdicts.count(Verdict.FLOODS) <= 12
    assert verdicts.count(Verdict.REFUSED) == 1


@pytest.mark.parametrize("calls", range(4))
def test_a_flood_that_two_processes_tell_of_at_once_is_one(world, calls):
    """After any step of the one process the other may begin: one case, and the first ban, which lasts a minute."""
    eve = come(world, "Eve")
    device = device_of(eve)
    world.client.interrupt(calls, lambda: world.deliver({"flood": eve.id}))
    world.deliver({"flood": eve.id})

    assert len([key for key in world.items() if key[0].startswith("case#")]) == 1
    ban = record_of(world, device).flood_ban
    assert ban is not None and ban.until - world.clock.now() == MINUTE


def test_a_flood_leaves_its_effects_to_the_delay_queue(world):
    """A Lambda that relays reaches neither bans nor cases."""
    eve = come(metered(world), "Eve")
    flood(world, eve, [Meter()])

    assert world.alarms.done == [{"flood": eve.id}]


def test_a_flood_ends_the_room_for_the_peer_at_once(world):
    """Nobody waits out the grace of a connection that was thrown out."""
    eve, bo = come(metered(world), "Eve"), come(world, "Bo", address=CAFE)
    meet(world, eve, bo)

    flood(world, eve, [Meter()])

    assert [event["type"] for event in bo.news()] == ["peer_left", "waiting"]
    assert "resume" in bo.last("waiting")


@pytest.mark.parametrize("keeps_token", [True, False])
def test_a_flooder_cannot_come_straight_back(world, keeps_token):
    """The same device waits a minute, and a newcomer from the same address a moment; an address is never banned."""
    eve = come(metered(world), "Eve")
    eve.join()
    token = token_of(eve) if keeps_token else None
    flood(world, eve, [Meter()])

    for address in (HOME, CAFE):
        assert knock(world, f"Eve at {address}", token=token, address=address)[0] == (429 if keeps_token else 200)
    newcomer = world.backend.store.get_connection(come(world, "a newcomer").id)
    assert newcomer.ready_at == pytest.approx(world.clock.now() + 1, abs=0.01)
    world.pass_time(MINUTE)
    assert knock(world, "Eve later", token=token)[0] == 200


def test_a_flooder_is_refused_the_same_while_a_ban_is_still_to_begin(world):
    """The events after it tell nobody whether the last conversation ended with the report that decided."""
    eve = come(metered(world), "Eve")
    for each in known_crowd(world, 3):
        report(each, eve)
        each.send("leave")
    token = token_of(eve)
    assert record_of(world, device_of(eve)).ban is not None
    flood(world, eve, [Meter()])

    assert knock(world, "Eve again", token=token)[0] == 429
    world.pass_time(MINUTE)
    assert knock(world, "Eve later", token=token)[0] == 200


def test_a_campus_behind_one_address_is_not_locked_out_by_floods(world):
    """Four of them, 18 s of junk: known people notice nothing, and newcomers wait for less than five seconds."""
    ada = come_known(metered(world), "Ada")
    for number in range(4):
        flood(world, come(world, f"Eve {number}"), [Meter()])

    known, newcomer = come_known(world, "Bo"), come(world, "a newcomer")
    ready = [world.backend.store.get_connection(each.id).ready_at for each in (ada, known, newcomer)]
    assert ready[:2] == [None, None]
    assert ready[2] == pytest.approx(world.clock.now() + 3.5)
    newcomer.join()
    cy = come(world, "Cy", address=CAFE)
    cy.join()
    assert [each.inbox[-1]["type"] for each in (newcomer, cy)] == ["waiting", "waiting"]
    world.pass_time(4)
    newcomer.join()
    assert newcomer.inbox[-1]["type"] == "paired"


def test_a_flood_leaves_a_case_without_words(world):
    """The operator sees that it was; its subjects are pseudonyms."""
    eve = come(metered(world), "Eve")
    device = device_of(eve)
    flood(world, eve, [Meter()])

    (case,) = (item for (pk, _), item in world.items().items() if pk.startswith("case#"))
    assert case["reason"] == {"S": "flood"}
    assert {"S": device} in case["subjects"]["L"]
    assert "note" not in case


def test_a_rate_is_told_once_a_second_and_what_is_over_it_is_not_done(world):
    """The rest is dropped without a word, for words cost too."""
    ada, bo = come(metered(world), "Ada"), come(world, "Bo", address=CAFE)
    room = meet(world, ada, bo)

    for _ in range(int(burst_of("typing")) + 20):
        ada.send("typing", room=room, on=True)

    assert [event["code"] for event in ada.news()] == ["rate_limited"]
    assert len(bo.news()) == burst_of("typing")
    world.pass_time(1)
    ada.send("typing", room=room, on=False)
    assert [event["type"] for event in bo.news()] == ["typing"]


def test_a_thousand_lines_that_were_kept_pass_at_once(world):
    """A client that comes back after a bad network is no flood."""
    assert burst_of("message") >= 1000
    assert burst_of("message") < FLOOD_AT_ONCE


def test_frames_of_an_honest_conversation_cause_no_call_of_their_own(world):
    """Two lines a second for a minute: one read and one post each, and nothing else."""
    ada, bo = come(metered(world), "Ada"), come(world, "Bo", address=CAFE)
    room = meet(world, ada, bo)
    before = len(world.client.requests)

    for number in range(120):
        ada.send("message", room=room, seq=number + 1, text="hello")
        world.pass_time(0.5)

    assert [name for name, _ in world.client.requests[before:]] == ["GetItem"] * 120
    assert len(bo.news()) == 120


# Storms of connections.


def waits(world: World, name: str, **request: Any) -> bool:
    """Connect somebody; tell whether they wait before they meet somebody of another network. None is refused."""
    connection = world.backend.store.get_connection(come(world, name, **request).id)
    assert connection is not None
    return connection.ready_at is not None and connection.ready_at > world.clock.now()


def test_newcomers_of_one_address_are_so_many_at_once_and_then_wait(world):
    """A campus passes; a storm is slowed, and leaves other addresses alone."""
    metered(world)
    burst = CONNECTS_OF_ADDRESS
    told = [waits(world, f"bot {number}", address=HOME) for number in range(burst + 5)]

    assert told == [False] * burst + [True] * 5
    assert not waits(world, "Ada", address=CAFE)


def test_a_known_device_answers_for_itself(world):
    """A storm of newcomers at its address does not slow it, and its own storm does not slow its neighbours."""
    ada = come(metered(world), "Ada")
    ada.join()
    give_history(world, ada)
    token = token_of(ada)
    for number in range(CONNECTS_OF_ADDRESS):
        knock(world, f"bot {number}")
    assert waits(world, "a newcomer")

    left = CONNECTS_OF_DEVICE
    assert not any(waits(world, f"Ada {number}", token=token) for number in range(left))
    assert knock(world, "Ada once more", token=token)[0] == 429


def test_a_hoarded_token_is_worth_nothing(world):
    """A device that has not talked on an earlier day counts with its address, even with an old token."""
    hoarder = come(metered(world), "a hoarder")
    hoarder.join()
    world.pass_time(10 * DAY)
    for number in range(CONNECTS_OF_ADDRESS):
        knock(world, f"bot {number}")

    assert waits(world, "the hoarder again", token=token_of(hoarder))


def test_a_storm_through_many_processes_is_slowed_too(world):
    """Each process tells the others in batches how many sockets it let pass."""
    meters = [Meter() for _ in range(5)]
    told = []
    for number in range(450):
        world.backend = replace(world.backend, meter=meters[number % 5])
        told.append(waits(world, f"bot {number}"))

    assert told.count(False) <= CONNECTS_OF_ADDRESS + 5 * 10


def test_on_this_very_machine_newcomers_are_not_counted(world):
    """A thousand sockets of a test come from one address; the frames of each are counted all the same."""
    metered(world)
    assert pseudonyms.address_keys(world.backend.keyring(), "127.0.0.1")[0].startswith(networks.OWN_MACHINE)

    people = range(CONNECTS_OF_ADDRESS + 5)
    assert not any(waits(world, f"person {number}", address="127.0.0.1") for number in people)


def burst_of(route: str) -> float:
    rate = BY_KEY[route].rate
    assert rate is not None
    return rate.burst
