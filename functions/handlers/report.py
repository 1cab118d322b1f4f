"""report: keep a report of this room's peer, end the room, and never pair the two again."""

from __future__ import annotations

import base64
from hashlib import sha256

from functions.chat import departure, events, frames, rooms, telemetry
from functions.chat.edge import Caller, on_frame
from functions.chat.people import Room
from functions.chat.relay import stale_room

CASE_LENGTH = 10  # short enough to read out, long enough not to meet twice in a million reports
REPORT_SECONDS_MAX = 600  # after a room ended; people need a moment to find the button


@on_frame(frames.Report)
def handler(caller: Caller, frame: frames.Report) -> None:
    """Keep the report first: whatever happens after it, the two do not meet again."""
    store = caller.backend.store
    room, connection = store.get_room_and_connection(frame.room, caller.connection_id)
    if connection is None:
        return  # its socket closed while this frame was on the way
    position = room.position_of(connection.person) if room is not None else None
    if room is None or position is None or _is_too_late(caller, room):
        raise stale_room()
    case = _case_of(room, position)
    if store.keep_report(room, position, case, frame.reason, frame.note):
        telemetry.count("Reports")
        telemetry.logger.info("reported", room=room.id, case=case, reason=frame.reason)
    # Also when the report was there already: the handler that kept it may have died before this.
    store.avoid(connection, room.peer(position).person)
    caller.backend.connections.post(caller.connection_id, events.reported(room.id, case))
    if room.is_open:
        # The peer learns that the conversation is over, not why.
        departure.leave(caller.backend, room, connection, rooms.SKIPPED)


def _is_too_late(caller: Caller, room: Room) -> bool:
    return room.closed_at is not None and caller.backend.clock.now() - room.closed_at > REPORT_SECONDS_MAX


def _case_of(room: Room, position: int) -> str:
    """Return the number to quote: the same one when a report is repeated, and telling nothing of the room."""
    digest = sha256(f"{room.id} {position}".encode()).digest()
    return base64.b32encode(digest)[:CASE_LENGTH].decode()
