"""Connections and tickets in the table: each attribute reads and writes the plain value of people.py.

    Connection   pk connection#<id>                        sk connection
    Ticket       pk queue#<mode>#<lobby>[#<shard>]         sk <ticket id, ordered by time>

Everything expires by itself (`expires_at`); DynamoDB may be days late with that, so a reader also looks.
"""

from __future__ import annotations

from typing import Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from functions.chat import storage as schema
from functions.chat.model.people import Connection, Ticket, Wish
from functions.chat.storage.attributes import BanAttribute, MeetingsAttribute, NamesAttribute, TextsAttribute
from functions.chat.storage.table import Item, Key, RawItem, values_in


class Wishing(Item):
    """The attributes of a wish, whose item is a connection or a ticket."""

    mode = UnicodeAttribute(null=True)
    interests = TextsAttribute(null=True)
    languages = TextsAttribute(null=True)
    widened = BooleanAttribute(null=True)
    public_key = UnicodeAttribute(null=True)


class ConnectionItem(Wishing):
    """A connection; `ticket_id` only while waiting, `room_id` the current or last room."""

    person = UnicodeAttribute()
    ticket_id = UnicodeAttribute(null=True)
    room_id = UnicodeAttribute(null=True)
    meetings = MeetingsAttribute(null=True)
    avoided = NamesAttribute(null=True)
    token_hashes = TextsAttribute(null=True)
    lost_at = NumberAttribute(null=True)
    device = UnicodeAttribute(null=True)
    device_token = UnicodeAttribute(null=True)
    address = UnicodeAttribute(null=True)
    ban = BanAttribute(null=True)
    checked_at = NumberAttribute(null=True)
    lacks_age_proof = BooleanAttribute(null=True)
    continued_by = UnicodeAttribute(null=True)
    continued_with = UnicodeAttribute(null=True)
    newcomer_since = NumberAttribute(null=True)
    ready_at = NumberAttribute(null=True)
    met = NumberAttribute(null=True)
    met_counted = NumberAttribute(null=True)
    turn_of = NumberAttribute(null=True)
    turn_at = NumberAttribute(null=True)
    turns = NumberAttribute(null=True)
    talked_on = NumberAttribute(null=True)
    warned_of = UnicodeAttribute(null=True)


class TicketItem(Wishing):
    """A hint in a queue partition: all that a seeker needs to know without reading the connection."""

    connection_id = UnicodeAttribute()
    person = UnicodeAttribute()
    meetings = MeetingsAttribute(null=True)
    avoided = NamesAttribute(null=True)
    device = UnicodeAttribute(null=True)
    address = UnicodeAttribute(null=True)
    device_token = UnicodeAttribute(null=True)
    newcomer_since = NumberAttribute(null=True)
    ready_at = NumberAttribute(null=True)
    turn_at = NumberAttribute(null=True)


def connection_key(connection_id: str) -> Key:
    return f"connection#{connection_id}", "connection"


def connection_from(raw: RawItem) -> Connection:
    found = values_in(ConnectionItem, raw)
    return Connection(id=raw[schema.PARTITION_KEY]["S"].partition("#")[2], wish=_take_wish(found), **found)


def standing_connection_from(raw: RawItem | None) -> Connection | None:
    """Return the connection in a raw item, or None where there is none, or the item only names its successor."""
    connection = connection_from(raw) if raw else None
    return connection if connection is not None and connection.continued_by is None else None


def connection_item(connection: Connection, expires_at: int) -> ConnectionItem:
    """Return the item of a connection that was just opened: its person, device and address, and no wish yet."""
    return ConnectionItem(
        *connection_key(connection.id),
        person=connection.person,
        device=connection.device,
        device_token=connection.device_token,
        address=connection.address,
        avoided=connection.avoided or None,
        ban=connection.ban,
        checked_at=connection.checked_at or None,
        lacks_age_proof=connection.lacks_age_proof or None,
        newcomer_since=connection.newcomer_since,
        ready_at=connection.ready_at,
        talked_on=connection.talked_on or None,
        meetings=connection.meetings or None,
        expires_at=expires_at,
    )


def ticket_from(raw: RawItem) -> Ticket:
    found = values_in(TicketItem, raw)
    wish = _take_wish(found)
    assert wish is not None, "a ticket is never written without a wish"
    return Ticket(id=raw[schema.SORT_KEY]["S"], wish=wish, **found)


def ticket_item(ticket: Ticket, partition: str, expires_at: int) -> TicketItem:
    return TicketItem(
        partition,
        ticket.id,
        connection_id=ticket.connection_id,
        person=ticket.person,
        **wish_values(ticket.wish),
        meetings=ticket.meetings or None,
        avoided=ticket.avoided or None,
        device=ticket.device,
        address=ticket.address,
        device_token=ticket.device_token,
        newcomer_since=ticket.newcomer_since,
        ready_at=ticket.ready_at,
        turn_at=ticket.turn_at,
        expires_at=expires_at,
    )


def wish_values(wish: Wish) -> dict[str, Any]:
    """Return the stored values of a wish, by name: None for a default."""
    return {name: getattr(wish, name) or None for name in Wish.__dataclass_fields__}


def _take_wish(found: dict[str, Any]) -> Wish | None:
    """Take a wish's values out of an item's; None for a connection that never searched."""
    wish = {name: found.pop(name) for name in Wish.__dataclass_fields__ if name in found}
    return Wish(**wish) if "mode" in wish else None
