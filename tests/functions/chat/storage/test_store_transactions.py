"""Pairing two people and taking over a lost connection: all or nothing, and each part of each condition counts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from functions.chat.model.people import Connection, Meeting, Member, Room, Ticket, Wish
from functions.chat.storage.models import connection_key
from functions.chat.storage.store import Claim, Store
from functions.chat.storage.table import Table
from tests.functions.desk import ADA, BO, LOST_AT, OTHER, ROOM, WISH, Desk
from tests.functions.tables import FaultyClient, refusal
from tests.functions.world import START, StillClock

ROOM_KEPT_SECONDS = 24 * 3600

TICKET_A, TICKET_B = {"S": "ticket-a"}, {"S": "ticket-b"}
NEW = connection_key("New=")
HASHES = ("hash-a", "hash-b")


def new_room(ada: Connection, bo: Connection) -> Room:
    assert ada.wish is not None
    assert bo.wish is not None
    members = (
        Member("Ada=", "ada", ada.wish.interests, ada.ticket_id),
        Member("Bo=", "bo", bo.wish.interests, bo.ticket_id),
    )
    return Room("room", "video", members, START)


class Claimed:
    """Ada, who waits, and Bo, who has just claimed her or is about to; Cy is a bystander."""

    def __init__(self, desk: Desk, **of_seeker: Any) -> None:
        self.desk = desk
        self.ada = desk.put_connection("Ada", ticket_id=TICKET_A, room_id=OTHER, device={"S": "d.ada"})
        self.bo = replace(
            desk.put_connection("Bo", **of_seeker, device={"S": "d.bo"}), meetings=(Meeting("cy", START),)
        )
        desk.put_connection("Cy", ticket_id=OTHER)

    def pair(self, client: Any = None) -> Claim:
        store = Store(Table(client, self.desk.table.name, StillClock())) if client else self.desk.store
        return store.pair(new_room(self.ada, self.bo), self.bo, self.ada.as_ticket(), HASHES)


@pytest.mark.parametrize(
    "of_seeker", [{}, {"ticket_id": TICKET_B}, {"room_id": OTHER}], ids=["idle", "waiting", "after"]
)
def test_a_pairing_opens_the_room_and_puts_both_into_it(desk, of_seeker):
    """Both tickets are used up, both tokens renewed, the seeker's wish kept; nobody else is touched."""
    claimed = Claimed(desk, **of_seeker)
    before = desk.table.items()

    assert claimed.pair() is Claim.WON

    after = desk.table.items()
    assert {key for key in after if after[key] != before.get(key)} == {ADA, BO, ROOM}
    assert desk.rooms.get("room") == new_room(claimed.ada, claimed.bo)
    assert after[ROOM]["expires_at"] == {"N": f"{START + ROOM_KEPT_SECONDS:.0f}"}
    ada, bo = desk.store.get_connection("Ada="), desk.store.get_connection("Bo=")
    assert bo == replace(claimed.bo, room_id="room", ticket_id=None, token_hashes=("hash-b",), met=1)
    assert ada == replace(claimed.ada, room_id="room", ticket_id=None, token_hashes=("hash-a",), wish=None, met=1)


AVOIDS_BO, AVOIDS_ADA = {"avoided": {"L": [{"S": "cy"}, {"S": "bo"}]}}, {"avoided": {"L": [{"S": "ada"}]}}
AVOIDS_DEVICE_OF_BO = {"avoided": {"L": [{"S": "d.bo"}]}}
AVOIDS_DEVICE_OF_ADA = {"avoided": {"L": [{"S": "d.ada"}]}}
BANNED = {"ban": {"L": [{"S": each} for each in ("CASE", "spam", "1.0", "2.0")]}}
MEANWHILE = [
    ("the seeker was closed", BO, None, Claim.SEEKER_CHANGED),
    ("the seeker was lost", BO, LOST_AT, Claim.SEEKER_CHANGED),
    ("the seeker's ticket is another", BO, {"ticket_id": OTHER}, Claim.SEEKER_CHANGED),
    ("the seeker has no ticket any more", BO, {"ticket_id": None}, Claim.SEEKER_CHANGED),
    ("the seeker is in a room", BO, {"room_id": OTHER}, Claim.SEEKER_CHANGED),
    ("the seeker has reported the candidate", BO, AVOIDS_ADA, Claim.SEEKER_CHANGED),
    ("the seeker's device has", BO, AVOIDS_DEVICE_OF_ADA, Claim.SEEKER_CHANGED),
    ("the seeker was banned", BO, BANNED, Claim.SEEKER_CHANGED),
    ("the candidate was closed", ADA, None, Claim.CANDIDATE_CHANGED),
    ("the candidate was lost", ADA, LOST_AT, Claim.CANDIDATE_CHANGED),
    ("the candidate's ticket is another", ADA, {"ticket_id": OTHER}, Claim.CANDIDATE_CHANGED),
    ("the candidate does not wait any more", ADA, {"ticket_id": None}, Claim.CANDIDATE_CHANGED),
    ("the candidate has reported the seeker", ADA, AVOIDS_BO, Claim.CANDIDATE_CHANGED),
    ("the candidate's device has", ADA, AVOIDS_DEVICE_OF_BO, Claim.CANDIDATE_CHANGED),
    ("the candidate was banned", ADA, BANNED, Claim.CANDIDATE_CHANGED),
]


