"""Ending a room and speaking to its members: what pairing and departure both rest on."""

from __future__ import annotations

from functions.chat import events, telemetry
from functions.chat.backend import Backend
from functions.chat.connections import Delivery
from functions.chat.events import Event
from functions.chat.pairing import Room

SKIPPED = "skipped"
LEFT = "left"
DISCONNECTED = "disconnected"


def end(backend: Backend, room: Room, leaver_id: str, reason: str) -> bool:
    """End an open room and tell the peer of who leaves it; False when it had ended before.

    Closed first, told second: from the closing on nothing passes, and exactly one caller gets to tell.
    """
    if not backend.store.close_room(room, leaver_id, reason):
        return False
    telemetry.count(f"Rooms_{reason}")
    telemetry.observe_milliseconds("Conversation", (backend.clock.now() - room.opened_at) * 1000)
    telemetry.logger.info("room ended", room=room.id, by=leaver_id, reason=reason)
    tell(backend, room.peer(leaver_id).connection_id, events.peer_left(room.id, reason))
    return True


def tell(backend: Backend, connection_id: str, event: Event) -> bool:
    """Post an event to somebody who is in no open room; False when their socket turns out to be gone."""
    if backend.connections.post(connection_id, event) is not Delivery.GONE:
        return True
    telemetry.count("Gone")
    drop(backend, connection_id)
    return False


def drop(backend: Backend, connection_id: str) -> None:
    """Close a connection that is in no open room, and take its hints out of the queue."""
    closed = backend.store.close_connection(connection_id)
    if closed is not None and closed.ticket_id is not None:
        backend.store.delete_hints([closed.as_ticket()])
