"""A long conversation over networks that are cut again and again: what has to come through, and how it is checked."""

from __future__ import annotations

import random
import secrets
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass

from tests.browser.client import Client, View, meet
from tests.browser.network import Network
from tests.gateway import Gateway

# The server lets 25 lines a second of one person pass for ever; both together say half of what it takes of both.
LINES_A_SECOND = 24.0
BURST = 6
# A person who is cut off again and again for a whole grace has no network: half of this passes until they are back.
CUT_PAUSE_SECONDS = 1.5
# After the last line: the pauses between attempts, the repeats, and the acknowledgement that follows late.
ARRIVE_SECONDS_MAX = 60.0


@dataclass(frozen=True)
class Ordeal:
    """So many lines of both together, and so many cuts while they are said."""

    lines: int
    cuts: int
    seed: int = 1


def endure(gateway: Gateway, ordeal: Ordeal) -> tuple[View, View]:
    """Let two people talk through it; return what both saw. Every line has arrived, in order, once."""
    chance = random.Random(ordeal.seed)
    with ExitStack() as stack:
        networks = [stack.enter_context(closing(Network(gateway.port))) for _ in range(2)]
        people = [stack.enter_context(closing(Client(network.websocket_url))) for network in networks]
        room = meet(people[0], people[1], f"i{secrets.token_hex(6)}")
        said = _talk(chance, ordeal, people, networks)
        for person in people:
            person.wait("all has arrived, and its writer knows", _is_settled, ARRIVE_SECONDS_MAX)
        views = [person.look() for person in people]  # what the first one reads may have come after it was settled
        for number in range(2):
            assert (views[number]["room"], views[number]["ends"]) == (room, []), views[number]["heard"]
            assert views[1 - number]["read"] == said[number], "each line once and in order"
            assert [text for text, _ in views[number]["written"]] == said[number]
        return views[0], views[1]


def _talk(
    chance: random.Random, ordeal: Ordeal, people: list[Client], networks: list[Network]
) -> tuple[list[str], list[str]]:
    said: tuple[list[str], list[str]] = ([], [])
    seconds = ordeal.lines / LINES_A_SECOND
    cuts = sorted(chance.uniform(0, seconds) for _ in range(ordeal.cuts))
    began = time.monotonic()
    for first in range(0, ordeal.lines, BURST):
        while cuts and cuts[0] <= time.monotonic() - began and _cut(chance, networks):
            cuts.pop(0)
        number = chance.randrange(2)
        texts = [f"line {first + index}" for index in range(min(BURST, ordeal.lines - first))]
        people[number].write(*texts)
        said[number].extend(texts)
        time.sleep(max(0.0, first / LINES_A_SECOND - (time.monotonic() - began)))
    while cuts:  # those that found nobody connected
        assert time.monotonic() - began < seconds + ARRIVE_SECONDS_MAX, f"{len(cuts)} cuts are left"
        cuts = cuts[_cut(chance, networks) :]
        time.sleep(CUT_PAUSE_SECONDS / 10)
    return said


def _cut(chance: random.Random, networks: list[Network]) -> bool:
    """Cut somebody who is connected, or has just begun to be; False when nobody is."""
    up = [network for network in networks if network.is_up and network.seconds_since_cut > CUT_PAUSE_SECONDS]
    if up:
        chance.choice(up).cut()
    return bool(up)


def _is_settled(view: View) -> bool:
    return view["link"] == "open" and all(delivery == "delivered" for _, delivery in view["written"])
