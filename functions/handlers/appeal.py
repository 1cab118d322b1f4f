"""appeal: somebody who is locked out says why that is wrong. Kept with the case, once, for the operator to decide."""

from __future__ import annotations

from functions.chat.entry.entrypoint import Caller, on_frame
from functions.chat.moderation import admission
from functions.chat.protocol import errors, events, frames
from functions.chat.protocol.errors import Refusal
from functions.chat.runtime import telemetry

UNKNOWN_SENTENCE = "There is no such case of yours, or it was appealed before."


@on_frame(frames.Appeal)
def handler(caller: Caller, frame: frames.Appeal) -> None:
    """Keep the appeal if the case is the one that this connection is locked out by; another's tells nothing."""
    backend = caller.backend
    connection = backend.store.get_connection(caller.connection_id)
    ban = connection and admission.active_ban(connection, backend.clock.now())
    if not ban or ban.case != frame.case or not backend.cases.appeal(frame.case, frame.text):
        raise Refusal(errors.UNKNOWN_CASE, UNKNOWN_SENTENCE)
    telemetry.count("Appeals")
    backend.connections.post(caller.connection_id, events.appealed(frame.case))
