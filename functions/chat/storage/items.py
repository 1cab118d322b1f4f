"""The way from the table's items to the plain values of people.py, and back."""

from __future__ import annotations

from typing import Any

from functions.chat.model import bans
from functions.chat.model.people import Connection, Meeting, Member, Room, Ticket, Wish
from functions.chat.model.pseudonyms import Device
from functions.chat.storage.models import (
    ConnectionItem,
    MemberAttribute,
    RoomItem,
    TicketItem,
    connection_key,
    room_key,
)


def wish_from(item: ConnectionItem | TicketItem) -> Wish | None:
    """Return the wish in an item, or None for a connection that never searched."""
    if item.mode is None:
        return None
    return Wish(item.mode, tuple(item.interests or ()), tuple(item.languages or ()), bool(item.widened))


def connection_from(raw: dict[str, Any]) -> Connection:
    """Return the connection in a raw item."""
    item = ConnectionItem.from_raw_data(raw)
    return Connection(
        id=item.pk.partition("#")[2],
        person=item.person,
        wish=wish_from(item),
        ticket_id=item.ticket_id,
        room_id=item.room_id,
        meetings=tuple(map(meeting_from, item.meetings or ())),
        avoided=frozenset(item.avoided or ()),
        token_hash=item.token_hash,
        lost_at=item.lost_at,
        device=Device(item.device, item.known_since or 0.0) if item.device else None,
        address=item.address,
        ban=bans.read(item.ban),
        checked_at=item.checked_at or 0.0,
        device_token=item.device_token,
        lacks_age_proof=bool(item.lacks_age_proof),
        continued_by=item.continued_by,
    )


def standing_connection_from(raw: dict[str, Any] | None) -> Connection | None:
    """Return the connection in a raw item, or None where there is none, or only word of who took its place."""
    connection = connection_from(raw) if raw else None
    return connection if connection is not None and connection.continued_by is None else None


def connection_item(connection: Connection, expires_at: int) -> ConnectionItem:
    """Return the item of a connection that was just opened: who it is, and nothing yet of what it does."""
    pk, sk = connection_key(connection.id)
    device = connection.device
    return ConnectionItem(
        pk=pk,
        sk=sk,
        person=connection.person,
        device=device.key if device else None,
        known_since=device.known_since if device else None,
        device_token=connection.device_token,
        address=connection.address,
        avoided=sorted(connection.avoided) or None,
        ban=bans.write(connection.ban) if connection.ban else None,
        checked_at=connection.checked_at or None,
        lacks_age_proof=connection.lacks_age_proof or None,
        expires_at=expires_at,
    )


def ticket_from(raw: dict[str, Any]) -> Ticket:
    """Return the ticket in a raw item."""
    item = TicketItem.from_raw_data(raw)
    wish = wish_from(item)
    assert wish is not None, "a ticket is never written without a wish"
    return Ticket(
        id=item.sk,
        connection_id=item.connection_id,
        person=item.person,
        wish=wish,
        meetings=tuple(map(meeting_from, item.meetings or ())),
        avoided=frozenset(item.avoided or ()),
        device=item.device,
        address=item.address,
        device_token=item.device_token,
    )


def room_from(raw: dict[str, Any]) -> Room:
    """Return the room in a raw item."""
    item = RoomItem.from_raw_data(raw)
    return Room(
        id=item.pk.partition("#")[2],
        mode=item.mode,
        members=(_member_from(item.first), _member_from(item.second)),
        opened_at=item.opened_at,
        closed_at=item.closed_at,
        closed_by=item.closed_by,
        reason=item.reason,
    )


def ticket_item(ticket: Ticket, partition: str, expires_at: int) -> TicketItem:
    """Return the item of a ticket in one queue partition."""
    return TicketItem(
        pk=partition,
        sk=ticket.id,
        connection_id=ticket.connection_id,
        person=ticket.person,
        mode=ticket.wish.mode,
        interests=list(ticket.wish.interests) or None,
        languages=list(ticket.wish.languages) or None,
        widened=ticket.wish.widened or None,
        meetings=meetings_to(ticket.meetings) or None,
        avoided=sorted(ticket.avoided) or None,
        device=ticket.device,
        address=ticket.address,
        device_token=ticket.device_token,
        expires_at=expires_at,
    )


def room_item(room: Room, expires_at: int) -> RoomItem:
    """Return the item of a new room."""
    pk, sk = room_key(room.id)
    first, second = (
        MemberAttribute(  # type: ignore[no-untyped-call]
            connection_id=member.connection_id,
            person=member.person,
            interests=list(member.interests) or None,
            languages=list(member.languages) or None,
            ticket_id=member.ticket_id,
            device=member.device,
            address=member.address,
        )
        for member in room.members
    )
    return RoomItem(
        pk=pk,
        sk=sk,
        mode=room.mode,
        first=first,
        second=second,
        opened_at=room.opened_at,
        expires_at=expires_at,
    )


def meeting_from(text: str) -> Meeting:
    """Return the meeting in its stored form."""
    person, _, ended_at = text.rpartition("@")
    return Meeting(person, float(ended_at))


def meetings_to(meetings: tuple[Meeting, ...]) -> list[str]:
    """Return meetings in their stored form: one short string each keeps a ticket under a write unit's 1 KB."""
    return [f"{meeting.person}@{meeting.ended_at:.3f}" for meeting in meetings]


def _member_from(member: Any) -> Member:
    names = member.connection_id, member.person, tuple(member.interests or ())
    return Member(*names, member.ticket_id, member.device, member.address, tuple(member.languages or ()))
