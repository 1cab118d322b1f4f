"""Firefox with Chromium, in both roles, with a restart from each side: a one-engine test sees none of this."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.call.support.faces import RED
from tests.call.support.firefox import Firefox
from tests.call.support.people import Person, both_connected, start, wait_for
from tests.call.support.relay import Relay
from tests.call.support.signalling import Signalling, addresses

SIGNALS_MAX = 3  # each way, as in test_call.py
SILENCE = 0.001  # of 1; the tone of a face is 0.27
SILENT_ENERGY = 1e-6  # in 1.5 s; a tone brings thousands of times as much


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    browser = Firefox(tmp_path_factory.mktemp("firefox"))
    yield browser
    browser.close()


@pytest.fixture
def fox(firefox: Firefox) -> Iterator[Person]:
    yield Person("fox", firefox)  # type: ignore[arg-type]
    firefox.goto("about:blank")


@pytest.mark.parametrize("restarter", ["offerer", "answerer"])
@pytest.mark.parametrize("offerer", ["fox", "red"])
def test_two_engines_meet_and_either_side_may_restart(
    signalling: Signalling, fox: Person, red: Person, offerer: str, restarter: str
) -> None:
    """With either side as first offerer, both sides' wish for a restart is fulfilled, twice, and all goes on."""
    waiter, joiner = (fox, red) if offerer == "fox" else (red, fox)
    for person in (waiter, joiner):
        person.open(signalling.page(person.name))
    room = start(waiter, joiner)
    fox.wait_until_sees(RED)
    # Firefox plays nothing where there is no loudspeaker, but it decodes what comes and tells how loud that is.
    wait_for("fox hears red", lambda: fox.stats()["audioEnergy"] > 0)
    red.wait_for_more_frames()
    assert max(signalling.frames(room, "fox"), signalling.frames(room, "red")) <= SIGNALS_MAX
    for connections in (1, 2):  # the first time it is restarted, the second time rebuilt
        before = [person.stats()["fragment"] for person in (waiter, joiner)]
        (waiter if restarter == "offerer" else joiner).run(LOSE)
        wait_for("both gathered anew", lambda before=before: _changed(before, waiter, joiner), 15)
        both_connected(waiter, joiner)
        fox.wait_for_more_frames()
        red.wait_for_more_frames()
        assert fox.stats()["connections"] == red.stats()["connections"] == connections


@pytest.mark.parametrize("sender", ["fox", "red"])
def test_a_device_that_was_off_stays_off_in_either_engine(
    signalling: Signalling, fox: Person, red: Person, sender: str, tmp_path: Path
) -> None:
    """Camera off and mute, a reload, a camera that opens late: the other end gets no picture and no sound."""
    own, other = (fox, red) if sender == "fox" else (red, fox)
    own.open(signalling.page(own.name, remember=tmp_path.name))
    other.open(signalling.page(other.name))
    start(own, other)
    other.wait_for_more_frames()
    own.run("harness.media.setCameraOff(true), harness.media.setMuted(true), 0")
    own.run("harness.media.setCameraOff(false), harness.media.setCameraOff(true), 0")
    wait_for("it is told", lambda: (other.state or {})["peer"]["camera"] is False)
    own.open(signalling.page(own.name, remember=tmp_path.name))
    own.join()
    wait_for("a new connection", lambda: other.stats().get("connections", 0) > 1)
    both_connected(own, other)
    frames, energy = other.frames(), other.stats()["audioEnergy"]
    own.page.wait_for_timeout(1_500)
    if other is red:  # Firefox has no loudspeaker here, and so no sound to look at; it tells how loud what comes is.
        assert other.run("probe.peak(1_500)") < SILENCE
    assert other.frames() == frames
    assert other.stats()["audioEnergy"] - energy < SILENT_ENERGY
    own.run("harness.media.setCameraOff(false), harness.media.setMuted(false), 0")
    other.wait_for_more_frames()
    wait_for("sound", lambda: other.stats()["audioEnergy"] - energy > SILENT_ENERGY)


LOSE = "harness.calls.call.link.happen({type: 'silent'})"


def _changed(before: list[str], *people: Person) -> bool:
    now = [person.stats().get("fragment") for person in people]
    return all(new and old != new for old, new in zip(before, now, strict=True))


def test_no_engine_tells_an_address_through_the_relay(
    signalling: Signalling, turn: Relay, fox: Person, red: Person
) -> None:
    """Firefox writes the address behind the relay into its candidates; it does not leave the page."""
    signalling.relays = turn.minted_by("udp")
    for person in (fox, red):
        person.open(signalling.page(person.name))
    start(fox, red)
    fox.wait_until_sees(RED)
    assert addresses(signalling) == {"relay 127.0.0.1", "related 0.0.0.0"}
