"""complain: a person outside complains, or asks by its number how a complaint stands. It touches no conversation."""

from __future__ import annotations

from functions.chat.entry.entrypoint import Caller, on_frame
from functions.chat.moderation import complaints
from functions.chat.protocol import events, frames


@on_frame(frames.Complain)
def handler(caller: Caller, frame: frames.Complain) -> None:
    """Keep the complaint, or find the one that is asked for; a banned person may complain as well."""
    backend = caller.backend
    if frame.case is not None:
        case = complaints.find(backend, frame.case)
    else:
        connection = backend.store.get_connection(caller.connection_id)
        if connection is None:
            return  # its socket closed while this frame was on the way
        case = complaints.keep(backend, connection.address, frame)
    told = events.complained(case.number, case.reason, complaints.state_of(case), complaints.due_at(case))
    backend.connections.post(caller.connection_id, told)
