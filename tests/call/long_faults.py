"""Networks that break: cuts of seconds, a relay that freezes, a path that goes silent. Half a minute each."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.call.support.faces import BLUE, RED
from tests.call.support.people import Person, meet, start, wait_for
from tests.call.support.relay import Relay
from tests.call.support.signalling import Signalling

pytestmark = pytest.mark.timeout(150)


def throttle(person: Person) -> Callable[..., None]:
    """Chromium's own network conditions for a page: they reach its media if they stand before the first connection."""
    session = person.page.context.new_cdp_session(person.page)
    session.send("Network.enable")

    def conditions(**changed: Any) -> None:
        # A latency above nothing keeps the hook in place, which otherwise is taken away for good.
        usual = {"offline": False, "latency": 1, "downloadThroughput": -1, "uploadThroughput": -1}
        session.send("Network.emulateNetworkConditions", {**usual, **changed})

    conditions()
    return conditions


def phases(person: Person) -> set[str]:
    return {state["phase"] for state in person.run("harness.states")}


@pytest.mark.parametrize("seconds", [8, 20])
@pytest.mark.parametrize("who", ["red", "blue"])
def test_media_that_is_cut_comes_back(
    signalling: Signalling, red: Person, blue: Person, who: str, seconds: int
) -> None:
    """The first offerer's or the other's network is gone for a while: told within seconds, and whole again after it."""
    cut = red if who == "red" else blue
    conditions = throttle(cut)
    meet(signalling, red, blue)
    red.wait_until_sees(BLUE)
    conditions(packetLoss=100)
    until = time.monotonic() + seconds
    wait_for("it is told", lambda: red.is_in("weak", "reconnecting") and blue.is_in("weak", "reconnecting"), 10)
    cut.page.wait_for_timeout(1000 * (until - time.monotonic()))
    conditions()
    for person in (red, blue):
        person.wait_for_phase("connected", "weak", seconds=20)
    red.wait_for_more_frames()
    blue.wait_for_more_frames()
    assert "failed" not in phases(red) | phases(blue)


def test_a_network_that_is_gone_for_long_ends_in_text_and_comes_back(
    signalling: Signalling, red: Person, blue: Person
) -> None:
    """After a minute the call gives up with a reason, and a single "try again" brings it back."""
    conditions = throttle(red)
    meet(signalling, red, blue)
    conditions(packetLoss=100)
    for person in (red, blue):
        state = person.wait_for_phase("failed", seconds=90)
        assert state["step"] == "text" and state["reason"] in {"connection_lost", "peer_failed"}
    conditions()
    blue.run("harness.calls.call.retry()")
    for person in (red, blue):
        person.wait_for_phase("connected", seconds=20)
    blue.wait_until_sees(RED)


def test_a_path_that_goes_silent_is_rebuilt(signalling: Signalling, red: Person, blue: Person) -> None:
    """The browser says "connected" and nothing arrives: noticed, restarted, and rebuilt when that does not help."""
    meet(signalling, red, blue)
    red.wait_until_sees(BLUE)
    blue.run(
        """Promise.all(probe.current().getSenders().map((sender) => {
            const parameters = sender.getParameters();
            for (const encoding of parameters.encodings) encoding.active = false;
            const change = sender.setParameters(parameters);
            sender.setParameters = async () => {};  // for good: these senders are broken now
            return change;
        }))"""
    )
    wait_for("it is told", lambda: red.is_in("weak", "reconnecting"), 15)
    wait_for("it is rebuilt", lambda: red.stats().get("connections") == 2, 40)
    red.wait_for_more_frames()
    red.wait_until_sees(BLUE)


def test_a_narrow_network_gets_a_smaller_picture_and_then_sound(
    signalling: Signalling, red: Person, blue: Person
) -> None:
    """Heavy loss: the picture steps down by itself, the peer is told, the sound stays; it comes back afterwards."""
    conditions = throttle(red)
    meet(signalling, red, blue)
    red.wait_until_sees(BLUE)
    conditions(latency=20, packetLoss=45)
    wait_for("a step down", lambda: red.run("harness.calls.call.watch.quality") != "video", 40)
    wait_for("sound alone", lambda: red.run("harness.calls.call.watch.quality") == "audio", 60)
    wait_for("blue is told", lambda: (blue.state or {})["peer"]["paused"], 10)
    packets = blue.stats()["audioPackets"]
    wait_for("sound goes on", lambda: blue.stats()["audioPackets"] > packets + 20, 10)
    conditions()
    wait_for("the picture is back", lambda: (blue.state or {})["picture"], 60)
    blue.wait_for_more_frames()


