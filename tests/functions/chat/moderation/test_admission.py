"""Admission to a search: the records that are looked up, when they are looked up again, and closed queues."""

from __future__ import annotations

import pytest

from functions.chat.model.people import Ban, GivenWarning
from functions.chat.storage.switches import Switches
from tests.functions.doorstep import CAFE, come, device_of, meet
from tests.functions.world import DEAD, Person, World, with_parts

CHECKED_SECONDS = 10.0


def lock_out(world: World, person: Person, seconds: float = 900) -> Ban:
    """Ban somebody's device behind their back, as the operator's tool does."""
    now = world.clock.now()
    ban = Ban("CASE", "operator", now, now + seconds)
    world.backend.records.change(device_of(person), lambda record: record.banned(ban, 1))
    return ban


def pardon(world: World, person: Person) -> None:
    world.backend.records.change(device_of(person), lambda record: record.pardoned())


def close(world: World, *modes: str, notice: str = "") -> None:
    world.backend = with_parts(world.backend, switches=lambda: Switches(frozenset(modes), notice))


def asked(world: World) -> int:
    return len(world.client.requests)


def test_the_join_that_follows_a_connect_relies_on_what_that_has_read(world):
    """Two who connect, join and are paired: thirteen requests, bans included."""
    before = asked(world)
    meet(world, come(world, "Ada"), come(world, "Bo", address=CAFE))

    assert asked(world) - before == 13


def test_a_later_join_looks_again_and_notes_when(world):
    """So that a page that repeats `join` while it waits looks at most so often."""
    ada = come(world, "Ada")
    world.pass_time(CHECKED_SECONDS)
    before = len(world.client.asked("BatchGetItem"))
    ada.join()
    ada.join()
    world.pass_time(CHECKED_SECONDS - 1)
    ada.join()

    assert len(world.client.asked("BatchGetItem")) - before == 1


@pytest.mark.parametrize("waits", [False, True])
def test_a_ban_from_outside_is_noticed_by_the_next_look(world, waits):
    """A waiter is taken out of the queue."""
    ada = come(world, "Ada")
    if waits:
        ada.join()
    ban = lock_out(world, ada)
    world.pass_time(CHECKED_SECONDS)
    ada.join()

    error = ada.last("error")
    assert (error["code"], error["case"], error["until"]) == ("banned", "CASE", int(ban.until))
    assert error["action"] == "join"
    assert not [key for key in world.items() if key[0].startswith("queue#")]


def test_a_pardon_is_noticed_by_the_next_look(world):
    """Nobody has to connect again."""
    ada = come(world, "Ada")
    ban = lock_out(world, ada)
    world.backend.store.mark_banned(ada.id, ban)
    ada.join()
    assert ada.inbox[-1]["code"] == "banned"

    pardon(world, ada)
    world.pass_time(CHECKED_SECONDS)
    ada.join()

    assert ada.inbox[-1]["type"] == "waiting"


def test_a_mark_of_a_ban_that_is_over_is_no_ban(world):
    """It goes with the next write."""
    ada = come(world, "Ada")
    ban = lock_out(world, ada, seconds=5)
    world.backend.store.mark_banned(ada.id, ban)
    world.pass_time(5)
    ada.join()

    assert ada.inbox[-1]["type"] == "waiting"
    assert "ban" not in world.items()[ada.key]


def test_a_ban_that_comes_while_somebody_is_being_paired_wins(world):
    """The pairing's own conditions know it, with any record that was read before."""
    ada, bo = come(world, "Ada"), come(world, "Bo", address=CAFE)
    ada.join()
    world.backend.store.mark_banned(ada.id, lock_out(world, ada))
    bo.join()

    assert bo.inbox[-1]["type"] == "waiting"
    assert [event["type"] for event in ada.inbox] == ["waiting"]


# Queues that the operator closed.


