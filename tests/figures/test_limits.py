"""Each limit of the contract: the figure of docs/protocol.md passes, and one more does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from functions.chat.entry import limiter, visitors
from functions.chat.entry.visitors import Visitor
from functions.chat.protocol import frames
from functions.chat.protocol.errors import Refusal
from functions.routes import BY_KEY
from tests.functions.doorstep import metered
from tests.functions.world import DEAD, World

PROTOCOL = " ".join((Path(__file__).parents[2] / "docs" / "protocol.md").read_text().split())
Read = Callable[[], object]


def frame(frame_type: type[Any], **fields: Any) -> Read:
    """Read a frame as the server does."""
    return lambda: frames.parse(frame_type, json.dumps({"action": frame_type.__name__.lower(), "room": "r", **fields}))


def _join(**fields: Any) -> Read:
    return frame(frames.Join, mode="text", **fields)


def _signal(size: int) -> Read:
    return frame(frames.Signal, data={"candidate": "x" * (size - len('{"candidate":""}'))})


def _nested(levels: int) -> Read:
    data: Any = "x"
    for _ in range(levels):
        data = {"data": data}
    return frame(frames.Signal, data=data)


# A sentence of the contract, the figure in it, and a frame with so much of it.
SAID: tuple[tuple[str, int, Callable[[int], Read]], ...] = (
    ("1-2000 characters", 2000, lambda n: frame(frames.Message, seq=1, text="x" * n)),
    ("up to 10 strings of", 10, lambda n: _join(interests=[f"i{at}" for at in range(n)])),
    ("strings of 1-32 characters", 32, lambda n: _join(interests=["x" * n])),
    ("up to 5 BCP 47 tags", 5, lambda n: _join(languages=[f"e{chr(97 + at)}" for at in range(n)])),
    ("up to 500 characters", 500, lambda n: frame(frames.Report, reason="spam", note="x" * n)),
    ("1-1000 characters", 1000, lambda n: frame(frames.Appeal, case="ABCDEFGHIJ", text="x" * n)),
    ("1-2000 characters: what happened", 2000, lambda n: frame(frames.Complain, kind="complaint", text="x" * n)),
    ("up to 500 characters: where", 500, lambda n: frame(frames.Complain, place="x" * n)),
    ("up to 100 characters: who signs", 100, lambda n: frame(frames.Complain, name="x" * n)),
    ("up to 200 characters: where to answer", 200, lambda n: frame(frames.Complain, contact="x" * n)),
    ("at most 24 KB encoded", 24 * 1024, _signal),
    ("nested at most 20 levels", 20, _nested),
)


@pytest.mark.parametrize(("phrase", "figure", "with_so_much"), SAID, ids=[phrase for phrase, _, _ in SAID])
def test_a_frame_passes_up_to_the_contracts_figure_and_not_beyond(
    phrase: str, figure: int, with_so_much: Callable[[int], Read]
) -> None:
    """The document has the figure, and the parser has the same one."""
    assert phrase in PROTOCOL
    with_so_much(figure)()
    with pytest.raises(Refusal):
        with_so_much(figure + 1)()


# Frames of one connection: at once, and then a second. People and pages stay below; see the test after next.
RATES: tuple[tuple[str, int, float], ...] = (
    ("message", 1050, 25),
    ("ack", 500, 10),
    ("typing", 60, 2),
    ("signal", 200, 10),
    ("join", 60, 1),
    ("skip", 300, 1),
    ("leave", 60, 1),
    ("report", 100, 0.1),
    ("resume", 100, 0.5),
    ("appeal", 100, 0.1),
    ("mine", 80, 0.1),
    ("complain", 20, 0.1),
    ("$default", 400, 5),
)


def _passed(world: World, action: str, times: int) -> int:
    """Return how many of so many frames of one connection, at once, may be handled."""

    rate = BY_KEY[action].rate
    assert rate is not None

    def passes() -> bool:
        return limiter.judge(world.backend, "Ada=", action, rate) is limiter.Verdict.PASSES

    return sum(passes() for _ in range(times))


@pytest.mark.parametrize(("action", "burst", "per_second"), RATES, ids=[action for action, _, _ in RATES])
def test_a_burst_passes_and_then_as_many_as_the_rate_says(
    world: World, action: str, burst: int, per_second: float
) -> None:
    """One frame more is refused; ten seconds later so many pass again."""
    metered(world)

    assert _passed(world, action, burst + 1) == burst
    world.pass_time(10)
    assert _passed(world, action, 280) == pytest.approx(10 * per_second, abs=1)


# How many sockets may flood a route at once and leave room for others, at any share of the throttles; else two.
FLOODING_SOCKETS = {"mine": 1, "complain": 1, "leave": 4, "report": 4, "appeal": 4}


@pytest.mark.parametrize(("action", "per_second"), [(action, rate) for action, _, rate in RATES])
@pytest.mark.parametrize("percent", [1, 10, 100])
def test_no_socket_closes_a_route_for_all(action: str, per_second: float, percent: int) -> None:
    """50 frames a second cut a socket off, and each refused one counts as five: it sends no more on and on."""
    of_one_socket = per_second + (50 - per_second) / 5

    assert min(BY_KEY[action].throttle.at(percent)) >= FLOODING_SOCKETS.get(action, 2) * of_one_socket


@pytest.mark.parametrize(
    ("what", "action", "count"),
    [
        ("a call whose candidates come one by one", "signal", 100),
        ("a thousand lines that a client kept while it was away", "message", 1000),
        ("skipping as fast as fingers can, for half a minute", "skip", 100),
    ],
)
def test_frames_that_people_and_pages_send_at_once_pass(world: World, what: str, action: str, count: int) -> None:
    """Bursts are for this."""
    assert _passed(metered(world), action, count) == count, what


@pytest.mark.parametrize(
    ("token", "burst", "per_second"), [("new", 300, 5), (None, 30, 0.2)], ids=["newcomers of an address", "a device"]
)
def test_so_many_sockets_may_be_opened_at_once_and_then_a_second(
    world: World, token: str | None, burst: int, per_second: float
) -> None:
    """An address may be a campus; a device is one person's."""
    visitor = Visitor("device:ada", token, ("address:campus",))
    metered(world)

    def opened(times: int) -> int:
        if token is None:
            return sum(visitors.lets_in(world.backend, visitor) for _ in range(times))
        return sum(not visitors.is_in_a_storm(world.backend, visitor) for _ in range(times))

    assert opened(burst + 1) == burst
    world.pass_time(30)
    assert opened(burst) == pytest.approx(30 * per_second, abs=10)  # processes tell each other of every tenth


