"""The values that the table holds and pairing decides on."""

from __future__ import annotations

import pytest

from functions.chat.model.people import MEETINGS_MAX, REMATCH_SECONDS, Connection, Meeting, Member, Room, Wish

NOW = 1_800_000_000.0
ROOM = Room("room", "text", (Member("ada-2", "ada", ("Go",)), Member("bo-1", "bo", ())), NOW)
CONNECTION = Connection("ada-1", "ada", Wish("text", ("Go",)), ticket_id="ticket", avoided=frozenset({"cy"}))


@pytest.mark.parametrize(
    ("interests", "widened", "accepts"),
    [((), False, True), ((), True, True), (("Go",), False, False), (("Go",), True, True)],
)
def test_who_names_interests_accepts_anyone_only_after_widening(interests, widened, accepts):
    """Widening is in the seeker's own hands."""
    assert Wish("text", interests, widened=widened).accepts_anyone is accepts


def test_a_ticket_says_what_a_searcher_needs_to_know():
    """Eligibility is decided without reading the connection."""
    ticket = CONNECTION.after_meeting("bo", NOW).as_ticket()

    assert (ticket.id, ticket.connection_id, ticket.person) == ("ticket", "ada-1", "ada")
    assert (ticket.wish, ticket.meetings, ticket.avoided) == (CONNECTION.wish, (Meeting("bo", NOW),), {"cy"})


def test_meeting_somebody_again_counts_from_the_later_time():
    """One meeting each; a list never holds the same person twice."""
    met = CONNECTION.after_meeting("bo", NOW).after_meeting("cy", NOW + 1).after_meeting("bo", NOW + 2)

    assert met.meetings == (Meeting("cy", NOW + 1), Meeting("bo", NOW + 2))


def test_meetings_are_forgotten_when_they_no_longer_matter():
    """Exactly at the end of the rematch time, not before."""
    met = CONNECTION.after_meeting("bo", NOW)

    assert len(met.after_meeting("cy", NOW + REMATCH_SECONDS - 0.001).meetings) == 2
    assert met.after_meeting("cy", NOW + REMATCH_SECONDS).meetings == (Meeting("cy", NOW + REMATCH_SECONDS),)


def test_a_connection_remembers_only_its_last_meetings():
    """A ticket stays small however fast somebody skips."""
    met = CONNECTION
    for number in range(MEETINGS_MAX + 3):
        met = met.after_meeting(f"person {number}", NOW)

    assert [each.person for each in met.meetings] == [f"person {number}" for number in range(3, MEETINGS_MAX + 3)]


def test_only_the_connection_that_speaks_for_a_member_has_a_position():
    """A connection that was resumed away has none, though its person has."""
    assert (ROOM.position("ada-2"), ROOM.position("bo-1")) == (0, 1)
    assert ROOM.position("ada-1") is None
    assert (ROOM.position_of("ada"), ROOM.position_of("bo"), ROOM.position_of("ada-2")) == (0, 1, None)
    assert (ROOM.peer(0).person, ROOM.peer(1).person) == ("bo", "ada")


def test_somebody_who_was_never_in_a_room_has_no_place_in_it():
    """Asking is a mistake of ours, and says so."""
    assert (ROOM.place("ada"), ROOM.place("bo")) == (0, 1)
    with pytest.raises(AssertionError, match="points only to rooms"):
        ROOM.place("cy")