def test_a_closed_queue_refuses_with_the_operators_words(world):
    """The other one stays open."""
    close(world, "video", notice="Video is back at noon.")
    ada = come(world, "Ada")
    ada.join("video")
    assert ada.inbox[-1] == {
        "type": "error", "code": "closed", "message": "Video is back at noon.", "mode": "video", "action": "join",
    }  # fmt: skip

    ada.join("text")
    assert ada.inbox[-1]["type"] == "waiting"
    assert ada.inbox[-1]["notice"] == "Video is back at noon."


def test_a_waiter_in_a_queue_that_is_closed_is_taken_out_by_its_next_join(world):
    """Nobody is paired with them then."""
    ada = come(world, "Ada")
    ada.join("video")
    close(world, "video")
    ada.join("video")

    assert ada.inbox[-1]["code"] == "closed"
    assert not [key for key in world.items() if key[0].startswith("queue#")]


def test_people_who_talk_when_a_queue_is_closed_talk_on(world):
    """And is told by their next skip."""
    ada, bo = come(world, "Ada"), come(world, "Bo", address=CAFE)
    room = meet(world, ada, bo)
    close(world, "text")
    ada.join()
    assert ada.inbox[-1]["type"] == "paired"
    ada.send("message", room=room, seq=1, text="hello")
    assert bo.inbox[-1]["type"] == "message"

    world.news()
    ada.send("skip", room=room)
    assert [event["code"] for event in ada.news()] == ["closed"]
    left = bo.news()[0]
    assert (left["type"], left["reason"]) == ("peer_left", "skipped")


def test_a_notice_is_told_to_who_waits_and_absent_when_there_is_none(world):
    """It costs a few bytes of an event that is sent anyway."""
    ada = come(world, "Ada")
    ada.join()
    assert "notice" not in ada.last("waiting")

    close(world, notice="Maintenance tonight.")
    ada.join()
    assert ada.last("waiting")["notice"] == "Maintenance tonight."


# Age.


def test_a_person_without_a_proof_of_age_is_told_to_prove_it(world):
    """At the first frame, for a browser is not told why a socket was refused."""
    world.backend = with_parts(world.backend, age_secret=lambda: "shared with the provider")
    ada = come(world, "Ada")
    ada.join()

    assert [event["code"] for event in ada.inbox] == ["age_required"]


# The warning that a person reads before they go on.


def warn(world: World, person: Person, number: str = "CASE", delay: float = 0, seconds: float = 900) -> None:
    """Warn somebody's device behind their back, as the operator's tool does."""
    since = world.clock.now() + delay
    given = GivenWarning(number, "hate", since, since + seconds)
    world.backend.records.change(device_of(person), lambda record: record.warned(given))


@pytest.fixture
def come_back(world):
    """Eve is warned while she is away. Each call closes her page and opens it again, in the same browser."""
    eves = [come(world, "Eve")]
    warn(world, eves[0])
    connection = world.backend.store.get_connection(eves[0].id)

    def again() -> Person:
        eves[-1].disconnect()
        eves.append(come(world, f"Eve {len(eves)}", token=connection.device_token))
        return eves[-1]

    return again


@pytest.fixture
def eve(come_back):
    return come_back()


def test_a_warned_person_reads_the_warning_before_meeting_anybody(world, eve):
    """It says which rule, and nothing of who said so, or when, or where."""
    eve.join()

    (told,) = eve.inbox
    assert told.pop("message")
    assert told == {"type": "error", "code": "warned", "reason": "hate", "case": "CASE", "action": "join"}
    assert not [key for key in world.items() if key[0].startswith("queue#")]


def test_a_person_who_has_read_a_warning_goes_on_and_is_never_told_it_again(world, eve, come_back):
    """Nothing of it is left."""
    eve.join()
    eve.join(read="CASE")
    assert eve.inbox[-1]["type"] == "waiting"

    again = come_back()
    again.join()
    assert again.inbox[-1]["type"] == "waiting"
    assert not [item for key, item in world.items().items() if key[0].startswith("record#") and "warning" in item]


