"""Relays at the match: the servers of each member, and those that are left when a provider fails."""

from __future__ import annotations

import pytest

from functions.chat.aws.signed_request import CallFailedError
from functions.chat.ice.memory import RoomMemory
from functions.chat.ice.provider import Bearer, Hiding, IceServer, IceServers, Relays

REMEMBERED_SECONDS = 5.0
REST_SECONDS = 10.0
ROOMS_MAX = 32

STUN = ("stun:stun.example.org",)
TURN = IceServer(("turn:turn.example.org",), "name", "word")


class Provider:
    """Gives a relay, or fails as long as `broken`."""

    def __init__(self) -> None:
        self.broken = False
        self.asked: list[Bearer] = []

    def mint(self, bearer: Bearer, now: float) -> tuple[IceServer, ...]:
        self.asked.append(bearer)
        if self.broken:
            raise CallFailedError("http_503")
        return (TURN,)


def test_with_a_relay_addresses_are_hidden_by_default() -> None:
    """Only the relay is used, and no STUN server is asked for an address that must not be told."""
    fields = Relays(Provider(), STUN).mint("room", 1, 0).as_fields()
    server = {"urls": ["turn:turn.example.org"], "username": "name", "credential": "word"}
    assert fields == {"iceServers": [server], "relayOnly": True}


def test_an_operator_may_prefer_the_direct_way() -> None:
    """Then the relay is one way of several."""
    minted = Relays(Provider(), STUN, Hiding.NEVER).mint("room", 0, 0)
    assert minted == IceServers((IceServer(STUN), TURN), relay_only=False)


def test_a_credential_is_minted_for_one_member_of_one_room() -> None:
    """The provider learns who it is for."""
    provider = Provider()
    relays = Relays(provider)
    relays.mint("first", 0, 0)
    relays.mint("second", 1, 0)
    assert provider.asked == [Bearer("first", 0), Bearer("second", 1)]


@pytest.mark.parametrize(
    ("hiding", "left"),
    [
        (Hiding.WHEN_THERE, IceServers((IceServer(STUN),), relay_only=False)),
        (Hiding.NEVER, IceServers((IceServer(STUN),), relay_only=False)),
        (Hiding.ALWAYS, IceServers((), relay_only=True)),
    ],
)
def test_a_failing_provider_costs_the_relay_and_not_the_pairing(hiding: Hiding, left: IceServers) -> None:
    """The servers that are left are told honestly, and the failure is counted with its code."""
    provider = Provider()
    counted: list[str] = []
    provider.broken = True
    assert Relays(provider, STUN, hiding, counted.append).mint("room", 0, 0) == left
    assert counted == ["RelayFailed_http_503"]


def test_a_failed_provider_is_left_alone_for_a_while() -> None:
    """Pairings do not queue up behind its timeout, and it is tried again afterwards."""
    provider = Provider()
    counted: list[str] = []
    relays = Relays(provider, count=counted.append)
    provider.broken = True
    relays.mint("room", 0, now=100)
    provider.broken = False
    assert not relays.mint("room", 1, now=100 + REST_SECONDS - 1).relay_only
    assert relays.mint("room", 1, now=100 + REST_SECONDS).relay_only
    assert len(provider.asked) == 2
    assert counted == ["RelayFailed_http_503", "RelayRested", "RelayMinted"]


def test_two_members_of_a_room_share_one_call_and_later_ones_do_not() -> None:
    """A pairing asks once; a member who asks again minutes later gets something fresh."""
    memory, minted = RoomMemory(), iter([(TURN,), ()])
    assert memory.recall("room", 0, lambda: next(minted)) == (TURN,)
    assert memory.recall("room", REMEMBERED_SECONDS - 1, lambda: next(minted)) == (TURN,)
    assert memory.recall("room", REMEMBERED_SECONDS, lambda: next(minted)) == ()


def test_the_memory_of_rooms_does_not_grow() -> None:
    """A process that lives for hours holds a few rooms."""
    memory = RoomMemory()
    for number in range(ROOMS_MAX * 3):
        memory.recall(f"room-{number}", number, lambda: (TURN,))
    assert len(memory._rooms) == ROOMS_MAX
