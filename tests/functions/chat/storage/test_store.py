"""Every conditional write on one item: it wins when its condition holds, and when one part fails nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from functions.chat.model.people import Ban, Connection, Meeting, Member, Wish
from functions.chat.storage.attributes import BanAttribute
from functions.chat.storage.store import Store
from tests.functions.desk import ADA, LOST_AT, OTHER, ROOM, SOME, Attributes
from tests.functions.world import START

AVOIDED_MAX = 50
CONNECTION_KEPT_SECONDS = 3 * 3600

IDLE: Attributes = {}
WAITING: Attributes = {"ticket_id": SOME}
WAITING_AFTER_ROOM: Attributes = {"ticket_id": SOME, "room_id": SOME}
TALKING: Attributes = {"room_id": SOME}
BAN = Ban("CASE", "spam", START - 60, START - 30)
BANNED: Attributes = {"ban": {"L": [{"S": each} for each in BanAttribute().texts_of(BAN)]}}

# The effect of each write on a connection that was read in some state …
WRITES: dict[str, tuple[Callable[[Store, Connection], Any], list[Attributes]]] = {
    "enter_queue": (lambda store, seen: store.enter_queue(seen, "ticket", "hash"), [IDLE, TALKING, BANNED]),
    "stay_in_queue": (lambda store, seen: store.stay_in_queue(seen, "hash"), [WAITING, WAITING_AFTER_ROOM]),
    "add_token": (lambda store, seen: store.add_token(seen, "hash"), [TALKING]),
    "make_idle": (lambda store, seen: store.make_idle(seen), [WAITING, WAITING_AFTER_ROOM, TALKING]),
}
# … and the events that may have happened to it meanwhile, each of which alone loses the race. None means that it was
# closed.
MEANWHILE: dict[str, Callable[[Attributes], Attributes | None]] = {
    "was closed": lambda seen: None,
    "was lost": lambda seen: LOST_AT,
    "its ticket came or went": lambda seen: {"ticket_id": None if "ticket_id" in seen else OTHER},
    "its ticket is another": lambda seen: {"ticket_id": OTHER},
    "its room came or went": lambda seen: {"room_id": None if "room_id" in seen else OTHER},
    "its room is another": lambda seen: {"room_id": OTHER},
    "it was banned, or pardoned": lambda seen: {"ban": None if "ban" in seen else BANNED["ban"]},
    "it was banned otherwise": lambda seen: {"ban": {"L": [{"S": each} for each in ("C", "spam", "1.0", "2.0")]}},
}
STATES = [(name, state) for name, (_, states) in WRITES.items() for state in states]


def _state(value: Any) -> str | None:
    return ("+".join(value) or "idle") if isinstance(value, dict) else None


@pytest.mark.parametrize(("name", "state"), STATES, ids=_state)
@pytest.mark.parametrize("change", MEANWHILE.values(), ids=MEANWHILE)
def test_a_write_on_what_was_read_loses_when_it_is_no_longer_so(desk, name, state, change):
    """Nothing is written then, and nothing that was deleted is created again."""
    seen = desk.put_connection(**state)
    desk.put_connection("Bo", **state)
    meanwhile = change(state)
    if meanwhile is None:
        desk.table.drop(ADA)
    else:
        desk.table.change(ADA, **meanwhile)
    before = desk.table.items()

    assert WRITES[name][0](desk.store, seen) is False
    assert desk.table.items() == before


@pytest.mark.parametrize(("name", "state"), STATES, ids=_state)
def test_a_write_on_what_was_read_wins_when_it_is_still_so_and_touches_nothing_else(desk, name, state):
    """In each state."""
    seen = desk.put_connection(**state)
    desk.put_connection("Bo", **state)
    before = desk.table.items()

    assert WRITES[name][0](desk.store, seen) is True
    after = desk.table.items()
    assert {key for key in after if after[key] != before[key]} == {ADA}
    assert set(after) == set(before)


def test_entering_the_queue_writes_ticket_token_wish_and_meetings(desk):
    """The connection is the truth of which the hints are copies."""
    seen = replace(desk.put_connection(**TALKING), meetings=(Meeting("cy", START),))

    desk.store.enter_queue(seen, "ticket", "hash")

    assert desk.store.get_connection("Ada=") == replace(seen, ticket_id="ticket", token_hashes=("hash",))


def test_a_connection_with_a_ticket_is_never_given_another(desk):
    """The first one's hints would stay behind, so asking for it is a mistake of ours."""
    with pytest.raises(AssertionError, match="waits already"):
        desk.store.enter_queue(desk.put_connection(**WAITING), "ticket", "hash")