@pytest.mark.parametrize(
    ("code", "seconds", "phrase"), [(DEAD, 20, "20 seconds unless the operator"), (4001, 5, "its grace is 5 seconds")]
)
def test_a_lost_connection_is_waited_for_as_long_as_the_contract_says(
    world: World, code: int, seconds: int, phrase: str
) -> None:
    """A network that changed, and a page that does not know whether it will be back."""
    ada, _ = world.pair()
    ada.disconnect(code)

    assert phrase in PROTOCOL
    assert [after for _, after in world.alarms.set] == [seconds]


def test_the_same_two_meet_again_after_ten_seconds_where_nobody_else_is(world: World) -> None:
    """And not a second sooner."""
    assert "after 10 seconds" in PROTOCOL
    ada, _bo = world.pair()
    ada.send("skip", room=ada.room)
    world.news()
    for seconds, meets in ((9, False), (2, True)):
        world.pass_time(seconds)
        ada.join()
        assert ("paired" in world.news().get("Bo", [])) is meets


@pytest.mark.parametrize(("seconds", "answer"), [(600, "reported"), (601, "error")])
def test_a_report_is_taken_for_ten_minutes_after_the_room(world: World, seconds: int, answer: str) -> None:
    """People need a moment to find the button."""
    assert "ended in the last 10 minutes" in PROTOCOL
    ada, bo = world.pair()
    room = ada.room
    bo.send("leave")
    world.pass_time(seconds)
    ada.send("report", room=room, reason="spam")

    assert ada.news()[-1]["type"] == answer
