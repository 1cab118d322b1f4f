"""How fast calls start and how many frames they take, on the product's own page. `make call-figures` prints it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.call.support.faces import BLUE, RED
from tests.call.support.people import Person, both_connected, meet, wait_for
from tests.call.support.signalling import Signalling
from tests.call.support.visitor import Visitor, both_see_each_other, wait_until_searching_then_start
from tests.gateway import Gateway

pytestmark = pytest.mark.timeout(150)

COLD_STARTS = 5
SKIPS = 5
COLD_SECONDS_MAX = 1.2  # from the two clicks to the first picture at both ends
SKIP_SECONDS_MAX = 1.0  # from "Really?" to a picture of the next stranger, median
SIGNALS_MAX = 1  # each way, median
MANY_SKIPS = 60
FIRST_SKIPS = 10  # after which everything that is made once has been made
HEAP_GROWTH_MAX = 400_000  # bytes, over fifty strangers; a connection that is kept costs 60 KB

# Notes the time of the first picture after each start of a stranger, without being asked again and again.
NOTE_PICTURES = """
window.pictures = [];
addEventListener('DOMContentLoaded', () => {
    const video = document.querySelector('#remote-video');
    const note = () => window.pictures.push(Date.now());
    const watch = () => video.requestVideoFrameCallback(note);
    video.addEventListener('loadstart', watch);
});
"""


@pytest.fixture(scope="module")
def place() -> Iterator[Gateway]:
    with Gateway() as running:
        yield running


def open_page(browser: Browser, face: object, place: Gateway) -> Visitor:
    visitor = Visitor(browser, face)  # type: ignore[arg-type]
    visitor.page.add_init_script(NOTE_PICTURES)
    visitor.visit(place.url)
    return visitor


def pictures(visitor: Visitor) -> list[float]:
    found: list[float] = visitor.run("window.pictures")
    return found


def test_a_cold_click_to_the_first_picture(red_browser: Browser, blue_browser: Browser, place: Gateway) -> None:
    """Both click "Video chat" on a fresh page; until both have the other's first picture."""
    taken: list[float] = []
    frames: list[float] = []
    for _ in range(COLD_STARTS):
        red, blue = (open_page(browser, face, place) for browser, face in ((red_browser, RED), (blue_browser, BLUE)))
        clicked = time.time() * 1000
        red.start_video()
        blue.start_video()
        wait_for("first pictures", lambda red=red, blue=blue: pictures(red) and pictures(blue))
        taken.append((max(pictures(red)[0], pictures(blue)[0]) - clicked) / 1000)
        both_see_each_other(red, blue)
        frames.extend(max(visitor.signals.values()) for visitor in (red, blue))
        red.leave()
        blue.leave()
    print(f"\ncold click to first picture at both ends: median {statistics.median(taken):.2f} s of {sorted(taken)}")
    print(f"signal frames a call and person: {sorted(frames)}")
    assert statistics.median(taken) <= COLD_SECONDS_MAX
    assert statistics.median(frames) <= SIGNALS_MAX


def test_a_skip_to_the_next_picture(red_browser: Browser, blue_browser: Browser, place: Gateway) -> None:
    """The next stranger waits already, and the camera is open: from "Really?" to their picture, at both ends."""
    taken = []
    for _ in range(SKIPS):
        skipper, left, waiter = (
            open_page(browser, face, place)
            for browser, face in ((red_browser, RED), (blue_browser, BLUE), (blue_browser, BLUE))
        )
        wait_until_searching_then_start(skipper, left)
        both_see_each_other(skipper, left)
        waiter.start_video()
        waiter.searches()
        before = len(pictures(skipper))
        skipper.button("Skip").click()
        clicked = time.time() * 1000
        skipper.button("Really?").click()
        wait_for("the next picture", lambda w=waiter, s=skipper, n=before: pictures(w) and len(pictures(s)) > n)
        taken.append((max(pictures(skipper)[before], pictures(waiter)[0]) - clicked) / 1000)
        for visitor in (skipper, left, waiter):
            visitor.leave()
    print(f"\nskip to the next picture at both ends: median {statistics.median(taken):.2f} s of {sorted(taken)}")
    assert statistics.median(taken) <= SKIP_SECONDS_MAX


def left_behind(person: Person) -> dict[str, float]:
    """The objects that a page holds after all useless ones were thrown away."""
    session = person.page.context.new_cdp_session(person.page)
    session.send("Performance.enable")
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
        person.page.wait_for_timeout(300)
    metrics = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    session.detach()
    return {
        "listeners": metrics["JSEventListeners"],
        "nodes": metrics["Nodes"],
        "heap": metrics["JSHeapUsedSize"],
        "open": person.stats()["open"],
        "tracks": person.run("harness.media.stream.getTracks().length"),
        "asked": person.run("window.asked"),
    }


def test_sixty_skips_leave_nothing_behind(signalling: Signalling, red: Person, blue: Person) -> None:
    """One connection, the two tracks that were there, not a listener more, and memory that is level."""
    for person in (red, blue):
        # The probe keeps every connection in reach; here it keeps the last two.
        person.page.add_init_script(
            """window.asked = 0;
            const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
            navigator.mediaDevices.getUserMedia = (wanted) => { window.asked += 1; return ask(wanted); };
            setInterval(() => { const all = window.probe.connections; all.splice(0, all.length - 2); }, 50);"""
        )
    room = meet(signalling, red, blue)
    first: dict[str, dict[str, float]] = {}
    for number in range(1, MANY_SKIPS + 1):
        (red, blue)[number % 2].run("harness.skip()")
        wait_for(
            "another room", lambda room=room: red.run("harness.room") == blue.run("harness.room") not in (room, None)
        )
        room = str(red.run("harness.room"))
        both_connected(red, blue)
        for person in (red, blue):
            person.run("harness.states.length = harness.events.length = 0")
        if number == FIRST_SKIPS:
            first = {person.name: left_behind(person) for person in (red, blue)}
    for person in (red, blue):
        last, before = left_behind(person), first[person.name]
        print(f"\n{person.name} after {FIRST_SKIPS} skips: {before}\n{person.name} after {MANY_SKIPS} skips: {last}")
        assert (last["open"], last["tracks"], last["asked"]) == (1, 2, 1)
        assert last["listeners"] <= before["listeners"]
        assert last["nodes"] <= before["nodes"]
        assert last["heap"] - before["heap"] < HEAP_GROWTH_MAX
