"""The values that the table holds and pairing decides on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from functions.chat.model.people import Connection, Meeting, Member, Room, Wish

MEETINGS_MAX = 20
REMATCH_SECONDS = 60.0

NOW = 1_800_000_000.0
ROOM = Room("room", "text", (Member("ada-2", "ada", ("Go",)), Member("bo-1", "bo", ())), NOW)
BO, CY = Member("bo-1", "bo", ()), Member("cy-1", "cy", ())
CONNECTION = Connection("ada-1", "ada", Wish("text", ("Go",)), ticket_id="ticket", avoided=frozenset({"cy"}))


@pytest.mark.parametrize(
    ("interests", "widened", "accepts"),
    [((), False, True), ((), True, True), (("Go",), False, False), (("Go",), True, True)],
)
def test_a_seeker_with_interests_accepts_anyone_only_after_widening(interests, widened, accepts):
    """Widening is in the seeker's own hands."""
    assert Wish("text", interests, widened=widened).accepts_anyone is accepts


def test_a_ticket_says_what_a_searcher_needs_to_know():
    """Eligibility is decided without reading the connection."""
    ticket = CONNECTION.after_meeting(BO, NOW).as_ticket()

    assert (ticket.id, ticket.connection_id, ticket.person) == ("ticket", "ada-1", "ada")
    assert (ticket.wish, ticket.meetings, ticket.avoided) == (CONNECTION.wish, (Meeting("bo", NOW),), frozenset({"cy"}))


def test_meeting_somebody_again_counts_from_the_later_time():
    """One meeting each; a list never holds the same person twice."""
    met = CONNECTION.after_meeting(BO, NOW).after_meeting(CY, NOW + 1).after_meeting(BO, NOW + 2)

    assert met.meetings == (Meeting("cy", NOW + 1), Meeting("bo", NOW + 2))


@pytest.mark.parametrize(
    ("device", "address", "meeting"),
    [
        (None, None, Meeting("bo", NOW)),
        ("d.bo", None, Meeting("d.bo", NOW)),
        ("d.ada", None, Meeting("bo", NOW)),
        ("d.bo", "a.k.othernetwork.1", Meeting("d.bo", NOW, "etwork")),
        ("d.bo", "a.k.home.2", Meeting("d.bo", NOW)),
        ("d.bo", "l.k.machine.1", Meeting("d.bo", NOW)),
    ],
)
def test_somebody_is_remembered_by_what_outlives_their_visit(device, address, meeting):
    """The device, but between two windows of one; and the network, if it is not one's own."""
    own = replace(CONNECTION, device="d.ada", address="a.k.home.1")

    assert own.after_meeting(BO._replace(device=device, address=address), NOW).meetings == (meeting,)


def test_only_a_newcomer_has_the_name_of_their_network():
    """A person who talked on an earlier day is no newcomer of any network."""
    own = replace(CONNECTION, address="a.k.home.1", newcomer_since=NOW)

    assert own.as_ticket().names == {"ada", "a.k.home"}
    assert replace(own, newcomer_since=None).as_ticket().names == {"ada"}
    assert replace(own, address="l.k.machine.1").as_ticket().names == {"ada"}


def test_meetings_are_forgotten_when_they_no_longer_matter():
    """Exactly at the end of the rematch time, not before."""
    met = CONNECTION.after_meeting(BO, NOW)

    assert len(met.after_meeting(CY, NOW + REMATCH_SECONDS - 0.001).meetings) == 2
    assert met.after_meeting(CY, NOW + REMATCH_SECONDS).meetings == (Meeting("cy", NOW + REMATCH_SECONDS),)


def test_a_connection_remembers_only_its_last_meetings():
    """A ticket stays small however fast somebody skips."""
    met = CONNECTION
    for number in range(MEETINGS_MAX + 3):
        met = met.after_meeting(Member("", f"person {number}", ()), NOW)

    assert [each.name for each in met.meetings] == [f"person {number}" for number in range(3, MEETINGS_MAX + 3)]


@pytest.mark.parametrize(("turn_of", "after"), [(2, 3), (1, 1), (None, None)])
def test_a_connection_gets_back_the_turn_of_its_last_meeting_and_no_earlier_one(turn_of, after):
    """Of its third room it may get the turn that it took after the second."""
    assert replace(CONNECTION, met=3, turn_of=turn_of).with_turn_back().turn_of == after


def test_only_the_connection_that_speaks_for_a_member_has_its_seat():
    """A connection that was resumed away has none, though its person has."""
    assert (ROOM.seat("ada-2"), ROOM.seat("bo-1")) == (0, 1)
    assert ROOM.seat("ada-1") is None
    assert (ROOM.seat_of("ada"), ROOM.seat_of("bo"), ROOM.seat_of("ada-2")) == (0, 1, None)
    assert (ROOM.peer(0).person, ROOM.peer(1).person) == ("bo", "ada")


def test_somebody_who_was_never_in_a_room_has_no_place_in_it():
    """Asking is a mistake of ours, and says so."""
    assert (ROOM.seat_of_member("ada"), ROOM.seat_of_member("bo")) == (0, 1)
    with pytest.raises(AssertionError, match="points only to rooms"):
        ROOM.seat_of_member("cy")
