"""Signals of a stranger's page that is out for harm: the victim keeps her socket, her processor and her picture."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.call.support.faces import BLUE
from tests.call.support.people import Person, meet, start, wait_for
from tests.call.support.signalling import Signalling

SIGNALS = 1_000
PROCESSOR_SECONDS_MAX = 1.0
USUAL_MILLISECONDS, AFTERMATH_MILLISECONDS = 500, 1_500
FRAMES_MAX = 60  # for a thousand of hers
FRAME_BYTES_MAX = 32 * 1024  # of API Gateway: above it the socket is closed

# The words of the contract, and what a fuzzer makes of them.
ODD = [None, True, -1, 0, 1.5, 2**53, "", "x" * 900, [], {}, "offer", "\u0000", [None], {"sdp": 1}]
STATE = {"camera": True, "microphone": True, "revealed": True, "paused": False, "want": "video"}
OFFER = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"


def processor_seconds(person: Person, act: Callable[[], object]) -> float:
    """How long the page's main thread really works more than usual for something and a moment after it.

    Its own seconds are counted, however busy the machine is.
    """
    session = person.page.context.new_cdp_session(person.page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def worked(meanwhile: Callable[[], object]) -> tuple[float, float]:
        seconds = []
        for do in (lambda: None, meanwhile):
            do()
            metrics = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
            seconds.append((metrics["TaskDuration"], time.monotonic()))
        return seconds[1][0] - seconds[0][0], seconds[1][1] - seconds[0][1]

    def act_and_watch() -> None:
        act()
        person.page.wait_for_timeout(AFTERMATH_MILLISECONDS)

    usual, lasted = worked(lambda: person.page.wait_for_timeout(USUAL_MILLISECONDS))
    cost, lasts = worked(act_and_watch)
    return cost - usual / lasted * lasts


def fuzzed(chance: random.Random, number: int) -> dict[str, Any]:
    """One signal: fields of ours with values of ours or odd ones, and descriptions with sections too many."""
    sections = "".join(
        f"m={chance.choice(['audio', 'video', 'application'])} 9 UDP/TLS/RTP/SAVPF 96\r\n"
        for _ in range(chance.choice([0, 1, 2, 3, 60]))
    )
    values: dict[str, list[Any]] = {
        "generation": [number, 1, 2**50 + number],
        "description": [{"type": kind, "sdp": OFFER + sections} for kind in ("offer", "answer", "rollback")],
        "number": [0, 1, number],
        "candidates": [[{"candidate": f"candidate:{number} 1 udp 1 192.0.2.1 9 typ host", "sdpMid": "0"}] * 64],
        "ask": ["restart", "rebuild"],
        "hold": [False],
        "media": [{**STATE, "version": number}],
    }  # fmt: skip
    names = chance.sample(list(values), chance.randint(1, len(values)))
    return {name: chance.choice(values[name] if chance.random() < 0.7 else ODD) for name in names}


def send_as(person: Person, signals: list[dict[str, Any]]) -> None:
    """Over the person's own socket, past its own page."""
    person.page.evaluate("(all) => { for (const data of all) harness.send(harness.room, data); }", signals)


def test_a_thousand_fuzzed_signals_cost_no_socket_no_second_and_no_picture(
    signalling: Signalling, red: Person, blue: Person
) -> None:
    """Into the middle of a call, from the offerer, whose word counts most; then the next stranger is met as always."""
    room = meet(signalling, blue, red)
    red.wait_until_sees(BLUE)
    chance = random.Random(7)
    signals = [fuzzed(chance, number) for number in range(SIGNALS)]

    def send() -> None:
        send_as(blue, signals)
        wait_for("all have been sent", lambda: signalling.frames(room, "blue") >= SIGNALS)

    assert processor_seconds(red, send) < PROCESSOR_SECONDS_MAX
    assert red.run("harness.socketOpen") and red.run("harness.sockets") == 1
    sizes = [len(json.dumps(data).encode()) for who, data in signalling.heard if who == "red"]
    assert max(sizes) < FRAME_BYTES_MAX
    assert len(sizes) < 100, "each frame is paid for"
    assert red.run("harness.media.stream.getTracks().every((track) => track.readyState === 'live')")
    assert (red.stats() or {}).get("open", 0) <= 1
    red.run("harness.skip()")
    wait_for("another room", lambda: red.run("harness.room") == blue.run("harness.room") != room)
    red.wait_until_sees(BLUE)
    blue.wait_for_more_frames()


def test_an_offer_with_more_sections_than_ours_is_refused(signalling: Signalling, red: Person, blue: Person) -> None:
    """A hundred pictures at once: no receiver is made for them, nothing is answered, and the call goes on as it was."""

    def multiply(person: str, data: dict[str, Any]) -> list[dict[str, Any]]:
        if person != "blue" or "description" not in data:
            return [data]
        sdp = data["description"]["sdp"]
        video = sdp[sdp.index("m=video") :]
        more = "".join(video.replace("a=mid:1", f"a=mid:{mid}") for mid in range(2, 40))
        return [
            {
                **data,
                "generation": data["generation"] + 1,
                "description": {"type": "offer", "sdp": (sdp + more)[:19_999]},
            },
            data,
        ]

    signalling.faults.rewrite = multiply
    blue.open(signalling.page("blue"))
    red.open(signalling.page("red"))
    room = start(blue, red)
    red.wait_until_sees(BLUE)
    assert red.run("probe.connections.length") == 1
    assert red.run("probe.current().getTransceivers().length") == 2
    assert signalling.frames(room, "red") <= 3


STORM = (Path(__file__).parent / "support" / "storms.js").read_text()
STORMS = (
    "offers", "the same offer", "new connections", "new connections with every codec there is", "answers", "candidates",
    "candidates of nobody", "candidates of a connection to come", "restarts", "rebuilds", "holds", "states",
    "keys of every object",
)  # fmt: skip


@pytest.mark.parametrize("kind", STORMS)
def test_a_storm_of_what_a_browser_takes_costs_no_second_and_few_frames(
    signalling: Signalling, red: Person, blue: Person, kind: str
) -> None:
    """A thousand of a kind, each of them valid: few are acted on, and red has her socket and her devices."""
    asked = kind in ("restarts", "rebuilds")  # of the first offerer, who owns both
    room = meet(signalling, *((red, blue) if asked else (blue, red)))
    red.wait_until_sees(BLUE)
    said = signalling.frames(room, "red")

    def storm() -> None:
        blue.page.evaluate(f"([kind, count]) => ({STORM.strip().removesuffix(';')})(kind, count)", [kind, SIGNALS])
        wait_for("all have been sent", lambda: signalling.frames(room, "blue") >= SIGNALS)

    cost = processor_seconds(red, storm)
    print(f"{kind}: processor {cost:.2f} s")
    assert cost < PROCESSOR_SECONDS_MAX
    assert signalling.frames(room, "red") - said < FRAMES_MAX, "each frame is paid for"
    assert red.run("harness.socketOpen") and red.run("harness.sockets") == 1
    assert red.run("harness.media.stream.getTracks().every((track) => track.readyState === 'live')")
    assert (red.stats() or {}).get("open", 0) <= 1
    assert red.run("({}).polluted ?? [].polluted ?? null") is None
