"""A person who is paired for video learns the servers of the call; nobody else does."""

from __future__ import annotations

import pytest

from functions.chat.aws.signed_request import CallFailedError
from functions.chat.conversation.announce import invite
from functions.chat.ice.provider import Bearer, IceServer, Relays
from functions.chat.model.people import Member, Room
from functions.chat.model.resume_token import Token
from tests.functions.world import with_parts

TOKEN = Token("Ada=", "secret")
MEMBERS = (Member("Ada=", "ada", ()), Member("Bo=", "bo", ()))


class Relay:
    """A provider that gives each seat a name of its own, or nothing."""

    def __init__(self, *, works: bool = True) -> None:
        self.works = works

    def mint(self, bearer: Bearer, now: float) -> tuple[IceServer, ...]:
        if not self.works:
            raise CallFailedError("Down")
        return (IceServer(("turn:relay.example",), f"{bearer.room_id}:{bearer.seat}", "credential"),)


def backend_with(world, **relay: bool):
    return with_parts(world.backend, relays=Relays(Relay(**relay), stun=("stun:stun.example",)))


@pytest.mark.parametrize("seat", [0, 1])
def test_a_video_room_comes_with_credentials_for_this_member(world, seat):
    """Minted for the room and the seat; a member that has them can tell nothing of the other."""
    invitation = invite(backend_with(world), Room("room", "video", MEMBERS, 1.0), seat, TOKEN)

    server = {"urls": ["turn:relay.example"], "username": f"room:{seat}", "credential": "credential"}
    assert (invitation["iceServers"], invitation["relayOnly"]) == ([server], True)
    assert invitation["type"] == "paired"


def test_a_relay_that_fails_costs_the_relay_and_not_the_pairing(world):
    """The member is told the servers that are left, and that they hide nothing."""
    invitation = invite(backend_with(world, works=False), Room("room", "video", MEMBERS, 1.0), 0, TOKEN)

    assert (invitation["iceServers"], invitation["relayOnly"]) == ([{"urls": ["stun:stun.example"]}], False)


def test_a_text_room_comes_without_any(world):
    """Nobody needs them there, and nothing is asked of the provider."""
    invitation = invite(backend_with(world), Room("room", "text", MEMBERS, 1.0), 0, TOKEN)

    assert not {"iceServers", "relayOnly"} & set(invitation)


def test_both_members_of_a_video_room_are_told(world):
    """In the `paired` of each, when they meet and when they ask again."""
    ada, bo = world.pair(mode="video")

    for person in (ada, bo):
        assert person.last("paired")["iceServers"] == []
        person.join("video")
        assert person.news()[0]["relayOnly"] is False