def test_a_warning_that_was_not_read_is_told_by_the_next_connection(eve, come_back):
    """The page was closed on it; then it is read there, whichever connection told it."""
    eve.join()
    again = come_back()
    again.join()
    assert again.inbox[-1]["code"] == "warned"

    last = come_back()
    last.join(read="CASE")
    assert last.inbox[-1]["type"] == "waiting"


def test_a_client_that_knows_no_warnings_goes_on_with_its_next_join(world, eve):
    """It repeats `join` anyway, and is told once on each connection."""
    eve.join()
    for _ in range(3):
        eve.join()
        assert eve.inbox[-1]["type"] == "waiting"
        world.pass_time(CHECKED_SECONDS)


@pytest.mark.parametrize("read", ["OTHER", "case", "x"])
def test_another_number_is_not_the_one_that_was_to_be_read(eve, read):
    """Nobody gets rid of a warning that they were not told."""
    eve.join(read=read)

    assert eve.inbox[-1]["code"] == "warned"


def test_to_have_read_what_nobody_gave_costs_and_changes_nothing(world):
    """Anybody may send the field."""
    ada = come(world, "Ada")
    ada.join(read="CASE")
    before = asked(world)
    ada.join()
    plain = asked(world) - before
    ada.join(read="CASE")

    assert asked(world) - before - plain == plain
    assert ada.inbox[-1]["type"] == "waiting"


def test_a_waiter_is_taken_out_of_the_queue_and_told(world):
    """At the next `join`, which the page repeats."""
    ada = come(world, "Ada")
    ada.join()
    warn(world, ada)
    world.pass_time(CHECKED_SECONDS)
    ada.join()

    assert ada.inbox[-1]["code"] == "warned"
    assert not [key for key in world.items() if key[0].startswith("queue#")]


def test_people_who_talk_talk_on_and_are_told_with_the_next_skip(world):
    """The peer searches on, as after any end."""
    ada, bo = come(world, "Ada"), come(world, "Bo", address=CAFE)
    room = meet(world, ada, bo)
    warn(world, ada)
    world.pass_time(CHECKED_SECONDS)
    ada.send("message", room=room, seq=1, text="hello")
    assert [event["type"] for event in bo.news()] == ["message"]
    ada.send("skip", room=room)

    assert [event["code"] for event in ada.news()] == ["warned"]
    assert [event["type"] for event in bo.news()] == ["peer_left", "waiting"]


def test_a_warning_does_not_stop_who_comes_back_from_a_lost_connection(world):
    """The conversation goes on, and the warning comes after it."""
    ada, bo = come(world, "Ada"), come(world, "Bo", address=CAFE)
    room = meet(world, ada, bo)
    ada.join()
    token = ada.last("paired")["resume"]
    warn(world, ada)
    connection = world.backend.store.get_connection(ada.id)
    ada.disconnect(DEAD)
    again = come(world, "Ada again", token=connection.device_token)
    again.send("resume", token=token)
    assert again.inbox[-1]["type"] == "paired"

    world.pass_time(CHECKED_SECONDS)
    again.send("skip", room=room)
    assert again.inbox[-1]["code"] == "warned"


@pytest.mark.parametrize(("delay", "seconds"), [(1, 900), (-900, 900)], ids=["not yet", "not any more"])
def test_a_warning_is_told_from_its_beginning_to_its_end_only(world, delay, seconds):
    """Until it begins nothing differs."""
    eve = come(world, "Eve")
    warn(world, eve, delay=delay, seconds=seconds)
    world.pass_time(CHECKED_SECONDS if delay < 0 else 0)
    eve.join()

    assert [event["type"] for event in eve.inbox] == ["waiting"]


def test_a_banned_person_reads_the_ban_first(world, eve, come_back):
    """And the warning afterwards."""
    lock_out(world, eve, seconds=60)
    eve.join()
    assert eve.inbox[-1]["code"] == "banned"

    world.pass_time(61)
    again = come_back()
    again.join()
    assert again.inbox[-1]["code"] == "warned"