def test_staying_in_the_queue_renews_the_wish_and_keeps_the_ticket(desk):
    """An emptied list is gone, and not stored as an empty one."""
    seen = desk.put_connection(**WAITING, interests={"L": [SOME]}, languages={"L": [SOME]})
    plain = replace(seen, wish=Wish("text"))

    desk.store.stay_in_queue(plain, "hash")

    assert desk.store.get_connection("Ada=") == replace(plain, token_hashes=("hash",))
    assert not {"interests", "languages", "meetings"} & set(desk.table.items()[ADA])


def test_becoming_idle_forgets_ticket_and_room_and_keeps_whom_one_met(desk):
    """So that the next search does not meet them again at once."""
    seen = replace(desk.put_connection(**WAITING_AFTER_ROOM), meetings=(Meeting("cy", START),), talked_on=20_000)

    desk.store.make_idle(seen)

    idle = desk.store.get_connection("Ada=")
    assert idle is not None
    assert (idle.ticket_id, idle.room_id, idle.meetings) == (None, None, seen.meetings)
    assert idle.talked_on == 20_000, "else each conversation of a day would be looked up"


# Writes whose condition is not what was read.


def test_a_connection_is_opened_once(desk):
    """A repeated `$connect` changes nothing; the item expires when no socket can live any more."""
    assert desk.store.open_connection(Connection("Ada=", "ada")) is True
    desk.table.change(ADA, **WAITING)
    before = desk.table.items()

    assert desk.store.open_connection(Connection("Ada=", "eve")) is False
    assert desk.table.items() == before
    assert before[ADA]["expires_at"] == {"N": f"{START + CONNECTION_KEPT_SECONDS:.0f}"}


@pytest.mark.parametrize("state", [IDLE, WAITING, TALKING, LOST_AT], ids=_state)
def test_a_connection_is_marked_lost_once(desk, state):
    """In each state; only the first handler that notices gets to act on it."""
    desk.put_connection(**state)
    before = desk.table.items()

    lost = desk.store.mark_lost("Ada=")

    if state is LOST_AT:
        assert lost is None
        assert desk.table.items() == before
    else:
        assert lost is not None
        assert lost.lost_at == START
        assert desk.table.items()[ADA] == {**before[ADA], **LOST_AT}


@pytest.mark.parametrize(
    "write",
    [
        lambda store: store.mark_lost("Ada="),
        lambda store: store.close_connection("Ada=", lost=False),
        lambda store: store.close_connection("Ada=", lost=True),
        lambda store: store.avoid(Connection("Ada=", "ada"), frozenset({"bo"})),
        lambda store: store.mark_banned("Ada=", BAN),
    ],
)
def test_a_connection_that_is_closed_is_never_brought_back(desk, write):
    """UpdateItem would create it."""
    assert not write(desk.store)
    assert desk.table.items() == {}


@pytest.mark.parametrize(
    ("state", "lost"),
    [(IDLE, True), ({**LOST_AT, "continued_by": OTHER}, True), ({**LOST_AT, "continued_by": OTHER}, False)],
    ids=["not lost", "continued, by a timer", "continued, by a close"],
)
def test_a_timer_closes_only_what_is_lost_and_nothing_closes_what_another_continues(desk, state, lost):
    """A late `$disconnect` or a late timer must not end what was resumed."""
    desk.put_connection()
    desk.table.change(ADA, **state)
    before = desk.table.items()

    assert desk.store.close_connection("Ada=", lost=lost) is None
    assert desk.table.items() == before


