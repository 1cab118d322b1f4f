"""report: keep a report of this room's peer, end the room, and never pair the two again."""

from __future__ import annotations

from functions.chat.conversation import departure, ending
from functions.chat.entry.entrypoint import Caller, on_frame
from functions.chat.evidence import keeping
from functions.chat.model.people import Room
from functions.chat.moderation import reports
from functions.chat.protocol import errors, events, frames

REPORT_SECONDS_MAX = 600  # after a room ended; people need a moment to find the button


@on_frame(frames.Report)
def handler(caller: Caller, frame: frames.Report) -> None:
    """Keep the two apart first: whatever happens after it, they do not meet again."""
    store = caller.backend.store
    room, connection = store.get_room_and_connection(frame.room, caller.connection_id)
    if connection is None:
        return  # its socket closed while this frame was on the way
    position = room.position_of(connection.person) if room is not None else None
    if room is None or position is None or _is_too_late(caller, room):
        raise errors.stale_room()
    case, ban = reports.report(caller.backend, connection, room, frame.reason, frame.note)
    keeping.keep(caller.backend, case, room, position, keeping.Handed(frame.lines, frame.still))
    if room.is_open:
        # The peer learns that the conversation is over, not why.
        departure.leave(caller.backend, room, connection, ending.SKIPPED, frame.ack)
    # Said when the reporter is idle: the `join` that follows it must not meet this handler at work.
    caller.backend.connections.post(caller.connection_id, events.reported(room.id, case))
    if ban is not None:
        reports.eject(caller.backend, room.peer(position).connection_id, ban)


def _is_too_late(caller: Caller, room: Room) -> bool:
    return room.closed_at is not None and caller.backend.clock.now() - room.closed_at > REPORT_SECONDS_MAX