@pytest.mark.parametrize(
    ("key", "change", "claim"), [each[1:] for each in MEANWHILE], ids=[each[0] for each in MEANWHILE]
)
def test_a_pairing_is_lost_when_either_is_not_as_seen_and_nothing_is_written(desk, key, change, claim):
    """And it says which of the two it was: one ends the search, the other does not."""
    claimed = Claimed(desk, ticket_id=TICKET_B)
    if change is None:
        desk.table.drop(key)
    else:
        desk.table.change(key, **change)
    before = desk.table.items()

    assert claimed.pair() is claim
    assert desk.table.items() == before


def test_an_idle_seeker_who_waits_meanwhile_is_not_paired(desk):
    """Another handler of theirs was quicker: a ticket that nobody used up would stay behind."""
    claimed = Claimed(desk)
    desk.table.change(BO, ticket_id=TICKET_B)
    before = desk.table.items()

    assert claimed.pair() is Claim.SEEKER_CHANGED
    assert desk.table.items() == before


def test_a_room_that_exists_is_never_opened_again(desk):
    """Its id is random: if that happened, it would be a mistake of ours, and nothing is written."""
    claimed = Claimed(desk)
    desk.put_room()
    before = desk.table.items()

    with pytest.raises(AssertionError, match="never used"):
        claimed.pair()
    assert desk.table.items() == before


def test_nobody_is_paired_with_themself(desk):
    """One item cannot stand in a transaction twice, so even a hint of one's own could not do it."""
    ada = desk.put_connection("Ada", ticket_id=TICKET_A)
    own = Ticket("ticket-a", "Ada=", "ada", WISH)
    before = desk.table.items()

    with pytest.raises(Exception, match="Failed to write"):
        desk.store.pair(new_room(ada, ada), ada, own, HASHES)
    assert desk.table.items() == before


@pytest.mark.parametrize(
    "error",
    [
        refusal("TransactionCanceledException", "None", "TransactionConflict", "None"),
        refusal("TransactionCanceledException", "None", "None", "ThrottlingError"),
        refusal("TransactionConflictException"),
        refusal("ThrottlingException"),
    ],
    ids=["conflict", "partition", "conflict alone", "throttled"],
)
def test_a_pairing_that_another_transaction_holds_up_is_contended(desk, error):
    """The search looks again, since what it saw may have changed; nothing is repeated down here."""
    claimed = Claimed(desk)
    client = FaultyClient(desk.table.client)
    client.fail("TransactWriteItems", error)
    before = desk.table.items()

    assert claimed.pair(client) is Claim.CONTENDED
    assert len(client.asked("TransactWriteItems")) == 1
    assert desk.table.items() == before


# A person takes these along, each with a value of its own.
CARRIED: dict[str, Any] = {
    "device": "d.ada",
    "device_token": "a token that is still to be told",
    "newcomer_since": START - 50,
    "ready_at": START + 2,
    "checked_at": START - 9,
    "met": 3,
    "turn_of": 2,
    "turn_at": START - 40,
    "turns": 5,
    "talked_on": 20_000,
}


class Taking:
    """Ada's lost connection, and a new one that is about to take its place; Bo is her peer."""

    def __init__(self, desk: Desk, *, waiting: bool = False, room: str | None = "open") -> None:
        self.desk = desk
        state: dict[str, Any] = {"ticket_id": TICKET_A} if waiting else {}
        if room:
            state["room_id"] = {"S": "room"}
            self.room = desk.put_room(**({} if room == "open" else {"closed_at": {"N": "1"}}))
        desk.put_connection(
            "Ada", token_hashes={"L": [{"S": "proved"}]}, avoided={"L": [{"S": "cy"}]}, **LOST_AT, **state
        )
        desk.put_connection("New", avoided={"L": [{"S": "dan"}]})
        desk.put_connection("Bo", room_id={"S": "room"})
        found, own = desk.store.get_connection("Ada="), desk.store.get_connection("New=")
        assert found is not None
        assert own is not None
        self.own = own
        self.lost = replace(found, wish=WISH, meetings=(Meeting("dee", START),))
        self.new = replace(self.lost, id="New=", token_hashes=("fresh",), lost_at=None, **CARRIED)
        if waiting:
            self.new = replace(self.new, ticket_id="ticket-new")

    def resume(self, *, in_room: bool) -> bool:
        return self.desk.store.resume(self.lost, self.own, self.new, self.room if in_room else None, "proved")

    def expect_gone(self) -> None:
        assert self.desk.store.get_connection("Ada=") is None
        old = self.desk.store.get_connections("Ada=")["Ada="]
        assert (old.continued_by, old.continued_with, old.has_place) == ("New=", "proved", False)
        assert old.lost_at is not None