def test_a_relay_that_freezes_and_thaws_is_waited_for(
    signalling: Signalling, turn: Relay, red: Person, blue: Person
) -> None:
    """Ten seconds without a packet through the relay: told, and healed without anybody's doing."""
    signalling.relays = turn.minted_by("udp")
    meet(signalling, red, blue)
    red.wait_until_sees(BLUE)
    turn.freeze()
    for person in (red, blue):
        person.wait_for_phase("weak", "reconnecting", seconds=10)
    red.page.wait_for_timeout(6_000)
    turn.thaw()
    for person in (red, blue):
        person.wait_for_phase("connected", seconds=25)
        person.wait_for_more_frames()


def test_a_relay_that_is_killed_over_udp_is_found_again(
    signalling: Signalling, turn: Relay, red: Person, blue: Person
) -> None:
    """Nothing tells the browsers; the loss is noticed, and a restart gathers anew at the relay that came back."""
    signalling.relays = turn.minted_by("udp")
    meet(signalling, red, blue)
    red.wait_until_sees(BLUE)
    turn.stop()
    for person in (red, blue):
        person.wait_for_phase("weak", "reconnecting", seconds=15)
    turn.start()
    for person in (red, blue):
        person.wait_for_phase("connected", seconds=40)
        person.wait_for_more_frames()


def test_a_call_outlives_its_credential(signalling: Signalling, turn: Relay, red: Person, blue: Person) -> None:
    """The relay checks the expiry when it is allocated: a call goes on, and a restart asks for a fresh credential."""
    signalling.relays = turn.minted_by("udp", age_seconds=598)  # two seconds are left
    red.open(signalling.page("red"))
    blue.open(signalling.page("blue"))
    start(red, blue)
    red.page.wait_for_timeout(15_000)
    red.wait_for_more_frames()
    signalling.relays = turn.minted_by("udp")
    paired = red.run("harness.events").count("paired")
    for person in (red, blue):
        person.run("harness.calls.call.link.relaysAt = -1e9")
    red.run("harness.calls.call.link.happen({type: 'silent'})")
    wait_for("red asks for fresh ones", lambda: red.run("harness.events").count("paired") > paired)
    for person in (red, blue):
        person.wait_for_phase("connected")
        person.wait_for_more_frames()


def test_a_killed_relay_that_comes_back_is_used_again(
    signalling: Signalling, turn: Relay, red: Person, blue: Person
) -> None:
    """Everything relayed is lost with it; a restart gathers anew."""
    signalling.relays = turn.minted_by("tcp")
    meet(signalling, red, blue)
    red.wait_until_sees(BLUE)
    turn.stop()
    turn.start()
    wait_for("red notices", lambda: red.is_in("reconnecting", "weak"))
    red.wait_for_phase("connected", seconds=30)
    red.wait_for_more_frames()
    blue.wait_for_more_frames()


def test_a_page_that_is_hidden_is_sent_no_picture(signalling: Signalling, red: Person, blue: Person) -> None:
    """Nobody looks, so nobody encodes; the sound goes on and the picture is back when somebody looks."""
    meet(signalling, red, blue)
    blue.wait_for_more_frames()
    look = """Object.defineProperty(document, 'hidden', {value: %s, configurable: true});
        document.dispatchEvent(new Event('visibilitychange'))"""
    blue.run(look % "true")
    wait_for("red is asked for sound alone", lambda: red.run("harness.calls.call.presence.theirs.want") == "audio")
    wait_for("no more pictures", lambda: _still(blue), seconds=10)
    wait_for("sound goes on", lambda: blue.hears(RED))
    blue.run(look % "false")
    blue.wait_for_more_frames()


def _still(person: Person) -> bool:
    before = person.frames()
    person.page.wait_for_timeout(300)
    return person.frames() == before
