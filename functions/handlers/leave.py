"""leave: stop; stay connected and idle."""

from __future__ import annotations

from functions.chat.conversation import departure
from functions.chat.entry.entrypoint import Caller, on_frame
from functions.chat.protocol import errors, frames
from functions.chat.runtime import telemetry


@on_frame(frames.Leave)
def handler(caller: Caller, frame: frames.Leave) -> None:
    """End the room or leave the queue. A room that is not the caller's is stale and changes nothing."""
    if not departure.stop(caller.backend, caller.connection_id, frame.room, frame.ack):
        raise errors.stale_room()
    if frame.room is not None:
        telemetry.tell_call(frame.room, frame.call)