def test_resuming_in_a_room_makes_the_new_connection_speak_for_the_member(desk):
    """The old one only says so, the new one is that person, and the peer's own item is not touched."""
    taking = Taking(desk)
    before = desk.table.items()

    assert taking.resume(in_room=True) is True

    after = desk.table.items()
    taking.expect_gone()
    assert desk.store.get_connection("New=") == taking.new
    room = desk.rooms.get("room")
    assert room is not None
    assert [member.connection_id for member in room.members] == ["New=", "Bo="]
    assert [member.person for member in room.members] == ["ada", "bo"]
    assert after[BO] == before[BO]


@pytest.mark.parametrize(("waiting", "room"), [(True, None), (True, "ended"), (False, "ended")])
def test_resuming_elsewhere_moves_everything_to_the_new_connection(desk, waiting, room):
    """A place in the queue, or a room that ended meanwhile; the room itself is not touched."""
    taking = Taking(desk, waiting=waiting, room=room)
    before = desk.table.items()

    assert taking.resume(in_room=False) is True

    after = desk.table.items()
    taking.expect_gone()
    assert desk.store.get_connection("New=") == taking.new
    assert after.get(ROOM) == before.get(ROOM)


MEMBER = {"M": {"connection_id": {"S": "Newer="}, "person": {"S": "ada"}}}
SPOILED = [
    ("the lost one is gone", ADA, None),
    ("its client was told another token", ADA, {"token_hashes": {"L": [OTHER]}}),
    ("it has no token", ADA, {"token_hashes": None}),
    ("it waits now", ADA, {"ticket_id": OTHER}),
    ("it is in another room", ADA, {"room_id": OTHER}),
    ("it is in no room any more", ADA, {"room_id": None}),
    ("it was banned", ADA, BANNED),
    ("it avoids somebody more", ADA, {"avoided": {"L": [{"S": "cy"}, {"S": "eve"}]}}),
    ("the new one is gone", NEW, None),
    ("the new one is banned", NEW, BANNED),
    ("the new one is lost too", NEW, LOST_AT),
    ("the new one waits already", NEW, {"ticket_id": OTHER}),
    ("the new one talks already", NEW, {"room_id": OTHER}),
    ("the new one reported somebody", NEW, {"avoided": {"L": [{"S": "dan"}, {"S": "eve"}]}}),
    ("the room is gone", ROOM, None),
    ("the room has ended", ROOM, {"closed_at": {"N": "1"}}),
    ("another speaks for the member", ROOM, {"first": MEMBER}),
]


@pytest.mark.parametrize(("key", "change"), [each[1:] for each in SPOILED], ids=[each[0] for each in SPOILED])
def test_resuming_in_a_room_fails_when_anything_is_not_as_seen_and_nothing_is_written(desk, key, change):
    """Two who resume with one token: exactly one of them does."""
    taking = Taking(desk)
    if change is None:
        desk.table.drop(key)
    else:
        desk.table.change(key, **change)
    before = desk.table.items()

    assert taking.resume(in_room=True) is False
    assert desk.table.items() == before


@pytest.mark.parametrize(
    ("key", "change"),
    [
        (ADA, {"ticket_id": None}),
        (ADA, {"ticket_id": OTHER}),
        (ADA, {"room_id": OTHER}),
        (ADA, {"token_hashes": {"L": [OTHER]}}),
    ],
    ids=["left", "another ticket", "paired", "token used"],
)
def test_resuming_in_the_queue_fails_when_the_place_is_not_there_any_more(desk, key, change):
    """Somebody may have claimed it before its socket was known to be dead."""
    taking = Taking(desk, waiting=True, room=None)
    desk.table.change(key, **change)
    before = desk.table.items()

    assert taking.resume(in_room=False) is False
    assert desk.table.items() == before


def test_nobody_resumes_who_never_had_a_token(desk):
    """Asking for it is a mistake of ours."""
    with pytest.raises(AssertionError, match="can be continued"):
        own = Connection("New=", "new")
        desk.store.resume(Connection("Ada=", "ada", Wish("text")), own, own, None, "")
