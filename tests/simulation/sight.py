"""The items that each handler has read, and whether it writes on one that has changed since.

The theory in functions/chat/model/pairing.py says of every write that a connection is "still as it was seen". The
conditions of the writes see to that; here it is checked without them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from infra.local.dynamodb.tables import Table
from infra.local.dynamodb.values import Item, normalise_item
from tests.simulation.endpoints import bodies_of
from tests.simulation.schedule import Operation

# Writes that need to know nothing but that the connection is there, and those that depend on more than its place.
BLIND = frozenset({"open_connection", "close_connection", "mark_lost", "mark_banned"})
PLACE = ("ticket_id", "room_id", "lost_at", "ban")
DEPENDENT = {"avoid": ("avoided",), "resume": ("ticket_id", "room_id", "token_hashes", "ban", "avoided")}
# These hurt nobody, with any write to the ban meanwhile.
INDIFFERENT_TO_BANS = frozenset({"make_idle", "add_token"})
SEEN = ("connection#", "room#")
Sight = dict[str, Item]


def read(sight: Sight, operation: Operation, answer: Any) -> Sight:
    """Return what a handler has seen of connections and rooms after an answer."""
    if not isinstance(answer, dict):
        return sight
    found = [answer["Item"]] if "Item" in answer else [answer["Attributes"]] if "Attributes" in answer else []
    found += [item for items in answer.get("Responses", {}).values() for item in items]
    seen = {item["pk"]["S"]: item for item in found if item.get("pk", {}).get("S", "").startswith(SEEN)}
    return {**sight, **seen} if seen else sight


def unseen_changes(sight: Sight, operation: Operation, table: Table) -> Iterator[str]:
    """Return what a write that is about to happen would write over, although its handler has not seen it."""
    if operation.site in BLIND or operation.name not in ("UpdateItem", "TransactWriteItems"):
        return
    for body in bodies_of(operation.name, operation.arguments):
        key = body.get("Key")
        seen = sight.get(key["pk"]["S"]) if key else None
        if key is None or seen is None:
            continue
        now = table.items.get(table.key_of(normalise_item(key)), {})
        if operation.site == "pair" and is_known_by_hint(seen, now, body):
            continue
        if key["pk"]["S"].startswith("room#"):
            yield from changes_of_speaker(seen, now, body)
            continue
        for name in DEPENDENT.get(operation.site, PLACE):
            if name == "ban" and operation.site in INDIFFERENT_TO_BANS:
                continue
            if seen.get(name) != now.get(name):
                yield f"{operation.site} of {key['pk']['S']}: {name} was {seen.get(name)}, and is {now.get(name)}"


def is_known_by_hint(seen: Item, now: Item, body: dict[str, Any]) -> bool:
    """Tell whether somebody waits since they were read, with a ticket that the handler has from the queue."""
    ticket = now.get("ticket_id")
    return ticket != seen.get("ticket_id") and ticket in body.get("ExpressionAttributeValues", {}).values()


def changes_of_speaker(seen: Item, now: Item, body: dict[str, Any]) -> Iterator[str]:
    """Return whether another connection speaks by now for the member who changes the room."""
    said = {value.get("S") for value in body.get("ExpressionAttributeValues", {}).values()}
    for member in ("first", "second"):
        names = seen[member]["M"]["person"]["S"], seen[member]["M"]["connection_id"]["S"]
        if (
            not said.isdisjoint(names)
            and now
            and now[member]["M"]["connection_id"] != seen[member]["M"]["connection_id"]
        ):
            yield f"{names[0]} changes a room in which another connection speaks for it now"


def own_writes(sight: Sight, operation: Operation, table: Table) -> Sight:
    """Return what a handler knows of connections once it has written them."""
    if operation.name in ("GetItem", "BatchGetItem"):
        return sight
    keys = [body["Key"] for body in bodies_of(operation.name, operation.arguments) if "Key" in body]
    written = {key["pk"]["S"]: table.items.get(table.key_of(normalise_item(key))) for key in keys}
    known = {pk: item for pk, item in written.items() if item is not None and pk in sight}
    return {**sight, **known} if known else sight