TOKENS = [f"hash{number}" for number in range(8)]


@pytest.mark.parametrize("count", [0, 1, 7])
@pytest.mark.parametrize("told", [True, False], ids=["another was told meanwhile", "none was told meanwhile"])
def test_a_token_is_added_to_whatever_others_were_told(desk, count, told):
    """Two handlers of one client may each tell one at once."""
    before = {"token_hashes": {"L": [{"S": each} for each in TOKENS[:count]]}} if count else {}
    seen = desk.put_connection(**TALKING, **before)
    if told:
        desk.store.add_token(seen, "other")

    assert desk.store.add_token(seen, "new")

    kept = desk.store.get_connection("Ada=").token_hashes
    assert kept == (*TOKENS[:count], *(["other"] if told else []), "new")


@pytest.mark.parametrize("told", [True, False], ids=["another was told meanwhile", "none was told meanwhile"])
def test_the_oldest_token_goes_when_there_are_many_unless_another_was_told_meanwhile(desk, told):
    """Then the handler has lost a race, and the winner speaks to the client."""
    seen = desk.put_connection(**TALKING, token_hashes={"L": [{"S": each} for each in TOKENS]})
    if told:
        desk.table.change(ADA, token_hashes={"L": [{"S": each} for each in [*TOKENS, "other"]]})

    assert desk.store.add_token(seen, "new") is not told

    kept = desk.store.get_connection("Ada=").token_hashes
    assert kept == ((*TOKENS, "other") if told else (*TOKENS[1:], "new"))


@pytest.mark.parametrize(("marked", "lost"), [(True, True), (True, False), (False, False)])
def test_closing_a_connection_deletes_it_and_returns_what_it_was(desk, marked, lost):
    """Its ticket and its room are needed to end what it was part of; a clean close ends also who was thought lost."""
    desk.put_connection(**WAITING_AFTER_ROOM, **(LOST_AT if marked else IDLE))
    seen = desk.store.get_connection("Ada=")

    assert desk.store.close_connection("Ada=", lost=lost) == seen
    assert desk.table.items() == {}


def test_avoiding_somebody_adds_them_once(desk):
    """Even if another handler changes the connection at that time."""
    ada = desk.put_connection(avoided={"L": [{"S": "cy"}]}, **WAITING)

    assert desk.store.avoid(ada, frozenset({"bo", "d.bo"})) is True
    again = desk.store.get_connection("Ada=")
    assert again is not None
    assert desk.store.avoid(again, frozenset({"bo", "d.bo"})) is True
    assert sorted(each["S"] for each in desk.table.items()[ADA]["avoided"]["L"]) == ["bo", "cy", "d.bo"]


def test_two_reports_in_one_moment_do_not_undo_each_other(desk):
    """The later one is told to look again."""
    ada = desk.put_connection(**WAITING)

    assert desk.store.avoid(ada, frozenset({"bo"})) is True
    assert desk.store.avoid(ada, frozenset({"cy"})) is False
    assert desk.table.items()[ADA]["avoided"]["L"] == [{"S": "bo"}]


@pytest.mark.parametrize("state", [IDLE, WAITING, TALKING, LOST_AT], ids=_state)
def test_a_ban_is_marked_on_a_connection_whatever_it_does(desk, state):
    """So that its very next frame is refused, and that it was looked up is noted."""
    desk.put_connection(**state)
    before = desk.table.items()[ADA]

    assert desk.store.mark_banned("Ada=", BAN) is True
    assert desk.table.items()[ADA] == {**before, **BANNED, "checked_at": {"N": f"{START}"}}


def test_a_device_that_searches_again_is_not_banned_any_more(desk):
    """A mark whose time is over goes with the next search, and does not come back."""
    seen = desk.put_connection(**BANNED)
    assert seen.ban == BAN

    desk.store.enter_queue(seen, "ticket", "hash")

    after = desk.store.get_connection("Ada=")
    assert after is not None
    assert after.ban is None


