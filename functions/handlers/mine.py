"""mine: show, or erase, the items of the device that asks; of no other."""

from __future__ import annotations

from functions.chat.entry.entrypoint import Caller, on_frame
from functions.chat.privacy import erasing, showing
from functions.chat.protocol import events, fields, frames
from functions.chat.runtime import telemetry


@on_frame(frames.Mine)
def handler(caller: Caller, frame: frames.Mine) -> None:
    """Answer with the items that are held, page by page. `$connect` found the device by its token."""
    backend = caller.backend
    connection = backend.store.get_connection(caller.connection_id)
    if connection is None or connection.device is None:
        return  # its socket closed while this frame was on the way
    telemetry.tell("mine", connection=connection.id, do=frame.do)
    device = connection.device
    if frame.do == fields.ERASE:
        own = erasing.erase(backend, connection, device, frame.after)
    else:
        own = showing.show(backend, connection, device, frame.after)
    held = [each.as_event() for each in own.held]
    is_locked = own.ban is not None
    backend.connections.post(caller.connection_id, events.mine(frame.do, held, is_locked=is_locked, more=own.more))
