"""Ending a room, losing a connection, and telling its members: the steps that pairing and departure share."""

from __future__ import annotations

from functions.chat.aws.sockets import Delivery
from functions.chat.backend import Backend
from functions.chat.model.people import Room
from functions.chat.protocol import events
from functions.chat.protocol.events import Event
from functions.chat.runtime import telemetry
from functions.chat.runtime.metrics import QUICK_SECONDS

SKIPPED = "skipped"
LEFT = "left"
DISCONNECTED = "disconnected"
UNDONE = "undone"  # the waiter never saw this room, so nobody did; only the table has this reason
PRESENCE_LOOKS_MAX = 4  # each one more means that a socket died or came back within a round trip


def end(backend: Backend, room: Room, seat: int, reason: str, ack: int | None = None) -> Room | None:
    """End an open room for one member and tell the other; None when it had ended before.

    The room is closed first and the peer is told second: nothing passes after the closing, and exactly one caller
    tells.
    """
    ended = close(backend, room, seat, reason)
    if ended is not None:
        tell_ended(backend, ended, seat, reason, ack)
    return ended


def close(backend: Backend, room: Room, seat: int, reason: str) -> Room | None:
    """Close an open room for one member, whose caller is to tell the other; None when it had ended before."""
    ended = backend.rooms.close(room, seat, reason)
    if ended is None:
        return None
    telemetry.count(f"Rooms_{reason}")
    _report_end(ended, seat, reason, backend.clock.now() - room.opened_at)
    return ended


def tell_ended(backend: Backend, ended: Room, seat: int, reason: str, ack: int | None) -> None:
    """Tell the other member that this one closed the room, and with `ack` how many of the other's lines it had."""
    tell(backend, ended.peer(seat).connection_id, events.peer_left(ended.id, reason, ack))


def reason_told(ended: Room) -> str:
    """Return the reason that the members of an ended room are told: for an undone room, that the waiter was lost."""
    assert ended.reason is not None, "a closed room says why"
    return DISCONNECTED if ended.reason == UNDONE else ended.reason


def tell(backend: Backend, connection_id: str, event: Event) -> bool:
    """Post an event to a connection in no open room; False when its socket turns out to be dead."""
    if backend.connections.post(connection_id, event) is not Delivery.GONE:
        return True
    lose(backend, connection_id)
    return False


def lose(backend: Backend, connection_id: str, grace_seconds: int | None = None) -> bool:
    """Mark that a socket died, and tell its peer; False when that is known already.

    Its room or place is kept for the grace, in which its client may resume; then handlers/expire.py ends it. Until then
    its ticket is out of the queue: nobody can be paired with a dead socket.
    """
    lost = backend.store.mark_lost(connection_id)
    if lost is None:
        return False
    telemetry.count("ConnectionsLost")
    telemetry.tell("connection lost", connection=connection_id, room=lost.room_id)
    backend.timers.expire_later(connection_id, grace_seconds or backend.settings.grace_seconds)
    if lost.ticket_id is not None:
        backend.queue.remove([lost.as_ticket()])
    elif lost.room_id is not None:
        room = backend.rooms.get(lost.room_id)
        if room is not None and room.is_open:
            tell_presence(backend, room, room.seat_of_member(lost.person), is_away=True)
    return True


def tell_presence(backend: Backend, room: Room, seat: int, *, is_away: bool) -> bool:
    """Tell the peer of a member whether the member is away, again and again until the last word is true.

    Two handlers may say the opposite at once: one of a socket that died, one of the socket that continues it. The peer
    may be continued by another socket, too. Each handler reads the table again after its post, so the later of the two
    ends with the truth. False when the peer itself was known to be away.
    """
    for _ in range(PRESENCE_LOOKS_MAX):
        member, peer = room.members[seat], room.peer(seat)
        told = events.peer_away(room.id) if is_away else events.peer_back(room.id)
        is_gone = backend.connections.post(peer.connection_id, told) is Delivery.GONE
        now, connection = backend.store.get_room_and_connection(room.id, member.connection_id)
        if now is None or not now.is_open:
            return True
        if is_gone and now.peer(seat).connection_id == peer.connection_id:
            return lose(backend, peer.connection_id)
        is_continued = now.members[seat].connection_id != member.connection_id
        is_lost = not is_continued and connection is not None and connection.lost_at is not None
        if is_lost == is_away and not is_continued and not is_gone:
            return True
        room, is_away = now, is_lost
    return True


def _report_end(ended: Room, seat: int, reason: str, seconds: float) -> None:
    lasted_ms = telemetry.milliseconds(seconds)
    telemetry.observe_milliseconds("Conversation", lasted_ms)
    if reason == SKIPPED and seconds < QUICK_SECONDS:
        telemetry.count("QuickSkips")
    by, peer = ended.members[seat].connection_id, ended.peer(seat).connection_id
    telemetry.tell("room ended", room=ended.id, by=by, peer=peer, reason=reason, mode=ended.mode, lasted_ms=lasted_ms)
