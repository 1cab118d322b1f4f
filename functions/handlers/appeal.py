"""appeal: a banned person says why a ban is wrong. The words are kept with its case, once, for the operator."""

from __future__ import annotations

from functions.chat.conversation import standing
from functions.chat.entry.entrypoint import Caller, on_frame
from functions.chat.protocol import errors, events, frames
from functions.chat.protocol.errors import Refusal
from functions.chat.runtime import telemetry

UNKNOWN_SENTENCE = "There is no such case of yours, or it was appealed before."


@on_frame(frames.Appeal)
def handler(caller: Caller, frame: frames.Appeal) -> None:
    """Keep the appeal if this connection is banned by the case; the refusal tells nothing of any other case."""
    backend = caller.backend
    connection = backend.store.get_connection(caller.connection_id)
    ban = connection and standing.active_ban(connection, backend.clock.now())
    if not ban or ban.case != frame.case or not backend.cases.appeal(frame.case, frame.text):
        raise Refusal(errors.UNKNOWN_CASE, UNKNOWN_SENTENCE)
    telemetry.count("Appeals")
    backend.connections.post(caller.connection_id, events.appealed(frame.case))
