"""Who may search: what was looked up, when it is looked up again, and what the operator closed."""

from __future__ import annotations

import pytest

from functions.chat.model.people import Ban
from functions.chat.moderation.admission import CHECKED_SECONDS
from functions.chat.storage.switches import Switches
from tests.functions.doorstep import CAFE, come, device_of, meet
from tests.functions.world import Person, World, with_parts


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
    """Who waits is taken out of the queue."""
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
    """The pairing's own conditions know it, whatever was read before."""
    ada, bo = come(world, "Ada"), come(world, "Bo", address=CAFE)
    ada.join()
    world.backend.store.mark_banned(ada.id, lock_out(world, ada))
    bo.join()

    assert bo.inbox[-1]["type"] == "waiting"
    assert [event["type"] for event in ada.inbox] == ["waiting"]


# What the operator closed.


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


def test_who_waits_in_a_queue_that_is_closed_is_taken_out_by_their_next_join(world):
    """Nobody is paired with them then."""
    ada = come(world, "Ada")
    ada.join("video")
    close(world, "video")
    ada.join("video")

    assert ada.inbox[-1]["code"] == "closed"
    assert not [key for key in world.items() if key[0].startswith("queue#")]


def test_who_talks_when_a_queue_is_closed_talks_on(world):
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
    assert bo.news()[0]["type"] == "peer_left"


def test_a_notice_is_told_to_who_waits_and_absent_when_there_is_none(world):
    """It costs a few bytes of an event that is sent anyway."""
    ada = come(world, "Ada")
    ada.join()
    assert "notice" not in ada.last("waiting")

    close(world, notice="Maintenance tonight.")
    ada.join()
    assert ada.last("waiting")["notice"] == "Maintenance tonight."


# Age.


def test_who_has_to_prove_their_age_is_told_so(world):
    """At the first frame, for a browser is not told why a socket was refused."""
    world.backend = with_parts(world.backend, age_secret=lambda: "shared with the provider")
    ada = come(world, "Ada")
    ada.join()

    assert [event["code"] for event in ada.inbox] == ["age_required"]
