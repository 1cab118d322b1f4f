"""The parts of the store's conditional writes: conditions on items as read, and changes that several writes share."""

from __future__ import annotations

from typing import Any

from pynamodb.expressions.condition import Condition, size
from pynamodb.expressions.update import Action

from functions.chat.model.people import Connection, Ticket
from functions.chat.storage.models import ConnectionItem, wish_values
from functions.chat.storage.table import is_empty


def is_as_seen(seen: Connection) -> Condition:
    """Return the condition that a connection is not closed, lost or newly banned, and waits or talks as it did."""
    exists = ConnectionItem.pk.exists() & ConnectionItem.lost_at.does_not_exist()
    same_ticket, same_room = same_place(seen)
    condition: Condition = exists & same_ticket & same_room & same_ban(seen)
    return condition


def same_ban(seen: Connection) -> Condition:
    """Return the condition that nobody banned a connection since it was read."""
    condition: Condition
    condition = ConnectionItem.ban.does_not_exist() if seen.ban is None else ConnectionItem.ban == seen.ban
    return condition


def same_place(seen: Connection) -> tuple[Condition, Condition]:
    """Return the conditions that a connection's ticket and its room are those that were read, or still none."""
    ticket, room = ConnectionItem.ticket_id, ConnectionItem.room_id
    return (
        ticket.does_not_exist() if seen.ticket_id is None else ticket == seen.ticket_id,
        room.does_not_exist() if seen.room_id is None else room == seen.room_id,
    )


def same_avoided(seen: Connection) -> Condition:
    """Return the condition that a connection avoids as many names as when it was read: their number only grows."""
    avoided = ConnectionItem.avoided
    as_many = size(avoided) == len(seen.avoided)  # type: ignore[no-untyped-call]  # pynamodb leaves it untyped
    condition: Condition = as_many if seen.avoided else avoided.does_not_exist()
    return condition


def still_waits(candidate: Ticket) -> Condition:
    """Return the condition that a candidate waits with the ticket seen and is neither lost nor banned."""
    exists = ConnectionItem.pk.exists() & ConnectionItem.lost_at.does_not_exist()
    condition: Condition = exists & (ConnectionItem.ticket_id == candidate.id) & ConnectionItem.ban.does_not_exist()
    return condition


def does_not_avoid(other: Ticket) -> Condition:
    """Return the condition that a connection may be paired with somebody, by each of their names."""
    condition: Condition = ~ConnectionItem.avoided.contains(other.person)
    if other.device is not None:
        condition &= ~ConnectionItem.avoided.contains(other.device)
    if other.newcomers is not None:
        condition &= ~ConnectionItem.avoided.contains(other.newcomers)
    return condition


def entering(room_id: str, token_hash: str) -> list[Action]:
    """Return the actions that put a connection into a room."""
    return [
        ConnectionItem.room_id.set(room_id),
        ConnectionItem.ticket_id.remove(),
        ConnectionItem.met.add(1),
        one_more_token(token_hash),
    ]


def one_more_token(token_hash: str) -> Action:
    """Return the action that lets one more token count, however many other handlers gave since."""
    return ConnectionItem.token_hashes.with_one_more(token_hash)


def same_tokens(seen: Connection) -> Condition:
    """Return the condition that a connection's client was told no token since it was read."""
    tokens = ConnectionItem.token_hashes
    condition: Condition
    condition = tokens == seen.token_hashes if seen.token_hashes else tokens.does_not_exist()
    return condition


def wish_actions(seeker: Connection) -> list[Action]:
    """Return the actions that write a connection's wish and its meetings. A searching connection is not banned."""
    wish = seeker.wish
    assert wish is not None, "a connection that is written as a seeker has a wish"
    return [
        ConnectionItem.ban.remove(),
        ConnectionItem.checked_at.set(seeker.checked_at),
        *(set_or_remove(getattr(ConnectionItem, name), value) for name, value in wish_values(wish).items()),
        set_or_remove(ConnectionItem.meetings, seeker.meetings),
        set_or_remove(ConnectionItem.ready_at, seeker.ready_at),
        set_or_remove(ConnectionItem.turn_of, seeker.turn_of),
        set_or_remove(ConnectionItem.turn_at, seeker.turn_at),
        set_or_remove(ConnectionItem.turns, seeker.turns or None),
        ConnectionItem.talked_on.set(seeker.talked_on),
    ]


def taking_over(new: Connection) -> list[Action]:
    """Return the actions by which a connection that has done nothing yet continues another one."""
    assert new.token_hashes, "the connection that takes over gets a token"
    known: list[Action] = []
    if new.device is not None:
        known = [ConnectionItem.device.set(new.device)]
    return [
        ConnectionItem.person.set(new.person),
        ConnectionItem.token_hashes.set(new.token_hashes),
        *known,
        set_or_remove(ConnectionItem.avoided, new.avoided),
        set_or_remove(ConnectionItem.device_token, new.device_token),
        set_or_remove(ConnectionItem.newcomer_since, new.newcomer_since),
        set_or_remove(ConnectionItem.ticket_id, new.ticket_id),
        set_or_remove(ConnectionItem.room_id, new.room_id),
        ConnectionItem.met.set(new.met),
        ConnectionItem.met_counted.set(new.met_counted),
        *wish_actions(new),
    ]


def may_give_way(lost: Connection) -> Condition:
    """Return the condition that a connection has the tokens and the place that were read, and avoids as many."""
    same_ticket, same_room = same_place(lost)
    condition: Condition = same_tokens(lost) & same_ticket & same_room & same_ban(lost) & same_avoided(lost)
    return condition


def giving_way(new: Connection, used_hash: str, now: float) -> list[Action]:
    """Return the actions that leave of a connection only its successor, the token that was used, and the time."""
    return [
        ConnectionItem.continued_by.set(new.id),
        ConnectionItem.continued_with.set(used_hash),
        ConnectionItem.lost_at.set(now),
        ConnectionItem.ticket_id.remove(),
        ConnectionItem.room_id.remove(),
    ]


def set_or_remove(attribute: Any, value: object) -> Action:
    """Return the action that writes a value, or that takes an empty one away."""
    action: Action = attribute.remove() if is_empty(value) else attribute.set(value)
    return action
