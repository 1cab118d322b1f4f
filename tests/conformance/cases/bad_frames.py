"""Frames that break a rule get one error each, with the right code, and change nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tests.conformance import bad_frames
from tests.conformance.bad_frames import BadFrame
from tests.conformance.contract import ERROR_CODES
from tests.conformance.person import ContractError, Person
from tests.conformance.registry import case
from tests.conformance.world import World

# How many wrong answers a failure lists.
SHOWN_MAX = 12


async def _refused(sender: Person, frames: Iterable[BadFrame]) -> None:
    """Send each frame and check its error; list all that were answered wrongly."""
    wrong = []
    for frame in frames:
        await sender.send_raw(frame.text)
        try:
            error = await sender.take_error(*sorted(frame.codes), within=sender.patience_seconds / 4)
        except ContractError as why:
            wrong.append(f"{frame.name}: {why}")
            if sender.is_closed:
                break
            continue
        if not error["message"].strip():
            wrong.append(f"{frame.name} got an error that says nothing")
    assert not wrong, f"{len(wrong)} wrong answers:\n    " + "\n    ".join(wrong[:SHOWN_MAX])


async def _refused_in_room(world: World, frames: Callable[[str], Iterable[BadFrame]], mode: str = "text") -> Person:
    """Have frames of a room refused; check that it works, and that the peer heard only what is said now."""
    sender, peer = await world.pair(mode)
    heard = len(peer.received)
    await _refused(sender, frames(str(sender.room)))
    await world.talk(sender, peer)
    news = [event["type"] for event in peer.received[heard:]]
    assert news == ["message"], f"the peer heard of bad frames: {peer.received[heard:]}"
    return sender


@case(seconds_max=120)
async def frames_that_name_no_route_are_refused(world: World) -> None:
    """Not JSON, not an object, no action or none of the contract's: an error, and the room goes on."""
    await _refused_in_room(world, lambda _: bad_frames.envelopes())


@case(seconds_max=120)
async def bad_joins_are_refused_and_queue_nobody(world: World) -> None:
    """A bad `join` puts nobody into the queue: two who come later with the same interest meet each other."""
    interest = world.interest()
    idle = await world.person("idle")
    await _refused(idle, bad_frames.joins(interest))

    one = await world.waiting("one", interests=[interest])
    other = await world.person("other")
    await other.join(interests=[interest])
    await world.meet(one, other)
    assert not idle.rooms, f"a bad join led to a room: {idle.rooms}"


@case(seconds_max=120)
async def bad_joins_in_a_room_change_nothing(world: World) -> None:
    """A bad `join` neither ends the room nor is heard by the peer."""
    await _refused_in_room(world, lambda _: bad_frames.joins(world.interest()))


@case(seconds_max=120)
async def bad_lines_are_refused(world: World) -> None:
    """A bad `message` reaches nobody."""
    await _refused_in_room(world, bad_frames.lines)


@case(seconds_max=120)
async def bad_typing_acknowledgements_skips_and_leaves_are_refused(world: World) -> None:
    """A bad `typing`, `ack`, `skip` or `leave` reaches nobody and ends nothing."""
    await _refused_in_room(world, bad_frames.small_frames)


@case(seconds_max=120)
async def bad_signals_are_refused(world: World) -> None:
    """A bad `signal` reaches nobody."""
    await _refused_in_room(world, bad_frames.signals, "video")


@case(seconds_max=120)
async def bad_reports_are_refused(world: World) -> None:
    """A bad `report` reports nobody and ends nothing."""
    sender = await _refused_in_room(world, bad_frames.reports)
    assert not sender.untaken("reported"), "a bad report was kept"


@case(seconds_max=120)
async def a_token_that_was_never_given_resumes_nothing(world: World) -> None:
    """A guessed or malformed token is refused, and its sender starts afresh."""
    interest = world.interest()
    guesser = await world.person("the guesser")
    await _refused(guesser, bad_frames.resumptions())

    other = await world.waiting("other", interests=[interest])
    await guesser.join(interests=[interest])
    await world.meet(other, guesser)


@case()
async def deeply_nested_signals_break_nothing(world: World) -> None:
    """Nested thousands deep, a signal is relayed as it is or refused with an error; the handler does not fail."""
    sender, peer = await world.pair("video")
    for text in bad_frames.deep_signals(str(sender.room)):
        await sender.send_raw(text)
        await _either(sender, peer)
    await world.talk(sender, peer)


async def _either(sender: Person, peer: Person) -> None:
    for _ in range(round(sender.patience_seconds / 0.1)):
        for person, kind in ((sender, "error"), (peer, "signal")):
            if person.untaken(kind):
                event = await person.take(kind)
                assert kind == "signal" or event["code"] in ERROR_CODES, f"an unknown code: {event}"
                return
        await peer.pause(0.1)
    raise ContractError(f"neither relayed nor refused; the sender got {sender.received[-3:]}")
