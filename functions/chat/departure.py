"""How people leave: skip, leave, report, `$disconnect` and Gone all come here.

A room is closed first, by one conditional write that exactly one caller wins; then whoever stays is told; only then are
both moved on. A handler that dies in between leaves a connection which still points to a closed room, and that is how
the next handler of either one sees what is missing (`complete`).
"""

from __future__ import annotations

from functions.chat import events, matching, rooms, telemetry
from functions.chat.backend import Backend, waiting_since
from functions.chat.pairing import Connection, Room
from functions.chat.store import Busy

UNMET_SECONDS = 2.0  # a room that a lost socket ended so soon was a failed pairing, not a conversation
LEAVES_MAX = 5  # each lost race means that the connection moved on meanwhile: a person cannot do so much at once


def skip(backend: Backend, room: Room, connection: Connection) -> bool:
    """End the room for its skipper; both search again. False when the room had ended before."""
    if not rooms.end(backend, room, connection.id, rooms.SKIPPED):
        return False
    matching.search(backend, after(backend, connection, room))
    move_peer_on(backend, room, connection.id, rooms.SKIPPED)
    return True


def leave(backend: Backend, room: Room, connection: Connection, reason: str) -> bool:
    """End the room for somebody who stays connected and idle; the peer searches again."""
    if not rooms.end(backend, room, connection.id, reason):
        return False
    backend.store.make_idle(after(backend, connection, room))
    move_peer_on(backend, room, connection.id, reason)
    return True


def stop(backend: Backend, connection_id: str, room_id: str | None) -> bool:
    """Take somebody out of their room or the queue; False when `room_id` is given and is not where they are."""
    for _ in range(LEAVES_MAX):
        connection = backend.store.get_connection(connection_id)
        if connection is None:
            return True
        if room_id is not None and connection.room_id != room_id:
            return False
        if _step_out(backend, connection):
            return True
    raise Busy


def vanish(backend: Backend, connection_id: str, room: Room | None = None) -> None:
    """Close a connection whose socket is gone, and end its room; `room` when the caller has it at hand."""
    closed = backend.store.close_connection(connection_id)
    if closed is not None and closed.ticket_id is not None:
        backend.store.delete_hints([closed.as_ticket()])
    elif closed is not None and closed.room_id is not None and room is None:
        room = backend.store.get_room(closed.room_id)
    if room is None:
        return
    if rooms.end(backend, room, connection_id, rooms.DISCONNECTED):
        move_peer_on(backend, room, connection_id, rooms.DISCONNECTED)
    else:
        complete(backend, connection_id, room.id)


def complete(backend: Backend, leaver_id: str, room_id: str) -> Room | None:
    """Return a room, and do what its leaver's handler left undone for the peer if it died while it ended the room."""
    room = backend.store.get_room(room_id)
    if room is None or room.is_open or room.closed_by != leaver_id:
        return room
    peer = backend.store.get_connection(room.peer(leaver_id).connection_id)
    if peer is not None and _still_points_to(room, peer):
        assert room.reason is not None, "a closed room says why"
        rooms.tell(backend, peer.id, events.peer_left(room.id, room.reason))
        move_peer_on(backend, room, leaver_id, room.reason)
    return room


def move_peer_on(backend: Backend, room: Room, leaver_id: str, reason: str) -> None:
    """Let the one who stays search again, unless it has been moved already; a failed pairing costs it no place."""
    peer = backend.store.get_connection(room.peer(leaver_id).connection_id)
    if peer is None or not _still_points_to(room, peer):
        return
    try:
        if reason == rooms.DISCONNECTED and backend.clock.now() - room.opened_at < UNMET_SECONDS:
            ticket_id = room.member(peer.id).ticket_id
            matching.search(backend, peer, waiting_since(ticket_id) if ticket_id else room.opened_at)
        else:
            matching.search(backend, after(backend, peer, room))
    except Busy:
        # The leaver's own wish is done, so it gets no error for this; the peer's next `join` searches again.
        telemetry.count("PeersLeftToTheirJoin")


def after(backend: Backend, connection: Connection, room: Room) -> Connection:
    """Return a connection that remembers whom it met in the room that ended."""
    ended_at = room.closed_at if room.closed_at is not None else backend.clock.now()
    return connection.after_meeting(room.peer(connection.id).person, ended_at)


def _step_out(backend: Backend, connection: Connection) -> bool:
    if connection.ticket_id is not None:
        if not backend.store.make_idle(connection):
            return False
        backend.store.delete_hints([connection.as_ticket()])
        return True
    if connection.room_id is None:
        return True
    room = complete(backend, connection.id, connection.room_id)
    if room is not None and room.is_open:
        return leave(backend, room, connection, rooms.LEFT)
    return backend.store.make_idle(connection)


def _still_points_to(room: Room, connection: Connection) -> bool:
    return connection.room_id == room.id and connection.ticket_id is None
