"""Calls through a real relay, which hides the addresses of both."""

from __future__ import annotations

import pytest

from tests.call.support.faces import BLUE, RED
from tests.call.support.people import Person, be_paired, meet, start
from tests.call.support.relay import Relay, is_of_relay
from tests.call.support.signalling import Signalling, addresses

SIGNALS_MAX = 3  # each way, as in test_call.py


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
def test_a_call_goes_through_the_relay_alone(
    signalling: Signalling, turn: Relay, red: Person, blue: Person, transport: str
) -> None:
    """Over each transport both ends are relayed, the badge says so, and no own address is in any frame."""
    signalling.relays = turn.minted_by(transport)
    room = meet(signalling, red, blue)
    red.wait_until_sees(BLUE)
    blue.wait_until_sees(RED)
    for person in (red, blue):
        stats = person.stats()
        assert (stats["local"], stats["relayProtocol"]) == ("relay", transport)
        assert is_of_relay(stats["remotePort"])
        assert (person.state or {})["address"] == "hidden"
        assert signalling.frames(room, person.name) <= SIGNALS_MAX
    assert addresses(signalling) == {"relay 127.0.0.1", "related 0.0.0.0"}


def test_both_ways_at_once_need_few_frames(signalling: Signalling, turn: Relay, red: Person, blue: Person) -> None:
    """With a relay on three transports beside the direct way a call still takes at most six frames each way."""
    minted = turn.minted_by("udp")

    def all_transports(room: str, member: int) -> dict[str, object]:
        (server,) = minted(room, member)["iceServers"]
        return {"iceServers": [{**server, "urls": [*turn.urls.values()]}], "relayOnly": False}

    signalling.relays = all_transports
    room = meet(signalling, red, blue)
    red.wait_until_sees(BLUE)
    assert (red.state or {})["address"] == "direct"
    assert max(signalling.frames(room, "red"), signalling.frames(room, "blue")) <= SIGNALS_MAX


@pytest.mark.parametrize("wrong", ["secret", "expired"])
def test_a_refused_credential_is_said_and_costs_only_the_picture(
    signalling: Signalling, turn: Relay, red: Person, blue: Person, wrong: str
) -> None:
    """The browser says nothing for ever; we ask for fresh credentials, and then say to both that the relay refused."""
    signalling.relays = (
        turn.minted_by("udp", secret="south") if wrong == "secret" else turn.minted_by("udp", age_seconds=3600)
    )
    red.open(signalling.page("red"))
    blue.open(signalling.page("blue"))
    be_paired(red, blue)
    for person in (red, blue):
        state = person.wait_for_phase("failed", seconds=15)
        assert state["step"] == "text"
    reasons = {(person.state or {})["reason"] for person in (red, blue)}
    assert "relay_refused" in reasons
    assert reasons <= {"relay_refused", "peer_failed"}
    assert red.run("harness.events").count("paired") + blue.run("harness.events").count("paired") > 2, (
        "nobody asked for fresh ones"
    )


def test_fresh_credentials_heal_a_refusal(signalling: Signalling, turn: Relay, red: Person, blue: Person) -> None:
    """Expired at first, as after a long pause, and good when asked for again: the call comes up by itself."""
    old, new = turn.minted_by("udp", age_seconds=3600), turn.minted_by("udp")
    asked: list[str] = []

    def first_old_then_new(room: str, member: int) -> dict[str, object]:
        asked.append(room)
        return old(room, member) if len(asked) <= 2 else new(room, member)

    signalling.relays = first_old_then_new
    red.open(signalling.page("red"))
    blue.open(signalling.page("blue"))
    start(red, blue)
    red.wait_until_sees(BLUE)


def test_an_unreachable_relay_is_said(signalling: Signalling, turn: Relay, red: Person, blue: Person) -> None:
    """Nobody answers at the relay's address."""
    signalling.relays = turn.minted_by("tcp")
    turn.stop()
    red.open(signalling.page("red"))
    blue.open(signalling.page("blue"))
    be_paired(red, blue)
    for person in (red, blue):
        person.wait_for_phase("failed", seconds=15)
    assert "relay_unreachable" in {(person.state or {})["reason"] for person in (red, blue)}


def test_no_video_rather_than_an_address_where_the_operator_says_so(
    signalling: Signalling, red: Person, blue: Person
) -> None:
    """RELAY_ONLY=true and no relay left: text, and no connection is ever made."""
    signalling.relays = lambda room, member: {"iceServers": [], "relayOnly": True}
    red.open(signalling.page("red"))
    blue.open(signalling.page("blue"))
    be_paired(red, blue)
    for person in (red, blue):
        assert person.wait_for_phase("failed")["reason"] in {"relay_missing", "peer_failed"}
        assert not person.run("probe.connections.some(pc => pc.localDescription)")
    assert addresses(signalling) == set()


def test_the_relay_is_checked_before_the_first_call(signalling: Signalling, turn: Relay, red: Person) -> None:
    """Without credentials: that it answers at all is what is to be known, transport by transport."""
    red.open(signalling.page("red"))
    check = "harness.checkRelay(%s)"
    urls = list(turn.urls.values())
    found = red.run(check % urls)
    assert sorted(found.pop("relayUrls")) == sorted(urls)
    assert found == {"relay": "reachable"}
    assert red.run(check % [])["relay"] == "none"
    turn.stop()
    assert red.run(check % urls[1:])["relay"] == "unreachable"
