"""skip: end this room and look for the next stranger."""

from __future__ import annotations

from dataclasses import replace

from functions.chat.conversation import departure, ending
from functions.chat.entry.entrypoint import Caller, on_frame
from functions.chat.moderation import admission
from functions.chat.protocol import errors, frames
from functions.chat.runtime import telemetry


@on_frame(frames.Skip)
def handler(caller: Caller, frame: frames.Skip) -> None:
    """End the room; both search again. When both skip at once, the later one is searching already."""
    found, connection = caller.backend.store.get_room_and_seeker(frame.room, caller.connection_id)
    if connection is None:
        return  # its socket closed while this frame was on the way
    if found is None or found.open_seat(caller.connection_id) is None:
        raise errors.stale_room()
    room = found
    connection = admission.admit(caller.backend, connection)
    admission.check_warned(caller.backend, connection)
    if room.mode in caller.backend.switches().closed:
        departure.leave(caller.backend, room, connection, ending.SKIPPED, frame.ack)
        admission.check_open(caller.backend, connection, room.mode)
    if frame.key is not None and connection.wish is not None:
        connection = replace(connection, wish=replace(connection.wish, public_key=frame.key))
    if not departure.skip(caller.backend, room, connection, frame.ack):
        raise errors.stale_room()
    telemetry.tell_call(room.id, frame.call)
