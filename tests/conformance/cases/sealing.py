"""Lines that the server cannot read, and reports that hand over lines."""

from __future__ import annotations

from typing import Any

from tests import sealing
from tests.conformance.person import Person
from tests.conformance.registry import case
from tests.conformance.world import World

PUBLIC_OPENING = "A" * 43


@case()
async def two_who_show_keys_read_each_other_and_the_server_neither(world: World) -> None:
    """Both learn both keys; a sealed line arrives as it was sealed, with a stamp, and opens there."""
    interests, own = [world.interest()], [sealing.new_key(), sealing.new_key()]
    waiter = await world.waiting("the waiter", interests=interests, key=sealing.public(own[0]))
    comer = await world.person("the comer")
    await comer.join(interests=interests, key=sealing.public(own[1]))
    room = await world.meet(waiter, comer)
    people = (waiter, comer)
    told = [person.rooms[room] for person in people]
    assert [(each["key"], each["ownKey"]) for each in told] == [
        (sealing.public(own[1]), sealing.public(own[0])),
        (sealing.public(own[0]), sealing.public(own[1])),
    ]
    keys = [sealing.derive(own[at], told[at]["key"], room, int(told[at]["polite"])) for at in (0, 1)]
    assert keys[0] == keys[1], "both sides should derive the same"

    for at, text in ((0, "sealed ü🐢"), (1, "x" * 2000), (0, "🐢" * 2000)):
        seat, seq = int(told[at]["polite"]), 1 + len([line for line in people[at].sent_lines if line[0] == room])
        line = sealing.seal(keys[at], seat, seq, text)
        people[at].sent_lines.add((room, seq, line.sealed))
        await people[at].send("message", room=room, seq=seq, **line._asdict())
        heard = await people[1 - at].take("message", room=room, seq=seq)
        assert heard["stamp"], "a line without a stamp cannot be proved"
        assert sealing.open_line(keys[1 - at], seat, seq, sealing.Sealed(heard["sealed"], heard["commitment"])) == text


@case()
async def one_without_a_key_and_one_with_it_meet_in_the_clear(world: World) -> None:
    """Neither is told a key, if only one of the two showed one, and they talk."""
    for has_key in ((True, False), (False, True)):
        interests = [world.interest()]
        shown = [{"key": sealing.public(sealing.new_key())} if each else {} for each in has_key]
        waiter = await world.waiting("the waiter", interests=interests, **shown[0])
        comer = await world.person("the comer")
        await comer.join(interests=interests, **shown[1])
        room = await world.meet(waiter, comer)
        for person in (waiter, comer):
            assert not {"key", "ownKey"} & person.rooms[room].keys()
        await world.talk(waiter, comer)


@case()
async def a_report_takes_lines_of_both_and_a_still_and_refuses_half_a_proof(world: World) -> None:
    """Lines of the peer with their proof and own ones without are taken; what is no line or no picture is refused."""
    reporter, peer = await world.pair()
    line = await _proved(peer, reporter)
    own = {"seat": int(reporter.rooms[str(reporter.room)]["polite"]), "seq": 1, "text": "stop"}
    room = str(reporter.room)
    wrong: list[dict[str, Any]] = [
        {"lines": [{**line, "seat": 2}]}, {"lines": [{**line, "stamp": ""}]}, {"lines": [{**own, "text": ""}]},
        {"lines": [{name: value for name, value in line.items() if name != "opening"}]}, {"lines": [own] * 101},
        {"still": "iVBORw0KGgo"}, {"still": "_9j_" + "A" * 10_921},
    ]  # fmt: skip
    for fields in wrong:
        await reporter.send("report", room=room, reason="hate", **fields)
        await reporter.take_error("invalid_message", "too_long")

    await reporter.send("report", room=room, reason="hate", lines=[line, own], still="_9j_4AAQ")
    await reporter.take("reported", room=room)
    await peer.take("peer_left", room=room)


async def _proved(speaker: Person, listener: Person) -> dict[str, Any]:
    """Have somebody say a line in the clear, and return it with its proof."""
    line = await speaker.say("nasty")
    heard = await listener.take("message", **line)
    seat = int(speaker.rooms[str(speaker.room)]["polite"])
    return {"seat": seat, "seq": line["seq"], "text": "nasty", "opening": PUBLIC_OPENING, "stamp": heard["stamp"]}