def test_only_so_many_people_are_avoided_and_the_newest_always_is(desk):
    """An item cannot grow for ever."""
    ada = desk.put_connection(avoided={"L": [{"S": f"person {number}"} for number in range(AVOIDED_MAX)]})

    desk.store.avoid(ada, frozenset({"a new one"}))

    avoided = [each["S"] for each in desk.table.items()[ADA]["avoided"]["L"]]
    assert len(avoided) == AVOIDED_MAX
    assert "a new one" in avoided


@pytest.mark.parametrize("seat", [0, 1])
def test_ending_a_room_says_who_when_and_why(desk, seat):
    """Once, for the connection that speaks for its member; what either of them said of themself goes."""
    room = desk.put_room()
    words = {"interests": {"L": [SOME]}, "languages": {"L": [SOME]}, "public_key": SOME}
    members = {name: {"M": {**desk.table.items()[ROOM][name]["M"], **words}} for name in ("first", "second")}
    desk.table.change(ROOM, **members)

    ended = desk.rooms.close(room, seat, "skipped")

    closed_by = room.members[seat].person
    assert ended == replace(room, closed_at=START, closed_by=closed_by, reason="skipped")
    assert desk.rooms.get("room") == ended


ENDED = {"closed_at": {"N": "1"}, "closed_by": {"S": "bo"}, "reason": {"S": "left"}}


@pytest.mark.parametrize("seat", [0, 1])
@pytest.mark.parametrize("change", [None, ENDED, "resumed"], ids=["never was", "ended", "resumed"])
def test_a_room_is_not_ended_twice_nor_by_a_connection_that_was_continued_by_another(desk, seat, change):
    """Exactly one caller ends it, and it stays as that one said."""
    room = desk.put_room()
    name = ("first", "second")[seat]
    if change is None:
        desk.table.drop(ROOM)
    elif change == "resumed":
        member = desk.table.items()[ROOM][name]["M"]
        desk.table.change(ROOM, **{name: {"M": {**member, "connection_id": {"S": "New="}}}})
    else:
        desk.table.change(ROOM, **ENDED)
    before = desk.table.items()

    assert desk.rooms.close(room, seat, "skipped") is None
    assert desk.table.items() == before


# Reads.


def test_a_room_and_a_connection_are_read_at_once_each_as_it_is(desk):
    """Either may be missing."""
    assert desk.store.get_room_and_connection("room", "Ada=") == (None, None)
    room = desk.put_room()
    assert desk.store.get_room_and_connection("room", "Ada=") == (room, None)
    desk.put_connection()
    connection = desk.store.get_connection("Ada=")
    assert desk.store.get_room_and_connection("room", "Ada=") == (room, connection)
    assert desk.store.get_room_and_connection("other", "Ada=") == (None, connection)


def test_several_connections_are_read_at_once_and_one_that_is_closed_is_missing(desk):
    """Resume needs its own and the lost one."""
    ada = desk.put_connection()

    found = desk.store.get_connections("Ada=", "Bo=")
    assert found == {"Ada=": desk.store.get_connection("Ada=")}
    assert found["Ada="].person == ada.person


def test_an_expired_item_is_not_there(desk):
    """However late the table is with deleting it."""
    desk.put_room()
    desk.put_connection()
    for key in (ROOM, ADA):
        desk.table.change(key, expires_at={"N": f"{START - 1:.0f}"})

    assert desk.rooms.get("room") is None
    assert desk.store.get_connection("Ada=") is None
    assert desk.store.get_room_and_connection("room", "Ada=") == (None, None)


def test_a_member_is_read_with_what_they_were_paired_by(desk):
    """The ticket tells a late `waiting` from a new one."""
    room = desk.put_room()
    first = {
        "M": {"connection_id": {"S": "Ada="}, "person": {"S": "ada"}, "interests": {"L": [SOME]}, "ticket_id": SOME}
    }
    desk.table.change(ROOM, first=first)

    read = desk.rooms.get("room")
    assert read is not None
    assert read.members == (Member("Ada=", "ada", ("some",), "some"), room.members[1])
