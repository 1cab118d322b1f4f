"""Reports: kept, effective and aimed at nobody but the room's peer."""

from __future__ import annotations

import asyncio

from tests.conformance.contract import NOTE_CHARACTERS_MAX, REMATCH_ALONE_SECONDS, REPORT_REASONS
from tests.conformance.registry import case
from tests.conformance.world import World

# Longer than two who merely skipped each other stay apart when nobody else is there.
APART_SECONDS = REMATCH_ALONE_SECONDS + 4
ROUNDS = 4


@case()
async def a_report_is_kept_and_ends_the_room(world: World) -> None:
    """A report is answered `reported` with the room and a case; the peer's room ends, they search on."""
    cases = set()
    for reason in REPORT_REASONS:
        reporter, peer = await world.pair()
        room = str(reporter.room)
        await reporter.send("report", room=room, reason=reason, note="n" * NOTE_CHARACTERS_MAX)
        cases.add((await reporter.take("reported", room=room))["case"])
        await peer.take("peer_left", room=room)
        await peer.take_search()
        await reporter.send("message", room=room, seq=1, text="the room is over")
        await reporter.take_error("stale_room")
    assert len(cases) == len(REPORT_REASONS) and "" not in cases, f"case numbers should differ: {cases}"


@case()
async def a_device_is_told_what_is_held_of_it_alone(world: World) -> None:
    """`mine` lists the report that a device made, with its note, and tells its peer nothing of it, nor of anybody."""
    reporter, peer = await world.pair()
    room = str(reporter.room)
    await reporter.send("report", room=room, reason="spam", note="a note")
    number = (await reporter.take("reported", room=room))["case"]
    await peer.take("peer_left", room=room)
    await peer.take_search()
    told = {}
    for person in (reporter, peer):
        await person.send("mine", do="show")
        told[person] = (await person.take("mine"))["held"]
    own = [each["fields"] for each in told[reporter] if each["kind"] == "report"]
    assert [(each["case"], each["note"]) for each in own] == [(number, "a note")], f"the report is missing: {own}"
    assert number not in str(told[peer]) and "a note" not in str(told[peer]), "the peer is told of the report"
    await reporter.send("mine", do="erase")
    assert (await reporter.take("mine"))["did"] == "erase"


@case()
async def a_complaint_has_a_number_that_tells_how_it_stands(world: World) -> None:
    """A person with the number may ask from anywhere; a report's number, or one that is none, tells nothing here."""
    outside, elsewhere = await world.person("somebody outside"), await world.person("elsewhere")
    await outside.send("complain", kind="impostor", text="A page shows my face.", place="https://example.org/1")
    kept = await outside.take("complained")
    assert (kept["kind"], kept["state"]) == ("impostor", "open")
    await elsewhere.send("complain", case=kept["case"].lower())
    assert await elsewhere.take("complained") == kept
    await elsewhere.send("complain", case="AAAAAAAAAA")
    await elsewhere.take_error("unknown_case")
    await elsewhere.send("complain", kind="intimate", text="A picture of me.", contact="me@example.org")
    await elsewhere.take_error("invalid_message")


@case()
async def an_ended_room_can_be_reported(world: World) -> None:
    """A room that ended a moment ago can still be reported, and the next room goes on."""
    interest = world.interest()
    reporter, peer = await world.pair(interest=interest)
    room = await peer.skip()
    await reporter.take("peer_left", room=room)
    comer = await world.person("the comer")
    await comer.join(interests=[interest])
    comers = await comer.take_room()

    await reporter.send("report", room=room, reason="spam")
    await reporter.take("reported", room=room)
    met = next(person for person in (reporter, peer) if comers["room"] in person.rooms)
    await world.talk(comer, met)


@case(seconds_max=80)
async def who_was_reported_is_never_met_again(world: World) -> None:
    """The two of a report do not meet again even when nobody else is there, but each meets others who were here."""
    interest = world.interest()
    reporter, peer = await world.pair(interest=interest)
    # Newcomers of the reported one's network who come later are not met by the reporter for a day.
    comers = [await world.person("a comer") for _ in range(2)]
    room = str(reporter.room)
    await reporter.send("report", room=room, reason="harassment")
    await reporter.take("reported", room=room)
    await peer.take("peer_left", room=room)

    for _ in range(ROUNDS):
        for person in (reporter, peer):
            await person.join_until_answered()
        await asyncio.sleep(APART_SECONDS / ROUNDS)
    assert reporter.rooms.keys() == peer.rooms.keys() == {room}, f"they met again: {reporter.rooms}, {peer.rooms}"
    for comer in comers:
        await comer.join(interests=[interest])
        await comer.take_room()
    for person in (reporter, peer):
        await person.take_room()
        await world.talk(*world.members(str(person.room)))


@case()
async def nobody_reports_a_room_that_was_not_theirs(world: World) -> None:
    """A report of somebody else's room is answered `stale_room` and changes nothing for those in it."""
    one, other = await world.pair()
    outsider, outsiders_peer = await world.pair()
    for room in (str(one.room), "no-such-room"):
        await outsider.send("report", room=room, reason="spam")
        await outsider.take_error("stale_room")

    await world.talk(one, other)
    await world.talk(outsider, outsiders_peer)
