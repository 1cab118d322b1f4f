"""The items of the one table, as pynamodb models; items.py makes plain values of them and back.

    Connection   pk connection#<id>                        sk connection
    Ticket       pk queue#<mode>#<lobby>[#<shard>]         sk <ticket id, ordered by time>
    Room         pk room#<id>                              sk room

Everything expires by itself (`expires_at`); DynamoDB may be days late with that, so whoever reads also looks.
"""

from __future__ import annotations

from typing import Any

from pynamodb.attributes import BooleanAttribute, ListAttribute, MapAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

from functions.chat.storage import schema


class Item(Model):
    """What every item has."""

    pk = UnicodeAttribute(hash_key=True, attr_name=schema.PARTITION_KEY)
    sk = UnicodeAttribute(range_key=True, attr_name=schema.SORT_KEY)
    expires_at = NumberAttribute(attr_name=schema.TTL_ATTRIBUTE)


class ConnectionItem(Item):
    """A connection; `ticket_id` only while waiting, `room_id` the current or last room."""

    person = UnicodeAttribute()
    mode = UnicodeAttribute(null=True)
    interests: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)
    languages: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)
    widened = BooleanAttribute(null=True)
    ticket_id = UnicodeAttribute(null=True)
    room_id = UnicodeAttribute(null=True)
    meetings: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)
    avoided: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)
    token_hash = UnicodeAttribute(null=True)
    lost_at = NumberAttribute(null=True)
    device = UnicodeAttribute(null=True)
    known_since = NumberAttribute(null=True)
    device_token = UnicodeAttribute(null=True)
    address = UnicodeAttribute(null=True)
    ban: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)
    checked_at = NumberAttribute(null=True)
    lacks_age_proof = BooleanAttribute(null=True)
    continued_by = UnicodeAttribute(null=True)


class TicketItem(Item):
    """A hint in a queue partition: what a searcher needs to know without reading the connection."""

    connection_id = UnicodeAttribute()
    person = UnicodeAttribute()
    mode = UnicodeAttribute()
    interests: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)
    languages: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)
    widened = BooleanAttribute(null=True)
    meetings: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)
    avoided: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)
    device = UnicodeAttribute(null=True)
    address = UnicodeAttribute(null=True)
    device_token = UnicodeAttribute(null=True)


class MemberAttribute(MapAttribute[Any, Any]):
    """One of the two in a room."""

    connection_id = UnicodeAttribute()
    person = UnicodeAttribute()
    interests: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)
    languages: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)
    ticket_id = UnicodeAttribute(null=True)
    device = UnicodeAttribute(null=True)
    address = UnicodeAttribute(null=True)


class RoomItem(Item):
    """A conversation; open until `closed_at` is there."""

    mode = UnicodeAttribute()
    first: MemberAttribute = MemberAttribute()  # type: ignore[no-untyped-call]  # pynamodb leaves MapAttribute's untyped
    second: MemberAttribute = MemberAttribute()  # type: ignore[no-untyped-call]
    opened_at = NumberAttribute()
    closed_at = NumberAttribute(null=True)
    closed_by = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)


def connection_key(connection_id: str) -> tuple[str, str]:
    """Return the key of a connection's item."""
    return f"connection#{connection_id}", "connection"


def room_key(room_id: str) -> tuple[str, str]:
    """Return the key of a room's item."""
    return f"room#{room_id}", "room"
