"""The meter: what chats, calls and waiting cost, counted frame by frame (cost.py prints it).

The page's own code plays the frames of the pages (conversation.js); the real handlers answer it through the real
clients, whose requests are counted with their units (recorder.py). Prices are in infra/prices.py. Free tiers are left
out: a busy site has used them up.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from infra import prices
from tests.bench.recorder import Call
from tests.bench.stage import LONG_SECONDS, Invocation, Stage
from tests.functions.doorstep import come

MILLION = 1_000_000
FOLDER = Path(__file__).parent
NODE = Path(sys.executable).with_name("node")
BILLED_BYTES = 32 * 1024  # a message is billed in such pieces
OVERHEAD_BYTES = 10  # of a WebSocket frame and its share of TLS

# Measured (`python -m tests.bench.joins`): 0.35 ms of a whole processor for each request of a search, with all that is
# done around it; a line's take less than half (`make bench ARGS=warm`). 512 MB are given 29 % of one.
MEMORY_GIGABYTES = 0.5
REQUEST_MILLISECONDS = 0.35 * 1769 / 512
# Stated, and not measured here: what a request takes on AWS's own network.
NETWORK_MILLISECONDS = {"dynamodb": 4.0, "sockets": 10.0, "queue": 10.0}
TRANSACTION_MILLISECONDS = 12.0

# Measured (`make bench ARGS=page`): frames of `signal` until both browsers see each other, and none later, with
# own addresses alone, with STUN and through a relay; and how long a description is, with its candidates.
SIGNALS = 2
DESCRIPTION_BYTES = 3_000
# A naive page sends each candidate as it comes: with a relay and two networks ten for each side, and two descriptions
# that name every codec.
NAIVE_CANDIDATES = 2 * 10
NAIVE_DESCRIPTION_BYTES = 5_500
HEARTBEAT_SECONDS = 30
# A naive search reads the whole table: a thousand people of 400 bytes, at 4 KB a unit, half of it as it may be stale.
SCAN_UNITS = 1000 * 400 / 4096 / 2


@dataclass
class Tally:
    """The amounts that AWS bills, of anything."""

    messages: float = 0
    connection_minutes: float = 0
    invocations: float = 0
    gigabyte_seconds: float = 0
    reads: float = 0
    writes: float = 0
    queue_requests: float = 0
    sent_bytes: float = 0
    log_bytes: float = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Tally)))

    def times(self, number: float) -> Tally:
        """Return the tally of so many of it."""
        return Tally(*(getattr(self, each.name) * number for each in fields(Tally)))

    @property
    def parts(self) -> dict[str, float]:
        """Return the dollars by what they are paid for."""
        return {
            "messages": self.messages * prices.MESSAGE,
            "connections": self.connection_minutes * prices.CONNECTION_MINUTE,
            "Lambda": self.invocations * prices.INVOCATION + self.gigabyte_seconds * prices.GIGABYTE_SECOND,
            "table": self.reads * prices.READ_UNIT + self.writes * prices.WRITE_UNIT,
            "rest": self.queue_requests * prices.QUEUE_REQUEST
            + self.sent_bytes / 1e9 * prices.SOCKET_GIGABYTE
            + self.log_bytes / 1e9 * prices.LOG_GIGABYTE,
        }

    @property
    def dollars(self) -> float:
        return sum(self.parts.values())


def duration(calls: Iterable[Call]) -> float:
    """Return the milliseconds that a handler with these requests runs; Lambda bills whole ones."""
    total = 0.0
    for call in calls:
        is_transaction = call.text.startswith("TransactWriteItems")
        network = TRANSACTION_MILLISECONDS if is_transaction else NETWORK_MILLISECONDS[call.service]
        total += 0.0 if call.aside else REQUEST_MILLISECONDS + network
    return float(math.ceil(total))


def tally_of(invocations: Iterable[Invocation]) -> Tally:
    """Return what these runs of handlers cost, with the frames that they were for and those that they sent."""
    total = Tally()
    for each in invocations:
        posts = [call.post_bytes for call in each.calls if call.service == "sockets"]
        messages = sum(math.ceil(max(size, 1) / BILLED_BYTES) for size in (each.frame_bytes, *posts) if size)
        total += Tally(
            messages=messages,
            invocations=1,
            gigabyte_seconds=duration(each.calls) / 1000 * MEMORY_GIGABYTES,
            reads=sum(call.reads for call in each.calls),
            writes=sum(call.writes for call in each.calls),
            queue_requests=3 * sum(call.service == "queue" for call in each.calls),
            sent_bytes=sum(size + OVERHEAD_BYTES for size in posts),
            log_bytes=each.log_bytes,
        )
    return total


# Pings are answered by the gateway.
PING = Tally(messages=2, sent_bytes=16 + OVERHEAD_BYTES)


def minutes(seconds: float, people: int = 2) -> Tally:
    """Return what the sockets of some people cost for a time."""
    return Tally(connection_minutes=people * seconds / 60)


class Meter:
    """Plays scenarios on a stage and returns what they cost."""

    def __init__(self, new_stage: Callable[[], Stage]) -> None:
        self._new_stage = new_stage
        script = ["--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", str(FOLDER / "conversation.js")]
        played = subprocess.run([str(NODE), *script], capture_output=True, text=True, timeout=60, check=True)
        self.script: dict[str, Any] = json.loads(played.stdout)

    def run(self, play: Callable[[Stage], int]) -> Tally:
        """Return what happens on a new stage after its first part, which `play` says the length of."""
        stage = self._new_stage()
        begun = play(stage)
        return tally_of(stage.since(begun))

    def frames(self, chosen: list[dict[str, Any]]) -> Tally:
        """Return what frames of the script cost between two who talk; `waiting` alone for somebody who does not."""
        pings = sum(each["frame"]["action"] == "ping" for each in chosen)

        def play(stage: Stage) -> int:
            people = dict(zip(("alice", "bob"), _talkers(stage), strict=True))
            begun = len(stage.invocations)
            for each in chosen:
                frame = {**each["frame"], "room": people["alice"].room}
                if frame["action"] != "ping":
                    stage.pass_time(1)
                    people[each["from"]].send(**frame)
            return begun

        return self.run(play) + PING.times(pings)

    def lines(self, way: str = "chat") -> list[dict[str, Any]]:
        """Return the frames that are lines of a chat that is led in this way."""
        return [each for each in self.script[way]["frames"] if each["frame"]["action"] == "message"]

    def waiting(self) -> Tally:
        kinds = [each["frame"]["action"] for each in self.script["waiting"]]

        def play(stage: Stage) -> int:
            alice = come(stage, "Alice", address="198.51.100.1")
            alice.join()
            begun = len(stage.invocations)
            for _ in range(kinds.count("join")):
                stage.pass_time(LONG_SECONDS)
                alice.join()
            return begun

        return self.run(play) + PING.times(kinds.count("ping")) + minutes(3600, 1)


def _talkers(stage: Stage) -> tuple[Any, Any]:
    alice, bob = come(stage, "Alice", address="198.51.100.1"), come(stage, "Bob", address="198.51.100.2")
    alice.join()
    bob.join()
    return alice, bob


def meeting(stage: Stage) -> int:
    """Let two people come and meet."""
    _talkers(stage)
    return 0


def parting(stage: Stage) -> int:
    """Let two people who talk close their pages."""
    people = _talkers(stage)
    begun = len(stage.invocations)
    for person in people:
        person.disconnect()
    return begun


def description_play(stage: Stage) -> int:
    return _signal_play(stage, {"description": {"type": "offer", "sdp": "v" * DESCRIPTION_BYTES}})


def naive_description_play(stage: Stage) -> int:
    """Pass a naive page's description on."""
    return _signal_play(stage, {"description": {"type": "offer", "sdp": "v" * NAIVE_DESCRIPTION_BYTES}})


def candidate_play(stage: Stage) -> int:
    candidate = "candidate:1 1 udp 2113937151 f3b0.local 54321 typ host generation 0 ufrag abcd network-cost 999"
    return _signal_play(stage, {"candidate": {"candidate": candidate, "sdpMid": "0"}})


def _signal_play(stage: Stage, data: dict[str, Any]) -> int:
    alice, _ = _talkers(stage)
    begun = len(stage.invocations)
    alice.send("signal", room=alice.room, data=data)
    return begun
