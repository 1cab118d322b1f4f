"""The frames that pass between two people in a room."""

from __future__ import annotations

import asyncio
import json
import time

from tests.conformance.contract import SIGNAL_BYTES_MAX, TEXT_CHARACTERS_MAX
from tests.conformance.person import ContractError, Person
from tests.conformance.registry import case
from tests.conformance.world import World

LINES = 1000
# Lines under way at a time: enough to keep a server busy, few enough that it is not a flood.
UNACKNOWLEDGED_MAX = 40
# A line is acknowledged by the next line, or by itself when so many have come without an answer.
ACKNOWLEDGED_EVERY = 10
# How often the two look whether they may go on.
TURN_SECONDS = 0.1

TEXTS = (
    "hello",
    "two\nlines\tand a tab",
    '"quotes" \\ {"action":"skip"} </script><b>',
    "مرحبا كيف حالك",
    "नमस्ते दुनिया",
    "日本語 한국어 中文",
    "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽",
    "e\u0301 and \u00e9 stay as they were typed",
    "\u2028 a separator that JavaScript minds",
    "x" * TEXT_CHARACTERS_MAX,
    "😀" * TEXT_CHARACTERS_MAX,
)


@case()
async def a_line_reaches_the_peer_and_nobody_else(world: World) -> None:
    """A line arrives with room, number, text and acknowledgement as sent, at the peer and nowhere else."""
    pairs = [await world.pair() for _ in range(2)]
    for speaker, listener in pairs:
        line = await speaker.say("first")
        assert "ack" not in await listener.take("message", **line), "an acknowledgement that was not sent"
        answer = await listener.say("second", ack=1)
        await speaker.take("message", **answer)
        await listener.take("message", **await speaker.say("third", ack=1))

    for person in [*pairs[0], *pairs[1]]:
        heard = [event for event in person.received if event["type"] == "message"]
        assert {event["room"] for event in heard} == {person.room}, f"{person.name} heard {heard}"


@case()
async def any_text_arrives_as_typed(world: World) -> None:
    """Every script, emoji, quotes, newline and tab, and 2,000 characters of any size arrive unchanged."""
    speaker, listener = await world.pair()
    for text in TEXTS:
        line = await speaker.say(text)
        received = await listener.take("message", seq=line["seq"])
        assert received["text"] == text.strip(), f"{text[:40]!r} arrived as {received['text'][:40]!r}"

    # Escapes that a client may send instead of the characters themselves.
    escaped = json.dumps({"action": "message", "room": speaker.room, "seq": 99, "text": "😀" * 1000})
    speaker.sent_lines.add((str(speaker.room), 99, "😀" * 1000))
    await speaker.send_raw(escaped)
    await listener.take("message", seq=99, text="😀" * 1000)


@case()
async def a_text_is_measured_after_trimming(world: World) -> None:
    """Space around a line does not count, so 2,000 characters within it are allowed."""
    speaker, listener = await world.pair()
    line = await speaker.say("  \n" + "y" * TEXT_CHARACTERS_MAX + "\t ")

    received = await listener.take("message", seq=line["seq"])
    assert received["text"].strip() == "y" * TEXT_CHARACTERS_MAX, f"arrived with {len(received['text'])} characters"


@case()
async def a_thousand_lines_both_ways_without_loss(world: World) -> None:
    """1,000 lines each way, at the same time, all arrive: each number once it is put in order, with its own text."""
    one, other = await world.pair()
    doing = [asyncio.create_task(do(person)) for do in (_say_all, _acknowledge) for person in (one, other)]
    try:
        await asyncio.gather(*doing)
    finally:
        for task in doing:
            task.cancel()

    for listener, speaker in ((one, other), (other, one)):
        lines = {event["seq"]: event["text"] for event in listener.received if event["type"] == "message"}
        expected = {seq: f"{speaker.name} says {seq}" for seq in range(1, LINES + 1)}
        assert lines == expected, f"{listener.name} got {len(lines)} lines of {LINES}"


async def _say_all(speaker: Person) -> None:
    """Say all lines, never more ahead of the peer's acknowledgements than allowed."""
    room = str(speaker.room)
    for seq in range(1, LINES + 1):
        while seq - speaker.acknowledged.get(room, 0) > UNACKNOWLEDGED_MAX:
            await speaker.pause(TURN_SECONDS)
        heard = speaker.heard.get(room)
        await speaker.say(f"{speaker.name} says {seq}", seq=seq, **({"ack": heard} if heard else {}))


async def _acknowledge(listener: Person) -> None:
    """Acknowledge every few lines; fail when the next line does not come."""
    room = str(listener.room)
    told, deadline = 0, time.monotonic() + listener.patience_seconds
    while told < LINES:
        heard = listener.heard.get(room, 0)
        if heard >= min(told + ACKNOWLEDGED_EVERY, LINES):
            told, deadline = heard, time.monotonic() + listener.patience_seconds
            await listener.send("ack", room=room, ack=told)
        if time.monotonic() > deadline:
            raise ContractError(f"{listener.name} heard everything up to line {heard}, and then waited in vain")
        await listener.pause(TURN_SECONDS)


@case()
async def typing_acknowledgement_and_signal_reach_the_peer_only(world: World) -> None:
    """`typing`, `ack` and `signal` arrive as sent, both ways, at the peer and nowhere else."""
    one, other = await world.pair("video")
    stranger, strangers_peer = await world.pair("video")
    before = [len(person.received) for person in (stranger, strangers_peer)]
    data = {"description": {"type": "offer", "sdp": "v=0\r\n"}, "candidates": [{"candidate": ""}, None], "é": 1.5}
    for sender, receiver in ((one, other), (other, one)):
        room = sender.room
        await sender.send("typing", room=room, on=True)
        await receiver.take("typing", room=room, on=True)
        await sender.send("typing", room=room, on=False, ack=7)
        await receiver.take("typing", room=room, on=False, ack=7)
        await sender.send("ack", room=room, ack=3)
        await receiver.take("ack", room=room, ack=3)
        await sender.send("signal", room=room, data=data)
        await receiver.take("signal", room=room, data=data)
        await sender.send("signal", room=room, data={})
        await receiver.take("signal", room=room, data={})

    await world.talk(stranger, strangers_peer)
    after = [len(person.received) for person in (stranger, strangers_peer)]
    assert after == [count + 1 for count in before], f"{stranger.received} {strangers_peer.received}"


@case()
async def a_signal_of_24_kb_passes_and_one_byte_more_does_not(world: World) -> None:
    """Signalling is relayed up to 24 KB encoded; a larger one is answered `too_long` and reaches nobody."""
    one, other = await world.pair("video")
    envelope = len('{"candidates":[""]}')
    for size in (SIGNAL_BYTES_MAX - 1, SIGNAL_BYTES_MAX):
        data = {"candidates": ["c" * (size - envelope)]}
        await one.send("signal", room=one.room, data=data)
        await other.take("signal", room=one.room, data=data)
    await one.send("signal", room=one.room, data={"candidates": ["c" * (SIGNAL_BYTES_MAX + 1 - envelope)]})
    await one.take_error("too_long")

    await world.talk(one, other)
    assert not other.untaken("signal"), "the signal that was too long was relayed"
