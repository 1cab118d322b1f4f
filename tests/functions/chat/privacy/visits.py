"""A visit in which everything happens that leaves something in the table, and what of it is whose."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from functions.chat.evidence import x25519
from functions.chat.model.rates import Rate
from functions.chat.model.stamps import text_of
from functions.chat.privacy.kinds import KINDS, StoredKind
from functions.chat.storage.presence import Online
from functions.chat.storage.table import Table
from tests.functions.doorstep import CAFE, HOME, come, device_of, give_history, lock_out, meet, metered
from tests.functions.world import DEAD, Person, World, with_parts

ELSEWHERE = "192.0.2.5"
NOTE, THEIR_NOTE, APPEAL = "they were rude to me", "she shouted at me", "that was somebody else"
LINES = [{"seat": 0, "seq": 1, "text": "Stop that."}]


def prepared(world: World) -> World:
    """Let a world count people and keep evidence, as an operator may choose."""
    settings = replace(world.backend.settings, evidence_key=text_of(x25519.public_key(bytes(32))))
    world.backend = replace(metered(world).backend, settings=settings)
    reached = Table(world.client, world.table.name, world.clock)
    world.backend = with_parts(world.backend, online=Online(reached, lambda seconds: None, random.Random(1)))
    return world


def whole_visit(world: World) -> Person:
    """Let Ada come, talk, report, be reported, be locked out, appeal and come back; return her last connection."""
    (ada, token), bo = known(world, "Ada", HOME), come(world, "Bo", address=CAFE)
    room = meet(world, ada, bo)
    ada.send("message", room=room, seq=1, text="hello")
    world.pass_time(30)
    ada.send("report", room=room, reason="harassment", note=NOTE, lines=LINES)
    bo.disconnect()
    cy = come(world, "Cy", address=ELSEWHERE)
    room = meet(world, cy, ada)
    world.pass_time(30)
    ada.disconnect(DEAD)
    back = come(world, "Ada resumed", address=HOME, token=token)
    back.send("resume", token=ada.token)
    cy.send("report", room=room, reason="spam", note=THEIR_NOTE)
    lock_out(world, back)
    back.send("appeal", case=back.last("error")["case"], text=APPEAL)
    last = come(world, "Ada again", address=HOME, token=token)
    come(world, "Di", address="203.0.113.77").join()
    _count(world, last)
    assert world.backend.online is not None
    world.backend.online.begin()
    world.backend.records.remember([device_of(last), str(address_of(last))], ())
    return last


def _count(world: World, ada: Person) -> None:
    """Let processes have counted what they do of people who do much."""
    device, address = device_of(ada), address_of(ada)
    for what in (
        f"frames {ada.id}",
        *(f"{each} {key}" for each in ("connects", "meetings") for key in (device, address)),
    ):
        world.backend.shared_pace.pour(what, 1, Rate(burst=10, per_second=1))
    world.backend.places.take(str(address), ada.id, 10)


def known(world: World, name: str, address: str) -> tuple[Person, str]:
    """Connect somebody who talked here on an earlier day; return their token as well."""
    before = come(world, f"{name} before", address=address)
    give_history(world, before)
    connection = world.backend.store.get_connection(before.id)
    assert connection is not None and connection.device_token is not None
    before.disconnect()
    return come(world, name, address=address, token=connection.device_token), connection.device_token


def address_of(person: Person) -> str:
    connection = person.world.backend.store.get_connection(person.id)
    assert connection is not None and connection.address is not None
    return connection.address


def mine(person: Person, do: str = "show", /, **fields: Any) -> dict[str, Any]:
    """Ask for the held items, and return the answer."""
    person.send("mine", do=do, **fields)
    return person.last("mine")


def all_of(person: Person) -> list[dict[str, Any]]:
    """Return everything that is held, page after page."""
    held: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        told = mine(person, after=after)
        held += told["held"]
        after = told.get("more")
    return held


def of_kind(person: Person, kind: str) -> list[dict[str, Any]]:
    return [each["fields"] for each in all_of(person) if each["kind"] == kind]


def texts_in(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def kinds_at(pk: str, models: Iterable[str]) -> list[StoredKind]:
    """Return the rows that an item of one of these models at this key may belong to: those of the longest beginning."""
    found = {kind: max((len(each) for each in kind.keys if pk.startswith(each)), default=0) for kind in KINDS}
    longest = max((length for kind, length in found.items() if kind.model in models), default=0)
    return [kind for kind, length in found.items() if length == longest > 0 and kind.model in models]
