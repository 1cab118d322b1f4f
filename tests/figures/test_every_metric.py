"""Every number that the handlers report is counted once in its situation, and no other number beside it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from functions.chat.aws.signed_request import CallFailedError
from functions.chat.aws.sockets import Connections
from functions.chat.ice.provider import IceServer, Relays
from functions.chat.model.people import GivenWarning
from functions.chat.moderation import bans
from functions.chat.presence import census
from functions.chat.runtime import telemetry
from functions.chat.runtime.metrics import METRICS
from functions.chat.storage.presence import Online
from functions.chat.storage.switches import Switches
from tests.functions.doorstep import CAFE, come, device_of, knock, known_crowd, lock_out, meet, metered, report
from tests.functions.tables import refusal
from tests.functions.world import DEAD, World, with_parts

CONFLICT = refusal("TransactionCanceledException", "None", "TransactionConflict", "None")
BUSY = refusal("ThrottlingException")
SITE = "https://chat.example"
LOOKS = 24  # docs/limits.md: after as many lost claims a search gives up
ATTEMPTS = 5  # docs/limits.md: of one call that meets a throttled table

CALLS = ("direct", "relayed")  # of docs/protocol.md, `call`
NO_CALLS = (
    *("no_connection", "connection_lost", "relay_refused", "relay_unreachable", "relay_missing"),
    *("declined", "peer_failed", "peer_declined"),
)

Counted = Mapping[str, Sequence[object]]
Act = Callable[[], object]
Situation = tuple[str, Callable[[World], Act], Counted]


def counted_in(text: str) -> Counted:
    """Return every number in the lines that CloudWatch would read, by its name."""
    found: dict[str, list[object]] = {}
    for line in text.splitlines():
        if '"_aws"' in line:
            numbers = json.loads(line)
            for metric in numbers["_aws"]["CloudWatchMetrics"][0]["Metrics"]:
                found.setdefault(metric["Name"], []).extend(numbers[metric["Name"]])
    return found


# Connections.


def a_socket_is_accepted(world: World) -> Act:
    return lambda: world.person("Ada")


def a_socket_of_another_site(world: World) -> Act:
    world.backend = replace(world.backend, settings=replace(world.backend.settings, allowed_origins=frozenset({SITE})))
    return lambda: knock(world, "Ada")


def an_idle_socket_closes(world: World) -> Act:
    return world.person("Ada").disconnect


def a_socket_breaks_in_a_room(world: World) -> Act:
    ada, _bo = world.pair()
    return lambda: ada.disconnect(DEAD)


def a_socket_breaks_in_a_queue(world: World) -> Act:
    ada = world.person("Ada")
    ada.join()
    return lambda: ada.disconnect(DEAD)


def a_lost_connection_is_continued(world: World) -> Act:
    ada, _bo = world.pair()
    ada.disconnect(DEAD)
    new = world.person("New")
    return lambda: new.send("resume", token=ada.token)


# Pairing.


def a_waiter_is_paired_after_five_seconds(world: World) -> Act:
    ada, bo = world.person("Ada"), world.person("Bo")
    ada.join()
    world.pass_time(5)
    return bo.join


def a_hint_of_nobody_is_claimed(world: World) -> Act:
    gone, bo = world.person("Gone"), world.person("Bo")
    gone.join()
    world.table.drop(gone.key)
    return bo.join


def a_seeker_is_paired_by_another_handler(world: World) -> Act:
    ada, bo = world.person("Ada"), world.person("Bo")
    ada.join()
    world.client.interrupt(2, bo.join)
    return bo.join


def a_claim_is_held_up_twice(world: World) -> Act:
    ada, bo = world.person("Ada"), world.person("Bo")
    ada.join()
    world.client.fail("TransactWriteItems", CONFLICT, CONFLICT)
    return bo.join


def a_lobby_refuses_to_be_read(world: World) -> Act:
    world.client.fail("Query", *[BUSY] * ATTEMPTS)
    ada = world.person("Ada")
    return lambda: ada.join(interests=["tea"], widen=True)


def a_search_loses_every_race(world: World) -> Act:
    ada, bo = world.person("Ada"), world.person("Bo")
    ada.join()
    world.client.fail("TransactWriteItems", *[CONFLICT] * LOOKS)
    return bo.join


# Ends.


def skipped_after(seconds: float) -> Callable[[World], Act]:
    def situation(world: World) -> Act:
        ada, _bo = world.pair()
        world.pass_time(seconds)
        return lambda: ada.send("skip", room=ada.room)

    return situation


def a_room_is_left(world: World) -> Act:
    ada, _bo = world.pair()
    world.pass_time(1)
    return lambda: ada.send("leave")


def a_tab_is_closed(world: World) -> Act:
    ada, _bo = world.pair()
    world.pass_time(1)
    return ada.disconnect


def a_handler_died_after_closing_a_room(world: World) -> Act:
    ada, _bo = world.pair()
    room = world.backend.rooms.get(ada.room)
    assert room is not None
    world.backend.rooms.close(room, 0, "skipped")
    return ada.join


def the_table_is_busy_when_the_peer_searches(world: World) -> Act:
    ada, _bo = world.pair()
    world.client.fail("Query", *[BUSY] * 40)
    return lambda: ada.send("leave")


# Calls.


def a_call_went(how: str) -> Callable[[World], Act]:
    def situation(world: World) -> Act:
        ada, _bo = world.pair(mode="video")
        world.pass_time(10)
        return lambda: ada.send("skip", room=ada.room, call=how)

    return situation


# Trust.


def somebody_reports(world: World) -> Act:
    ada, bo = come(world, "Ada"), come(world, "Bo", address=CAFE)
    room = meet(world, ada, bo)
    world.pass_time(30)
    return lambda: ada.send("report", room=room, reason="spam")


def somebody_reports_again(world: World) -> Act:
    act = somebody_reports(world)
    act()
    return act


def somebody_appeals(world: World) -> Act:
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve")
    number = report(ada, eve)
    lock_out(world, eve, number=number)
    return lambda: eve.send("appeal", case=number, text="It was not so.")


# Frames that are refused.


def sent(action: str, **fields: Any) -> Callable[[World], Act]:
    def situation(world: World) -> Act:
        ada, _bo = world.pair()
        return lambda: ada.send(action, **{"room": ada.room, **fields})

    return situation


def a_banned_device_searches(world: World) -> Act:
    ada = come(world, "Ada")
    lock_out(world, ada)
    return ada.join


def a_warned_device_searches(world: World) -> Act:
    ada = come(world, "Ada")
    now = world.clock.now()
    given = GivenWarning("CASE", "hate", now, now + 60)
    world.backend.records.change(device_of(ada), lambda record: record.warned(given))
    world.pass_time(10)
    return ada.join


def a_queue_is_closed(world: World) -> Act:
    world.backend = with_parts(world.backend, switches=lambda: Switches(frozenset({"text"}), ""))
    return world.person("Ada").join


def an_age_is_to_be_proved(world: World) -> Act:
    world.backend = with_parts(world.backend, age_secret=lambda: "shared with the provider")
    return world.person("Ada").join


def a_table_is_too_busy(world: World) -> Act:
    ada = world.person("Ada")
    world.client.fail("GetItem", *[BUSY] * 40)
    return ada.join


def a_line_too_many(world: World) -> Act:
    limited = metered(world)
    ada, bo = come(limited, "Ada"), come(limited, "Bo", address=CAFE)
    room = meet(world, ada, bo)

    def talk_until_refused() -> None:
        before, seq = len(ada.inbox), 0
        while len(ada.inbox) == before:
            seq += 1
            ada.send("message", room=room, seq=seq, text="hello")

    return talk_until_refused


def a_third_report_from_a_third_network(world: World) -> Act:
    *others, last = known_crowd(world, 3)
    eve = come(world, "Eve", address=CAFE)
    for reporter in others:
        report(reporter, eve)
        eve.send("leave")
    room = meet(world, last, eve)
    world.pass_time(30)
    return lambda: last.send("report", room=room, reason="spam")


def a_flood(world: World) -> Act:
    ada = come(world, "Ada")

    def cut_off() -> None:
        with telemetry.collecting("Passerby"):
            bans.cut_off(world.backend, ada.id)

    return cut_off


def a_handler_raises(world: World) -> Act:
    ada = world.person("Ada")
    world.client.fail("GetItem", ZeroDivisionError())

    def join() -> None:
        with pytest.raises(ZeroDivisionError):
            ada.join()

    return join


# The outside.


def a_relay(*, is_broken: bool, calls: int = 1) -> Callable[[World], Act]:
    """Have one member of a video room ask for its relay so many times."""

    class Provider:
        def mint(self, _seat: object, _now: float) -> tuple[IceServer, ...]:
            if is_broken:
                raise CallFailedError("http_503")
            return ()

    def situation(world: World) -> Act:
        relays = Relays(Provider(), count=telemetry.count_relay)

        def mint() -> None:
            with telemetry.collecting("Passerby"):
                for _ in range(calls):
                    relays.mint("room", 0, world.clock.now())

        return mint

    return situation


def a_post_is_answered(code: str) -> Callable[[World], Act]:
    class Client:
        def post_to_connection(self, **_request: Any) -> None:
            raise refusal(code)

    def situation(_world: World) -> Act:
        def post() -> None:
            with telemetry.collecting("Passerby"):
                Connections(Client()).post("Ada=", {"type": "online"})

        return post

    return situation


def three_people_are_counted(world: World) -> Act:
    online = Online(world.backend.table, lambda _seconds: None, random.Random(1))
    world.backend = with_parts(world.backend, online=online, tell_visitors=lambda _told: None)
    for name in ("Ada", "Bo", "Cy", "Dee"):
        world.person(name).join()
    world.pass_time(120)

    def measure() -> None:
        with telemetry.collecting("Passerby"):
            census.measure(world.backend)

    world.sockets.last_used = lambda connection_id: world.clock.now() - 600 * (connection_id == "Dee=")  # type: ignore[method-assign]
    return measure


WON: Counted = {"Claims_WON": [1.0], "Waited": [0.0]}
TEN_SECONDS: Counted = {"Rooms_skipped": [1.0], "Conversation": [10_000.0]}
REPORTED: Counted = {"Reports": [1.0], "Rooms_skipped": [1.0], "Conversation": [30_000.0]}
ANY_PAUSE = pytest.approx(40, abs=20)  # two pauses of 10 to 30 ms
SITUATIONS: list[Situation] = [
    ("a socket is accepted", a_socket_is_accepted, {"Connected": [1.0]}),
    ("a socket of another site", a_socket_of_another_site, {"ConnectionsRefused": [1.0]}),
    ("an idle socket closes", an_idle_socket_closes, {"Disconnected": [1.0]}),
    ("a socket breaks in a room", a_socket_breaks_in_a_room, {"Disconnected": [1.0], "ConnectionsLost": [1.0]}),
    ("a socket breaks in a queue", a_socket_breaks_in_a_queue, {"Disconnected": [1.0], "ConnectionsLost": [1.0]}),
    ("a lost connection is continued", a_lost_connection_is_continued, {"Resumes": [1.0]}),
    ("five seconds", a_waiter_is_paired_after_five_seconds, {"Claims_WON": [1.0], "Waited": [5000.0]}),
    ("a hint of nobody", a_hint_of_nobody_is_claimed, {"Claims_CANDIDATE_CHANGED": [1.0]}),
    ("a seeker is paired", a_seeker_is_paired_by_another_handler, {**WON, "Claims_SEEKER_CHANGED": [1.0]}),
    ("a claim is held up", a_claim_is_held_up_twice, {**WON, "Claims_CONTENDED": [1.0, 1.0], "Waited": [ANY_PAUSE]}),
    ("a search gives up", a_search_loses_every_race, {"Claims_CONTENDED": [1.0] * LOOKS, "SearchesGivenUp": [1.0]}),
    ("a lobby refuses", a_lobby_refuses_to_be_read, {"PartitionsPassedOver": [1.0]}),
    (
        "skipped at once",
        skipped_after(4.9),
        {"Rooms_skipped": [1.0], "Conversation": [4900.0], "QuickSkips": [1.0]},
    ),
    ("skipped later", skipped_after(5.1), {"Rooms_skipped": [1.0], "Conversation": [5100.0]}),
    ("a room is left", a_room_is_left, {"Rooms_left": [1.0], "Conversation": [1000.0]}),
    (
        "a tab is closed",
        a_tab_is_closed,
        {"Disconnected": [1.0], "Rooms_disconnected": [1.0], "Conversation": [1000.0]},
    ),
    ("a doubt", a_handler_died_after_closing_a_room, {"EndsInDoubt": [1.0]}),
    (
        "a busy table for the peer",
        the_table_is_busy_when_the_peer_searches,
        {"Rooms_left": [1.0], "Conversation": [0.0], "PeersLeftToTheirJoin": [1.0]},
    ),
    *((f"a call: {went}", a_call_went(went), {**TEN_SECONDS, f"Calls_{went}": [1.0]}) for went in CALLS),
    *((f"no call: {went}", a_call_went(went), {**TEN_SECONDS, f"CallsFailed_{went}": [1.0]}) for went in NO_CALLS),
    ("a report", somebody_reports, REPORTED),
    ("a report that is sent again", somebody_reports_again, {}),
    ("a ban", a_third_report_from_a_third_network, {**REPORTED, "Bans": [1.0]}),
    ("a complaint", sent("complain", kind="complaint", text="Please answer."), {"Complaints": [1.0]}),
    ("an appeal", somebody_appeals, {"Appeals": [1.0]}),
    ("a flood", a_flood, {"FloodsCutOff": [1.0]}),
    ("an invalid frame", sent("message", seq=0, text="hello"), {"Refused_invalid_message": [1.0]}),
    ("an unknown action", sent("dance"), {"Refused_unknown_action": [1.0]}),
    ("another's room", sent("message", room="other", seq=1, text="hello"), {"Refused_stale_room": [1.0]}),
    ("a line too long", sent("message", seq=1, text="x" * 2001), {"Refused_too_long": [1.0]}),
    ("a line too many", a_line_too_many, {"Refused_rate_limited": [1.0]}),
    ("a warned device", a_warned_device_searches, {"Refused_warned": [1.0]}),
    ("a banned device", a_banned_device_searches, {"Refused_banned": [1.0]}),
    ("an age to prove", an_age_is_to_be_proved, {"Refused_age_required": [1.0]}),
    ("a closed queue", a_queue_is_closed, {"Refused_closed": [1.0]}),
    ("an unknown case", sent("appeal", case="A234567890", text="hello"), {"Refused_unknown_case": [1.0]}),
    ("a resume of nothing", sent("resume", token="a.b"), {"Refused_resume_failed": [1.0]}),
    ("a busy table", a_table_is_too_busy, {"Refused_busy": [1.0]}),
    ("a failure", a_handler_raises, {"Failures": [1.0]}),
    ("a relay", a_relay(is_broken=False, calls=2), {"RelayMinted": [1.0, 1.0]}),
    ("a broken relay", a_relay(is_broken=True, calls=3), {"RelayFailed": [1.0], "RelayRested": [1.0, 1.0]}),
    ("a closed socket", a_post_is_answered("GoneException"), {"Gone": [1.0]}),
    ("a slow socket", a_post_is_answered("LimitExceededException"), {"PostsRefused": [1.0]}),
    ("three people, and a fourth in a tunnel", three_people_are_counted, {"PeopleHere": [3.0]}),
]


@pytest.mark.parametrize(("_name", "situation", "numbers"), SITUATIONS, ids=[name for name, _, _ in SITUATIONS])
def test_a_situation_is_counted_once(world, capsys, _name, situation, numbers):
    """Each number that it is about, as often as it happened, and nothing else."""
    act = situation(world)
    capsys.readouterr()

    act()

    assert counted_in(capsys.readouterr().out) == numbers


def test_every_number_has_its_situation():
    """A new row of metrics.py needs one here."""
    shown = {name for _, _, numbers in SITUATIONS for name in numbers}

    assert {name for metric in METRICS for name in metric.names} == shown
